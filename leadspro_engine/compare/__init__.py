"""How alike are two records: comparison levels, learned weights, and a score with its reasons.

One definition for columns (SQL, when resolving) and for values (when matching): the tables ``PEOPLE`` and
``COMPANIES`` are built from predicates that have both forms.
"""

from leadspro_engine.compare.companies import COMPANIES
from leadspro_engine.compare.model import DIFFERS, Comparison, Level, Model
from leadspro_engine.compare.people import PEOPLE
from leadspro_engine.compare.score import Evidence, Frequencies, Scored, no_frequencies, probability, score
from leadspro_engine.compare.weights import LevelWeight, Weights, shipped_weights

__all__ = [
    "COMPANIES",
    "DIFFERS",
    "PEOPLE",
    "Comparison",
    "Evidence",
    "Frequencies",
    "Level",
    "LevelWeight",
    "Model",
    "Scored",
    "Weights",
    "no_frequencies",
    "probability",
    "score",
    "shipped_weights",
]

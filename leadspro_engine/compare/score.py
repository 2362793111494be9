"""Value form: the score of two records with the reasons for it.

The column form of the same score is in ``leadspro_engine.compare.columns``; a property test holds them equal.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadspro_engine.compare.model import Comparison, Model
    from leadspro_engine.compare.weights import Weights

_MISSING: tuple[object, ...] = (None, [], ())

Frequencies = Callable[[str, str], float | None]
"""(column, value) -> share of the records that have the value; None when it was seen once or never."""


class Evidence(Struct, frozen=True):
    """What one comparison says: the level that holds and its weight in bits."""

    field: str
    level: str
    bits: float
    left: Any
    right: Any


class Scored(Struct, frozen=True):
    """The score of two records.

    Attributes:
        bits: prior and evidence summed, as log2 odds that both are one entity.
        prior_bits: the part that the prior contributes.
        evidence: one entry a comparison that had something to say; missing values say nothing.
    """

    bits: float
    prior_bits: float
    evidence: tuple[Evidence, ...]

    @property
    def probability(self) -> float:
        """The score as a match probability in [0, 1]."""
        return probability(self.bits)


def probability(bits: float) -> float:
    """Log2 odds as a probability.

    >>> probability(0.0)
    0.5
    """
    if bits > 60:
        return 1.0
    if bits < -60:
        return 0.0
    odds = 2.0**bits
    return float(odds / (1 + odds))


def no_frequencies(_column: str, _value: str) -> None:
    """Frequencies of a dataset about which nothing is known: every value counts as rare."""


def score(
    model: Model,
    left: Mapping[str, Any],
    right: Mapping[str, Any],
    weights: Weights,
    frequencies: Frequencies = no_frequencies,
) -> Scored:
    """Compare two records of canonical values.

    Args:
        model: ``PEOPLE`` or ``COMPANIES``.
        left: from column (``PERSON_SCHEMA`` or ``COMPANY_SCHEMA``) to value; an absent one is missing.
        right: the other record.
        weights: what was learned, or ``shipped_weights(model)``.
        frequencies: share of each value among the records the weights were learned from.
    """
    evidence = []
    for comparison in model.comparisons:
        number = level_of(comparison, left, right)
        if number is None:
            continue
        weight, column = weights.fields[comparison.field][number], comparison.columns[0]
        share = _share(model, comparison, number, (left, right), frequencies)
        bits = weight.bits if share is None else weight.bits_at(share)
        aspect = comparison.aspect or comparison.field
        evidence.append(Evidence(aspect, weight.label, bits, left.get(column), right.get(column)))
    bits = weights.prior_bits + sum(one.bits for one in evidence)
    return Scored(bits, weights.prior_bits, tuple(evidence))


def level_of(comparison: Comparison, left: Mapping[str, Any], right: Mapping[str, Any]) -> int | None:
    """The first level that holds, ``len(levels)`` for "differs", None when it cannot speak."""
    if not (_present(comparison, left) and _present(comparison, right)):
        return None
    if comparison.when is not None and not comparison.when.holds(left, right):
        return None
    for number, level in enumerate(comparison.levels):
        if level.predicate.holds(left, right):
            return number
    return len(comparison.levels)


def _present(comparison: Comparison, record: Mapping[str, Any]) -> bool:
    """Whether a record has any value that the comparison needs."""
    for column in comparison.required:
        value = record.get(column)
        if value or value not in _MISSING:
            return True
    return False


def _share(
    model: Model,
    comparison: Comparison,
    number: int,
    pair: tuple[Mapping[str, Any], Mapping[str, Any]],
    frequencies: Frequencies,
) -> float | None:
    """The smallest share among the values on which two records agree; None at a level without frequencies."""
    if comparison.frequency_column(number) is None:
        return None
    level = comparison.levels[number]
    columns = [column for column in (level.frequency_of, level.and_of) if column is not None]
    return prod(_column_share(model, column, pair, frequencies) for column in columns)


def _column_share(
    model: Model, column: str, pair: tuple[Mapping[str, Any], Mapping[str, Any]], frequencies: Frequencies
) -> float:
    """The smallest share among the values of one column on which two records agree."""
    left, right = pair
    if column not in model.list_columns:
        values = [record[column] for record in pair if record.get(column) is not None]
        return max(frequencies(column, value) or 0.0 for value in values)
    shared = set(left[column]) & set(right[column])
    return min((frequencies(column, value) or 0.0 for value in shared), default=0.0)

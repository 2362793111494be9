"""The comparison model for companies and other organizations.

The name is one comparison with several degrees of likeness over its compare key; street, postal code,
city and identifiers are compared as for people.
"""

from __future__ import annotations

from leadspro_engine.compare.model import Comparison, Level, Model
from leadspro_engine.compare.people import CITY, IDENTIFIER, PHONE, POSTAL_CODE, STREET
from leadspro_engine.compare.predicates import AnySimilar, Crossed, Same, Shared, Similar, WordIn

NAME = Comparison(
    "name",
    ("name_key", "acronym"),
    (
        Level("same name", Same("name_key"), 0.7, 0.0005, "name_key"),
        Level("name a typing slip away", Similar("name_key", 0.95), 0.08, 0.0003),
        Level("one name inside the other", WordIn("name_key"), 0.08, 0.002),
        Level("one name is the acronym of the other", Crossed("name_key", "acronym"), 0.01, 0.0003),
        Level("similar name", Similar("name_key", 0.88), 0.05, 0.004),
        Level("name somewhat similar", Similar("name_key", 0.75), 0.04, 0.06),
    ),
    needs=("name_key",),
)

DOMAIN = Comparison(
    "domain",
    ("domains",),
    (
        Level("same domain", Shared("domains"), 0.9, 1e-5, "domains"),
        Level("domain a typing slip away", AnySimilar("domains", 0.94), 0.02, 1e-4),
    ),
)

COMPANY_LINKEDIN = Comparison(
    "linkedin",
    ("linkedin",),
    (Level("same LinkedIn page", Same("linkedin"), 0.95, 1e-6, "linkedin"),),
)

COMPANIES = Model(
    "companies",
    (NAME, DOMAIN, COMPANY_LINKEDIN, PHONE, IDENTIFIER, STREET, POSTAL_CODE, CITY),
    frozenset({"domains", "phone_texts", "identifiers"}),
)
"""How two company records are compared (columns of ``normalize.record.COMPANY_SCHEMA``)."""

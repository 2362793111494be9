"""The comparison model for companies and other organizations.

The name is one comparison with several degrees of likeness over its compare key; street, postal code,
city and identifiers are compared as for people.
"""

from __future__ import annotations

import msgspec

from leadspro_engine.compare.model import Comparison, Level, Model
from leadspro_engine.compare.people import CITY, IDENTIFIER, PHONE, POSTAL_CODE, STREET
from leadspro_engine.compare.predicates import (
    All,
    AnyWithin,
    Crossed,
    Not,
    OtherNumber,
    Same,
    SameSite,
    Shared,
    Similar,
    WordIn,
)

_OTHER_NUMBER = All((Similar("name_key", 0.88), OtherNumber("name_key")))

_NAME = Comparison(
    "name",
    ("name_key", "acronym"),
    (
        Level("same name", Same("name_key"), 0.7, 0.0005, "name_key"),
        Level("name with another number", _OTHER_NUMBER, 0.01, 0.0005),
        Level("name a typing slip away", Similar("name_key", 0.95), 0.08, 0.0003),
        Level("one name inside the other", WordIn("name_key"), 0.08, 0.002),
        Level("one name is the acronym of the other", Crossed("name_key", "acronym"), 0.01, 0.0003),
        Level("similar name", Similar("name_key", 0.88), 0.05, 0.004),
        Level("name somewhat similar", Similar("name_key", 0.75), 0.04, 0.06),
    ),
    needs=("name_key",),
)

_ONE_PHONE = Shared("phone_texts")

NAME = msgspec.structs.replace(_NAME, when=Not(_ONE_PHONE))

_CHANCE_AT_ONE_PHONE = (0.03, 0.02, 0.03, 0.1, 0.005, 0.15, 0.15)

NAME_AT_ONE_PHONE = msgspec.structs.replace(
    _NAME,
    field="name_at_one_phone",
    levels=tuple(
        msgspec.structs.replace(level, u=u)
        for level, u in zip(_NAME.levels, _CHANCE_AT_ONE_PHONE, strict=True)
    ),
    when=_ONE_PHONE,
    among=("phone_texts",),
    aspect="name",
)
"""The branches of one organization share its telephone and much of its name."""

_ONLY_SUFFIX_DIFFERS = All((SameSite("domains"), Not(Shared("domains"))))

DOMAIN = Comparison(
    "domain",
    ("domains",),
    (
        Level("same domain", Shared("domains"), 0.9, 1e-5, "domains"),
        Level("domain a typing slip away", AnyWithin("domains", 1, 8, same_digits=True), 0.02, 1e-5),
    ),
    when=Not(_ONLY_SUFFIX_DIFFERS),
)
"""Companies of one name differ in the suffix; so do the sites of one company in several countries."""

STREET_OF_STRANGERS = msgspec.structs.replace(STREET, when=Not(_ONE_PHONE))

STREET_AT_ONE_PHONE = msgspec.structs.replace(
    STREET,
    field="street_at_one_phone",
    levels=(
        msgspec.structs.replace(STREET.levels[0], u=0.1, frequency_of=None, and_of=None),
        msgspec.structs.replace(STREET.levels[1], u=0.05),
        msgspec.structs.replace(STREET.levels[2], u=0.01),
        *STREET.levels[3:],
    ),
    when=_ONE_PHONE,
    among=("phone_texts",),
    aspect="street",
)
"""Two restaurants of one hotel share telephone and address."""

COMPANY_LINKEDIN = Comparison(
    "linkedin",
    ("linkedin",),
    (Level("same LinkedIn page", Same("linkedin"), 0.95, 1e-6, "linkedin"),),
)

COMPANIES = Model(
    "companies",
    (
        NAME,
        NAME_AT_ONE_PHONE,
        DOMAIN,
        COMPANY_LINKEDIN,
        PHONE,
        IDENTIFIER,
        STREET_OF_STRANGERS,
        STREET_AT_ONE_PHONE,
        POSTAL_CODE,
        CITY,
    ),
    frozenset({"domains", "phone_texts", "identifiers"}),
    own=("domains", "phone_texts", "linkedin", "identifiers"),
)
"""How two company records are compared (columns of ``normalize.record.COMPANY_SCHEMA``)."""

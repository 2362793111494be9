"""The comparison model for people.

Given and family name are compared apart, so that a record that lacks one still speaks with the other;
levels for swapped names stand in both. Shared mailboxes never reach this table: normalization leaves
role addresses out of ``email_texts``, and ``shared_by`` leaves out what people of several families hold; a
phone number that a few share weighs little because its frequency replaces u.
"""

from __future__ import annotations

import msgspec

from leadspro_engine.compare.model import Comparison, Level, Model
from leadspro_engine.compare.predicates import (
    All,
    AnyOf,
    AnySimilar,
    AnyWithin,
    Crossed,
    DayMonthSwapped,
    Initial,
    Missing,
    Not,
    Same,
    SameMailDomain,
    Shared,
    Similar,
    Swapped,
    Within,
    WordIn,
)

_NAMES_ALIKE = All(
    (
        AnyOf((Missing("family_key"), Similar("family_key", 0.8), Crossed("family_key", "given_key"))),
        AnyOf((Missing("given_key"), Similar("given_key", 0.8), Shared("given_variants"))),
    )
)
"""The names do not speak against one person: ``msilva@`` and ``fsilva@`` are colleagues, not a slip."""

_NAMESAKES = Same("family_key")
_CROSSED = Crossed("given_key", "family_key")
SAME_EMPLOYER = AnyOf((Shared("domains"), Shared("company_keys")))
_AMONG_NAMESAKES = ("family_key",)
_AMONG_COLLEAGUES = ("company_keys", "domains")
_TOWNSPEOPLE = Same("city_key")
_NEIGHBORS = Same("postal_code")
_HOUSEMATES = All((Same("street_number"), AnyOf((Same("street_key"), _NEIGHBORS))))

_GIVEN_NAME = Comparison(
    "given_name",
    ("given_key", "given_variants", "family_key"),
    (
        Level("same given name", Same("given_key"), 0.72, 0.006, "given_key"),
        Level("nickname of the given name", Shared("given_variants"), 0.07, 0.003),
        Level("given and family name swapped", _CROSSED, 0.01, 0.0005, "given_key"),
        Level("initial of the given name", Initial("given_key"), 0.04, 0.008),
        Level("given name a typing slip away", Similar("given_key", 0.92), 0.05, 0.002),
        Level("one given name inside the other", WordIn("given_key"), 0.02, 0.002),
        Level("similar given name", Similar("given_key", 0.8), 0.04, 0.02),
    ),
    needs=("given_key",),
)

GIVEN_NAME = msgspec.structs.replace(_GIVEN_NAME, when=All((Not(_NAMESAKES), Not(SAME_EMPLOYER))))

GIVEN_NAME_OF_COLLEAGUES = msgspec.structs.replace(
    _GIVEN_NAME,
    field="given_name_of_colleagues",
    when=All((Not(_NAMESAKES), SAME_EMPLOYER)),
    among=_AMONG_COLLEAGUES,
    aspect="given_name",
)
"""Colleagues mostly live in one country, whose given names are common among them."""

GIVEN_NAME_OF_NAMESAKES = msgspec.structs.replace(
    _GIVEN_NAME,
    field="given_name_of_namesakes",
    levels=tuple(one for one in _GIVEN_NAME.levels if not isinstance(one.predicate, Crossed)),
    when=_NAMESAKES,
    among=_AMONG_NAMESAKES,
    aspect="given_name",
)
"""Given names follow the culture that the family name tells: two people of one family name share one more
often than two strangers do."""

_FAMILY_NAME = Comparison(
    "family_name",
    ("family_key", "given_key"),
    (
        Level("same family name", Same("family_key"), 0.83, 0.001, "family_key"),
        Level("family name a typing slip away", Similar("family_key", 0.92), 0.06, 0.0015),
        Level("one family name inside the other", WordIn("family_key"), 0.02, 0.0005),
        Level("initial of the family name", Initial("family_key"), 0.01, 0.004),
        Level("similar family name", Similar("family_key", 0.8), 0.02, 0.015),
    ),
    needs=("family_key",),
)

FAMILY_NAME = msgspec.structs.replace(
    _FAMILY_NAME, when=All((Not(_CROSSED), Not(SAME_EMPLOYER), Not(_HOUSEMATES), Not(_NEIGHBORS)))
)

FAMILY_NAME_OF_NEIGHBORS = msgspec.structs.replace(
    _FAMILY_NAME,
    field="family_name_of_neighbors",
    levels=(
        msgspec.structs.replace(_FAMILY_NAME.levels[0], u=0.02),
        *_FAMILY_NAME.levels[1:],
    ),
    when=All((Not(_CROSSED), Not(SAME_EMPLOYER), Not(_HOUSEMATES), _NEIGHBORS)),
    among=("postal_code",),
    aspect="family_name",
)

FAMILY_NAME_OF_HOUSEMATES = msgspec.structs.replace(
    _FAMILY_NAME,
    field="family_name_of_housemates",
    levels=(
        msgspec.structs.replace(_FAMILY_NAME.levels[0], u=0.4, frequency_of=None),
        *_FAMILY_NAME.levels[1:],
    ),
    when=All((Not(_CROSSED), Not(SAME_EMPLOYER), _HOUSEMATES)),
    among=("street_key", "street_number"),
    aspect="family_name",
)
"""People of one address are mostly one family."""

FAMILY_NAME_OF_COLLEAGUES = msgspec.structs.replace(
    _FAMILY_NAME,
    field="family_name_of_colleagues",
    when=All((Not(_CROSSED), SAME_EMPLOYER)),
    among=_AMONG_COLLEAGUES,
    aspect="family_name",
)

FAMILY_NAME_OF_SWAPPED = Comparison(
    "family_name_of_swapped",
    ("family_key", "given_key"),
    (Level("given and family name swapped", Swapped("given_key", "family_key"), 0.85, 1e-3, "family_key"),),
    when=_CROSSED,
    aspect="family_name",
)
"""Where a name stands in the wrong order, both its parts do: that is rare once, not twice. One part alone in
the other's place is no more than a name that is a given and a family name."""

MIDDLE_NAME = Comparison(
    "middle_name",
    ("middle_key",),
    (
        Level("same middle name", Same("middle_key"), 0.6, 0.02, "middle_key"),
        Level("initial of the middle name", Initial("middle_key"), 0.25, 0.05),
        Level("similar middle name", Similar("middle_key", 0.88), 0.05, 0.01),
    ),
)

_EMAIL = Comparison(
    "email",
    ("email_texts", "email_locals", "given_key", "given_variants", "family_key"),
    (
        Level("same e-mail address", Shared("email_texts"), 0.55, 2e-5, "email_texts"),
        Level("same mailbox name at another domain", Shared("email_locals"), 0.15, 2e-4, "email_locals"),
        Level(
            "e-mail address a typing slip away, names alike",
            All((_NAMES_ALIKE, AnyWithin("email_texts", 2, 8))),
            0.06,
            2e-5,
        ),
    ),
    needs=("email_texts",),
)

EMAIL = msgspec.structs.replace(_EMAIL, when=Not(SAME_EMPLOYER))

EMAIL_OF_COLLEAGUES = msgspec.structs.replace(
    _EMAIL,
    field="email_of_colleagues",
    levels=(
        _EMAIL.levels[0],
        msgspec.structs.replace(_EMAIL.levels[1], u=1e-3, frequency_of=None),
        msgspec.structs.replace(_EMAIL.levels[2], u=1e-3),
        Level("another mailbox at the same domain", SameMailDomain("email_texts"), 0.05, 0.6),
    ),
    when=SAME_EMPLOYER,
    among=_AMONG_COLLEAGUES,
    aspect="email",
)

PHONE = Comparison(
    "phone",
    ("phone_texts",),
    (
        Level("same phone number", Shared("phone_texts"), 0.55, 1e-4, "phone_texts"),
        Level("phone number one digit away", AnyWithin("phone_texts", 1, 7), 0.03, 2e-4),
    ),
)

PHONE_OF_STRANGERS = msgspec.structs.replace(PHONE, when=Not(SAME_EMPLOYER))

PHONE_OF_COLLEAGUES = Comparison(
    "phone_of_colleagues",
    ("phone_texts",),
    (
        Level("same phone number", Shared("phone_texts"), 0.55, 0.05),
        Level("phone number one digit away", AnyWithin("phone_texts", 1, 7), 0.03, 0.01),
    ),
    when=SAME_EMPLOYER,
    among=_AMONG_COLLEAGUES,
    aspect="phone",
)
"""A number that two colleagues share may be their employer's switchboard."""

LINKEDIN = Comparison(
    "linkedin",
    ("linkedin",),
    (Level("same LinkedIn profile", Same("linkedin"), 0.96, 1e-6, "linkedin"),),
)

COMPANY = Comparison(
    "company",
    ("company_keys", "domains"),
    (
        Level("same company domain", Shared("domains"), 0.55, 0.002, "domains"),
        Level("same company name", Shared("company_keys"), 0.15, 0.002, "company_keys"),
        Level("similar company name", AnySimilar("company_keys", 0.9), 0.06, 0.004),
    ),
)

BIRTH_DATE = Comparison(
    "birth_date",
    ("birth_date",),
    (
        Level("same date of birth", Same("birth_date"), 0.8, 1e-4, "birth_date"),
        Level("day and month swapped", DayMonthSwapped("birth_date"), 0.03, 1e-4),
        Level("date of birth one digit away", Within("birth_date", 1), 0.08, 1e-3),
        Level("date of birth two digits away", Within("birth_date", 2), 0.05, 1e-2),
    ),
)

_OTHER_NUMBER_ON_STREET = All((Same("street_key"), Not(Missing("street_number")), Not(Same("street_number"))))

STREET = Comparison(
    "street",
    ("street_key", "street_number"),
    (
        Level(
            "same street and number",
            All((Same("street_key"), Same("street_number"))),
            0.6,
            5e-5,
            "street_key",
            "street_number",
        ),
        Level(
            "similar street, same number",
            All((Similar("street_key", 0.88), Same("street_number"))),
            0.15,
            5e-5,
        ),
        Level(
            "street a few letters away, same number",
            All((Within("street_key", 4), Same("street_number"))),
            0.03,
            5e-5,
        ),
        Level("another number on the same street", _OTHER_NUMBER_ON_STREET, 0.02, 1e-3, "street_key"),
        Level("same street", Same("street_key"), 0.08, 1e-3, "street_key"),
        Level("similar street", Similar("street_key", 0.88), 0.05, 5e-3),
        Level("same street number", Same("street_number"), 0.03, 0.01, "street_number"),
    ),
)

POSTAL_CODE = Comparison(
    "postal_code",
    ("postal_code",),
    (
        Level("same postal code", Same("postal_code"), 0.75, 2e-3, "postal_code"),
        Level("postal code one character away", Within("postal_code", 1), 0.08, 1e-2),
    ),
)

STREET_OF_STRANGERS = msgspec.structs.replace(STREET, when=Not(_NEIGHBORS))

STREET_OF_NEIGHBORS = msgspec.structs.replace(
    STREET,
    field="street_of_neighbors",
    levels=(
        msgspec.structs.replace(STREET.levels[0], u=0.02, frequency_of=None, and_of=None),
        *(msgspec.structs.replace(level, u=1e-3) for level in STREET.levels[1:3]),
        *(msgspec.structs.replace(level, u=0.02) for level in STREET.levels[3:]),
    ),
    when=_NEIGHBORS,
    among=("postal_code",),
    aspect="street",
)

POSTAL_CODE_OF_STRANGERS = msgspec.structs.replace(POSTAL_CODE, when=Not(_TOWNSPEOPLE))

POSTAL_CODE_OF_TOWNSPEOPLE = msgspec.structs.replace(
    POSTAL_CODE,
    field="postal_code_of_townspeople",
    levels=(
        msgspec.structs.replace(POSTAL_CODE.levels[0], u=0.05),
        msgspec.structs.replace(POSTAL_CODE.levels[1], u=0.1),
    ),
    when=_TOWNSPEOPLE,
    among=("city_key",),
    aspect="postal_code",
)
"""The parts of an address are one inside the other: people of one household share all of them, and who moves
changes all of them. So each is judged among those who share the wider one."""

CITY = Comparison(
    "city",
    ("city_key", "region_key", "country"),
    (
        Level("same city", Same("city_key"), 0.7, 0.02, "city_key"),
        Level("similar city name", Similar("city_key", 0.88), 0.06, 0.005),
        Level("same region", Same("region_key"), 0.08, 0.05),
        Level("same country", Same("country"), 0.12, 0.25),
    ),
    needs=("city_key", "country"),
)

CITY_OF_STRANGERS = msgspec.structs.replace(CITY, when=All((Not(SAME_EMPLOYER), Not(_NAMESAKES))))

CITY_OF_NAMESAKES = msgspec.structs.replace(
    CITY,
    field="city_of_namesakes",
    levels=(
        Level("same city", Same("city_key"), 0.7, 0.03, "city_key"),
        Level("similar city name", Similar("city_key", 0.88), 0.06, 0.005),
        Level("same region", Same("region_key"), 0.08, 0.06),
        Level("same country", Same("country"), 0.12, 0.5),
    ),
    when=All((Not(SAME_EMPLOYER), _NAMESAKES)),
    among=_AMONG_NAMESAKES,
    aspect="city",
)
"""People of one family name mostly live in one country."""

CITY_OF_COLLEAGUES = msgspec.structs.replace(
    CITY,
    field="city_of_colleagues",
    levels=(
        Level("same city", Same("city_key"), 0.75, 0.6),
        Level("similar city name", Similar("city_key", 0.88), 0.06, 0.03),
        Level("same region", Same("region_key"), 0.05, 0.1),
        Level("same country", Same("country"), 0.12, 0.22),
    ),
    when=SAME_EMPLOYER,
    among=_AMONG_COLLEAGUES,
    aspect="city",
)

IDENTIFIER = Comparison(
    "identifier",
    ("identifiers",),
    (
        Level("same identifier", Shared("identifiers"), 0.85, 1e-6, "identifiers"),
        Level("identifier one character away", AnyWithin("identifiers", 1, 5), 0.08, 1e-4),
        Level("identifier two characters away", AnyWithin("identifiers", 2, 7), 0.03, 2e-3),
    ),
)

_TITLE = Comparison(
    "title",
    ("title", "department"),
    (
        Level("same job title", Same("title"), 0.45, 0.01, "title"),
        Level("same department", Same("department"), 0.25, 0.12),
    ),
    needs=("title",),
)

TITLE = msgspec.structs.replace(_TITLE, when=Not(SAME_EMPLOYER))

TITLE_OF_COLLEAGUES = msgspec.structs.replace(
    _TITLE,
    field="title_of_colleagues",
    levels=(
        msgspec.structs.replace(_TITLE.levels[0], m=0.6, u=0.02),
        msgspec.structs.replace(_TITLE.levels[1], u=0.15),
    ),
    when=SAME_EMPLOYER,
    among=_AMONG_COLLEAGUES,
    aspect="title",
)
"""Who changes the employer changes the title: elsewhere another title says little, among colleagues a lot."""

PEOPLE = Model(
    "people",
    (
        GIVEN_NAME,
        GIVEN_NAME_OF_COLLEAGUES,
        GIVEN_NAME_OF_NAMESAKES,
        FAMILY_NAME,
        FAMILY_NAME_OF_COLLEAGUES,
        FAMILY_NAME_OF_HOUSEMATES,
        FAMILY_NAME_OF_NEIGHBORS,
        FAMILY_NAME_OF_SWAPPED,
        MIDDLE_NAME,
        EMAIL,
        EMAIL_OF_COLLEAGUES,
        PHONE_OF_STRANGERS,
        PHONE_OF_COLLEAGUES,
        LINKEDIN,
        COMPANY,
        TITLE,
        TITLE_OF_COLLEAGUES,
        BIRTH_DATE,
        IDENTIFIER,
        STREET_OF_STRANGERS,
        STREET_OF_NEIGHBORS,
        POSTAL_CODE_OF_STRANGERS,
        POSTAL_CODE_OF_TOWNSPEOPLE,
        CITY_OF_STRANGERS,
        CITY_OF_NAMESAKES,
        CITY_OF_COLLEAGUES,
    ),
    frozenset({"given_variants", "email_texts", "email_locals", "phone_texts", "company_keys", "domains"})
    | {"identifiers"},
    implied={"street_key": ("postal_code", "city_key"), "postal_code": ("city_key",)},
    shared_by={"phone_texts": "left(family_key, 1)", "email_texts": "left(family_key, 1)"},
    own=("email_texts", "phone_texts", "linkedin", "identifiers"),
)
"""How two person records are compared (columns of ``normalize.record.PERSON_SCHEMA``)."""

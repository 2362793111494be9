"""A whole record: the roles that raw columns play, and the canonical columns they become.

A *role* says what a raw column holds (``email``, ``family_name``, ``headcount``). A raw record is a mapping
from role to text, or to a list of texts for the roles in ``LIST_ROLES``. ``person_columns`` and
``company_columns`` turn a frame of raw records into canonical ones; ``person_values`` and
``company_values`` do the same for one record, and the two forms always agree.

A canonical value of None, or an empty list, means "nothing meaningful here".

The schemas stand here; what fills them stands in ``parts``, which is loaded on first use: rooms that only
need a schema need not wait for the tables of every kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from leadspro_engine.normalize import columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadspro_engine.normalize.parts import Part

LIST_ROLES = ("email", "phone", "skill", "technology", "identifier")
"""Roles of which one record may have several values; all other roles hold one."""

ROLES = (
    "full_name", "title_before_name", "given_name", "middle_name", "family_name", "name_suffix",
    "email", "phone", "linkedin", "title", "department", "seniority",
    "company", "domain", "company_linkedin", "industry", "headcount", "founded", "company_status",
    "technology", "skill", "address", "street_number", "street", "unit", "city", "region", "postal_code",
    "country", "place", "birth_date", "identifier",
)  # fmt: skip
"""Every role, in the order of the raw schema. ``place`` is free text such as "Greater Boston Area"."""

RAW_SCHEMA: dict[str, pl.DataType] = {
    "record_id": pl.String(),  # unique: source, a colon, the source's own id (or a hash of the raw row)
    "source": pl.String(),
    "source_record_id": pl.String(),
    "line": pl.Int64(),  # where the row stood in its file, counted from 1
    "observed_at": pl.Date(),
    "trust": pl.Float64(),  # 0..1, of the source
    "region_hint": pl.String(),  # ISO 3166 alpha-2 of the source, for national phone numbers
    **{role: pl.List(pl.String()) if role in LIST_ROLES else pl.String() for role in ROLES},
    "raw": pl.String(),  # the row as the source had it, as JSON
}
"""Columns of a table of source records; people and companies have the same."""

_PROVENANCE: dict[str, pl.DataType] = {
    "record_id": pl.String(),
    "source": pl.String(),
    "source_record_id": pl.String(),
    "observed_at": pl.Date(),
    "trust": pl.Float64(),
}
_PLACE: dict[str, pl.DataType] = {
    "street_number": pl.String(),
    "street_key": pl.String(),  # compare form: ASCII, lower case, street types abbreviated one way
    "unit": pl.String(),
    "postal_code": pl.String(),  # canonical characters: upper case, no spaces or hyphens
    "city": pl.String(),  # display form
    "city_key": pl.String(),  # compare form
    "region": pl.String(),  # display form
    "region_key": pl.String(),
    "country": pl.String(),  # ISO 3166-1 alpha-2
}

PERSON_SCHEMA: dict[str, pl.DataType] = {
    **_PROVENANCE,
    "full_name": pl.String(),  # display form
    "given_name": pl.String(),
    "middle_name": pl.String(),
    "family_name": pl.String(),
    "name_suffix": pl.String(),
    "given_key": pl.String(),  # compare forms: ASCII, lower case, single spaces
    "middle_key": pl.String(),
    "family_key": pl.String(),
    "name_key": pl.String(),  # all tokens of the name, sorted, so that reversed names are equal
    "given_variants": pl.List(pl.String()),  # the given name's nickname set, itself included, sorted
    "emails": pl.List(pl.String()),  # canonical addresses, all of them
    "email_keys": pl.List(pl.String()),  # match keys of mailboxes of one person (no role mailboxes)
    "email_locals": pl.List(pl.String()),  # letters and digits of the local parts of those
    "email_texts": pl.List(pl.String()),  # compare form of those, and of what is not valid
    "phones": pl.List(pl.String()),  # E.164
    "phone_texts": pl.List(pl.String()),  # national digits of a valid number, else all digits
    "linkedin": pl.String(),  # person slug
    "title": pl.String(),
    "department": pl.String(),
    "management_level": pl.String(),
    "company": pl.String(),  # display form
    "company_keys": pl.List(pl.String()),  # compare keys; a list, because merged people have several
    "domains": pl.List(pl.String()),  # registrable company domains, from `domain` and professional e-mails
    **_PLACE,
    "birth_date": pl.String(),  # ISO 8601, else the raw digits as they stand
    "identifiers": pl.List(pl.String()),
    "skills": pl.List(pl.String()),
    "company_record_id": pl.String(),  # the company record that this row's employer became; None without one
}
"""Columns of a table of canonical person records: one row a source record, unique by ``record_id``."""

COMPANY_SCHEMA: dict[str, pl.DataType] = {
    **_PROVENANCE,
    "mentions": pl.Int64(),  # 0 for a company's own row, else how many person rows named it
    "name": pl.String(),  # display form
    "name_key": pl.String(),  # compare key, legal form removed
    "acronym": pl.String(),
    "domains": pl.List(pl.String()),
    "website": pl.String(),
    "linkedin": pl.String(),  # company slug
    "phones": pl.List(pl.String()),  # E.164
    "phone_texts": pl.List(pl.String()),  # as for people
    "industry": pl.String(),
    "headcount_low": pl.Int64(),  # the headcount as a closed interval; high is None for "10001+"
    "headcount_high": pl.Int64(),
    "technologies": pl.List(pl.String()),
    "founded": pl.Int64(),
    "company_status": pl.String(),  # what the source itself says: active | inactive | None
    **_PLACE,
    "identifiers": pl.List(pl.String()),
}
"""Columns of canonical company records: a row a source record or mention, unique by ``record_id``."""


def person_columns(raw: pl.DataFrame) -> pl.DataFrame:
    """Canonical person records, ``PERSON_SCHEMA``: one row for each row of ``raw``, in its order.

    Args:
        raw: source records, ``RAW_SCHEMA``; columns of roles that nobody filled may be left out.
    """
    from leadspro_engine.normalize.parts import PERSON_PARTS

    return _columns(raw, PERSON_PARTS, PERSON_SCHEMA)


def company_columns(raw: pl.DataFrame) -> pl.DataFrame:
    """Canonical company records, ``COMPANY_SCHEMA``, with no mentions: one row for each row of ``raw``."""
    from leadspro_engine.normalize.parts import COMPANY_PARTS

    return _columns(raw.with_columns(mentions=pl.lit(0, pl.Int64())), COMPANY_PARTS, COMPANY_SCHEMA)


def person_values(raw: Mapping[str, Any]) -> dict[str, Any]:
    """One canonical person: the columns of ``PERSON_SCHEMA`` without those of provenance.

    Args:
        raw: role -> text, or a list of texts for ``LIST_ROLES``; ``region_hint`` may stand beside the roles.

    >>> ada = person_values({"full_name": "Lovelace, Ada", "email": ["ada@acme.com"]})
    >>> ada["family_key"], ada["email_keys"], ada["domains"]
    ('lovelace', ['ada@acme.com'], ['acme.com'])
    """
    from leadspro_engine.normalize.parts import PERSON_PARTS

    return _values(raw, PERSON_PARTS, PERSON_SCHEMA)


def company_values(raw: Mapping[str, Any]) -> dict[str, Any]:
    """One canonical company: the columns of ``COMPANY_SCHEMA`` without provenance and mentions.

    >>> company_values({"company": "Acme Inc", "headcount": "51-200"})["headcount_high"]
    200
    """
    from leadspro_engine.normalize.parts import COMPANY_PARTS

    return _values(raw, COMPANY_PARTS, COMPANY_SCHEMA)


def _columns(raw: pl.DataFrame, parts: Sequence[Part], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The canonical columns of a raw frame, in the order and types of ``schema``."""
    made = pl.DataFrame({"": pl.int_range(raw.height, eager=True)})
    for part in parts:
        read = [_or_nulls(raw, role) for role in part.roles] + [made.get_column(name) for name in part.made]
        made = made.hstack(part.columns(pl.DataFrame(read)))
    provenance = [_or_nulls(raw, name) for name in schema if name not in made.columns]
    return made.hstack(provenance).select(schema.keys()).cast(pl.Schema(schema))


def _or_nulls(raw: pl.DataFrame, name: str) -> pl.Series:
    """A raw column, of lists for the roles that have several values; nulls where there is no such column."""
    if name not in raw.columns:
        kind = pl.List(pl.String()) if name in LIST_ROLES else pl.String()
        return pl.repeat(None, raw.height, dtype=kind, eager=True).alias(name)
    column = raw.get_column(name)
    if name not in LIST_ROLES or isinstance(column.dtype, pl.List):
        return column
    return columns.texts_of(column).to_frame().select(pl.concat_list(name)).to_series()


def _values(raw: Mapping[str, Any], parts: Sequence[Part], schema: Mapping[str, object]) -> dict[str, Any]:
    """The canonical values of one raw record, in the order of ``schema``."""
    made: dict[str, Any] = {}
    for part in parts:
        read = [raw.get(role) for role in part.roles] + [made[name] for name in part.made]
        made.update(msgspec.structs.asdict(part.read(*read)))
    return {name: made[name] for name in schema if name in made}

"""A whole record: the roles that raw columns play, and the canonical columns they become.

A *role* says what a raw column holds (``email``, ``family_name``, ``headcount``). A raw record is a mapping
from role to text, or to a list of texts for the roles in ``LIST_ROLES``. ``person_columns`` and
``company_columns`` turn a frame of raw records into canonical ones; ``person_values`` and
``company_values`` do the same for one record, and the two forms always agree.

A canonical value of None, or an empty list, means "nothing meaningful here".
"""

from __future__ import annotations

import polars as pl

LIST_ROLES = ("email", "phone", "skill", "technology", "identifier")
"""Roles of which one record may have several values; all other roles hold one."""

ROLES = (
    "full_name", "title_before_name", "given_name", "middle_name", "family_name", "name_suffix",
    "email", "phone", "linkedin", "title", "department", "seniority",
    "company", "domain", "company_linkedin", "industry", "headcount", "founded", "company_status", "technology", "skill",
    "address", "street_number", "street", "unit", "city", "region", "postal_code", "country", "place",
    "birth_date", "identifier",
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
    "email_keys": pl.List(pl.String()),  # match keys of personal and professional mailboxes only (no role mailboxes)
    "email_locals": pl.List(pl.String()),  # letters and digits of the local parts of those
    "email_texts": pl.List(pl.String()),  # compare form, valid or not: lower case, no blanks, role mailboxes left out
    "phones": pl.List(pl.String()),  # E.164
    "phone_texts": pl.List(pl.String()),  # compare form: national digits of a valid number, else all digits as they stand
    "linkedin": pl.String(),  # person slug
    "title": pl.String(),
    "department": pl.String(),
    "management_level": pl.String(),
    "company": pl.String(),  # display form
    "company_keys": pl.List(pl.String()),  # compare keys; a list, because merged people have several
    "domains": pl.List(pl.String()),  # registrable company domains, from `domain` and professional e-mails
    **_PLACE,
    "birth_date": pl.String(),  # ISO 8601, else the raw digits: partly wrong dates are compared by their characters
    "identifiers": pl.List(pl.String()),
    "skills": pl.List(pl.String()),
    "company_record_id": pl.String(),  # the company record that this row's employer became; None without one
}
"""Columns of a table of canonical person records: one row a source record, unique by ``record_id``."""

COMPANY_SCHEMA: dict[str, pl.DataType] = {
    **_PROVENANCE,
    "mentions": pl.Int64(),  # 0 for a company's own source row, else how many person rows named it so
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
"""Columns of a table of canonical company records: one row a source record or distinct mention, unique by ``record_id``."""

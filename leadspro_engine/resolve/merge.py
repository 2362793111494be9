"""Entities from clusters: golden people and companies, the identifiers that lead to them, and their lineage.

Fields that one record decides are chosen by ``survivorship``; e-mails, phones, skills and technologies are
kept from all records, with the first and last day they were seen.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, get_args

import polars as pl
from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.normalize import email, headcount, phone, place
from leadspro_engine.records import IdentifierKind
from leadspro_engine.resolve.changes import find_made_anew
from leadspro_engine.resolve.golden_companies import make_companies
from leadspro_engine.resolve.golden_people import make_people

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from leadspro_engine.resolve.prior import PriorState


class Merged(Struct, frozen=True):
    """How many rows merging wrote."""

    people: int
    companies: int
    identifiers: int
    lineage: int


def merge(work: Path, prior: PriorState | None = None) -> Merged:
    """Write the entities of a refresh into its work folder.

    Reads ``people_records``, ``company_records``, ``people_clusters`` and ``company_clusters`` (Parquet);
    writes ``companies``, ``people``, ``people_features``, ``employers``, ``identifiers`` and ``lineage``.

    Args:
        work: the work folder.
        prior: the state of the current snapshot. Entities that nothing has happened to are taken over from
            its tables, if they can be used; ``made_anew.parquet`` (``id``) then lists the others, and those
            that are gone.
    """
    with closing(sql.workbench(spill=work)) as con:
        return _merge(con, work, prior)


def _merge(con: DuckDBPyConnection, work: Path, prior: PriorState | None) -> Merged:
    """The steps of ``merge`` in one workbench."""
    for table in ("people_records", "company_records", "people_clusters", "company_clusters"):
        sql.read_parquet(con, table, work / f"{table}.parquet")
    kept = prior if prior is not None and prior.tables is not None else None
    find_made_anew(con, work, kept)
    sql.run(con, "company members", _COMPANY_MEMBERS)
    sql.run(con, "person members", _PERSON_MEMBERS)
    _lookups(con)
    make_companies(con)
    make_people(con)
    sql.run(con, "identifiers", _IDENTIFIERS)
    lineage = "create view lineage as from company_lineage union all from person_lineage"
    sql.run(con, "lineage of both", lineage)
    if kept is not None and kept.tables is not None:
        sql.attach(con, kept.tables, "current")
        sql.write_parquet(con, "from made_anew", work / "made_anew.parquet", step="write made_anew")
    written = {name: _write(con, work, name, key, with_kept=kept is not None) for name, key in _KEYS.items()}
    return Merged(**{name: written[name] for name in Merged.__struct_fields__})


_KEYS = {
    "companies": "id", "people": "id", "people_features": "id", "employers": "person_id",
    "identifiers": "id", "lineage": "entity_id",
}  # fmt: skip
"""The tables that merging makes, and the column that says of which entity a row is."""


def _write(con: DuckDBPyConnection, work: Path, name: str, key: str, *, with_kept: bool) -> int:
    """Write a table to the work folder, with what is kept of the current one; returns the number of rows."""
    columns = ", ".join(column for column, *_ in sql.rows(con, "columns", f"describe {name}"))
    query = f"select {columns} from {name}"
    if with_kept:
        query += f" union all select {columns} from {_CURRENT.get(name, f'current.{name}')}"
        query += f" where {key} not in (select id from made_anew)"
    return sql.write_parquet(con, query, work / f"{name}.parquet", step=f"write {name}")


_CURRENT = {
    "identifiers": "({})".format(
        " union all ".join(
            f"select '{kind}' as kind, key, id, records from current.identifiers_{kind}"
            for kind in get_args(IdentifierKind)
        )
    )
}
"""The tables that the current snapshot has in several parts."""


def _lookups(con: DuckDBPyConnection) -> None:
    """Small tables of what normalization says of the distinct values."""
    countries = "select country as value from person_members union select country from company_members"
    _lookup(con, "country_names", countries, lambda values: _each(values, place.country_name))
    _lookup(con, "email_types", "select distinct unnest(emails) as value from person_members", _email_types)
    _lookup(con, "phone_types", "select distinct unnest(phones) as value from person_members", _phone_types)
    sizes = "select distinct headcount_low as value from company_members"
    _lookup(con, "headcount_ranges", sizes, lambda values: _each(values, headcount.bucket))


def _lookup(con: DuckDBPyConnection, table: str, query: str, name: Callable[[pl.Series], pl.Series]) -> None:
    """Make ``table(value, name)`` of what a function says of the distinct values of a query."""
    values = sql.frame(con, f"values of {table}", query).get_column("value").drop_nulls()
    frame = pl.DataFrame([values, name(values).alias("name")])
    con.register(f"{table}_frame", frame.to_arrow())
    sql.run(con, table, f"create or replace temp table {table} as select * from {table}_frame")


def _each(values: pl.Series, name: Callable[[Any], str | None]) -> pl.Series:
    """The names of a few values."""
    return pl.Series([name(value) for value in values.to_list()], dtype=pl.String)


def _email_types(addresses: pl.Series) -> pl.Series:
    """The kind of mailbox behind each canonical address, as ``email.kind`` has it."""
    parsed = email.column(addresses).struct
    others = pl.when(parsed.field("free")).then(pl.lit("personal")).otherwise(pl.lit("professional"))
    people = pl.when(parsed.field("role")).then(pl.lit("role")).otherwise(others)
    return pl.select(
        pl.when(parsed.field("disposable")).then(pl.lit("disposable")).otherwise(people)
    ).to_series()


def _phone_types(numbers: pl.Series) -> pl.Series:
    """The kind of line behind each E.164 number."""
    return phone.column(numbers).struct.field("type")


_COMPANY_MEMBERS = """
create or replace temp table company_members as
select c.entity_id, r.*,
  sum(greatest(mentions, 1)) over (partition by c.entity_id, r.name_key) as spelled_so
from company_records r join company_clusters c using (record_id)
where c.entity_id in (select id from made_anew)
"""

_PERSON_MEMBERS = """
create or replace temp table person_members as
select p.entity_id, r.*, c.entity_id as company_id
from people_records r
join people_clusters p using (record_id)
left join company_clusters c on c.record_id = r.company_record_id
where p.entity_id in (select id from made_anew)
"""

_IDENTIFIERS = """
create or replace table identifiers as
select kind, key, id, count(distinct record_id) as records
from (
  select 'email' as kind, unnest(email_keys) as key, entity_id as id, record_id from person_members
  union all
  select 'email_sha256', sha256(address), entity_id, record_id
  from (select entity_id, record_id, unnest(emails) as address from person_members)
  union all
  select 'email_md5', md5(address), entity_id, record_id
  from (select entity_id, record_id, unnest(emails) as address from person_members)
  union all
  select 'phone', unnest(phones), entity_id, record_id from person_members
  union all
  select 'linkedin', linkedin, entity_id, record_id from person_members
  union all
  select 'name_domain', given_key || ' ' || family_key || '|' || domain, entity_id, record_id
  from (select *, unnest(domains) as domain from person_members)
  union all
  select 'name_company', given_key || ' ' || family_key || '|' || company_key, entity_id, record_id
  from (select *, unnest(company_keys) as company_key from person_members)
  union all
  select 'company_domain', unnest(domains), entity_id, record_id from company_members
  union all
  select 'company_linkedin', linkedin, entity_id, record_id from company_members
  union all
  select 'company_name', name_key, entity_id, record_id from company_members
)
where key is not null and key <> ''
group by kind, key, id
"""

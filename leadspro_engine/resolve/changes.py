"""Which entities a refresh makes anew: those of which a record came, went or changed, or moved elsewhere.

All others are what they were, and their rows are taken over from the current snapshot. A person is also made
anew when the company of one of their records has another id, a company when a person who names it changed,
came or went: how many sources agree on it is counted over people too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine import sql

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from leadspro_engine.resolve.prior import PriorState


def find_made_anew(con: DuckDBPyConnection, work: Path, prior: PriorState | None) -> None:
    """Make ``made_anew(id)``: the entities to make, and those that are gone; all of them without ``prior``.

    Args:
        con: a workbench with ``people_records``, ``people_clusters`` and ``company_clusters``.
        work: the work folder, with ``people_contents.parquet`` and ``company_contents.parquet``.
        prior: the state of the current snapshot.
    """
    if prior is None:
        sql.run(con, "entities to make", _ALL)
        return
    for table in ("people", "company"):
        sql.read_parquet(con, f"{table}_contents", work / f"{table}_contents.parquet")
        sql.read_parquet(con, f"{table}_contents_before", prior.path(f"{table}_contents.parquet"))
        sql.read_parquet(con, f"{table}_clusters_before", prior.path(f"{table}_clusters.parquet"))
        sql.run(con, f"changed {table} records", _CHANGED.format(table=table))
        sql.run(con, f"moved {table} records", _MOVED.format(table=table))
    sql.read_parquet(con, "people_records_before", prior.path("people_records.parquet"))
    sql.run(con, "entities to make", _TOUCHED)


_ALL = """
create or replace temp table made_anew as
select distinct entity_id as id from people_clusters union all
select distinct entity_id from company_clusters
"""

_CHANGED = """
create or replace temp table changed_{table} as
select record_id from (
  (select record_id, content, origin from {table}_contents
   except select record_id, content, origin from {table}_contents_before)
  union all
  (select record_id, content, origin from {table}_contents_before
   except select record_id, content, origin from {table}_contents)
) group by record_id
"""

_MOVED = """
create or replace temp table moved_{table} as
select record_id from (
  (select record_id, entity_id from {table}_clusters
   except select record_id, entity_id from {table}_clusters_before)
  union all
  (select record_id, entity_id from {table}_clusters_before
   except select record_id, entity_id from {table}_clusters)
) group by record_id
"""

_TOUCHED = """
create or replace temp table made_anew as
with touched as (from changed_people union all from moved_people),
named as (
  select company_record_id as record_id from people_records semi join touched using (record_id)
  union all
  select company_record_id from people_records_before semi join touched using (record_id)
),
people as (
  from touched union all select record_id from people_records where company_record_id in (from moved_company)
),
companies as (from changed_company union all from moved_company union all from named)
select entity_id as id from people_clusters semi join people using (record_id)
union
select entity_id from people_clusters_before semi join people using (record_id)
union
select entity_id from company_clusters semi join companies using (record_id)
union
select entity_id from company_clusters_before semi join companies using (record_id)
"""

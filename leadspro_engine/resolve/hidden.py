"""Entities whose people asked not to be shown: they leave a refresh before anything is made of them.

A record with a suppressed identifier hides its whole entity, because the same person's other records would
bring them back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine import sql

if TYPE_CHECKING:
    import polars as pl
    from duckdb import DuckDBPyConnection

    from leadspro_engine.records import Suppressions

_HIDDEN = """
select distinct entity
from clusters join (
  select record_id, 'email:' || unnest(list_concat(emails, email_keys)) as identifier from input
  union all select record_id, 'phone:' || unnest(phones) from input
  union all select record_id, 'linkedin:' || linkedin from input
) using (record_id)
where sha256(identifier) in (select unnest($hashes::varchar[]))
"""


def without_hidden(
    con: DuckDBPyConnection, clusters: pl.DataFrame, suppressions: Suppressions
) -> pl.DataFrame:
    """The clusters of people that may be shown.

    Args:
        con: a workbench with the view ``input`` of canonical person records.
        clusters: ``record_id, entity``.
        suppressions: hashed identifiers; of an address also the one without its tag is looked for.
    """
    if not suppressions.hashes:
        return clusters
    con.register("clusters", clusters.to_arrow())
    found = sql.rows(con, "find who is hidden", _HIDDEN, {"hashes": sorted(suppressions.hashes)})
    return clusters.remove(clusters.get_column("entity").is_in([entity for (entity,) in found]))

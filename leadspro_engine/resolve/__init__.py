"""Canonical records to entities: block, learn, score, cluster, merge.

Each function reads and writes Parquet in the work folder of a refresh; the files are listed in
docs/architecture.md.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import msgspec

from leadspro_engine import sql
from leadspro_engine.compare import COMPANIES, PEOPLE
from leadspro_engine.resolve.entities import Resolution, resolve
from leadspro_engine.resolve.merge import Merged, entity_ids, merge

if TYPE_CHECKING:
    from pathlib import Path

    from leadspro_engine.compare import Model

__all__ = ["Merged", "Resolution", "merge", "resolve", "resolve_companies", "resolve_people"]


def resolve_people(work: Path) -> Resolution:
    """Group ``people_records.parquet`` into people.

    Writes ``people_clusters.parquet`` (``record_id, entity_id``), ``people_weights.json`` and
    ``people_frequencies.parquet`` (``field, value, share``).
    """
    return _resolve_file(work, PEOPLE, records="people_records", name="people", prefix="p")


def resolve_companies(work: Path) -> Resolution:
    """Group ``company_records.parquet`` into companies.

    Writes ``company_clusters.parquet``, ``company_weights.json`` and ``company_frequencies.parquet``, as
    for people.
    """
    return _resolve_file(work, COMPANIES, records="company_records", name="company", prefix="c")


def _resolve_file(work: Path, model: Model, *, records: str, name: str, prefix: str) -> Resolution:
    """Resolve one table of canonical records."""
    clusters = "select * from cluster_frame order by record_id"
    frequencies = "select field, value, share from frequencies order by field, value"
    with closing(sql.workbench(spill=work)) as con:
        sql.read_parquet(con, "input", work / f"{records}.parquet")
        resolution = resolve(con, model)
        con.register("cluster_frame", entity_ids(resolution.clusters, prefix).to_arrow())
        for query, table in ((clusters, f"{name}_clusters"), (frequencies, f"{name}_frequencies")):
            sql.write_parquet(con, query, work / f"{table}.parquet", step=f"write {table}")
    (work / f"{name}_weights.json").write_bytes(msgspec.json.encode(resolution.weights))
    return resolution

"""Checks on the assets: what must hold before a dataset may be published, readable in the UI.

Publishing checks the tables once more by itself; these come earlier and say where it went wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg
import polars as pl

from leadspro_engine.dataset import current_version, verify
from leadspro_engine.errors import DatasetCorrupt
from leadspro_engine.refresh import MAX_REJECTS_SHARE, counts_of, too_many_rejects
from pipelines.folder import DataFolder  # noqa: TC001 (Dagster reads the annotations at run time)

if TYPE_CHECKING:
    from pathlib import Path


@dg.asset_check(asset="source_records", blocking=True)
def rejects_share(folder: DataFolder) -> dg.AssetCheckResult:
    """No source has more rejects than its share allows."""
    run = folder.run()
    failures = [text for source in run.sources if (text := too_many_rejects(counts_of(run, source)))]
    return dg.AssetCheckResult(
        passed=not failures, metadata={"allowed": MAX_REJECTS_SHARE, "failures": failures}
    )


@dg.asset_check(asset="people_records", blocking=True)
def somebody(folder: DataFolder) -> dg.AssetCheckResult:
    """There are people."""
    return _at_least_one(folder.run().path("people_records.parquet"))


@dg.asset_check(asset="people_records", blocking=True)
def record_ids_unique(folder: DataFolder) -> dg.AssetCheckResult:
    """Each record stands once."""
    return _unique(folder.run().path("people_records.parquet"), "record_id")


@dg.asset_check(asset="people_clusters", blocking=True)
def every_person_record_clustered(folder: DataFolder) -> dg.AssetCheckResult:
    """Each person record is in exactly one cluster."""
    run = folder.run()
    return _same_ids(run.path("people_records.parquet"), run.path("people_clusters.parquet"))


@dg.asset_check(asset="company_clusters", blocking=True)
def every_company_record_clustered(folder: DataFolder) -> dg.AssetCheckResult:
    """Each company record is in exactly one cluster."""
    run = folder.run()
    return _same_ids(run.path("company_records.parquet"), run.path("company_clusters.parquet"))


@dg.asset_check(asset="people", blocking=True)
def people_ids_unique(folder: DataFolder) -> dg.AssetCheckResult:
    """Each person stands once."""
    return _unique(folder.run().path("people.parquet"), "id")


@dg.asset_check(asset="companies", blocking=True)
def company_ids_unique(folder: DataFolder) -> dg.AssetCheckResult:
    """Each company stands once."""
    return _unique(folder.run().path("companies.parquet"), "id")


@dg.asset_check(asset="snapshot")
def snapshot_whole(folder: DataFolder) -> dg.AssetCheckResult:
    """Every file of the current snapshot has the checksum that its manifest says."""
    try:
        manifest = verify(folder.path)
    except DatasetCorrupt as exc:
        return dg.AssetCheckResult(passed=False, description=str(exc))
    return dg.AssetCheckResult(
        passed=manifest.version == current_version(folder.path), metadata={"version": manifest.version}
    )


CHECKS = [
    rejects_share,
    somebody,
    record_ids_unique,
    every_person_record_clustered,
    every_company_record_clustered,
    people_ids_unique,
    company_ids_unique,
    snapshot_whole,
]


def _at_least_one(path: Path) -> dg.AssetCheckResult:
    rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    return dg.AssetCheckResult(passed=rows > 0, metadata={"rows": rows})


def _unique(path: Path, column: str) -> dg.AssetCheckResult:
    rows, distinct = (
        pl.scan_parquet(path).select(pl.len(), pl.col(column).n_unique().alias("n")).collect().row(0)
    )
    return dg.AssetCheckResult(passed=rows == distinct, metadata={"rows": rows, "distinct": distinct})


def _same_ids(records: Path, clusters: Path) -> dg.AssetCheckResult:
    """Whether both files have the same record ids, each once."""
    have = pl.scan_parquet(records).select("record_id").collect().get_column("record_id")
    clustered = pl.scan_parquet(clusters).select("record_id").collect().get_column("record_id")
    passed = bool(have.len() == clustered.len() and have.sort().equals(clustered.sort()))
    return dg.AssetCheckResult(passed=passed, metadata={"records": have.len(), "clustered": clustered.len()})

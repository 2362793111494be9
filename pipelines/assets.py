"""The assets: each calls one step of ``leadspro_engine.refresh`` and says what came of it.

``sources/*`` -> ``source_records`` -> ``people_records``, ``company_records`` -> clusters -> ``people``,
``companies``, ``identifiers``, ``lineage`` -> ``snapshot``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator  # noqa: TC003 (Dagster reads the annotations at run time)
from typing import TYPE_CHECKING, Any

import dagster as dg

from leadspro_engine.dataset import current_version, refresh_lock
from leadspro_engine.refresh import (
    Run,
    cluster_companies,
    cluster_people,
    fingerprint,
    join_sources,
    merge_entities,
    normalize,
    publish,
    read_one,
)
from pipelines.describe import cluster_notes, file_notes, reject_notes, role_notes, weight_notes
from pipelines.folder import DataFolder  # noqa: TC001 (Dagster reads the annotations at run time)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadspro_engine.ingest import Source

POOL = "leadspro"
"""One step at a time writes into the work folder."""

_OWNERS = ["team:data"]


def source_asset(source: Source) -> dg.AssetsDefinition:
    """The asset of one declared source."""

    @dg.asset(
        name=source.name,
        key_prefix="sources",
        group_name="sources",
        kinds={"file", "parquet"},
        owners=_OWNERS,
        pool=POOL,
        description=f"Records of `{source.path}` ({source.record}, {source.mode}, trust {source.trust}). "
        "Rows that cannot be read are rejects with line and reason.",
        metadata={"path": source.path, "layout": source.layout, "trust": source.trust},
    )
    def asset(folder: DataFolder) -> dg.MaterializeResult[Any]:
        run = folder.run()
        counts = read_one(run, folder.source(source.name))
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": counts.records,
                "rejects": counts.rejects,
                "superseded": counts.superseded,
                "columns": dg.MetadataValue.md(role_notes(counts)),
            },
            data_version=dg.DataVersion("-".join(file.sha256[:12] for file in counts.files)),
        )

    return asset


def chain_assets(sources: Sequence[Source]) -> list[dg.AssetsDefinition]:
    """All assets of a refresh, for these sources."""
    return [*(source_asset(source) for source in sources), _records(sources), *_CHAIN]


def _records(sources: Sequence[Source]) -> dg.AssetsDefinition:
    """The asset that joins the sources: it depends on each of them."""

    @dg.asset(
        name="source_records",
        group_name="sources",
        kinds={"parquet"},
        owners=_OWNERS,
        pool=POOL,
        deps=[["sources", source.name] for source in sources],
        description="All source records together, and all rows that could not be read.",
    )
    def asset(folder: DataFolder) -> dg.MaterializeResult[Any]:
        run = folder.run()
        counts = join_sources(run)
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": counts["people_raw"] + counts["companies_raw"],
                **counts,
                "reasons": dg.MetadataValue.md(reject_notes(run.path("rejects_read.parquet"))),
            }
        )

    return asset


@dg.multi_asset(
    name="normalize",
    specs=[
        dg.AssetSpec(
            name,
            deps=["source_records"],
            group_name="normalized",
            kinds={"polars", "parquet"},
            owners=_OWNERS,
            description=text,
        )
        for name, text in (
            ("people_records", "People as their sources have them, in canonical form."),
            ("company_records", "Companies and distinct employers, in canonical form."),
            ("rejects", "Rows that could not be read or in which nothing is usable: line, reason, text."),
        )
    ],
    pool=POOL,
)
def normalized(folder: DataFolder) -> Iterator[dg.MaterializeResult[Any]]:
    """Canonical records."""
    run = folder.run()
    began = time.perf_counter()
    normalize(run)
    yield from _files(run, ("people_records", "company_records", "rejects"), began)


@dg.asset(
    group_name="clusters",
    kinds={"duckdb", "parquet"},
    owners=_OWNERS,
    pool=POOL,
    deps=["company_records"],
    description="Which company records are one company, with the weights learned for it.",
)
def company_clusters(folder: DataFolder) -> dg.MaterializeResult[Any]:
    """Resolve companies."""
    run = folder.run()
    counts = cluster_companies(run)
    return _clustered(run, "company", counts)


@dg.asset(
    group_name="clusters",
    kinds={"duckdb", "parquet"},
    owners=_OWNERS,
    pool=POOL,
    deps=["people_records"],
    description="Which person records are one person, with the weights learned for it.",
)
def people_clusters(folder: DataFolder) -> dg.MaterializeResult[Any]:
    """Resolve people."""
    run = folder.run()
    counts = cluster_people(run)
    return _clustered(run, "people", counts)


@dg.multi_asset(
    name="merge",
    specs=[
        dg.AssetSpec(
            name,
            deps=["people_records", "company_records", "people_clusters", "company_clusters"],
            group_name="entities",
            kinds={"duckdb", "parquet"},
            owners=_OWNERS,
            description=text,
        )
        for name, text in (
            ("people", "Golden people: one row a person."),
            ("companies", "Golden companies: one row a company."),
            ("identifiers", "What leads to them: e-mails, phones, profiles, names with employers, domains."),
            ("lineage", "Which source record gave each value, and which values lost."),
        )
    ],
    pool=POOL,
)
def merged(folder: DataFolder) -> Iterator[dg.MaterializeResult[Any]]:
    """Merge the records of each entity."""
    run = folder.run()
    began = time.perf_counter()
    merge_entities(run)
    yield from _files(run, ("people", "companies", "identifiers", "lineage"), began)


@dg.asset(
    group_name="published",
    kinds={"duckdb"},
    owners=_OWNERS,
    pool=POOL,
    deps=["people", "companies", "identifiers", "lineage", "rejects"],
    description="The published snapshot that the API answers from.",
)
def snapshot(folder: DataFolder) -> dg.MaterializeResult[Any]:
    """Publish what the other assets wrote."""
    run = folder.run()
    with refresh_lock(folder.path):
        counts = publish(folder.path, run, fingerprint(run.sources, run.suppressions, run.verdicts))
    version = current_version(folder.path)
    return dg.MaterializeResult(
        metadata={"dagster/row_count": counts["people"], "version": version, **counts},
        data_version=dg.DataVersion(str(version)),
    )


_CHAIN = [normalized, company_clusters, people_clusters, merged, snapshot]


def _files(run: Run, names: Sequence[str], began: float) -> Iterator[dg.MaterializeResult[Any]]:
    """One result for each Parquet file that a step wrote."""
    seconds = time.perf_counter() - began
    for name in names:
        yield dg.MaterializeResult(
            asset_key=name, metadata={"seconds": seconds, **file_notes(run.path(f"{name}.parquet"))}
        )


def _clustered(run: Run, name: str, counts: dict[str, int]) -> dg.MaterializeResult[Any]:
    path = run.path(f"{name}_clusters.parquet")
    return dg.MaterializeResult(
        metadata={
            **file_notes(path),
            **counts,
            "cluster sizes": dg.MetadataValue.md(cluster_notes(path)),
            "match weights": dg.MetadataValue.md(weight_notes(run.path(f"{name}_weights.json"))),
        }
    )

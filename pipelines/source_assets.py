"""The assets that read: each file that is dropped (a partition), each declared source, all sources joined."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import dagster as dg

from leadspro_engine.ingest import file_read, write_file
from leadspro_engine.ingest.raw import RECORD_SCHEMA
from leadspro_engine.ingest.written import REJECTS
from leadspro_engine.quality import too_many_rejects
from leadspro_engine.steps import join_sources, read_one
from pipelines.columns import raw_lineage
from pipelines.describe import reject_notes, role_notes
from pipelines.files import FILES, find_file
from pipelines.folder import RefreshFolder  # noqa: TC001 (Dagster reads the annotations at run time)
from pipelines.steps import OWNERS, POOL, RETRIES, step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadspro_engine.ingest import Source

_Decorator = Callable[[Callable[..., None]], dg.AssetsDefinition]

RAW = dg.TableSchema([dg.TableColumn(name, type=str(kind)) for name, kind in RECORD_SCHEMA.items()])


def _many_in_one_run(**declared: Any) -> _Decorator:
    """The decorator of an asset whose partitions are materialized together, without the warning it is new."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)
        made: _Decorator = dg.asset(backfill_policy=dg.BackfillPolicy.single_run(), **declared)
    return made


@_many_in_one_run(
    partitions_def=FILES,
    group_name="sources",
    kinds={"file"},
    owners=OWNERS,
    description="One partition for each content of each source file, as `source/file@checksum`: its rows, "
    "rejects and column roles. Many new files are one run; one of them can be read again by a backfill.",
    pool=POOL,
    retry_policy=RETRIES,
)
def source_files(refresh: RefreshFolder) -> None:
    """Read each file of the partitions; the source that it belongs to takes its rows from there."""
    context = dg.AssetExecutionContext.get()
    for key in context.partition_keys:
        with step() as clock:
            run = refresh.run()
            source, path = find_file(run.sources, key)
            folder = write_file(source, path, run.files_of(source), again=True)
            read = file_read(folder)
        if problem := too_many_rejects(source.name, read.rows, read.rejects):
            context.log.warning("%s: %s", path.name, problem)
        notes = {
            "dagster/row_count": read.rows - read.rejects,
            "dagster/column_schema": RAW,
            "rejects": read.rejects,
            "size (bytes)": path.stat().st_size,
            "columns": dg.MetadataValue.md(role_notes([read])),
            "reasons": dg.MetadataValue.md(reject_notes(folder / REJECTS)),
            **clock.notes(),
        }
        context.add_asset_metadata(notes, partition_key=key)


def source_asset(source: Source) -> dg.AssetsDefinition:
    """The asset of one declared source."""

    @dg.asset(
        name=source.name,
        key_prefix="sources",
        deps=[source_files],
        group_name="sources",
        kinds={"file", "parquet"},
        owners=OWNERS,
        description=f"Records of `{source.path}` ({source.record}, {source.mode}, trust {source.trust}). "
        "Rows that cannot be read are rejects with line and reason.",
        metadata={"path": source.path, "layout": source.layout, "trust": source.trust},
        pool=POOL,
        retry_policy=RETRIES,
    )
    def asset(refresh: RefreshFolder) -> dg.MaterializeResult[Any]:
        with step() as clock:
            run = refresh.run()
            counts = read_one(run, next(one for one in run.sources if one.name == source.name))
            return dg.MaterializeResult(
                metadata={
                    "dagster/row_count": counts.records,
                    "dagster/column_schema": RAW,
                    **raw_lineage("source_files"),
                    "rejects": counts.rejects,
                    "superseded": counts.superseded,
                    "columns": dg.MetadataValue.md(role_notes(counts.files)),
                    **clock.notes(),
                },
                data_version=dg.DataVersion("-".join(file.sha256[:12] for file in counts.files) or "empty"),
            )

    return asset


def joined(sources: Sequence[Source]) -> dg.AssetsDefinition:
    """The asset that joins the sources: it depends on each of them."""

    @dg.asset(
        name="source_records",
        deps=[["sources", source.name] for source in sources],
        group_name="sources",
        kinds={"parquet"},
        owners=OWNERS,
        description="All source records together, and all rows that could not be read.",
        pool=POOL,
        retry_policy=RETRIES,
    )
    def asset(refresh: RefreshFolder) -> dg.MaterializeResult[Any]:
        with step() as clock:
            run = refresh.run()
            counts = join_sources(run)
            return dg.MaterializeResult(
                metadata={
                    "dagster/row_count": counts["people_raw"] + counts["companies_raw"],
                    "dagster/column_schema": RAW,
                    **raw_lineage(*(f"sources/{source.name}" for source in sources)),
                    **counts,
                    "reasons": dg.MetadataValue.md(reject_notes(run.path("rejects_read.parquet"))),
                    **clock.notes(),
                }
            )

    return asset

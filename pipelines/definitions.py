"""What Dagster loads: the assets of the declared sources, their checks, the job, and the data folder."""

from __future__ import annotations

import dagster as dg

from leadspro_engine.errors import SourceError
from pipelines.assets import chain_assets
from pipelines.checks import CHECKS
from pipelines.folder import DataFolder, sources_file

REFRESH = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    description="Everything: read the sources, resolve them, publish a snapshot.",
    executor_def=dg.in_process_executor,
)


@dg.definitions
def defs() -> dg.Definitions:
    """The definitions for the sources file of this installation."""
    path = sources_file()
    if not path.exists():
        raise SourceError(str(path), "there is no sources file", "Name it in LEADSPRO_SOURCES.")
    return definitions_for(DataFolder())


def definitions_for(folder: DataFolder) -> dg.Definitions:
    """The definitions for a data folder and its sources file."""
    return dg.Definitions(
        assets=chain_assets(folder.run().sources),
        asset_checks=CHECKS,
        jobs=[REFRESH],
        resources={"folder": folder},
        executor=dg.in_process_executor,
    )

"""What Dagster loads: assets of the declared sources, checks, jobs, what starts them, the data folder."""

from __future__ import annotations

import dagster as dg

from leadspro_engine.errors import SourceError
from pipelines import notify
from pipelines.assets import chain_assets
from pipelines.automation import NIGHTLY, REFRESH, REFRESH_FILES, inbox
from pipelines.checks import CHECKS
from pipelines.folder import DataFolder, RefreshFolder, sources_file


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
        assets=chain_assets(folder.declared()),
        asset_checks=CHECKS,
        jobs=[REFRESH, REFRESH_FILES],
        sensors=[inbox, *notify.sensors()],
        schedules=[NIGHTLY],
        resources={"folder": folder, "refresh": RefreshFolder(home=folder.home, sources=folder.sources)},
        executor=dg.in_process_executor,
    )

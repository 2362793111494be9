"""What starts a refresh without anybody asking: a changed source file, and the night.

Both are off until they are switched on in the UI (Automation), so that opening it on a laptop starts
nothing. Twenty files that change together are one run, because the run's key is the fingerprint of all.
"""

from __future__ import annotations

import dagster as dg

from leadspro_engine.errors import SourceError
from leadspro_engine.refresh import fingerprint, published_from
from pipelines.folder import DataFolder  # noqa: TC001 (Dagster reads the annotations at run time)

REFRESH = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    description="Everything: read the sources, resolve them, publish a snapshot.",
    executor_def=dg.in_process_executor,
)


@dg.sensor(target=REFRESH, minimum_interval_seconds=60)
def changed_files(folder: DataFolder) -> dg.RunRequest | dg.SkipReason:
    """A refresh when files, declarations or release differ from those of the current snapshot."""
    try:
        run = folder.run()
        given = fingerprint(run.sources, run.suppressions, run.verdicts)
    except SourceError as exc:
        return dg.SkipReason(str(exc))
    if given == published_from(folder.path):
        return dg.SkipReason("The current snapshot was made from these files.")
    return dg.RunRequest(run_key=given)


NIGHTLY = dg.ScheduleDefinition(
    name="nightly",
    target=REFRESH,
    cron_schedule="0 2 * * *",
    execution_timezone="UTC",
    description="Everything again at 02:00 UTC.",
)

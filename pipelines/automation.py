"""What starts a refresh without anybody asking: a new or changed file, and the night.

Twenty files that change together are one run: they are the last partitions of ``source_files``, and the
run takes them as a range. What was asked for once is not asked for again, so that a file that fails a
check does not fail it every minute.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import dagster as dg
import msgspec
from msgspec import Struct

from leadspro_engine.dataset import current_version
from leadspro_engine.errors import LeadsProError
from leadspro_engine.refresh import fingerprint, published_from
from leadspro_engine.steps import engine_version
from pipelines.files import FILES, Seen, look, settled
from pipelines.folder import INBOX, DataFolder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipelines.folder import Inputs

_RANGE_START, _RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"

REFRESH = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets("source_files"),
    description="Everything: read the sources, resolve them, publish a snapshot.",
    executor_def=dg.in_process_executor,
)

REFRESH_FILES = dg.define_asset_job(
    "refresh_files",
    selection=dg.AssetSelection.all(),
    description="New and changed files (partitions), then everything: a snapshot that has them in it.",
    executor_def=dg.in_process_executor,
)


class Cursor(Struct, frozen=True):
    """What the sensor remembers: what it saw when it last decided, and every file with its partition."""

    glance: str = ""
    files: dict[str, Seen] = {}


@dg.sensor(
    jobs=[REFRESH, REFRESH_FILES],
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="New or changed files, declarations, suppressions or verdicts: one run for all of them.",
)
def inbox(context: dg.SensorEvaluationContext, folder: DataFolder) -> dg.SensorResult | dg.SkipReason:
    """One refresh when anything differs from what the current snapshot was made from."""
    before = msgspec.json.decode(context.cursor or "{}", type=Cursor)
    try:
        return _decided(context, folder, before)
    except LeadsProError as exc:
        return dg.SkipReason(str(exc))


def _decided(
    context: dg.SensorEvaluationContext, folder: DataFolder, before: Cursor
) -> dg.SensorResult | dg.SkipReason:
    """What to do, knowing what was seen before."""
    inputs = folder.inputs()
    glance = _glance(folder, inputs)
    if glance == before.glance:
        return dg.SkipReason(f"Nothing has changed. {_unclaimed(folder, before.files)}")
    if not settled(inputs.sources):
        return dg.SkipReason("A file is still being written.")
    files = look(inputs.sources, before.files)
    cursor = msgspec.json.encode(Cursor(glance, files)).decode()
    given = fingerprint(inputs.sources, inputs.suppressions, inputs.verdicts)
    if given == published_from(folder.path):
        skip = f"The current snapshot was made from these files. {_unclaimed(folder, files)}"
        return dg.SensorResult(skip_reason=skip, cursor=cursor)
    known = context.instance.get_dynamic_partitions(FILES.name or "")
    keys = {seen.key for seen in files.values()}
    new = sorted(keys.difference(known))
    gone = sorted(set(known) - keys)
    requests = [FILES.build_add_request(new)] if new else []
    return dg.SensorResult(
        run_requests=[_request(new, f"{given}:{current_version(folder.path)}")],
        dynamic_partitions_requests=[*requests, *([FILES.build_delete_request(gone)] if gone else [])],
        cursor=cursor,
    )


def _request(new: Sequence[str], run_key: str) -> dg.RunRequest:
    """One run: of the new partitions and everything after them, or of everything when no file is new."""
    if not new:
        return dg.RunRequest(run_key=run_key, job_name=REFRESH.name)
    tags = {_RANGE_START: new[0], _RANGE_END: new[-1]}
    return dg.RunRequest(run_key=run_key, job_name=REFRESH_FILES.name, tags=tags)


def _glance(folder: DataFolder, inputs: Inputs) -> str:
    """A hash of all that a refresh depends on, by the size and date of each file instead of its content."""
    stats = [
        (source.name, str(path), found.st_size, found.st_mtime_ns)
        for source in inputs.sources
        for path in source.files()
        for found in (path.stat(),)
    ]
    everything = {
        "engine": engine_version(),
        "current": current_version(folder.path),
        "sources": [{**msgspec.structs.asdict(source), "folder": ""} for source in inputs.sources],
        "suppressions": sorted(inputs.suppressions.hashes),
        "verdicts": inputs.verdicts,
        "files": stats,
    }
    return hashlib.sha256(msgspec.json.encode(everything, order="sorted")).hexdigest()


def _unclaimed(folder: DataFolder, files: dict[str, Seen]) -> str:
    """A sentence about files of the inbox that no source names; empty when there are none."""
    claimed = {name.partition(":")[2] for name in files}
    lost = sorted(path.name for path in _dropped(folder.path / INBOX) if str(path) not in claimed)
    if not lost:
        return ""
    where = folder.path / INBOX
    return f"No source names {', '.join(lost[:5])} in {where}: correct a `path` in {folder.sources}."


def _dropped(inbox_folder: Path) -> list[Path]:
    return [path for path in inbox_folder.rglob("*") if path.is_file() and not path.name.startswith(".")]


NIGHTLY = dg.ScheduleDefinition(
    name="nightly",
    target=REFRESH,
    cron_schedule="0 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    run_config={"resources": {"refresh": {"config": {"relearn": True}}}},
    description="Everything again at 02:00 UTC, with match weights learned anew.",
)

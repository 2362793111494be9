"""A line about every run that ends, for a person or a program: off until somebody says where to.

``LEADSPRO_NOTIFY`` is the path of a file, to which a JSON line is appended, or an http(s) address, to which
the same JSON is posted; several are parted by commas. The line says which run ended how and which snapshot
is current; nothing of the data.
"""

from __future__ import annotations

import datetime as dt
import os
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import msgspec
from msgspec import Struct

from leadspro_engine.dataset import current_version
from pipelines.folder import DataFolder  # noqa: TC001 (Dagster reads the annotations at run time)

if TYPE_CHECKING:
    from collections.abc import Sequence

VARIABLE = "LEADSPRO_NOTIFY"
_TIMEOUT_S = 10
_NAMES = {
    dg.DagsterRunStatus.SUCCESS: "success",
    dg.DagsterRunStatus.FAILURE: "failure",
    dg.DagsterRunStatus.CANCELED: "canceled",
}


class RunEnded(Struct, frozen=True):
    """What is said of a run.

    Attributes:
        ended_at: when it was noticed, UTC.
        snapshot: the version that is current now; a failed run leaves it as it was.
        failed_checks: ``asset/check`` of each check that did not pass.
    """

    run: str
    job: str
    status: str
    ended_at: dt.datetime
    snapshot: str | None
    failed_checks: list[str]


def sensors() -> Sequence[dg.SensorDefinition]:
    """A sensor for each way in which a run can end; none while nobody has said where to."""
    targets = [target.strip() for target in os.environ.get(VARIABLE, "").split(",") if target.strip()]
    return [_sensor(status, targets) for status in _NAMES] if targets else []


def tell(targets: Sequence[str], told: RunEnded) -> None:
    """Tell every target, also when another cannot be told.

    Raises:
        Failure: a file cannot be written, or an address does not answer; Dagster shows it at the sensor.
            It says which one by its place, because an address may be a secret.
    """
    failed = []
    for place, target in enumerate(targets, start=1):
        try:
            _send(target, msgspec.json.encode(told))
        except OSError as exc:
            failed.append(f"target {place} of {VARIABLE}: {exc}")
    if failed:
        raise dg.Failure("; ".join(failed))


def _send(target: str, line: bytes) -> None:
    """Append to a file, or post to an address."""
    if target.startswith(("http://", "https://")):
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(target, data=line, headers=headers)  # noqa: S310 (checked above)
        urllib.request.urlopen(request, timeout=_TIMEOUT_S).close()  # noqa: S310
        return
    with Path(target).open("ab") as file:
        file.write(line + b"\n")


def _sensor(status: dg.DagsterRunStatus, targets: Sequence[str]) -> dg.SensorDefinition:
    """The sensor of one way to end."""

    @dg.run_status_sensor(
        run_status=status,
        name=f"notify_{_NAMES[status]}",
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=10,
        description=f"Tells `{VARIABLE}` of each run that ended so.",
    )
    def notify(context: dg.RunStatusSensorContext, folder: DataFolder) -> None:
        tell(targets, ended(context, folder))

    return notify


def ended(context: dg.RunStatusSensorContext, folder: DataFolder) -> RunEnded:
    """What is said of the run that a sensor was called for."""
    run = context.dagster_run
    return RunEnded(
        run=run.run_id,
        job=run.job_name,
        status=_NAMES[run.status],
        ended_at=dt.datetime.now(dt.UTC),
        snapshot=current_version(folder.path),
        failed_checks=_failed_checks(context.instance, run.run_id),
    )


def _failed_checks(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """The checks of a run that did not pass."""
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    found = [entry.dagster_event.asset_check_evaluation_data for entry in entries if entry.dagster_event]
    return [f"{one.asset_key.to_user_string()}/{one.check_name}" for one in found if not one.passed]

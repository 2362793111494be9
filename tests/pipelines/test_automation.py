"""What starts a refresh by itself: changed files, once for all of them; nothing while nothing changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg

from leadspro_engine.refresh import refresh
from pipelines.automation import NIGHTLY, changed_files
from pipelines.folder import DataFolder

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, people: str) -> DataFolder:
    (folder / "p.csv").write_text(people)
    (folder / "sources.toml").write_text('[[source]]\nname = "p"\npath = "*.csv"\nobserved_at = 2026-05-01\n')
    return DataFolder(home=str(folder / "home"), sources=str(folder / "sources.toml"))


def asked(folder: DataFolder) -> dg.SensorExecutionData:
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance, resources={"folder": folder})
        return changed_files.evaluate_tick(context)


def test_changed_files_are_one_run_until_they_are_published(tmp_path: Path) -> None:
    folder = written(tmp_path, "Name,Email\nAda Lovelace,ada@acme.com\nBob Ray,bob@beta.io\n")
    (first,) = asked(folder).run_requests or []
    (again,) = asked(folder).run_requests or []
    assert first.run_key == again.run_key
    refresh(tmp_path / "sources.toml", tmp_path / "home")
    quiet = asked(folder)
    assert not quiet.run_requests
    assert "was made from these files" in str(quiet.skip_message)
    for name in ("q.csv", "r.csv"):
        (tmp_path / name).write_text("Name,Email\nCy Young,cy@gamma.de\n")
    (new,) = asked(folder).run_requests or []
    assert new.run_key != first.run_key


def test_a_sources_file_that_is_wrong_is_told_and_starts_nothing(tmp_path: Path) -> None:
    folder = written(tmp_path, "Name\nAda\n")
    (tmp_path / "p.csv").unlink()
    told = asked(folder)
    assert not told.run_requests
    assert "no file at" in str(told.skip_message)


def test_nothing_starts_by_itself_until_it_is_switched_on() -> None:
    assert changed_files.default_status is dg.DefaultSensorStatus.STOPPED
    assert NIGHTLY.default_status is dg.DefaultScheduleStatus.STOPPED

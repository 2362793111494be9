"""What starts a refresh by itself: dropped files, once for all of them; nothing while nothing changed."""

from __future__ import annotations

import os
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import msgspec
import polars as pl
import pytest

from leadspro_engine.dataset import current_version, refresh_lock
from leadspro_engine.errors import SourceError
from leadspro_engine.ingest.written import RECORDS
from leadspro_engine.refresh import refresh
from pipelines import notify
from pipelines.automation import NIGHTLY, inbox
from pipelines.definitions import definitions_for
from pipelines.files import FILES, find_file
from pipelines.folder import DataFolder, RefreshFolder
from pipelines.source_assets import source_asset, source_files

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = """
[[source]]
name = "p"
path = "home/inbox/*.csv"
observed_at = 2026-05-01
"""
PEOPLE = "Name,Email\nAda Lovelace,ada@acme.com\nBob Ray,bob@beta.io\n"


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A data folder with an inbox and one file in it."""
    (tmp_path / "home" / "inbox").mkdir(parents=True)
    (tmp_path / "sources.toml").write_text(SOURCES)
    made = DataFolder(home=str(tmp_path / "home"), sources=str(tmp_path / "sources.toml"))
    dropped(made, "a.csv", PEOPLE)
    return made


def dropped(folder: DataFolder, name: str, text: str) -> None:
    """A file that somebody put into the inbox a while ago."""
    path = folder.path / "inbox" / name
    path.write_text(text)
    os.utime(path, (time.time() - 60, time.time() - 60 + len(text) / 1000))


class Sensor:
    """The sensor with its memory, and Dagster's part: partitions are added and removed."""

    def __init__(self, folder: DataFolder, instance: dg.DagsterInstance) -> None:
        self.folder, self.instance, self.cursor = folder, instance, ""

    def tick(self) -> dg.SensorExecutionData:
        context = dg.build_sensor_context(
            instance=self.instance, cursor=self.cursor, resources={"folder": self.folder}
        )
        told = inbox.evaluate_tick(context)
        self.cursor = told.cursor or self.cursor
        for request in told.dynamic_partitions_requests or []:
            if isinstance(request, dg.AddDynamicPartitionsRequest):
                self.instance.add_dynamic_partitions(request.partitions_def_name, request.partition_keys)
            else:
                for key in request.partition_keys:
                    self.instance.delete_dynamic_partition(request.partitions_def_name, key)
        return told

    def run(self, request: dg.RunRequest) -> dg.ExecuteInProcessResult:
        job = definitions_for(self.folder).resolve_job_def(request.job_name or "")
        return job.execute_in_process(instance=self.instance, tags=request.tags, raise_on_error=False)

    def partitions(self) -> list[str]:
        return [key.partition("@")[0] for key in self.instance.get_dynamic_partitions(FILES.name or "")]


def test_files_that_come_together_are_partitions_of_one_run(
    folder: DataFolder, instance: dg.DagsterInstance
) -> None:
    sensor = Sensor(folder, instance)
    (first,) = sensor.tick().run_requests or []
    assert not sensor.tick().run_requests
    assert sensor.run(first).success
    assert "was made from these files" in str(sensor.tick().skip_message)
    for name in ("b.csv", "c.csv", "d.csv"):
        dropped(folder, name, f"Name,Email\nCy {name},{name[0]}@gamma.de\n")
    (new,) = sensor.tick().run_requests or []
    assert new.run_key != first.run_key
    done = sensor.run(new)
    assert done.success
    looked_at = sorted(
        event.partition for event in done.get_asset_materialization_events() if event.partition
    )
    assert [key.partition("@")[0] for key in looked_at] == ["p/b.csv", "p/c.csv", "p/d.csv"]
    assert sensor.partitions() == ["p/a.csv", "p/b.csv", "p/c.csv", "p/d.csv"]


def test_a_changed_file_gets_a_new_partition_in_place_of_the_old_one(
    folder: DataFolder, instance: dg.DagsterInstance
) -> None:
    sensor = Sensor(folder, instance)
    sensor.tick()
    (old,) = instance.get_dynamic_partitions(FILES.name or "")
    dropped(folder, "a.csv", PEOPLE + "Cy Young,cy@gamma.de\n")
    assert sensor.tick().run_requests
    (new,) = instance.get_dynamic_partitions(FILES.name or "")
    assert new != old
    with pytest.raises(SourceError, match=f"has changed since. Its partition is {new}"):
        find_file(folder.declared(), old)
    (folder.path / "inbox" / "a.csv").rename(folder.path / "inbox" / "b.csv")
    with pytest.raises(SourceError, match="is gone"):
        find_file(folder.declared(), new)


def test_one_partition_can_be_filled_again_and_its_source_takes_the_rows_from_there(
    folder: DataFolder, instance: dg.DagsterInstance
) -> None:
    Sensor(folder, instance).tick()
    (key,) = instance.get_dynamic_partitions(FILES.name or "")
    (source,) = folder.declared()
    resources = {"refresh": RefreshFolder(home=folder.home, sources=folder.sources)}
    done = dg.materialize([source_files], instance=instance, resources=resources, partition_key=key)
    (looked_at,) = done.get_asset_materialization_events()
    told = looked_at.step_materialization_data.materialization.metadata
    assert (looked_at.partition, told["dagster/row_count"].value) == (key, 2)
    (kept,) = (folder.path / "work" / "pipeline" / "files" / "p").iterdir()
    pl.read_parquet(kept / RECORDS).head(1).write_parquet(kept / RECORDS)
    done = dg.materialize(
        [source_files, source_asset(source)],
        selection=["sources/p"],
        instance=instance,
        resources=resources,
    )
    (read,) = done.get_asset_materialization_events()
    assert read.step_materialization_data.materialization.metadata["dagster/row_count"].value == 1


def test_a_file_that_goes_back_to_what_it_was_is_refreshed_again(
    folder: DataFolder, instance: dg.DagsterInstance
) -> None:
    sensor = Sensor(folder, instance)
    (first,) = sensor.tick().run_requests or []
    dropped(folder, "a.csv", PEOPLE + "Cy Young,cy@gamma.de\n")
    refresh(folder.sources, folder.path)
    dropped(folder, "a.csv", PEOPLE)
    (again,) = sensor.tick().run_requests or []
    assert again.run_key != first.run_key


def test_a_file_that_is_being_written_is_left_alone(folder: DataFolder, instance: dg.DagsterInstance) -> None:
    (folder.path / "inbox" / "b.csv").write_text("Name,Em")
    told = Sensor(folder, instance).tick()
    assert not told.run_requests
    assert "still being written" in str(told.skip_message)


def test_changed_declarations_are_a_refresh_without_partitions(
    folder: DataFolder, instance: dg.DagsterInstance
) -> None:
    sensor = Sensor(folder, instance)
    sensor.tick()
    Path(folder.sources).write_text(SOURCES + "trust = 0.9\n")
    (request,) = sensor.tick().run_requests or []
    assert request.job_name == "refresh"


def test_a_file_that_no_source_names_is_told(folder: DataFolder, instance: dg.DagsterInstance) -> None:
    dropped(folder, "people.txt", PEOPLE)
    sensor = Sensor(folder, instance)
    sensor.tick()
    assert "No source names people.txt" in str(sensor.tick().skip_message)


def test_a_sources_file_that_is_wrong_is_told_and_starts_nothing(
    folder: DataFolder, instance: dg.DagsterInstance
) -> None:
    (folder.path / "inbox" / "a.csv").unlink()
    told = Sensor(folder, instance).tick()
    assert not told.run_requests
    assert "no file at" in str(told.skip_message)


def test_sensor_and_schedule_are_on_from_the_start_and_the_night_learns_anew() -> None:
    assert inbox.default_status is dg.DefaultSensorStatus.RUNNING
    assert NIGHTLY.default_status is dg.DefaultScheduleStatus.RUNNING
    context = dg.build_schedule_context()
    (request,) = NIGHTLY.evaluate_tick(context).run_requests or []
    assert request.run_config["resources"]["refresh"]["config"]["relearn"] is True


def test_a_run_waits_for_a_refresh_on_the_command_line(
    folder: DataFolder, instance: dg.DagsterInstance
) -> None:
    job = definitions_for(folder).resolve_job_def("refresh")
    impatient = {"resources": {"refresh": {"config": {"wait_s": 0.0}}}}
    with refresh_lock(folder.path):
        failed = job.execute_in_process(instance=instance, run_config=impatient, raise_on_error=False)
        assert not failed.success
        thread = threading.Thread(target=job.execute_in_process)
        thread.start()
        time.sleep(1.0)
        assert current_version(folder.path) is None
    thread.join()
    assert current_version(folder.path) is not None


def test_entities_of_an_older_snapshot_are_not_published_over_a_newer_one(folder: DataFolder) -> None:
    held = RefreshFolder(home=folder.home, sources=folder.sources)
    held.run()
    for table in ("people", "company"):
        held.remember_base(table)
    held.check_base()
    refresh(folder.sources, folder.path)
    with pytest.raises(dg.Failure, match="Another refresh has published"):
        held.check_base()


class _Listener(BaseHTTPRequestHandler):
    heard: list[bytes]

    def do_POST(self) -> None:
        self.heard.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_runs_that_end_are_told_to_a_file_and_to_an_address(
    folder: DataFolder, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(notify.VARIABLE, raising=False)
    assert notify.sensors() == []
    lines = folder.path / "runs.jsonl"
    monkeypatch.setenv(notify.VARIABLE, str(lines))
    assert {sensor.name for sensor in notify.sensors()} == {
        "notify_success", "notify_failure", "notify_canceled",
    }  # fmt: skip
    failing = definitions_for(folder)
    dropped(folder, "a.csv", "Name,Email\n" + "broken\n" * 40)
    done = failing.resolve_job_def("refresh").execute_in_process(instance=instance, raise_on_error=False)
    context = dg.build_run_status_sensor_context(
        "notify_failure", done.all_events[-1], instance, done.dagster_run
    )
    ended = notify.ended(context, folder)
    notify.tell([str(lines)], ended)
    (line,) = lines.read_bytes().splitlines()
    told = msgspec.json.decode(line, type=notify.RunEnded)
    assert (told.status, told.snapshot, told.failed_checks) == (
        "failure", None, ["source_records/rejects_share"],
    )  # fmt: skip
    _Listener.heard = []
    with HTTPServer(("127.0.0.1", 0), _Listener) as server:
        threading.Thread(target=server.handle_request).start()
        address = f"http://127.0.0.1:{server.server_port}/hook"
        with pytest.raises(dg.Failure, match=r"target 1 of LEADSPRO_NOTIFY: .*No such file"):
            notify.tell([str(tmp_path / "nowhere" / "runs.jsonl"), address], ended)
    assert _Listener.heard == [line]

"""The Dagster project: its assets and checks by Dagster's own API, and the snapshot that they publish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest

import pipelines
from leadspro_engine.dataset import Dataset
from leadspro_engine.ingest.raw import RECORD_SCHEMA
from pipelines.__main__ import main, prepare
from pipelines.definitions import definitions_for, defs
from pipelines.describe import markdown
from pipelines.folder import DataFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = Path(__file__).parents[2] / "datasets" / "demo" / "sources.toml"
DECLARED = ("crm", "badges", "network", "vendor", "newsletter", "companies", "technologies")
CHAIN = (
    "source_files", "source_records", "people_records", "company_records", "rejects",
    "company_pairs", "company_weights", "company_clusters", "people_pairs", "people_weights",
    "people_clusters", "accuracy_report", "people", "companies", "identifiers", "lineage", "key_index",
    "search_index", "snapshot",
)  # fmt: skip
CHECKS = 21
TABLES = ("people", "companies", "people_features", "lineage", "rejects", "identifiers_email", "frequencies")


@pytest.fixture(scope="module")
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return DataFolder(home=str(tmp_path_factory.mktemp("dagster")), sources=str(SOURCES))


@pytest.fixture(scope="module")
def run(folder: DataFolder, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    """One run of the job "refresh" on the demo data."""
    return definitions_for(folder).resolve_job_def("refresh").execute_in_process(instance=instance)


def rows_of(home: Path, table: str) -> list[tuple[Any, ...]]:
    with Dataset.open(home) as dataset:
        return sorted(dataset.cursor().execute(f"select * from {table}").fetchall(), key=repr)


def test_every_asset_of_the_chain_and_every_source_is_there(folder: DataFolder) -> None:
    loaded = definitions_for(folder)
    dg.Definitions.validate_loadable(loaded)
    keys = {key.to_user_string() for key in loaded.resolve_asset_graph().get_all_asset_keys()}
    assert keys == {*CHAIN, *(f"sources/{name}" for name in DECLARED)}


def test_each_asset_has_a_group_an_owner_a_kind_and_a_description(folder: DataFolder) -> None:
    graph = definitions_for(folder).resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.group_name in ("sources", "normalized", "resolved", "entities", "published")
        assert node.owners
        assert node.kinds
        assert node.description


def test_the_run_passes_every_check(run: dg.ExecuteInProcessResult) -> None:
    assert run.success
    evaluations = run.get_asset_check_evaluations()
    assert len(evaluations) == CHECKS
    assert all(evaluation.passed for evaluation in evaluations)


@pytest.mark.parametrize("table", TABLES)
def test_the_snapshot_is_the_one_that_the_command_line_publishes(
    run: dg.ExecuteInProcessResult, folder: DataFolder, demo_home: Path, table: str
) -> None:
    assert run.success
    assert rows_of(folder.path, table) == rows_of(demo_home, table)


def notes(instance: dg.DagsterInstance, *key: str) -> dict[str, Any]:
    """The metadata of the latest materialization of an asset."""
    event = instance.get_latest_materialization_event(dg.AssetKey(key))
    assert event is not None
    assert event.asset_materialization is not None
    return {name: found.value for name, found in event.asset_materialization.metadata.items()}


def test_every_materialization_tells_its_time_and_its_rows(
    run: dg.ExecuteInProcessResult, instance: dg.DagsterInstance
) -> None:
    assert run.success
    for key in [[name] for name in CHAIN] + [["sources", name] for name in DECLARED]:
        if key[0] == "source_files":  # a partition of a file
            continue
        told = notes(instance, *key)
        assert told["seconds"] >= 0
        if key[0] not in ("accuracy_report", "people_weights", "company_weights"):
            assert told["dagster/row_count"] > 0


def test_every_asset_tells_its_columns_and_what_each_is_made_from(
    run: dg.ExecuteInProcessResult, instance: dg.DagsterInstance
) -> None:
    assert run.success
    made = [[name] for name in CHAIN[1:]] + [["sources", name] for name in DECLARED]
    schemas = {
        "/".join(key): {column.name for column in notes(instance, *key)["dagster/column_schema"].columns}
        for key in made
    }
    schemas["source_files"] = set(RECORD_SCHEMA)
    for key in made:
        lineage = notes(instance, *key)["dagster/column_lineage"].deps_by_column
        assert set(lineage) == schemas["/".join(key)]
        for dep in (dep for deps in lineage.values() for dep in deps):
            assert dep.column_name in schemas[dep.asset_key.to_user_string()]


@pytest.mark.parametrize(
    ("asset", "entry", "parts"),
    [
        ("people_records", "filled", ["| emails | "]),
        ("people_clusters", "sizes", ["![chart](data:image/svg+xml;base64,"]),
        ("people_pairs", "scores", ["![chart]", "count as one"]),
        ("people_weights", "match weights", ["![chart]", "| field | level | m | u | bits |"]),
        ("rejects", "reasons", ["![chart]", "| source | reason | rows |"]),
        ("accuracy_report", "report", ["| people, expected |", "| companies, measured |"]),
        ("snapshot", "tables", ["| people | "]),
    ],
)
def test_previews_are_readable_in_the_ui(
    run: dg.ExecuteInProcessResult, instance: dg.DagsterInstance, asset: str, entry: str, parts: list[str]
) -> None:
    assert run.success
    for part in parts:
        assert part in notes(instance, asset)[entry]


def test_a_source_tells_which_column_was_read_as_what(
    run: dg.ExecuteInProcessResult, instance: dg.DagsterInstance
) -> None:
    assert run.success
    assert "| crm_export.csv | Work Email | email |" in notes(instance, "sources", "crm")["columns"]


def test_nothing_that_dagster_stores_names_a_person(
    run: dg.ExecuteInProcessResult, instance: dg.DagsterInstance
) -> None:
    told = " ".join(str(entry) for entry in instance.all_logs(run.run_id))
    assert "amanda" not in told.lower()
    assert "northpeak.io" not in told


def test_dagsters_home_is_in_the_data_folder_with_telemetry_off(tmp_path: Path) -> None:
    environment = prepare(tmp_path, SOURCES)
    assert environment["DAGSTER_HOME"] == str(tmp_path / "dagster")
    assert (
        tmp_path / "dagster" / "schedules" / "schedules.db"
    ).is_file()  # before two processes would make it
    (tmp_path / "dagster" / "dagster.yaml").write_text("# mine\n")
    prepare(tmp_path, SOURCES)
    assert (tmp_path / "dagster" / "dagster.yaml").read_text() == "# mine\n"


def test_shipped_settings_are_what_dagster_accepts(tmp_path: Path) -> None:
    prepare(tmp_path, SOURCES)
    with dg.DagsterInstance.from_config(str(tmp_path / "dagster")) as instance:
        assert not instance.telemetry_enabled
        queue = instance.get_concurrency_config().run_queue_config
        assert queue is not None
        assert queue.max_concurrent_runs == 1


def test_the_loaded_definitions_follow_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADSPRO_HOME", str(tmp_path))
    monkeypatch.setenv("LEADSPRO_SOURCES", str(SOURCES))
    loaded = defs()
    assert len(loaded.resolve_asset_graph().get_all_asset_keys()) == len(CHAIN) + len(DECLARED)


def test_a_wrong_sources_file_is_told_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(tmp_path), "--sources", str(tmp_path / "none.toml")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_markdown_cells_do_not_break_the_table() -> None:
    assert markdown(("a",), [("x|y",)]).splitlines()[-1] == "| x\\|y |"
    assert pipelines.__doc__

"""docs/refreshing.md: its walk-through works, its tables are complete, its files for deployment are valid."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml  # type: ignore[import-untyped]  # comes with Dagster

from leadspro_engine.dataset import Dataset
from leadspro_engine.ingest import sources
from leadspro_engine.refresh import refresh
from pipelines.checks import CHECKS
from pipelines.definitions import definitions_for
from pipelines.folder import DataFolder

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "refreshing.md").read_text(encoding="utf-8")
DEPLOY = ROOT / "docs" / "deploy"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_walk_through_adds_a_source(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "partner-2026-06.csv").write_text(block("csv"))
    (tmp_path / "sources.toml").write_text(block("toml"))
    refresh(tmp_path / "sources.toml", tmp_path)
    with Dataset.open(tmp_path) as dataset:
        (found,) = dataset.lookup("phone", ["+14155550132"]).values()
        assert dataset.people(found)[found[0]].person.full_name == "Ines Okafor"


def test_the_launchpads_configuration_is_one_that_the_job_takes(tmp_path: Path) -> None:
    folder = DataFolder(home=str(tmp_path), sources=str(ROOT / "datasets" / "demo" / "sources.toml"))
    job = definitions_for(folder).resolve_job_def("refresh")
    given = yaml.safe_load(block("yaml"))
    taken = dg.validate_run_config(job, given)
    assert taken["resources"]["refresh"]["config"]["accept_smaller"] is True


def test_every_field_and_every_check_is_in_a_table() -> None:
    for field in sources.FIELDS:
        assert f"| `{field}` |" in PAGE
    for check in CHECKS:
        for key in check.check_keys:
            assert f"`{key.name}`" in PAGE


def test_every_file_that_is_linked_exists() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists()


def test_the_compose_file_is_valid() -> None:
    command = [
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        str(DEPLOY / "compose.yaml"),
    ]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_dockerfile_keeps_the_rules_of_its_linter() -> None:
    command = [str(Path(sys.executable).with_name("hadolint")), str(DEPLOY / "Dockerfile")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_the_units_are_valid() -> None:
    units = [str(path) for path in DEPLOY.glob("*.service")]
    assert len(units) == 3
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    told = [line for line in done.stderr.splitlines() if line.startswith("leadspro-")]
    assert [line for line in told if "is not executable" not in line] == []  # nothing is installed here


def test_deployment_runs_modules_that_exist_with_options_that_they_have(tmp_path: Path) -> None:
    files = "\n".join(path.read_text(encoding="utf-8") for path in DEPLOY.iterdir())
    assert "-m pipelines --prepare" in files
    options = [
        "--prepare",
        "--home",
        str(tmp_path),
        "--sources",
        str(ROOT / "datasets" / "demo" / "sources.toml"),
    ]
    done = subprocess.run([sys.executable, "-m", "pipelines", *options], cwd=ROOT, check=False)
    assert done.returncode == 0
    assert (tmp_path / "dagster" / "dagster.yaml").is_file()
    assert (tmp_path / "inbox").is_dir()


def test_dg_knows_the_project(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "LEADSPRO_SOURCES": str(ROOT / "datasets" / "demo" / "sources.toml"),
        "LEADSPRO_HOME": str(tmp_path),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "HOME": str(tmp_path),
    }
    dg = [sys.executable, "-m", "dagster_dg_cli.cli", "list", "defs", "--json"]
    code = "import sys; from dagster_dg_cli.cli import main; sys.argv[0] = 'dg'; main()"
    done = subprocess.run(
        [dg[0], "-c", code, *dg[3:]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert '"accuracy_report"' in done.stdout
    assert '"nightly"' in done.stdout

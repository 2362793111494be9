"""The chain from sources to a snapshot: what it publishes, when it does nothing, and when it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from leadspro_engine.dataset import Dataset, current_version, refresh_lock
from leadspro_engine.errors import ChecksFailed, RefreshInProgress, SourceError
from leadspro_engine.refresh import StepResult, refresh
from leadspro_engine.steps import STEPS

DEMO = Path(__file__).parents[1] / "datasets" / "demo"
SOURCES = """
[[source]]
name = "people"
path = "people.csv"
trust = 0.8
observed_at = 2026-05-01

[[source]]
name = "more"
path = "more.csv"
observed_at = 2026-05-01
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A sources file with two small files of people beside it."""
    (tmp_path / "people.csv").write_text(
        "First Name,Last Name,Email,Company\nAda,Lovelace,ada@acme.com,Acme Inc.\nBob,Ray,bob@beta.io,Beta\n"
    )
    (tmp_path / "more.csv").write_text("Name,Email\nLOVELACE Ada,Ada@acme.com\nCy Young,cy@gamma.de\n")
    path = tmp_path / "sources.toml"
    path.write_text(SOURCES)
    return path


def work_folders(home: Path) -> list[Path]:
    return sorted((home / "work").glob("run-*"))


def test_two_files_become_one_person_each_with_the_values_of_both(sources: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    told: list[tuple[str, StepResult | None]] = []
    result = refresh(sources, home, progress=lambda step, done: told.append((step, done)))
    assert result.published
    assert result.version == current_version(home)
    steps = [*STEPS, "publish"]
    assert [step.step for step in result.steps] == steps
    assert [step for step, _ in told] == [step for step in steps for _ in range(2)]
    assert [done is None for _, done in told] == [True, False] * len(steps)
    with Dataset.open(home) as dataset:
        assert dataset.manifest.counts["people"] == 3
        assert [one["sha256"] for one in dataset.manifest.sources] != []
    assert work_folders(home) == []


def test_nothing_is_done_while_nothing_changed(sources: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = refresh(sources, home)
    again = refresh(sources, home)
    assert (again.version, again.published, again.steps) == (first.version, False, [])
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for name in ("sources.toml", "people.csv", "more.csv"):
        shutil.copy(tmp_path / name, moved / name)
    assert not refresh(moved / "sources.toml", home).published
    assert refresh(sources, home, force=True).published
    (tmp_path / "more.csv").write_text("Name,Email\nCy Young,cy@gamma.de\nDee Dee,dee@gamma.de\n")
    assert refresh(sources, home).published


def test_a_failure_keeps_the_current_snapshot_and_says_where_its_files_are(
    sources: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    before = refresh(sources, home).version
    (tmp_path / "people.csv").write_text("First Name,Last Name,Email\n" + "broken\n" * 30)
    with pytest.raises(ChecksFailed, match="people: 30 of 30 rows are rejects") as caught:
        refresh(sources, home)
    assert current_version(home) == before
    (kept,) = work_folders(home)
    assert caught.value.__notes__ == [
        f"The files of this run are kept in {kept} until the next refresh succeeds."
    ]
    (tmp_path / "people.csv").write_text("First Name,Last Name,Email\nAda,Lovelace,ada@acme.com\n")
    assert refresh(sources, home).published
    assert work_folders(home) == []


def many(tmp_path: Path, people: int) -> None:
    """The file of one source with so many people."""
    rows = "".join(f"P{n},Quist{n},p{n}@acme{n}.com,Firm {n}\n" for n in range(people))
    (tmp_path / "people.csv").write_text("First Name,Last Name,Email,Company\n" + rows)


def test_a_dataset_that_lost_half_is_published_only_when_somebody_accepts_it(
    sources: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    many(tmp_path, 40)
    before = refresh(sources, home).version
    many(tmp_path, 10)
    with pytest.raises(ChecksFailed, match="12 people, after 42: fewer than 75% are left"):
        refresh(sources, home)
    assert current_version(home) == before
    accepted = refresh(sources, home, accept_smaller=True)
    assert accepted.published
    assert [warning for step in accepted.steps for warning in step.warnings] == [
        "12 people, after 42: fewer than 75% are left",
        "12 companies, after 42: fewer than 75% are left",
    ]


def test_sources_without_a_person_are_not_published(sources: Path, tmp_path: Path) -> None:
    for name in ("people.csv", "more.csv"):
        (tmp_path / name).write_text("Name,Email\nn/a,none\n")
    with pytest.raises(ChecksFailed, match="no source has a person in it"):
        refresh(sources, tmp_path / "home")
    assert current_version(tmp_path / "home") is None


def test_two_refreshes_of_one_home_do_not_meet(sources: Path, tmp_path: Path) -> None:
    with refresh_lock(tmp_path / "home"), pytest.raises(RefreshInProgress):
        refresh(sources, tmp_path / "home")


def test_a_missing_file_is_told_before_any_work(sources: Path, tmp_path: Path) -> None:
    (tmp_path / "more.csv").unlink()
    with pytest.raises(SourceError, match="source more: no file"):
        refresh(sources, tmp_path / "home")
    assert not (tmp_path / "home" / "work").exists()


def test_demo_rejects_in_the_snapshot_are_the_rows_broken_on_purpose(demo_home: Path) -> None:
    truth = pl.read_csv(DEMO / "truth" / "rejects.csv").select("source", "file", "line")
    with Dataset.open(demo_home) as dataset:
        found = dataset.cursor().execute("select source, file, line from rejects").fetchall()
    assert sorted(found) == sorted(truth.rows())


def test_two_rows_of_a_source_with_one_record_each_are_two_people(sources: Path, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("Name,Email\nCy Young,cy@gamma.de\nCy Young,cy@gamma.de\n")

    def people() -> int:
        refresh(sources, tmp_path / "home")
        with Dataset.open(tmp_path / "home") as dataset:
            return dataset.manifest.counts["people"]

    assert people() == 3
    sources.write_text(SOURCES + "one_record_per_entity = true\n")
    assert people() == 4

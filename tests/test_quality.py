"""Rules over the files of a run: they hold on good files, and say what is wrong with others.

What each rule refuses, and what that stops, is in ``tests/pipelines/test_checks.py``.
"""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING

import polars as pl
import pytest

from leadspro_engine import quality
from leadspro_engine.ingest import load_sources
from leadspro_engine.steps import STEPS, Run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PEOPLE = "ID,Name,Email,Phone,Company\n" + "".join(
    f"{n},Ada{chr(97 + n % 26)} Love{chr(97 + n // 2 % 26)}lace,p{n // 2}@acme{n // 2}.com,"
    f"+1415555{1000 + n // 2},Acme {n // 2}\n"
    for n in range(60)
)
SOURCES = """
[[source]]
name = "p"
path = "p.csv"
observed_at = 2026-05-01
max_age_days = 30
labels = "labels.csv"
[source.columns]
ID = "source_record_id"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of sixty people with every file before publishing."""
    folder = tmp_path_factory.mktemp("quality")
    (folder / "p.csv").write_text(PEOPLE)
    (folder / "labels.csv").write_text("source_record_id,person_id\n0,a\n1,a\n2,b\n3,b\n")
    (folder / "sources.toml").write_text(SOURCES)
    run = Run(folder / "work", tuple(load_sources(folder / "sources.toml")))
    run.folder.mkdir()
    for step in STEPS.values():
        step(run)
    return run


@pytest.fixture
def run(made: Run, tmp_path: Path) -> Run:
    """The same, to be broken."""
    shutil.copytree(made.folder, tmp_path / "work")
    return Run(tmp_path / "work", made.sources)


def changed(run: Run, name: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    path = run.path(f"{name}.parquet")
    change(pl.read_parquet(path)).write_parquet(path)


RULES = {f"{rule.about}/{rule.name}": rule.ask for rules in quality.RULES.values() for rule in rules}


@pytest.mark.parametrize("rule", RULES)
def test_rules_hold_on_a_good_run(made: Run, rule: str) -> None:
    assert RULES[rule](made).problems == ()


def test_a_cluster_of_everybody_is_too_large(run: Run) -> None:
    changed(run, "people_clusters", lambda frame: frame.with_columns(entity_id=pl.lit("p_one")))
    assert quality.clusters_small(run, "people").problems == ("a cluster has 60 records, more than 50",)


def test_expected_and_measured_accuracy_are_told(made: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = quality.measured_accuracy(made, "people")
    assert measured is not None
    assert measured.pairs == 2
    assert quality.measured_accuracy(made, "company") is None
    assert 0 <= quality.expected_accuracy(made, "people").f1 <= 1
    monkeypatch.setattr(quality, "GOOD_F1", 1.1)
    found = quality.accurate(made, "people")
    assert "below 1.1" in found.problems[0]
    assert not found.grave


def test_a_source_that_stopped_coming_is_a_warning(made: Run) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=31, hours=1)
    found = quality.sources_recent(made, later)
    assert found.problems == ("the newest file of source p is 31 days old, more than 30",)
    assert not found.grave

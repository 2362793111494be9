"""The harness measures what it says: fair turns, honest percentiles, a table and a file that agree."""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import harness
from benchmarks.harness import Contender, Timing

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    """A clock that calls turn on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_contenders_take_turns_in_beginning_and_the_first_round_does_not_count() -> None:
    clock, made = Clock(), []

    def call(name: str, cost: float) -> None:
        made.append(name)
        clock.now += cost if len(made) > 3 else 100.0

    contenders = [
        Contender(name, [partial(call, name, cost)]) for name, cost in (("a", 1.0), ("b", 2.0), ("c", 4.0))
    ]
    timings = harness.timed(contenders, rounds=3, clock=clock)
    assert made == list("abcbcacababc")
    assert [timing.seconds for timing in timings] == [(1.0,) * 3, (2.0,) * 3, (4.0,) * 3]


def test_ratio_and_rate_are_over_items_not_calls() -> None:
    slow = Timing("one by one", (0.5, 0.5), 1)
    fast = Timing("batch", (0.25,), 100)
    row = fast.row(slow)
    assert row["items/s"] == 400.0
    assert row["x baseline"] == 200.0
    assert slow.row(slow)["x baseline"] == 1.0


@pytest.mark.parametrize(
    ("calls", "shown"),
    [(1, {50}), (19, {50}), (20, {50, 95}), (99, {50, 95}), (100, {50, 95, 99})],
)
def test_a_percentile_needs_a_call_beyond_it(calls: int, shown: set[int]) -> None:
    timing = Timing("any", (0.001,) * calls, 1)
    row = timing.row(timing)
    assert {share for share in (50, 95, 99) if row[f"p{share} ms"] is not None} == shown


@given(st.lists(st.floats(0, 1e6), min_size=1), st.integers(1, 100))
def test_percentile_is_the_smallest_value_that_enough_do_not_exceed(values: list[float], share: int) -> None:
    found = harness.percentile(values, share)
    needed = math.ceil(len(values) * share / 100)
    assert sum(value <= found for value in values) >= needed
    assert sum(value < found for value in values) < needed


def test_table_is_aligned_and_shows_what_was_not_measured() -> None:
    shown = harness.table(
        [{"kind": "e-mail", "items/s": 1234567.25, "agree": None}, {"kind": "phone", "items/s": 8}]
    )
    assert shown.splitlines() == [
        "kind         items/s  agree",
        "e-mail  1,234,567.25      -",
        "phone              8      -",
    ]


def test_the_file_holds_the_rows_and_what_a_reader_must_know(tmp_path: Path) -> None:
    rows: list[harness.Row] = [{"kind": "e-mail", "items/s": 12.5}]
    path = harness.write("speed.example", rows, tmp_path)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert path.name == "speed.example.json"
    assert document["rows"] == rows
    assert document["machine"]["cores"] >= 1
    assert document["versions"]["duckdb"].split(".")[0].isdigit()


def test_every_entry_says_what_it_measures_and_has_its_options() -> None:
    entries = harness.entries()
    assert "speed.batch" in [entry.name for entry in entries]
    for entry in entries:
        assert entry.summary.endswith("."), f"{entry.name}: its docstring begins with a sentence on one line"
        parser = argparse.ArgumentParser()
        entry.options(parser)
        assert callable(entry.run)


@pytest.mark.parametrize(("arguments", "status"), [([], 0), (["speed.nothing"], 2)])
def test_the_command_lists_the_entries_and_refuses_an_unknown_one(arguments: list[str], status: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == status
    assert "speed.batch" in done.stdout

"""Headcounts: a labelled table, the eight ranges, order of the ends."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspro_engine.normalize import headcount

CASES = list(csv.DictReader(io.StringIO((Path(__file__).parent / "headcounts.csv").read_text("utf-8"))))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["cell"])
def test_spellings(case: dict[str, str]) -> None:
    found = headcount.parse(case["cell"])
    low, high = (found.low, found.high) if found else ("", None)
    assert (str(low), str(high or "")) == (case["low"], case["high"])


@given(st.integers(1, 10_000_000))
def test_a_number_is_in_its_range(count: int) -> None:
    span = headcount.parse(headcount.bucket(count))
    assert span is not None
    assert span.low <= count
    assert span.high is None or count <= span.high


@given(st.integers(1, 10_000_000), st.integers(1, 10_000_000))
def test_ranges_are_read_back(one: int, other: int) -> None:
    low, high = sorted((one, other))
    for cell in (f"{low}-{high}", f"{low} to {high}", f"{high} – {low} employees", f"{low:,}-{high:,}"):
        assert headcount.parse(cell) == headcount.Headcount(low, high)


@given(
    st.text(max_size=30) | st.from_regex(r"[<>~+]?[0-9.,' ]{1,12}(k|m)?[-+]?[0-9kK.,]{0,6}", fullmatch=True)
)
def test_intervals_are_in_order(cell: str) -> None:
    found = headcount.parse(cell)
    if found is not None:
        assert found.low >= 1
        assert found.high is None or found.low <= found.high


@pytest.mark.parametrize("name", headcount.RANGES)
def test_each_range_is_in_itself(name: str) -> None:
    span = headcount.parse(name)
    assert span is not None
    assert headcount.bucket(span.low) == name

"""Dates: a labelled table, every day in every spelling, spreadsheets' day counts."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspro_engine.normalize import date

CASES = list(csv.DictReader(io.StringIO((Path(__file__).parent / "dates.csv").read_text("utf-8"))))
SPELLINGS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m/%d/%Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%d-%b-%Y",
    "%Y%m%d",
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["note"])
def test_spellings(case: dict[str, str]) -> None:
    assert (date.parse(case["cell"]) or "") == case["date"]


@given(st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)), st.sampled_from(SPELLINGS))
def test_a_written_day_is_read_back(day: dt.date, spelling: str) -> None:
    assert date.parse(day.strftime(spelling)) == day.isoformat()


@given(st.dates(dt.date(1930, 1, 1), dt.date(2090, 1, 1)))
def test_day_counts_of_spreadsheets(day: dt.date) -> None:
    count = (day - dt.date(1899, 12, 30)).days
    assert date.parse(count) == date.parse(float(count)) == date.parse(f"{count}.5") == day.isoformat()


@given(st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)), st.times())
def test_times_are_left_out(day: dt.date, time: dt.time) -> None:
    assert date.parse(dt.datetime.combine(day, time)) == day.isoformat()


@given(st.text(max_size=30))
def test_what_is_read_is_iso_and_is_read_again_as_itself(cell: str) -> None:
    found = date.parse(cell)
    if found is not None:
        assert len(found) in (4, 7, 10)
        assert date.parse(found) == found


def test_ambiguous_days_by_request() -> None:
    assert date.parse("3/4/2021", day_first=True) == "2021-04-03"
    assert date.parse("3.4.2021", day_first=False) == "2021-03-04"

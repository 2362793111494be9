"""Calendar months in UTC."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspro_engine.accounts import Month

INSTANTS = st.datetimes(
    min_value=dt.datetime(2000, 1, 1),  # noqa: DTZ001 - the zone is drawn beside it
    max_value=dt.datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.timezones(),
)


@pytest.mark.parametrize(
    ("instant", "name"),
    [
        ("2026-03-31T23:59:59.999999+00:00", "2026-03"),
        ("2026-04-01T00:00:00+00:00", "2026-04"),
        ("2026-04-01T01:30:00+02:00", "2026-03"),  # still March in UTC
        ("2026-03-31T20:00:00-05:00", "2026-04"),  # already April in UTC
        ("2024-02-29T12:00:00+00:00", "2024-02"),
        ("2026-12-31T23:59:59+00:00", "2026-12"),
    ],
)
def test_the_month_is_that_of_utc(instant: str, name: str) -> None:
    assert Month.of(dt.datetime.fromisoformat(instant)).name == name


@given(INSTANTS)
def test_an_instant_lies_in_its_month_and_months_follow_without_gap(instant: dt.datetime) -> None:
    month = Month.of(instant)
    assert month.start <= instant < month.end
    assert Month.of(month.end).start == month.end
    assert Month.of(month.start) == month

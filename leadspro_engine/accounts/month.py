"""Time as accounts count it: calendar months in UTC. The clock is passed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

Clock = Callable[[], dt.datetime]
"""Tells the present instant, with its time zone."""


class Month(Struct, frozen=True):
    """One calendar month in UTC: ``start`` belongs to it, ``end`` to the next one.

    >>> Month.of(dt.datetime(2026, 12, 31, 23, 59, tzinfo=dt.UTC)).end.isoformat()
    '2027-01-01T00:00:00+00:00'
    """

    name: str
    start: dt.datetime
    end: dt.datetime

    @classmethod
    def of(cls, now: dt.datetime) -> Month:
        """The month that holds an instant, whatever time zone it is given in."""
        utc = now.astimezone(dt.UTC)
        return _month(utc.year, utc.month)


@lru_cache(maxsize=64)  # one request asks several times, always for the present month
def _month(year: int, number: int) -> Month:
    """A month by its year and its number from 1."""
    start = dt.datetime(year, number, 1, tzinfo=dt.UTC)
    end = (start + dt.timedelta(days=32)).replace(day=1)
    return Month(name=f"{start:%Y-%m}", start=start, end=end)


def utc_now() -> dt.datetime:
    """The present instant; the one place where accounts meet a real clock."""
    return dt.datetime.now(dt.UTC)

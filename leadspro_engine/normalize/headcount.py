"""Numbers of employees as closed intervals: ``51-200``, ``1K+``, ``about 50``, ``10001+``.

1. A range is taken as it stands; its ends are put in order.
2. ``+``, ``>``, "over", "more than" leave the upper end open; ``<``, "up to", "under" begin at 1.
3. "about", "ca.", ``~`` mean a tenth less or more, rounded outwards.
4. ``k`` and ``m`` multiply; a dot, comma, apostrophe or space before three digits divides thousands.
5. LinkedIn's size codes (A to I) are read, and ranges that a spreadsheet took for dates ("Nov-50" was
   11-50) are read back.

Source of the eight ranges: company ``size`` of the People Data Labs taxonomy. Of the codes: LinkedIn
Marketing API, company size facet.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, get_args

from msgspec import Struct

from leadspro_engine.normalize import columns
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean

if TYPE_CHECKING:
    import polars as pl

Range = Literal["1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+"]
RANGES: tuple[Range, ...] = get_args(Range)
_HIGHS = (10, 50, 200, 500, 1_000, 5_000, 10_000)
_MOST = 10_000_000  # more than any employer has
_LONGEST = 64
_SPECIAL = {
    "a": "1", "b": "2-10", "c": "11-50", "d": "51-200", "e": "201-500", "f": "501-1000", "g": "1001-5000",
    "h": "5001-10000", "i": "10001+",
    "self-employed": "1", "self employed": "1", "myself only": "1", "just me": "1", "solo": "1",
    "nov-50": "11-50", "50-nov": "11-50", "jan-10": "1-10", "10-jan": "1-10",
    "1-oct": "1-10", "01-oct": "1-10", "oct-01": "1-10", "oct-1": "1-10", "2-oct": "2-10",
    "02-oct": "2-10", "10-feb": "2-10", "feb-10": "2-10",
}  # fmt: skip
_THOUSANDS = re.compile(r"(?<=\d)[.,'’ ](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"(\d{1,9}(?:[.,]\d{1,2})?)(?:\s?(k|m|tsd|mio|mille|thousand|million)(?![a-z]))?")
_ABOUT = re.compile(
    r"^(?:about|approx\w*|around|circa|ca|c|roughly|etwa|rund|environ|aprox\w*|~|±)\b|[~≈±]|ish$"
)
_OVER = re.compile(
    r"\+|>|≥|\b(?:over|more than|at least|min|plus|ab|uber|über|plus de|mas de|más de|or more)\b"
)
_UNDER = re.compile(r"<|≤|\b(?:under|less than|fewer than|up to|below|max|bis zu|unter|moins de|menos de)\b")
_STRICT = re.compile(r"(?<!=)[<>](?!=)|\b(?:under|over|less than|more than|fewer than|below|unter)\b")
_TIMES = {"k": 1e3, "tsd": 1e3, "mille": 1e3, "thousand": 1e3, "m": 1e6, "mio": 1e6, "million": 1e6, "": 1}


class Headcount(Struct, frozen=True):
    """A closed interval of employees, ``1 <= low <= high``; high is None where there is no upper end."""

    low: int
    high: int | None = None


def parse(value: object) -> Headcount | None:
    """The interval that a cell tells; None when it tells none.

    >>> parse("51-200 employees"), parse("1K+"), parse("about 50"), parse(1200.0)
    (Headcount(low=51, high=200), Headcount(low=1000, high=None), Headcount(low=45, high=55), \
Headcount(low=1200, high=1200))
    """
    text = clean(value)
    if text is None or len(text) > _LONGEST:
        return None
    text = _SPECIAL.get(text.lower(), text.lower())
    text = _THOUSANDS.sub("", text)
    numbers = _numbers(text)
    if not numbers or len(numbers) > 2 or max(numbers) > _MOST or max(numbers) < 1 or text.startswith("-"):
        return None
    if len(numbers) == 2:
        return Headcount(max(1, min(numbers)), max(numbers))
    return _single(numbers[0], text)


def bucket(count: int) -> Range:
    """The one of the eight ranges in which a number of employees lies; less than one counts as one.

    >>> bucket(200), bucket(201), bucket(2_000_000)
    ('51-200', '201-500', '10001+')
    """
    return next((name for name, high in zip(RANGES, _HIGHS, strict=False) if count <= high), RANGES[-1])


def column(values: pl.Series) -> pl.Series:
    """``parse`` for each row: a struct column of ``Headcount``, null where there is none."""
    return columns.struct_column(values, parse, Headcount)


def why(value: object) -> tuple[Note, ...]:
    """What a reader should know of how a cell was read.

    >>> why("Nov-50")[0].detail, why("many")[0].code
    ("'Nov-50' was read as 11 to 50.", 'refused')
    """
    text, found = clean(value), parse(value)
    if text is None:
        return (Note("blank", "There is nothing in the cell."),)
    if found is None:
        return (Note("refused", f"{text[:_LONGEST]!r} is not a number or range of employees."),)
    end = "no upper end" if found.high is None else found.high
    plain = text in (str(found.low), f"{found.low}-{found.high}", f"{found.low}+")
    return () if plain else (Note("repaired", f"{text!r} was read as {found.low} to {end}."),)


def _numbers(text: str) -> list[int]:
    """All numbers of the text; in ``1-5k`` the multiplier belongs to both."""
    found = [(float(number.replace(",", ".")), times) for number, times in _NUMBER.findall(text)]
    last = found[-1][1] if found else ""
    shared = len(found) == 2 and not found[0][1] and found[0][0] < found[1][0]
    return [round(number * _TIMES[times or (last if shared else "")]) for number, times in found]


def _single(number: int, text: str) -> Headcount | None:
    strict = _STRICT.search(text) is not None
    if _UNDER.search(text):
        most = number - strict
        return Headcount(1, most) if most >= 1 else None
    if _OVER.search(text):
        return Headcount(number + (strict and "+" not in text))
    if _ABOUT.search(text):
        return Headcount(max(1, number * 9 // 10), -(-number * 11 // 10))
    return Headcount(number, number)

"""Dates in many spellings -> ISO 8601, as precisely as they are given: a day, a month or a year.

1. A time of day behind the date is left out.
2. Year first (``2021-03-04``, ``2021/3/4``, ``20210304``) can be read in one way.
3. Month names are known in English, German, French, Spanish, Portuguese, Italian and Dutch.
4. Numbers with the year last: a number over 12 is the day. Where both could be, dots and hyphens
   mean day first (04.03.2021), slashes mean month first (3/4/2021), unless ``day_first`` is given.
5. Two-digit years up to 30 are of this century, later ones of the last: contact data has more birthdays of
   1931 than of 2031.
6. A number of five digits is a spreadsheet's day count, one of ten or thirteen digits Unix time in UTC.

Sources: ISO 8601-1:2019, 5.2; ECMA-376 part 1, 18.17.4.1 (the 1900 date base, whose day 60 does not exist);
month names of Unicode CLDR 45.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TYPE_CHECKING

from leadspro_engine.normalize import columns
from leadspro_engine.normalize.name_fold import fold
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean

if TYPE_CHECKING:
    import polars as pl

_LONGEST = 64  # characters; no spelling of a date is longer
_MONTHS = (
    "january jan januar janner janvier janv enero ene janeiro gennaio gen januari jänner",
    "february feb februar fevrier fev febrero fevereiro febbraio febr februari",
    "march mar marz mrz mars marzo marco maart mrt maerz",
    "april apr avril avr abril abr aprile",
    "may mai mayo maio maggio mag mei",
    "june jun juni juin junio junho giugno giu",
    "july jul juli juillet juil julio julho luglio lug",
    "august aug aout agosto ago augustus",
    "september sep sept septembre septiembre setembro set settembre",
    "october oct oktober okt octobre octubre outubro out ottobre ott",
    "november nov novembre noviembre novembro",
    "december dec dezember dez decembre diciembre dic dezembro dicembre",
)
_MONTH_OF = {name: i for i, names in enumerate(_MONTHS, 1) for name in names.split(" ")}
_TIME = re.compile(r"(?:[T ]|, )\d{1,2}:\d{2}.*$|(?<=\d)T\d{4,6}.*$")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?\.?")
_YEAR_LAST = re.compile(r"([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{4}|[0-9]{2})")
_NUMBER = re.compile(r"([0-9]+)(\.[0-9]+)?")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
_WORDS = re.compile(r"\d+|[^\W\d_]+")
_ORDINALS = frozenset(
    ("st", "nd", "rd", "th", "de", "del", "of", "the", "o", "er", "le", "el", "den", "a", "d")
)
_WEEKDAY = re.compile(r"^[^\W\d_]{2,12}\.?,\s+(?=\d)")
_SPREADSHEET_ZERO = dt.date(1899, 12, 30)
_PIVOT = 30


def parse(value: object, *, day_first: bool | None = None) -> str | None:
    """``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``, as precisely as given; None for what is not a date.

    Args:
        value: the cell; years 1000 to 2999 are read.
        day_first: how ``3/4/2021`` is to be read; None leaves it to the separator.

    >>> parse("3/4/2021"), parse("3.4.2021"), parse("12 mars 2021"), parse("Mar 2021"), parse(44197.0)
    ('2021-03-04', '2021-04-03', '2021-03-12', '2021-03', '2021-01-01')
    """
    text = clean(value)
    if text is None or len(text) > _LONGEST or not text[:1].isalnum():
        return None
    text = _TIME.sub("", text)
    if number := _NUMBER.fullmatch(text):
        return _digits(number[1], whole=number[2] is None)
    return _numeric(text, day_first=day_first) or _named(text)


def column(values: pl.Series) -> pl.Series:
    """``parse`` for each row, as text; null where there is no date."""
    return columns.text_column(values, parse)


def why(value: object) -> tuple[Note, ...]:
    """What a reader should know of how a cell was read.

    >>> why("3/4/2021")[0].detail
    '3/4/2021 could be two days; it was read as 2021-03-04.'
    """
    text, iso = clean(value), parse(value)
    if text is None:
        return (Note("blank", "There is nothing in the cell."),)
    if iso is None:
        return (Note("refused", f"{text[:_LONGEST]!r} is not a date of the years 1000 to 2999."),)
    if parse(value, day_first=True) != parse(value, day_first=False):
        return (Note("several", f"{text} could be two days; it was read as {iso}."),)
    return () if text == iso else (Note("repaired", f"Read as {iso}."),)


def _numeric(text: str, *, day_first: bool | None) -> str | None:
    """A date of numbers and separators."""
    if found := _YEAR_FIRST.fullmatch(text):
        return _iso(int(found[1]), int(found[3]), int(found[4] or 0))
    if found := _MONTH_YEAR.fullmatch(text):
        return _iso(int(found[2]), int(found[1]), 0)
    if (found := _YEAR_LAST.fullmatch(text)) is None:
        return None
    first, second, year = int(found[1]), int(found[3]), _full_year(found[4])
    leads = found[2] != "/" if day_first is None else day_first
    day, month = (first, second) if (leads or first > 12) and second <= 12 else (second, first)
    return _day(year, month, day)


def _digits(text: str, *, whole: bool) -> str | None:
    """A date of one number; only a spreadsheet's may have a fraction, which is the time of day."""
    if not whole and len(text) != 5:
        return None
    if len(text) == 4:
        return text if 1000 <= int(text) <= 2999 else None
    if len(text) == 5 and 10000 <= int(text) <= 73050:  # 1927 to 2099
        return (_SPREADSHEET_ZERO + dt.timedelta(days=int(text))).isoformat()
    if len(text) == 8:
        year_first = _day(int(text[:4]), int(text[4:6]), int(text[6:]))
        return year_first or _day(int(text[4:]), int(text[2:4]), int(text[:2]))
    if len(text) in (10, 13):
        return dt.datetime.fromtimestamp(int(text[:10]), tz=dt.UTC).date().isoformat()
    return None


def _full_year(year: str) -> int:
    return int(year) if len(year) == 4 else int(year) + (2000 if int(year) <= _PIVOT else 1900)


def _named(text: str) -> str | None:
    """A date with the month in words: the year is the last number, the day the other one."""
    words = [w for w in _WORDS.findall(fold(_WEEKDAY.sub("", text))) if w not in _ORDINALS]
    months = [_MONTH_OF[w] for w in words if w in _MONTH_OF]
    numbers = [w for w in words if w.isdigit()]
    if len(months) != 1 or len(numbers) + 1 != len(words) or not 1 <= len(numbers) <= 2:
        return None
    if len(numbers) == 1:
        return _iso(int(numbers[0]), months[0], 0) if len(numbers[0]) == 4 else None
    year, day = (numbers[0], numbers[1]) if len(numbers[0]) == 4 else (numbers[1], numbers[0])
    return _day(_full_year(year), months[0], int(day)) if len(year) in (2, 4) and len(day) <= 2 else None


def _iso(year: int, month: int, day: int) -> str | None:
    """The date as precisely as it is given; 0 stands for an unknown day, and for an unknown month."""
    if day:
        return _day(year, month, day)
    if not 1000 <= year <= 2999 or month > 12:
        return None
    return f"{year:04}-{month:02}" if month else f"{year:04}"


def _day(year: int, month: int, day: int) -> str | None:
    if not (1000 <= year <= 2999 and 1 <= month <= 12):
        return None
    return f"{year:04}-{month:02}-{day:02}" if 1 <= day <= calendar.monthrange(year, month)[1] else None

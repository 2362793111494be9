"""A telephone number as people write it -> E.164, with its region, type and extension.

1. Spreadsheet damage is undone: ``14155550106.0`` and ``1.4155550106E+10`` lose no digit and are read; a
   cell in which the spreadsheet did lose digits is refused.
2. phonenumbers is the judge: it reads international numbers, national ones of the given region (trunk prefix,
   ``00`` or ``011`` in front, vanity letters, extensions) and says whether the number can exist.
3. Without a region, a number that begins with ``00`` or has at least 11 digits and no leading zero is tried
   as an international one that lost its ``+``, as spreadsheets do to it. So is one that begins with ``00``
   and does not exist in its region: most of the world dials ``00`` in front, whatever that region does.
4. A cell with several numbers gives its first valid one (``parse``) or all of them (``parse_all``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import phonenumbers
from msgspec import Struct
from phonenumbers import PhoneNumberType

from leadspro_engine.normalize import columns, phone_plan
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import as_text, clean, without_joiners

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

Type = Literal["mobile", "fixed_line", "fixed_line_or_mobile", "toll_free", "voip", "other"]

MAX_NUMBERS = 32
"""How many numbers of one cell are read; a cell with more is not a contact's."""

MAX_PIECE = 250
"""Longest text of one number, in characters: phonenumbers itself refuses longer ones."""

_TYPES: dict[str, Type] = {
    "mobile": "mobile",
    "fixed_line": "fixed_line",
    "fixed_line_or_mobile": "fixed_line_or_mobile",
    "toll_free": "toll_free",
    "voip": "voip",
}
_REGION = re.compile(r"[A-Z]{2}")
_SEVERAL = re.compile(
    r"[;|\n\r\t]|,(?=\s{0,3}[+(0-9])|\s(?:or|and|und|et|y|e|o|ou|oder|&|/)\s|(?<=\d)\s{0,3}(?=\+)",
    re.IGNORECASE,
)
_SLASH = re.compile(r"/")
_WHOLE_FLOAT = re.compile(r"\+?(\d{5,})\.0+")
_SCIENTIFIC = re.compile(r"(\d)\.?(\d*)[eE]\+?(\d{1,2})")
_LOST_PLUS = re.compile(r"[^0-9+]*(?:00[\s().-]*)?([1-9][0-9\s().-]{9,}[0-9])(\s*(?:ext\.?|x)\s*[0-9]{1,7})?")


CODE = re.compile(rf"^\+(?:{'|'.join(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))})")
"""Every country calling code; none is the beginning of another."""


class Phone(Struct, frozen=True, gc=False):
    """One telephone number.

    Attributes:
        number: E.164, with the plus sign.
        region: ISO 3166-1 alpha-2 of the numbering plan; None for numbers of no country (``+800``).
        type: what the plan says it is for.
        extension: digits to dial after the connection.
    """

    number: str
    region: str | None
    type: Type
    extension: str | None = None


def parse(value: object, region: object = None) -> Phone | None:
    """The first valid number of a cell, or None.

    Args:
        value: the cell.
        region: ISO 3166-1 alpha-2 of the country whose national form the number may be in.

    >>> parse("(415) 555-0106 x22", "US")
    Phone(number='+14155550106', region='US', type='fixed_line_or_mobile', extension='22')
    >>> parse("00 44 20 7946 0123 ext 12").extension, parse(14155550106.0).number
    ('12', '+14155550106')
    >>> parse("555-0106", "US") is parse("n/a") is None
    True
    """
    known = _region(region)
    settled = phone_plan.settle(value, known) if type(value) is str else phone_plan.UNSETTLED
    return next(_numbers(value, known), None) if isinstance(settled, str) else _phone(settled)


def parse_all(value: object, region: object = None) -> list[Phone]:
    """Every valid number of a cell, in its order, each once.

    >>> [p.number for p in parse_all("+1 415 555 0106; +1 415 555 0107 / 020 7946 0123", "GB")]
    ['+14155550106', '+14155550107', '+442079460123']
    """
    known = _region(region)
    settled = phone_plan.settle(value, known) if type(value) is str else phone_plan.UNSETTLED
    if isinstance(settled, str):
        return list(dict.fromkeys(_numbers(value, known)))
    found = _phone(settled)
    return [] if found is None else [found]


def column(values: pl.Series, regions: pl.Series | None = None) -> pl.Series:
    """A struct column of ``Phone``, one row for each cell; equal to ``parse`` of the cell and its region."""
    if regions is None:
        return columns.struct_column(values, parse, Phone)
    arguments = values.to_frame("value").with_columns(regions.alias("region"))
    return columns.struct_rows(arguments, parse, Phone)


def why(value: object, region: object = None) -> tuple[Note, ...]:
    """What was wrong with a cell, or what is to be known of its number.

    >>> why("+1 415 555 0106"), why("020 7946 0123")[0].detail
    ((), 'a national number needs a region')
    >>> why("020 7946 01", "GB")[0].code, why("+1 415 555 0106", "GB")[0].code
    ('refused', 'region')
    """
    text = clean(value)
    if text is None:
        return (Note("blank", "there is no text"),)
    found = parse_all(value, region)
    if not found:
        return (Note("refused", _complaint(text, _region(region))),)
    first, known = found[0], _region(region)
    remarks = (
        ("several", len(found) > 1, f"{len(found)} numbers; the first is {first.number}"),
        (
            "region",
            known not in (None, first.region),
            f"{first.number} belongs to {first.region}, not {known}",
        ),
        ("ignored", first.extension is not None, f"extension {first.extension} is kept apart"),
    )
    return tuple(Note(code, detail) for code, holds, detail in remarks if holds)


def national(number: str) -> str:
    """The digits of an E.164 number without the country calling code.

    >>> national("+442079460123"), national("+14155550106")
    ('2079460123', '4155550106')
    """
    code = CODE.match(number)
    return number.removeprefix("+") if code is None else number[code.end() :]


def national_column(numbers: pl.Series) -> pl.Series:
    """``national`` of each number."""
    return numbers.str.replace(CODE.pattern, "")


def judge(text: str, region: str | None) -> Phone | None:
    """The number in a text that holds one, by phonenumbers' rules; None when it is not valid."""
    settled = phone_plan.settle(text, region)
    return judge_slowly(text, region) if isinstance(settled, str) else _phone(settled)


def judge_slowly(text: str, region: str | None) -> Phone | None:
    """``judge`` by phonenumbers alone."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    place = phonenumbers.region_code_for_number(number)
    if place is None or not phonenumbers.is_valid_number_for_region(number, place):
        return None
    kind = PhoneNumberType.to_string(phonenumbers.number_type(number)).lower()
    return Phone(
        number=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        region=None if place == "001" else place,
        type=_TYPES.get(kind, "other"),
        extension=number.extension or None,
    )


def _phone(settled: phone_plan.Settled | None) -> Phone | None:
    if settled is None:
        return None
    place = settled.region
    return Phone(
        settled.number,
        None if place == "001" else place,
        _TYPES.get(settled.type, "other"),
        settled.extension,
    )


def _numbers(value: object, known: str | None) -> Iterator[Phone]:
    raw = as_text(value)
    text = clean(raw)
    if raw is None or text is None:
        return
    whole = _one(text, known)
    if whole is not None:
        yield whole
        return
    for piece in _SEVERAL.split(raw[: MAX_NUMBERS * MAX_PIECE], maxsplit=MAX_NUMBERS):
        found = _one(clean(piece), known)
        if found is not None:
            yield found
        elif "/" in piece:
            parts = (_one(clean(part), known) for part in _SLASH.split(piece, maxsplit=MAX_NUMBERS))
            yield from (part for part in parts if part is not None)


def _one(text: str | None, region: str | None) -> Phone | None:
    mended = None if text is None or len(text) > MAX_PIECE else _mended(without_joiners(text))
    if mended is None:
        return None
    if "+" in mended or "＋" in mended:
        return judge(mended, region)
    found = None if region is None else judge(mended, region)
    if found is not None or (region is not None and not mended.startswith("00")):
        return found
    lost = _LOST_PLUS.fullmatch(mended)
    return None if lost is None else judge(f"+{lost[1]}{lost[2] or ''}", None)


def _mended(text: str) -> str | None:
    whole = _WHOLE_FLOAT.fullmatch(text)
    if whole is not None:
        return text.partition(".")[0]
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific is None:
        return text
    first, rest, exponent = scientific.groups()
    return first + rest if len(rest) == int(exponent) else None


def _region(region: object) -> str | None:
    if region is None:
        return None
    text = region.strip().upper() if isinstance(region, str) else None
    return text if text is not None and _REGION.fullmatch(text) else None


def _complaint(text: str, region: str | None) -> str:
    if _mended(text) is None:
        return "a spreadsheet has rounded its digits away"
    try:
        number = phonenumbers.parse(text[:MAX_PIECE], region)
    except phonenumbers.NumberParseException as problem:
        if problem.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE and region is None:
            return "a national number needs a region"
        return "it cannot be read as a telephone number"
    return f"no such number in the numbering plan of +{number.country_code}"

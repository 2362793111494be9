"""Identifiers (tax, register, CRM and national numbers) by their canonical characters.

1. A label before a colon or number sign is left out ("VAT: DE 123" is "DE 123").
2. Letters and digits of any script become ASCII capitals and digits; everything else goes.
3. Placeholders, zeros, one character five times and more, and numbers that a spreadsheet rounded
   ("1.23E+11") are no identifiers.

Nothing is checked against a check digit: which kind of number it is, is not known here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from leadspro_engine.normalize import columns
from leadspro_engine.normalize.name_fold import fold
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean

if TYPE_CHECKING:
    import polars as pl

_LONGEST = 128
_LABEL = re.compile(r"^[^\d:#]{1,40}[:#]\s*(?=\S)")
_ROUNDED = re.compile(r"-?\d(?:[.,]\d+)?[eE]\+\d+")
_REPEATED = re.compile(r"0+|(.)\1{4,}")
_PLACEHOLDERS = frozenset(
    (
        "NA",
        "NONE",
        "NULL",
        "NIL",
        "NAN",
        "UNKNOWN",
        "TBD",
        "TBA",
        "PENDING",
        "TEST",
        "MISSING",
        "NOTAPPLICABLE",
    )
)


def parse(value: object) -> str | None:
    """Capitals and digits of an identifier, 2 to 128 of them; None for a placeholder or nothing.

    >>> parse("VAT: de 811.569-869"), parse("n/a"), parse("000-00-0000"), parse("1.23457E+11")
    ('DE811569869', None, None, None)
    """
    text = clean(value)
    if text is None or len(text) > _LONGEST or _ROUNDED.fullmatch(text):
        return None
    code = fold(_LABEL.sub("", text)).replace(" ", "").upper()
    if not 2 <= len(code) <= _LONGEST or code in _PLACEHOLDERS or _REPEATED.fullmatch(code):
        return None
    return code


def column(values: pl.Series) -> pl.Series:
    """``parse`` for each row, as text; null where there is no identifier."""
    return columns.text_column(values, parse)


def why(value: object) -> tuple[Note, ...]:
    """What was wrong with an identifier, or left out of it.

    >>> why("1.23457E+11")[0].detail
    'A spreadsheet rounded this number; its digits are lost. Export the column as text.'
    """
    text, code = clean(value), parse(value)
    if text is None:
        return (Note("blank", "There is nothing in the cell."),)
    if _ROUNDED.fullmatch(text):
        detail = "A spreadsheet rounded this number; its digits are lost. Export the column as text."
        return (Note("refused", detail),)
    if code is None:
        return (Note("refused", f"{text[:_LONGEST]!r} is a placeholder, too short or too long."),)
    return () if code == text else (Note("repaired", f"Compared as {code}."),)

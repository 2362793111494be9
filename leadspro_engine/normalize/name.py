"""A person's name: any cell -> prefix, given, middle, family names and suffix, each as it is to be shown.

The display form (``parse``) keeps the owner's script and accents; the compare form (``key``) is ASCII, lower
case, single spaces. The steps: ``name_text`` cuts the cell down to the name, ``name_order`` finds each
word's place, ``name_case`` repairs capitals, ``name_fold`` makes compare forms, ``nickname`` knows who is
called Bob.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leadspro_engine.normalize import columns
from leadspro_engine.normalize.name_case import repaired
from leadspro_engine.normalize.name_fold import fold
from leadspro_engine.normalize.name_order import (
    Split,
    given_and_middle,
    is_east_asian,
    particles_behind,
    split,
)
from leadspro_engine.normalize.name_plain import PersonName, easy, part_columns, whole_columns
from leadspro_engine.normalize.name_tables import japanese_readings
from leadspro_engine.normalize.name_text import NameText, taken_apart
from leadspro_engine.normalize.nickname import variants
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "PersonName",
    "column",
    "from_parts",
    "from_parts_column",
    "key",
    "key_column",
    "parse",
    "sorted_key",
    "variants",
    "why",
]


def parse(value: object) -> PersonName | None:
    """The name in a cell, or None when there is none; never raises.

    >>> found = parse("Dr. JAN VAN DER BERG, PhD")
    >>> found.prefix, found.given, found.family, found.suffix
    ('Dr.', 'Jan', 'van der Berg', 'PhD')
    >>> parse("Doe, Jane M.").full, parse("Jane Doe (she/her) | CEO @ Acme").family
    ('Jane M. Doe', 'Doe')
    """
    if type(value) is str and (short := easy(value)):
        return short
    found = taken_apart(value)
    return None if found is None else _assembled(found)


def from_parts(
    given: object = None,
    middle: object = None,
    family: object = None,
    *,
    prefix: object = None,
    suffix: object = None,
) -> PersonName | None:
    """The name from a source's own columns, which are believed: titles, degrees and case are mended.

    A lone ``given`` or ``family`` that holds a whole name is parsed as one.

    >>> from_parts("maria josé", None, "GARCÍA LÓPEZ").full
    'Maria José García López'
    """
    parts = [taken_apart(part) for part in (given, middle, family)]
    around = [taken_apart(part) for part in (prefix, suffix)]
    words = [[] if part is None else [*part.given_words, *part.words] for part in parts]
    if not words[1] and bool(words[0]) != bool(words[2]) and len(words[0] + words[2]) > 1:
        alone = parse(given if words[0] else family)
        if alone is not None and around == [None, None]:
            return alone
    if len(words[0]) > len(words[2]) > 0 and words[0][-len(words[2]) :] == words[2]:
        words[0] = words[0][: -len(words[2])]  # the whole name stands in the column of given names
    shown = repaired_parts(words)
    prefixes = [w for part in (around[0], *parts) if part for w in part.prefix]
    suffixes = [w for part in (*parts, around[1]) if part for w in part.suffix]
    suffixes += list(around[1].words) if around[1] else []
    east_asian = all(map(is_east_asian, (word for part in shown for word in part)))
    return _named(Split(shown[0], shown[1], shown[2], east_asian), prefixes, suffixes)


def repaired_parts(parts: Sequence[list[str]]) -> list[list[str]]:
    """The words of given, middle and family names with their case repaired, as one name."""
    flat = iter(repaired([word for part in parts for word in part]))
    return [[next(flat) for _ in part] for part in parts]


def key(text: str | None) -> str | None:
    """The compare form: ASCII, lower case, single spaces; None when no letter or digit is left.

    >>> key("José-María O’Brien"), key("👋")
    ('jose maria obrien', None)
    """
    if text is None:
        return None
    return japanese_readings().get(text) or fold(text) or None if not text.isascii() else fold(text) or None


def sorted_key(name: PersonName) -> str | None:
    """The compare forms of all its names' words, sorted, so that reversed names are equal.

    >>> sorted_key(parse("Smith, John")) == sorted_key(parse("Smith John"))
    True
    """
    words = " ".join(part for part in (name.given, name.middle, name.family) if part)
    return " ".join(sorted(fold(words).split())) or None


def column(values: pl.Series) -> pl.Series:
    """``parse`` for each row: a struct column of ``PersonName``, null where there is no name."""
    distinct, places = columns.encoded(values)
    settled, quick = whole_columns(distinct)
    rest = columns.structs(map(parse, distinct.filter(~settled)), PersonName)
    return columns.pieced(settled, quick, rest).gather(places).alias(values.name)


def key_column(values: pl.Series) -> pl.Series:
    """``key`` for each row."""
    return columns.text_column(values, key)


def from_parts_column(parts: pl.DataFrame) -> pl.Series:
    """``from_parts`` for each row of the columns given, middle, family, prefix, suffix (in this order)."""
    texts = [columns.texts_of(part) for part in parts.iter_columns()]
    settled, quick = part_columns(*texts[:3])
    alone = texts[3].is_null() & texts[4].is_null()
    quick, settled = quick.filter(alone.filter(settled)), settled & alone
    rest = columns.struct_rows(pl.DataFrame(texts).filter(~settled), _from_row, PersonName)
    return columns.pieced(settled, quick, rest)


def why(value: object) -> tuple[Note, ...]:
    """What was wrong with a cell, or ignored in it.

    >>> why("Jane Doe | CEO")[0].code
    'ignored'
    """
    if clean(value) is None:
        return (Note("blank", "There is nothing in the cell."),)
    found = taken_apart(value)
    if found is None:
        return (Note("refused", "There is no person's name in it."),)
    return tuple(Note("ignored", f"{part.strip(' |')!r} is not part of the name.") for part in found.ignored)


def _from_row(
    given: object, middle: object, family: object, prefix: object, suffix: object
) -> PersonName | None:
    return from_parts(given, middle, family, prefix=prefix, suffix=suffix)


def _assembled(found: NameText) -> PersonName | None:
    if found.given_words:
        end = len(found.given_words) - particles_behind(found.given_words)
        given, middle = given_and_middle(found.given_words[:end])
        order = Split(given, middle, [*found.given_words[end:], *found.words])
    elif found.words:
        order = split(found.words)
        if found.prefix and len(found.words) == 1:
            order = Split([], [], list(found.words))
    else:
        return None
    shown = repaired_parts([order.given, order.middle, order.family])
    return _named(
        Split(shown[0], shown[1], shown[2], order.family_first), list(found.prefix), list(found.suffix)
    )


def _named(order: Split, prefix: list[str], suffix: list[str]) -> PersonName | None:
    given, middle, family = (" ".join(words) or None for words in order[:3])
    in_order = (family, middle, given) if order.family_first else (given, middle, family)
    parts = [part for part in in_order if part]
    if not parts:
        return None
    joint = "" if order.family_first and all(map(is_east_asian, parts)) else " "
    return PersonName(
        joint.join(parts), " ".join(prefix) or None, given, middle, family, " ".join(suffix) or None
    )

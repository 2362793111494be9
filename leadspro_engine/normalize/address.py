"""Postal addresses as comparable parts: house number, street, unit, postal code. International, no geocoding.

1. Each part that has a cell of its own is taken from it; what is missing is read from the whole address.
2. Lines and commas divide an address; the part that looks most like a street is the street's, and the others
   (city, region, country) are read only for a unit and a postal code.
3. A unit is what stands behind a word for one ("Apt 4B"), before a slash in front of a number
   ("3/12 High St"), or behind ``#``.
4. The house number stands in front of the street or behind it; a range keeps its first number ("12-14"
   is 12), a letter stays ("12b").
5. The street is folded; street types and points of the compass have one spelling ("Street", "Str.",
   "-straße").

Sources: see ``tables/address_words.tsv``.
"""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING

from msgspec import Struct

from leadspro_engine.normalize import columns
from leadspro_engine.normalize.name_fold import fold
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.tables import rows
from leadspro_engine.normalize.text import clean

if TYPE_CHECKING:
    import polars as pl

_LONGEST = 300  # characters of a cell that are read
_PART = re.compile(r"[,;\n|]+")
_SLASHED_UNIT = re.compile(r"^\s*(?:unit\s+)?([0-9]{1,5}[a-z]?)\s*/\s*(?=[0-9])", re.IGNORECASE)
_HASH = re.compile(r"#\s*([0-9A-Za-z-]{1,8})\s*$")
_NUMBER = re.compile(r"([0-9]{1,6})([a-z]?)")
_LONE_NUMBER = re.compile(r"[0-9]{1,4} ?[A-Za-z]?")
_RANGE = re.compile(r"(?<![\w])([0-9]{1,6}[a-zA-Z]?)\s*[-–—/+&]\s*[0-9]{1,6}[a-zA-Z]?(?![\w])")
_POSTAL = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]"
    r"|[0-9]{4} ?[A-Z]{2}|[0-9]{5}-[0-9]{3,4}|[0-9]{3}-[0-9]{4}|[A-Z]{1,2}-[0-9]{4,5}|[0-9]{4,6})(?![\w-])"
)
_COUNTRY_BEFORE = re.compile(r"^(?:[A-Z]{1,2})-(?=[0-9]{4,5}$)")


class Address(Struct, frozen=True):
    """The comparable parts of an address.

    Attributes:
        street_number: digits, and a small letter behind them.
        street_key: ASCII, lower case, types of streets spelt one way.
        unit: flat, floor or suite without the word for it; ASCII, lower case.
        postal_code: capitals and digits, no spaces or hyphens.
    """

    street_number: str | None = None
    street_key: str | None = None
    unit: str | None = None
    postal_code: str | None = None


def parse(
    address: object = None,
    street_number: object = None,
    street: object = None,
    unit: object = None,
    postal_code: object = None,
) -> Address | None:
    """The parts of an address; None when the cells hold none.

    >>> parse("Hauptstraße 12b, 10115 Berlin")
    Address(street_number='12b', street_key='haupt st', unit=None, postal_code='10115')
    >>> parse("Unit 3/12 North High Street")
    Address(street_number='12', street_key='n high st', unit='3', postal_code=None)
    """
    whole = _text(address)
    line, rest = _street_line(_text(street) or whole or "")
    line, slashed = _taken(_SLASHED_UNIT, line)
    line, hashed = _taken(_HASH, line)
    words, own_unit = _without_unit(_words(line))
    number, words = _without_number(words)
    given_number = _number_of(_text(street_number))
    found = Address(
        given_number or number,
        _street_key(words if number or not given_number else [w for w in words if w != given_number]),
        _unit_of(_text(unit)) or own_unit or slashed or hashed or _unit_in(rest),
        postal(postal_code) or (_postal_in(whole, line) if whole else None),
    )
    return found if any((found.street_number, found.street_key, found.unit, found.postal_code)) else None


def postal(value: object) -> str | None:
    """The canonical characters of a postal code; None without one.

    >>> postal("sw1a 1aa"), postal("D-10115"), postal(94105.0), postal("94105-1234")
    ('SW1A1AA', '10115', '94105', '941051234')
    """
    text = _text(value)
    if text is None:
        return None
    code = fold(_COUNTRY_BEFORE.sub("", text.upper())).replace(" ", "").upper()
    return code if 2 <= len(code) <= 12 and any(c.isdigit() for c in code) else None


def column(
    address: pl.Series | None = None,
    street_number: pl.Series | None = None,
    street: pl.Series | None = None,
    unit: pl.Series | None = None,
    postal_code: pl.Series | None = None,
) -> pl.Series:
    """``parse`` for each row of the columns given: a struct column of ``Address``, null without any part."""
    return columns.optional_rows(
        {
            "address": address, "street_number": street_number, "street": street, "unit": unit,
            "postal_code": postal_code,
        },
        parse,
        Address,
    )  # fmt: skip


def why(
    address: object = None,
    street_number: object = None,
    street: object = None,
    unit: object = None,
    postal_code: object = None,
) -> tuple[Note, ...]:
    """What an address lacks.

    >>> [note.detail for note in why("High Street")]
    ['It has no house number.', 'It has no postal code.']
    """
    found = parse(address, street_number, street, unit, postal_code)
    if found is None:
        return (Note("blank", "The cells hold no address."),)
    lacks = {
        "It has no street.": found.street_key,
        "It has no house number.": found.street_number or found.unit,
        "It has no postal code.": found.postal_code,
    }
    return tuple(Note("unknown", detail) for detail, part in lacks.items() if part is None)


def _text(cell: object) -> str | None:
    if isinstance(cell, str) and "\n" in cell[:_LONGEST]:
        cell = cell.replace("\r", "\n").replace("\n", ", ")
    text = clean(cell)
    return None if text is None else text[:_LONGEST]


def _street_line(text: str) -> tuple[str, str]:
    """The part of an address that has the street, and the parts that have not."""
    parts = [part.strip() for part in _PART.split(text) if part.strip()]
    for i, (part, then) in enumerate(itertools.pairwise(parts)):
        number, street = (part, then) if _LONE_NUMBER.fullmatch(part) else (then, part)
        if _LONE_NUMBER.fullmatch(number) and not any(c.isdigit() for c in street):
            parts[i : i + 2] = [f"{part} {then}"]  # "12, rue de la Paix", "Via Roma, 12"
            break
    ranked = sorted(range(len(parts)), key=lambda i: (-_likeness(parts[i]), i))
    if not ranked:
        return "", ""
    return parts[ranked[0]], ", ".join(part for i, part in enumerate(parts) if i != ranked[0])


def _likeness(part: str) -> int:
    """How much a part looks like a street: a type of street, a number, and no word for a unit in front."""
    words = _words(part)
    typed = any(_table().get(("street", word)) or _ending(word) for word in words)
    numbered = any(_NUMBER.fullmatch(word) for word in (*words[:1], *words[-1:]))
    begins_unit = bool(words) and ("unit", words[0]) in _table() and len(words) <= 2
    return 2 * typed + numbered - 2 * begins_unit


def _words(line: str) -> list[str]:
    return fold(_RANGE.sub(r"\1", line)).split()


def _taken(pattern: re.Pattern[str], line: str) -> tuple[str, str | None]:
    found = pattern.search(line)
    if found is None:
        return line, None
    return f"{line[: found.start()]} {line[found.end() :]}".strip(), fold(found[1]) or None


def _without_unit(words: list[str]) -> tuple[list[str], str | None]:
    """The words without a unit's word and what follows it, and what follows it."""
    for i, word in enumerate(words[:-1]):
        told = any(c.isdigit() for c in words[i + 1]) or len(words[i + 1]) == 1
        if ("unit", word) in _table() and told:
            return words[:i] + words[i + 2 :], words[i + 1]
        pair = f"{word} {words[i + 1]}"
        if i + 2 < len(words) and ("box", pair) in _table() and words[i + 2].isdigit():
            return words[:i] + words[i + 3 :], words[i + 2]
        if ("box", word) in _table() and words[i + 1].isdigit():
            return words[:i] + words[i + 2 :], words[i + 1]
    return words, None


def _without_number(words: list[str]) -> tuple[str | None, list[str]]:
    """The house number in front or behind, and the words without it."""
    words = [word for word in words if ("number", word) not in _table()]
    for at in (0, len(words) - 1):
        if len(words) > 1 and _NUMBER.fullmatch(words[at]):
            return words[at], words[:at] + words[at + 1 :]
    if len(words) > 2 and words[-2].isdigit() and len(words[-1]) == 1 and words[-1].isalpha():
        return words[-2] + words[-1], words[:-2]
    return None, words


def _number_of(text: str | None) -> str | None:
    words = [word for word in _words(text or "") if ("number", word) not in _table()]
    return "".join(words[:2]) if words and len("".join(words[:2])) <= 12 else None


def _street_key(words: list[str]) -> str | None:
    keys = []
    for i, word in enumerate(words):
        ending = _ending(word)
        if len(words) > 1 and (known := _table().get(("street", word)) or _table().get(("direction", word))):
            keys.append("st" if word == "st" and i == 0 else known)
        elif ending:
            keys.append(f"{word[: -len(ending)]} {_table()['street', '*' + ending]}")
        else:
            keys.append(word)
    return " ".join(keys) or None


def _unit_of(text: str | None) -> str | None:
    words = [word for word in fold(text or "").split() if ("unit", word) not in _table()]
    return " ".join(words) or None


def _unit_in(rest: str) -> str | None:
    """The unit among the parts that have no street."""
    return next((unit for part in rest.split(", ") if (unit := _without_unit(_words(part))[1])), None)


def _postal_in(whole: str, line: str) -> str | None:
    """The last thing like a postal code that is not in the street's part."""
    others = whole.upper().replace(line.upper(), " , ", 1) if line else whole.upper()
    found = _POSTAL.findall(others)
    return postal(found[-1]) if found else None


def _ending(word: str) -> str:
    """The type of street that a word ends in ("hauptstrasse" -> "strasse"), or nothing."""
    return next((e for e in _endings() if word.endswith(e) and len(word) >= len(e) + 3), "")


@functools.cache
def _table() -> dict[tuple[str, str], str]:
    """Role and spelling -> key; endings of compound words keep their star."""
    return {
        (role, spelling): key
        for role, key, cell in reversed(list(rows("address_words.tsv")))
        for spelling in cell.split("; ")
    }


@functools.cache
def _endings() -> tuple[str, ...]:
    stars = [spelling[1:] for role, spelling in _table() if role == "street" and spelling.startswith("*")]
    return tuple(sorted(stars, key=lambda ending: (-len(ending), ending)))

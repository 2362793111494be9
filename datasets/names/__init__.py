"""Names of fifteen cultures, read from the tables beside this file.

``Names`` holds the tables; ``ascii_fold`` turns a Latin name into the letters of an e-mail address.
"""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from pathlib import Path
from typing import Literal

from msgspec import Struct

Culture = Literal["ar", "de", "el", "en", "es", "fr", "in", "it", "ja", "nl", "pl", "pt", "se", "uk", "zh"]
Gender = Literal["m", "f"]

_HERE = Path(__file__).parent
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "đ": "d", "ı": "i", "å": "a"}
)


class Name(Struct, frozen=True):
    """One name: in Latin letters, and in its own script where that is another one."""

    latin: str
    native: str | None = None


class Names(Struct, frozen=True):
    """The names of one culture, from frequent to rare, and the nicknames of its given names."""

    given: dict[Gender, list[Name]]
    family: dict[Gender, list[Name]]
    nicknames: dict[str, list[str]]


@cache
def names(culture: Culture) -> Names:
    """The names of one culture.

    >>> names("ja").family["f"][0]
    Name(latin='Sato', native='佐藤')
    >>> names("en").nicknames["William"]
    ['Bill', 'Will', 'Billy']
    """
    nicknames: dict[str, list[str]] = {}
    for row in _table("nicknames"):
        if row["culture"] == culture:
            nicknames.setdefault(row["name"], []).append(row["nickname"])
    return Names(
        given=_by_gender("given", culture), family=_by_gender("family", culture), nicknames=nicknames
    )


def ascii_fold(text: str) -> str:
    """A Latin name in the lower-case ASCII letters, blanks and hyphens of an e-mail address or slug.

    >>> ascii_fold("Jürgen Łukasz O'Néill")
    'juergen lukasz oneill'
    """
    lowered = text.lower().translate(_LETTERS)
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(mark))
    return "".join(mark for mark in bare if mark.isascii() and (mark.isalnum() or mark in " -"))


def _by_gender(table: str, culture: Culture) -> dict[Gender, list[Name]]:
    """The names of one table and culture, for each gender; a name without gender serves both."""
    rows = [row for row in _table(table) if row["culture"] == culture]
    return {
        gender: [Name(row["name"], row["native"] or None) for row in rows if row["gender"] in {"", gender}]
        for gender in ("m", "f")
    }


@cache
def _table(name: str) -> list[dict[str, str]]:
    """All rows of one of the tables beside this file."""
    with (_HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

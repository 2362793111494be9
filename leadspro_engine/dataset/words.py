"""The words of a text as search compares them, in Python and in SQL.

Two texts that differ in case, accents, ligatures or punctuation have the same words. The two forms agree on
every character (tested over all of Unicode), so a query folded here finds a column folded there.

1. accents and other marks go (``É`` -> ``E``), 2. lower case, one character at a time, 3. letters that carry
their mark inside go to the plain ones (``ø`` -> ``o``, ``ß`` -> ``ss``), 4. everything that is not a letter,
a digit, ``+`` or ``#`` separates words (so that C++ and C# stay words).
"""

from __future__ import annotations

import re
import unicodedata

_ONE_LETTER = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ς": "σ"}
_LIGATURES = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_PLAIN = str.maketrans({**_ONE_LETTER, **_LIGATURES})
_KEPT_SIGNS = "+#"
_ASCII_WORD = re.compile(f"[a-z0-9{_KEPT_SIGNS}]+")

STOP_WORDS = frozenset(
    {"a", "an", "and", "at", "de", "des", "du", "for", "in", "la", "of", "the", "to", "und"}
)
"""Words of a title that carry no meaning: never asked for, unless nothing else is left."""


def fold(text: str) -> str:
    """The text without case, accents and ligatures.

    >>> fold("Straße São Paulo, ŁÓDŹ")
    'strasse sao paulo, lodz'
    """
    if text.isascii():
        return text.lower()
    bare = "".join(
        c for c in unicodedata.normalize("NFD", text) if not unicodedata.category(c).startswith("M")
    )
    return "".join(c.lower() for c in unicodedata.normalize("NFC", bare)).translate(_PLAIN)


def words(text: str) -> list[str]:
    """The folded words of a text, in order.

    >>> words("Sr. Développeur (C++ / R&D)")
    ['sr', 'developpeur', 'c++', 'r', 'd']
    """
    folded = fold(text)
    if folded.isascii():
        return _ASCII_WORD.findall(folded)
    return "".join(c if _in_a_word(c) else " " for c in folded).split()


def fold_sql(expression: str) -> str:
    """An SQL expression whose value is ``fold`` of the value of ``expression``; null stays null.

    A text with as many bytes as characters is ASCII, of which only the case matters.
    """
    marked, plain = "".join(_ONE_LETTER), "".join(_ONE_LETTER.values())
    letters = f"translate(lower(strip_accents({expression})), '{marked}', '{plain}')"
    for ligature, letters_of_it in _LIGATURES.items():
        letters = f"replace({letters}, '{ligature}', '{letters_of_it}')"
    return (
        f"case when strlen({expression}) = length({expression}) then lower({expression}) else {letters} end"
    )


def words_sql(expression: str) -> str:
    """An SQL expression: the words of the value of ``expression``, each with one blank before and behind it.

    ``contains(words_sql(x), ' revenue ')`` asks for a word.
    """
    return (
        f"' ' || regexp_replace({fold_sql(expression)}, '[^\\p{{L}}\\p{{N}}{_KEPT_SIGNS}]+', ' ', 'g') || ' '"
    )


def _in_a_word(char: str) -> bool:
    """Whether a folded character belongs to a word."""
    return unicodedata.category(char)[0] in "LN" or char in _KEPT_SIGNS

"""The display form of a title: capitals where it has none, or nothing else."""

from __future__ import annotations

import re

from leadspro_engine.normalize.title_tables import spellings

_NO_LETTERS = re.compile(r"^[\W_]+|[\W_]+$")
_PIECES = re.compile(r"([-/])")


def tidied(text: str) -> str:
    """A title in one case written anew; any other as its holder writes it.

    >>> tidied("HEAD OF IT/SECURITY"), tidied("iOS developer")
    ('Head of IT/Security', 'iOS developer')
    """
    if not (text.isupper() or text.islower()):
        return text
    return " ".join(_word(word, first=i == 0) for i, word in enumerate(text.lower().split(" ")))


def capitalized(text: str) -> str:
    """The text with its first letter as a capital, if that is one letter ("ß" is not: it would be "SS").

    >>> capitalized("sales"), capitalized("ßx")
    ('Sales', 'ßx')
    """
    capital = text[:1].upper()
    return capital + text[1:] if len(capital) == 1 else text


def _word(word: str, *, first: bool) -> str:
    core = _NO_LETTERS.sub("", word)
    shown = spellings().get(core)
    if shown is None or (first and shown.islower()):
        shown = "".join(spellings().get(piece, capitalized(piece)) for piece in _PIECES.split(core))
    return word.replace(core, shown, 1) if core else word

"""The display form of a name's words: case repaired where the whole name, or a word of it, came in one case.

1. A name in capitals or in small letters throughout is written anew: ``MCDONALD`` -> ``McDonald``,
   ``o'brien`` -> ``O'Brien``, ``VAN DER BERG`` -> ``van der Berg``.
2. In a name of mixed case each word is kept as its owner wrote it (``LeBron``, ``de Souza``), except that
   a word of three or more capitals among words of mixed case is written anew (``Jean DUPONT``), and
   one in small letters is given its capital unless it is a particle.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from leadspro_engine.normalize.name_fold import fold_word
from leadspro_engine.normalize.name_tables import bare, names, words

if TYPE_CHECKING:
    from collections.abc import Sequence

_PIECES = re.compile(r"([-'/])")
_VOWELS = frozenset("aeiouy")
_TURKISH = frozenset("İıŞşĞğ")
_ONE_LETTER_LEADS = ("d", "o", "l", "n", "m")


def repaired(tokens: Sequence[str]) -> list[str]:
    """The words of one name, each in the case it is shown in.

    >>> repaired(["JAN", "VAN", "DER", "BERG"]), repaired(["Jean", "DUPONT"])
    (['Jan', 'van', 'der', 'Berg'], ['Jean', 'Dupont'])
    """
    cased = [token for token in tokens if token.upper() != token.lower()]
    long = [token for token in cased if len(bare(token)) > 1] or cased
    one_case = all(t.isupper() for t in long) or all(t.islower() for t in long)
    if not one_case:
        return [_kept(token, first=i == 0) for i, token in enumerate(tokens)]
    turkish = not _TURKISH.isdisjoint("".join(tokens))
    last = len(tokens) - 1
    return [
        _particle(token)
        if 0 < i < last and bare(token) in known_particles()
        else capitalized(token, turkish=turkish)
        for i, token in enumerate(tokens)
    ]


def _kept(token: str, *, first: bool) -> str:
    """A word of a name of mixed case: as it stands, unless it alone is in one case."""
    if token.islower():
        return token if bare(token) in known_particles() else capitalized(token)
    if not token.isupper() or "." in token:
        return token
    letters = sum(map(str.isalpha, token))
    if letters == 2 and not first and bare(token) in known_particles():
        return _particle(token)
    initials = _VOWELS.isdisjoint(fold_word(token)) or letters < 2 or (letters == 2 and first)
    return token if initials else capitalized(token)


def _particle(token: str) -> str:
    return known_particles()[bare(token)]


@functools.cache
def known_particles() -> dict[str, str]:
    """Every particle -> how it is shown in a name that came in one case."""
    return {**words("particle_low"), **words("and"), **words("particle")}


def capitalized(word: str, *, turkish: bool = False) -> str:
    """One word with the capitals its owner would write; in Turkish, ``I`` is the capital of ``ı``.

    >>> [capitalized(word) for word in ("MCDONALD", "o'brien", "jean-pierre", "MACKENZIE", "macias", "İLKER")]
    ['McDonald', "O'Brien", 'Jean-Pierre', 'MacKenzie', 'Macias', 'İlker']
    """
    pieces = _PIECES.split(word.replace("I", "ı") if turkish else word)
    shown = "".join(
        piece if i % 2 else _piece(piece, before=pieces[max(i - 2, 0) : i]) for i, piece in enumerate(pieces)
    )
    return f"İ{shown[1:]}" if turkish and word[0] == "i" else shown


def _piece(piece: str, *, before: Sequence[str]) -> str:
    """A word's piece; ``before`` is the piece in front of it and what joins the two, if there is one."""
    small = piece.lower().replace("i\u0307", "i")
    if before and before[1] == "'" and before[0].lower() not in _ONE_LETTER_LEADS:
        return small
    if small.startswith("mac") and (mac := names("mac").get(fold_word(small))):
        return mac
    if small.startswith("mc") and len(small) > 3:
        return "Mc" + small[2].upper() + small[3:]
    return piece[:1].title() + small[1:]

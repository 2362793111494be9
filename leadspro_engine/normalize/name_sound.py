"""The sound of a name's word: one spelling for the ways in which one sound is romanized.

``Muhammad`` and ``Mohamad`` sound alike; so do ``Sergey`` and ``Sergej``, ``Hussein`` and ``Husayn``,
``Wladimir`` and ``Vladimir``. For comparing only: the result is no spelling of anything.

Source: the letters are those on which the romanizations of Arabic, Persian, Russian, Chinese and Hebrew
differ (ALA-LC, BGN/PCGN, ISO 9, UNGEGN, Pinyin and Wade-Giles), and German, French, Polish and English spell
one sound differently.
"""

from __future__ import annotations

import functools
import re

_SPELLINGS = {
    "c": ("tsch", "tch", "cz", "ch"),
    "s": ("sch", "sh", "x"),
    "j": ("dzh", "dj"),
    "z": ("zh", "ts", "tz"),
    "h": ("kh",),
    "g": ("gh",),
    "f": ("ph",),
    "t": ("th",),
    "d": ("dh",),
    "b": ("bh",),
    "k": ("ck", "q"),
    "v": ("w",),
    "o": ("ou", "oo", "u"),
    "i": ("ay", "ai", "aj", "ey", "ei", "ej", "ee", "ie", "iy", "ij", "y", "e"),
}
_SOUND = {spelling: letter for letter, spellings in _SPELLINGS.items() for spelling in spellings}
_DOUBLED = re.compile(r"(.)\1+")
_ALTERNATIVES = re.compile("|".join(sorted(_SOUND, key=len, reverse=True)))
_VOWELS = str.maketrans("", "", "aeiou")


@functools.lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """The sound of one folded word.

    >>> sound("mohammed"), sound("muhamad"), sound("sergej"), sound("sergei")
    ('mohamid', 'mohamad', 'sirgi', 'sirgi')
    """
    return _DOUBLED.sub(r"\1", _ALTERNATIVES.sub(lambda found: _SOUND[found.group()], word))


@functools.lru_cache(maxsize=65_536)
def consonants(word: str) -> str:
    """The consonants of a word's sound, for scripts that write no vowels.

    >>> consonants("muhammad") == consonants("mhmd")
    True
    """
    return sound(word).translate(_VOWELS)

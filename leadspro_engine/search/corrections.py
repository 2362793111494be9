"""Misspelt words of a job title that is searched for: what was meant is searched for as well.

A word is taken for a slip when it has four letters or more, the packaged tables of titles do not know it, and
the titles of the snapshot have a word one slip away (``slips``) that is ``RARER`` times as common. Of several
such words the commonest is meant, of equally common ones the first in the alphabet. Real words that happen to
look alike ("lead" and "head") are common or known, so they never stand for each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from leadspro_engine.dataset.words import words
from leadspro_engine.search.plain_titles import known_word

if TYPE_CHECKING:
    from collections.abc import Iterable

RARER = 100
_LEAST = 4


class TitleWords(Protocol):
    """The words of the job titles of a snapshot."""

    def number(self, word: str) -> int:
        """How many people have a title with this word."""

    def near(self, word: str) -> Iterable[str]:
        """The words one slip away."""


def corrected(text: str, titles: TitleWords) -> str:
    """The words of a title, each that was misspelt replaced by the one that was meant."""
    return " ".join(_meant(word, titles) for word in words(text))


def _meant(word: str, titles: TitleWords) -> str:
    """The word that was meant; the word itself when it is no slip."""
    if len(word) < _LEAST or not word.isalpha() or known_word(word):
        return word
    common = ((-titles.number(near), near) for near in titles.near(word))
    number, meant = min(common, default=(0, word))
    return meant if -number >= RARER * titles.number(word) else word

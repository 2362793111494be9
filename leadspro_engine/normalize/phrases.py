"""Phrases found in the words of a cell: the longest phrase first, each word used once.

A table of phrases may end a phrase with ``*`` (every word that begins so) or begin a word with it (every
word that ends so), because German and Dutch write their compounds in one word and most languages bend their
words. An exact phrase is preferred to a beginning, and that to an ending; a longer one to a shorter.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORDS_REMEMBERED = 16_384
_LONGEST_WORD = 40  # letters of a word that are compared; no phrase has a longer one
T = TypeVar("T")


class Found(NamedTuple, Generic[T]):
    """A phrase in a text: what it stands for, and the words it takes (``start`` up to ``end``)."""

    meaning: T
    start: int
    end: int


class Phrases(Generic[T]):
    """A table of phrases and what each stands for; of two equal phrases the first counts."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._exact: dict[str, T] = {}
        self._beginnings: dict[str, T] = {}
        self._endings: dict[str, T] = {}
        for phrase, meaning in entries:
            if phrase.endswith("*"):
                self._beginnings.setdefault(phrase[:-1], meaning)
            elif phrase.startswith("*"):
                self._endings.setdefault(phrase[1:], meaning)
            else:
                self._exact.setdefault(phrase, meaning)
        self._reach: dict[str, int] = {}  # the first word of a phrase of several -> words of the longest
        for phrase in (*self._exact, *self._beginnings):
            first, *behind = phrase.split(" ")
            if behind:
                self._reach[first] = max(self._reach.get(first, 0), len(behind) + 1)
        self._word = functools.lru_cache(maxsize=_WORDS_REMEMBERED)(self._meaning)

    def find(self, words: Sequence[str]) -> list[Found[T]]:
        """The phrases in these words, from left to right, none overlapping another.

        >>> Phrases([("sales", 1), ("sales engineer*", 2)]).find(["sales", "engineering"])
        [Found(meaning=2, start=0, end=2)]
        """
        found: list[Found[T]] = []
        start = 0
        while start < len(words):
            hit = self._longest_at(words, start)
            if hit is not None:
                found.append(hit)
            start = start + 1 if hit is None else hit.end
        return found

    def _longest_at(self, words: Sequence[str], start: int) -> Found[T] | None:
        word = words[start]
        for end in range(min(start + self._reach.get(word, 1), len(words)), start + 1, -1):
            meaning = self._meaning(" ".join(words[start:end]), end - start)
            if meaning is not None:
                return Found(meaning, start, end)
        meaning = self._word(word)
        return None if meaning is None else Found(meaning, start, start + 1)

    def _meaning(self, text: str, words: int = 1) -> T | None:
        if text in self._exact:
            return self._exact[text]
        shortest = text.rfind(" ") + 2  # a beginning has a letter of the last word at least
        for length in range(min(len(text), words * _LONGEST_WORD), shortest, -1):
            if text[:length] in self._beginnings:
                return self._beginnings[text[:length]]
        if words > 1:
            return None
        for first in range(max(1, len(text) - _LONGEST_WORD), len(text) - 2):
            if text[first:] in self._endings:
                return self._endings[text[first:]]
        return None

"""The ledger of the demo: nobody gets the address, number or slug of somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasets.demo.values import Number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from datasets.places import Line


class Ledger:
    """Texts that may be given out once only: addresses, numbers, slugs, domains."""

    def __init__(self, taken: Sequence[str] = ()) -> None:
        self._taken = set(taken)

    def claim(self, stem: str, ending: str = "") -> str:
        """``stem + ending``, with the lowest number between them that makes it new."""
        for number in range(1, 1000):
            text = f"{stem}{number if number > 1 else ''}{ending}"
            if text not in self._taken:
                self._taken.add(text)
                return text
        raise ValueError(f"more than 999 claims of {stem}{ending}; widen the vocabulary")

    def first(self, text: str) -> bool:
        """Whether nobody had this text before; now somebody has."""
        new = text not in self._taken
        self._taken.add(text)
        return new

    def coin(self, random: Random, first: Sequence[str], second: Sequence[str]) -> str:
        """A word of one part of each list that nobody has yet."""
        for _ in range(1000):
            word = random.choice(first) + random.choice(second)
            if word not in self._taken:
                self._taken.add(word)
                return word
        raise ValueError("every pair of words is taken; widen the vocabulary")

    def number(self, random: Random, line: Line, area: str) -> Number:
        """A number of the block that nobody has yet."""
        for _ in range(1000):
            digits = [str(random.randrange(10)) for _ in range(line.international.count("#"))]
            drawn = _dial(line.international, area, digits)
            if drawn not in self._taken:
                self._taken.add(drawn)
                return Number(drawn, _dial(line.national, area, digits))
        raise ValueError(f"the block {line.international} of area {area} is used up; add a city or a block")


def _dial(pattern: str, area: str, digits: Sequence[str]) -> str:
    """The pattern with the area code and the digits in their places."""
    left = iter(digits)
    return "".join(next(left) if mark == "#" else area if mark == "@" else mark for mark in pattern)

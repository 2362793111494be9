"""Random draws as a function of seed, name and row: the same in any order, on any number of threads.

A counter-based generator: the key of a row goes through the finalizer of SplitMix64, the name of the draw
through half of it again. Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators",
2014.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAMMA = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_ALL = 2**64 - 1


class Dice(Struct, frozen=True):
    """Draws for each row of a frame that holds the column of ``shaken`` for this seed and key."""

    seed: int
    key: str

    def shaken(self) -> pl.Expr:
        """The column that all draws are made from: the key of each row, mixed once with the seed."""
        start = pl.lit(_word(f"{self.seed} {self.key}"), pl.UInt64)
        return _finalized(pl.col(self.key) * pl.lit(_GAMMA, pl.UInt64) + start).alias(self._column)

    def roll(self, name: str) -> pl.Expr:
        """An unsigned integer below 2**32 for each row, uniform; ``name`` tells one draw from another."""
        state = (pl.col(self._column) ^ pl.lit(_word(name), pl.UInt64)) * pl.lit(_FIRST, pl.UInt64)
        return (state ^ (state // 2**32)) * pl.lit(_SECOND, pl.UInt64) // 2**32

    @property
    def _column(self) -> str:
        """The name of the column of ``shaken``."""
        return f"{self.key} shaken"

    def chance(self, name: str, share: float) -> pl.Expr:
        """True for that share of the rows, in steps of 2**-32."""
        return self.roll(name) < pl.lit(round(share * 2**32), pl.UInt64)

    def fraction(self, name: str) -> pl.Expr:
        """A float in [0, 1) for each row, in steps of 2**-32."""
        return self.roll(name).cast(pl.Float64) / 2**32

    def below(self, name: str, bound: int | pl.Expr) -> pl.Expr:
        """An unsigned integer below the bound, which may be a column and is far below 2**32, for each row."""
        factor = pl.lit(bound, pl.UInt64) if isinstance(bound, int) else bound.cast(pl.UInt64)
        return self.roll(name) * factor // 2**32

    def one_of(self, name: str, choices: Sequence[str | None]) -> pl.Expr:
        """One of the texts for each row, all equally likely."""
        return gathered(choices, self.below(name, len(choices)))

    def weighted(self, name: str, weights: Sequence[int]) -> pl.Expr:
        """The place of one of the weights for each row, each as likely as its weight."""
        places = [place for place, weight in enumerate(weights) for _ in range(weight)]
        return pl.lit(pl.Series(places, dtype=pl.UInt32)).gather(self.below(name, len(places)))


def gathered(values: Sequence[str | None] | pl.Series, places: pl.Expr) -> pl.Expr:
    """The value at each place."""
    series = values if isinstance(values, pl.Series) else pl.Series(values, dtype=pl.String)
    return pl.lit(series).gather(places)


def scrambled(key: pl.Expr, size: int | pl.Expr, use: int = 0) -> pl.Expr:
    """A one-to-one shuffle of the integers below ``size``; keys from ``size`` on come around again.

    ``size``, which may be a column, must be at most 10**9. Different uses (0 to 5) give different shuffles.
    """
    return (key % size * _PRIMES[use] + 12_345) % size


_PRIMES = (2_654_435_761, 2_246_822_519, 3_266_489_917, 1_610_612_741, 3_037_000_493, 4_093_082_899)


def _word(text: str) -> int:
    """64 bits that stand for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def _finalized(state: pl.Expr) -> pl.Expr:
    """The output function of SplitMix64."""
    state = (state ^ (state // 2**30)) * pl.lit(_FIRST, pl.UInt64)
    state = (state ^ (state // 2**27)) * pl.lit(_SECOND, pl.UInt64)
    return state ^ (state // 2**31)


def rolled_slowly(seed: int, key: str, value: int, name: str) -> int:
    """One roll of one row in Python integers: the obvious form that the column form is tested against."""
    state = (value * _GAMMA + _word(f"{seed} {key}")) & _ALL
    state = (state ^ (state >> 30)) * _FIRST & _ALL
    state = (state ^ (state >> 27)) * _SECOND & _ALL
    state ^= state >> 31
    state = (state ^ _word(name)) * _FIRST & _ALL
    return ((state ^ (state >> 32)) * _SECOND & _ALL) >> 32

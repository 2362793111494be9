"""Patterns of levels with the number of pairs that show each, and what can be read off them.

A *pattern* is one row: ``level_<field>`` of each comparison (-1 where it says nothing) and ``pairs``.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from leadspro_engine.compare import LevelWeight

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadspro_engine.compare import Comparison

Levels = dict[str, tuple[LevelWeight, ...]]
"""The levels of each field, ``differs`` last."""


def mass_of(weighted: pl.DataFrame, field: str) -> Mapping[int, float]:
    """The summed weight of each level of a field, missing values left out."""
    column = f"level_{field}"
    sums = (
        weighted.filter(pl.col(column) >= 0).group_by(column, maintain_order=True).agg(pl.col("weight").sum())
    )
    return dict(sums.iter_rows())


def with_bits(patterns: pl.DataFrame, levels: Levels, comparisons: Sequence[Comparison]) -> pl.DataFrame:
    """Patterns with ``bits``: the evidence of their levels without a prior."""
    parts = [bits_of(one, levels[one.field], patterns) for one in comparisons]
    return patterns.with_columns(bits=pl.sum_horizontal(pl.lit(0.0), *parts))


def bits_of(one: Comparison, levels: Sequence[LevelWeight], patterns: pl.DataFrame) -> pl.Expr:
    """The evidence of one comparison; by the frequency of the value where patterns tell ``share_<field>``."""
    level, share = pl.col(f"level_{one.field}"), f"share_{one.field}"
    bits = level.replace_strict(
        {-1: 0.0, **{number: weight.bits for number, weight in enumerate(levels)}}, return_dtype=pl.Float64
    )
    if share not in patterns.columns:
        return bits
    for number, weight in enumerate(levels):
        if one.frequency_column(number) is not None:
            known = (pl.col(share).clip(lower_bound=weight.rarest).pow(weight.power) * weight.lift).clip(
                upper_bound=1.0
            )
            at = msgspec.structs.replace(weight, lift=1.0).bits_at(1.0) - known.log(2)
            bits = pl.when((level == number) & pl.col(share).is_not_null()).then(at).otherwise(bits)
    return bits


def probability_of(bits: pl.Expr) -> pl.Expr:
    """Log2 odds as a probability."""
    return 1 / (1 + pl.lit(2.0).pow(-bits.clip(-60, 60)))


def log_odds(rate: float) -> float:
    """A probability as log2 odds."""
    return log2(rate / (1 - rate))

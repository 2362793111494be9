"""Patterns of levels with the number of pairs that show each, and what can be read off them.

A *pattern* is one row: ``level_<field>`` of each comparison (-1 where it says nothing) and ``pairs``.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

import polars as pl

from leadspro_engine.compare import LevelWeight

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Levels = dict[str, tuple[LevelWeight, ...]]
"""The levels of each field, ``differs`` last."""


def mass_of(weighted: pl.DataFrame, field: str) -> Mapping[int, float]:
    """The summed weight of each level of a field, missing values left out."""
    column = f"level_{field}"
    sums = (
        weighted.filter(pl.col(column) >= 0).group_by(column, maintain_order=True).agg(pl.col("weight").sum())
    )
    return dict(sums.iter_rows())


def with_bits(patterns: pl.DataFrame, levels: Levels, fields: Sequence[str]) -> pl.DataFrame:
    """Patterns with ``bits``: the evidence of their levels, without a prior and without value frequencies."""
    parts = [
        pl.col(f"level_{field}").replace_strict(
            {-1: 0.0, **{number: level.bits for number, level in enumerate(levels[field])}},
            return_dtype=pl.Float64,
        )
        for field in fields
    ]
    return patterns.with_columns(bits=pl.sum_horizontal(pl.lit(0.0), *parts))


def probability_of(bits: pl.Expr) -> pl.Expr:
    """Log2 odds as a probability."""
    return 1 / (1 + pl.lit(2.0).pow(-bits.clip(-60, 60)))


def log_odds(rate: float) -> float:
    """A probability as log2 odds."""
    return log2(rate / (1 - rate))

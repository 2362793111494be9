"""Telephone numbers, one for each person and one for each company, and the ways in which people write them.

The reserved blocks of the demo are far too small for millions of people: these are ordinary valid numbers,
drawn blindly. **Never dial them.**
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from datasets.synthetic.dice import Dice, gathered, scrambled
from datasets.synthetic.tables import by_country, number_plan


def national_number(key: pl.Expr, country: pl.Expr, block: Literal["direct", "office"]) -> pl.Expr:
    """The national number that belongs to each key: prefix and seven digits, no two alike in a country.

    A block holds at least seven million numbers times its prefixes; keys beyond that share a number.
    """
    rows = number_plan()
    prefixes = by_country([row[block].split("|") for row in rows])
    spans = pl.Series([int(row["highest"]) - int(row["lowest"]) + 1 for row in rows], dtype=pl.UInt64)
    lowest = pl.Series([int(row["lowest"]) for row in rows], dtype=pl.UInt64)
    span = gathered(spans, country)
    drawn = scrambled(key, gathered(spans * prefixes.size, country))
    prefix = gathered(prefixes.values, gathered(prefixes.first, country) + drawn // span)
    return pl.concat_str(prefix, (drawn % span + gathered(lowest, country)).cast(pl.String))


def written(dice: Dice, name: str, number: pl.Expr, country: pl.Expr, *, national: pl.Expr) -> pl.Expr:
    """The number as people write it: in national form where asked for, else in an international one."""
    code = gathered([row["calling_code"] for row in number_plan()], country)
    trunk = gathered([row["trunk"] for row in number_plan()], country)
    form = dice.below(name, 4)
    american, spaced = national & (code == "1"), national | (form == 2)
    start = (
        pl.when(american).then(pl.lit("("))
        .when(national).then(trunk)
        .when(form == 2).then(pl.concat_str(pl.lit("+"), code, pl.lit(" ")))
        .when(form == 3).then(pl.concat_str(pl.lit("00"), code))
        .otherwise(pl.concat_str(pl.lit("+"), code))
    )  # fmt: skip
    gap = pl.when(american).then(pl.lit(") ")).when(spaced).then(pl.lit(" ")).otherwise(pl.lit(""))
    second = pl.when(american).then(pl.lit("-")).when(form == 2).then(gap).otherwise(pl.lit(""))
    return pl.concat_str(
        start, number.str.slice(0, 3), gap, number.str.slice(3, 3), second, number.str.slice(6)
    )

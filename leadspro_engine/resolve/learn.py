"""Learning the weights of a model from the data, without labels.

1. u, the chance agreement, is measured on random pairs. In a small table random pairs contain matches, so
   each counts with the probability that it is none.
2. m, the agreement of true pairs, is learned by expectation maximization on the counts of level patterns
   of the candidate pairs. A pair that a blocking rule produced teaches nothing about the fields on which
   that rule makes pairs agree; each rule has a match rate of its own and all rules share one m.
3. The match rate of the whole table is the fixed point at which the candidates' match probabilities sum to
   it; it shrinks by itself as a table grows.
4. The threshold is the probability at which the model's own expected F1 is greatest.

Every estimate starts from the priors of the comparison table and is held near them where the data has
little to say, so that tables too small to learn from use the priors.

Source: Fellegi and Sunter, "A Theory for Record Linkage" (1969); Winkler, "Using the EM algorithm for
weight computation in the Fellegi-Sunter model" (1988).
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from leadspro_engine.compare import LevelWeight, Weights, shipped_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadspro_engine.compare import Comparison, Model
    from leadspro_engine.resolve.blocking import Blocking

ROUNDS = 12
"""Rounds of expectation maximization."""

PRIOR_PAIRS = 30.0
"""The priors of m count as much as this many observed true pairs."""

Levels = dict[str, tuple[LevelWeight, ...]]


def learn(  # noqa: PLR0913 - the parts of one resolution, each with a name
    model: Model,
    comparisons: Sequence[Comparison],
    blocking: Blocking,
    *,
    candidates: pl.DataFrame,
    random: pl.DataFrame,
    records: int,
) -> Weights:
    """The weights that explain the patterns best.

    Args:
        model: the comparison model, which holds the priors.
        comparisons: those of its comparisons that have values in this table.
        blocking: the rules whose numbers the bit sets in ``candidates.rules`` refer to.
        candidates: a row a pattern of candidate pairs: ``rules``, ``level_<field>``…, ``pairs`` (how many).
        random: the same for random pairs, without ``rules``.
        records: how many records the table has.
    """
    priors = shipped_weights(model, records=records)
    fields = [one.field for one in comparisons]
    expanded = _by_rule(candidates, blocking, fields)
    levels: Levels = dict(priors.fields)
    match_rate = priors.match_rate
    for step in range(ROUNDS):
        if step in (0, ROUNDS // 3, 2 * ROUNDS // 3):
            levels = _measure_u(random, levels, priors, fields=fields, match_rate=match_rate)
        expanded, levels = _maximize(expanded, levels, priors, fields=fields)
        match_rate = solve_match_rate(_with_bits(candidates, levels, fields), records)
    return msgspec.structs.replace(priors, fields=levels, match_rate=match_rate, learned="learned")


def solve_match_rate(scored: pl.DataFrame, records: int) -> float:
    """The match rate at which the candidates' match probabilities sum to the matches it predicts.

    Args:
        scored: columns ``bits`` (evidence without a prior, log2) and ``pairs`` (their number).
        records: size of the table, of which all ``n (n - 1) / 2`` pairs count.
    """
    possible = max(records * (records - 1) / 2, 1.0)
    rate = 1 / max(records, 2)
    for _ in range(30):
        expected = scored.select(
            (_probability(pl.col("bits") + _log_odds(rate)) * pl.col("pairs")).sum()
        ).item()
        rate = min(max(float(expected or 0.0) / possible, 0.2 / possible), 0.5)
    return rate


def best_threshold(scored: pl.DataFrame) -> float:
    """The match probability from which on pairs should be accepted so that the expected F1 is greatest.

    Args:
        scored: columns ``bits`` (score with the prior, log2 odds) and ``pairs``.
    """
    ranked = (
        scored.with_columns(p=_probability(pl.col("bits")))
        .sort("p", descending=True)
        .with_columns(
            hits=(pl.col("p") * pl.col("pairs")).cum_sum(),
            accepted=pl.col("pairs").cum_sum(),
        )
    )
    if ranked.is_empty():
        return 0.5
    everything = ranked["hits"][-1]
    f1 = 2 * ranked["hits"] / (ranked["accepted"] + everything)
    return float(min(max(ranked["p"][int(f1.arg_max() or 0)], 0.05), 0.99))


def _by_rule(candidates: pl.DataFrame, blocking: Blocking, fields: Sequence[str]) -> pl.DataFrame:
    """Patterns once for each rule that produced them, levels of the rule's own fields set to "missing"."""
    frames = []
    for number, rule in enumerate(blocking.rules):
        part = candidates.filter((pl.col("rules").cast(pl.Int64) & (1 << number)) != 0)
        own = [pl.lit(-1, pl.Int8).alias(f"level_{field}") for field in rule.fields if field in fields]
        frames.append(part.with_columns(own, rule=pl.lit(number), p=pl.lit(0.0)))
    columns = [f"level_{field}" for field in fields]
    joined = pl.concat(frames).group_by([*columns, "rule"]).agg(pl.col("pairs").sum())
    return joined.sort([*columns, "rule"]).with_columns(rate=pl.lit(0.2))


def _maximize(
    patterns: pl.DataFrame, levels: Levels, priors: Weights, *, fields: Sequence[str]
) -> tuple[pl.DataFrame, Levels]:
    """One round of expectation maximization: match rates of the rules and m of the levels."""
    scored = _with_bits(patterns, levels, fields)
    odds = (pl.col("rate") / (1 - pl.col("rate"))).log(2)
    scored = scored.with_columns(p=_probability(pl.col("bits") + odds))
    rate = (pl.col("p") * pl.col("pairs")).sum().over("rule") / pl.col("pairs").sum().over("rule")
    scored = scored.with_columns(rate=rate.clip(1e-6, 1 - 1e-6))
    learned = dict(levels)
    for field in fields:
        mass = _mass(scored.with_columns(weight=pl.col("p") * pl.col("pairs")), field)
        total = sum(mass.get(number, 0.0) for number in range(len(levels[field]))) + PRIOR_PAIRS
        learned[field] = tuple(
            msgspec.structs.replace(level, m=(mass.get(number, 0.0) + PRIOR_PAIRS * prior.m) / total)
            for number, (level, prior) in enumerate(zip(levels[field], priors.fields[field], strict=True))
        )
    return scored.drop("bits"), learned


def _measure_u(
    random: pl.DataFrame, levels: Levels, priors: Weights, *, fields: Sequence[str], match_rate: float
) -> Levels:
    """Chance agreement from random pairs, each counted with the probability that it is no match.

    A level that was expected once in ``1 / u`` pairs starts with one imagined pair in that many, so that what
    too few pairs can show stays near its prior.
    """
    scored = _with_bits(random, levels, fields)
    no_match = 1 - _probability(pl.col("bits") + _log_odds(match_rate))
    weighted = scored.with_columns(weight=no_match * pl.col("pairs"))
    measured = dict(levels)
    for field in fields:
        mass = _mass(weighted, field)
        seen = sum(mass.get(number, 0.0) for number in range(len(levels[field])))
        raw = [
            (mass.get(number, 0.0) + 1.0) / (seen + 1.0 / prior.u)
            for number, prior in enumerate(priors.fields[field])
        ]
        measured[field] = tuple(
            msgspec.structs.replace(level, u=u / sum(raw))
            for level, u in zip(levels[field], raw, strict=True)
        )
    return measured


def _mass(weighted: pl.DataFrame, field: str) -> Mapping[int, float]:
    """The summed weight of each level of a field, missing values left out."""
    column = f"level_{field}"
    sums = (
        weighted.filter(pl.col(column) >= 0).group_by(column, maintain_order=True).agg(pl.col("weight").sum())
    )
    return dict(sums.iter_rows())


def _with_bits(patterns: pl.DataFrame, levels: Levels, fields: Sequence[str]) -> pl.DataFrame:
    """Patterns with ``bits``: the evidence of their levels, without a prior and without value frequencies."""
    parts = [
        pl.col(f"level_{field}").replace_strict(
            {-1: 0.0, **{number: level.bits for number, level in enumerate(levels[field])}},
            return_dtype=pl.Float64,
        )
        for field in fields
    ]
    return patterns.with_columns(bits=pl.sum_horizontal(pl.lit(0.0), *parts))


def _probability(bits: pl.Expr) -> pl.Expr:
    """Log2 odds as a probability."""
    return 1 / (1 + pl.lit(2.0).pow(-bits.clip(-60, 60)))


def _log_odds(rate: float) -> float:
    """A probability as log2 odds."""
    return log2(rate / (1 - rate))

"""Learning the weights of a model from the data, without labels.

1. u, the chance agreement, is measured on random pairs, and on pairs that share a value (``chance``).
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

from typing import TYPE_CHECKING

import msgspec
import polars as pl

from leadspro_engine.compare import Weights, shipped_weights
from leadspro_engine.resolve.chance import measure_u, with_rates
from leadspro_engine.resolve.patterns import Levels, log_odds, mass_of, probability_of, with_bits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadspro_engine.compare import Comparison, Model
    from leadspro_engine.resolve.blocking import Blocking
    from leadspro_engine.resolve.rarity import Rarity

ROUNDS = 12
"""Rounds of expectation maximization."""

PRIOR_PAIRS = 30.0
"""The priors of m count as much as this many observed true pairs."""

PRIOR_SHARE = 0.15
"""The priors of m count as much as this share of what the data says (weighted geometric mean), however much
data there is: easy pairs, which teach most, agree more often than the doubtful ones that are to be judged."""


def learn(  # noqa: PLR0913 - the parts of one resolution, each with a name
    model: Model,
    comparisons: Sequence[Comparison],
    blocking: Blocking,
    *,
    candidates: pl.DataFrame,
    random: pl.DataFrame,
    records: int,
    distinct: int,
    rarity: Mapping[str, Rarity],
) -> Weights:
    """The weights that explain the patterns best.

    Args:
        model: the comparison model, which holds the priors.
        comparisons: those of its comparisons that have values in this table.
        blocking: the rules whose numbers the bit sets in ``candidates.rules`` refer to.
        candidates: a row a pattern of candidate pairs: ``rules``, ``level_<field>``…, ``pairs`` (how many).
        random: the same for random pairs, with ``sample`` and ``block`` in place of ``rules``, and with
            ``share_<field>``, the share of the value on which they agree.
        records: how many records the table has.
        distinct: how many different ones, whose pairs are counted.
        rarity: of each column with value frequencies.
    """
    priors = shipped_weights(model, records=records)
    others = [(one, _other_rules(one, blocking)) for one in comparisons]
    levels: Levels = dict(priors.fields)
    match_rate = priors.match_rate
    for _ in range(ROUNDS):
        drawn = with_rates(random, levels, model, comparisons, match_rate=match_rate, distinct=distinct)
        levels = measure_u(drawn, levels, priors, comparisons, rarity)
        levels = _maximize(candidates, levels, priors, others, match_rate)
        match_rate = solve_match_rate(with_bits(candidates, levels, comparisons), distinct)
    return msgspec.structs.replace(priors, fields=levels, match_rate=match_rate, learned="learned")


def _other_rules(one: Comparison, blocking: Blocking) -> int:
    """The set of the rules that do not make pairs agree on the aspect of a comparison, a bit each."""
    aspect = one.aspect or one.field
    return sum(1 << number for number, rule in enumerate(blocking.rules) if aspect not in rule.fields)


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
            (probability_of(pl.col("bits") + log_odds(rate)) * pl.col("pairs")).sum()
        ).item()
        rate = min(max(float(expected or 0.0) / possible, 0.2 / possible), 0.5)
    return rate


def best_threshold(scored: pl.DataFrame) -> float:
    """The match probability from which on pairs should be accepted so that the expected F1 is greatest.

    Args:
        scored: columns ``bits`` (score with the prior, log2 odds) and ``pairs``.
    """
    ranked = (
        scored.with_columns(p=probability_of(pl.col("bits")))
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


def _maximize(
    patterns: pl.DataFrame,
    levels: Levels,
    priors: Weights,
    others: Sequence[tuple[Comparison, int]],
    match_rate: float,
) -> Levels:
    """One round of expectation maximization: m of the levels from the pairs by their match probabilities.

    Args:
        patterns: the candidate patterns.
        levels: what the round before gave.
        priors: the shipped weights.
        others: each comparison with the set of the rules that do not make pairs agree on it, a bit each.
        match_rate: of the whole table.
    """
    scored = with_bits(patterns, levels, [one for one, _ in others])
    scored = scored.with_columns(
        weight=probability_of(pl.col("bits") + log_odds(match_rate)) * pl.col("pairs")
    )
    learned = dict(levels)
    for one, rules in others:
        field = one.field
        mass = mass_of(scored.filter(pl.col("rules").cast(pl.Int64) & rules != 0), field)
        total = sum(mass.get(number, 0.0) for number in range(len(levels[field]))) + PRIOR_PAIRS
        raw = [
            ((mass.get(number, 0.0) + PRIOR_PAIRS * prior.m) / total) ** (1 - PRIOR_SHARE)
            * prior.m**PRIOR_SHARE
            for number, prior in enumerate(priors.fields[field])
        ]
        learned[field] = tuple(
            msgspec.structs.replace(level, m=m / sum(raw))
            for level, m in zip(levels[field], raw, strict=True)
        )
    return learned

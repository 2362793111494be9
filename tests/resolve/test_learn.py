"""What is learned from pairs whose truth is known is the truth."""

from __future__ import annotations

import random
from collections import Counter

import polars as pl
import pytest

from leadspro_engine.compare import PEOPLE, Comparison, shipped_weights
from leadspro_engine.resolve.blocking import Blocking, Rule
from leadspro_engine.resolve.learn import best_threshold, learn, solve_match_rate

FIELDS = ("given_name", "family_name", "phone", "city")
COMPARISONS = tuple(one for one in PEOPLE.comparisons if one.field in FIELDS)
RULES = Blocking(rules=(Rule("by phone", ("phone",), ""), Rule("by city", ("city",), "")), refiners=())
RECORDS = 1_450
"""So many that chance alone brings as many strangers together by a rule as the candidates below have."""


def truth(*, matched: bool) -> dict[str, list[float]]:
    """Level shares that are not the shipped priors."""
    shares = {}
    for comparison in COMPARISONS:
        levels = len(comparison.levels) + 1
        first = 0.9 if matched else 0.02
        shares[comparison.field] = [first, *([(1 - first) / (levels - 1)] * (levels - 1))]
    return shares


def drawn(chance: random.Random, comparison: Comparison, shares: dict[str, list[float]]) -> int:
    return chance.choices(range(len(comparison.levels) + 1), shares[comparison.field])[0]


def patterns(pairs: int, matched_share: float, *, rules: bool) -> pl.DataFrame:
    """Patterns of random pairs, or of candidate pairs that agree on what their rule asks for."""
    chance = random.Random(11)
    counts: Counter[tuple[int, ...]] = Counter()
    for _ in range(pairs):
        shares = truth(matched=chance.random() < matched_share)
        rule = chance.randrange(2)
        forced = RULES.rules[rule].fields if rules else ()
        levels = tuple(0 if one.field in forced else drawn(chance, one, shares) for one in COMPARISONS)
        counts[(1 << rule if rules else 0, *levels)] += 1
    columns = ["rules" if rules else "sample", *(f"level_{one.field}" for one in COMPARISONS)]
    rows = [(*pattern, count) for pattern, count in sorted(counts.items())]
    frame = pl.DataFrame(rows, schema=[*columns, "pairs"], orient="row")
    unknown = [pl.lit(None, pl.Float64()).alias(f"share_{one.field}") for one in COMPARISONS]
    levels_of = frame.with_columns(pl.col(columns[1:]).cast(pl.Int8))
    return levels_of if rules else levels_of.with_columns(*unknown, block=pl.lit(RECORDS))


def test_m_and_u_are_found_without_labels() -> None:
    weights = learn(
        PEOPLE,
        COMPARISONS,
        RULES,
        candidates=patterns(60_000, 0.3, rules=True),
        random=patterns(60_000, 0.0, rules=False),
        records=RECORDS,
        distinct=RECORDS,
        rarity={},
    )
    for comparison in COMPARISONS:
        learned = weights.fields[comparison.field]
        assert learned[0].m == pytest.approx(0.9, abs=0.06)
        assert learned[0].u == pytest.approx(0.02, abs=0.005)
        assert sum(level.m for level in learned) == pytest.approx(1)
        assert sum(level.u for level in learned) == pytest.approx(1)


def test_without_pairs_to_learn_from_the_weights_stay_at_the_priors() -> None:
    nothing, strangers = patterns(0, 0, rules=True), patterns(0, 0, rules=False)
    priors = shipped_weights(PEOPLE, records=RECORDS)
    weights = learn(
        PEOPLE,
        COMPARISONS,
        RULES,
        candidates=nothing,
        random=strangers,
        records=RECORDS,
        distinct=RECORDS,
        rarity={},
    )
    for comparison in COMPARISONS:
        for level, prior in zip(
            weights.fields[comparison.field], priors.fields[comparison.field], strict=True
        ):
            assert level.m == pytest.approx(prior.m, rel=0.01)
            assert level.bits == pytest.approx(prior.bits, abs=1.0)


def test_the_match_rate_is_where_probabilities_sum_to_it() -> None:
    scored = pl.DataFrame({"bits": [40.0, -40.0], "pairs": [500, 100_000]})
    possible = RECORDS * (RECORDS - 1) / 2
    assert solve_match_rate(scored, RECORDS) == pytest.approx(500 / possible, rel=1e-3)


def test_the_threshold_maximizes_the_expected_f1() -> None:
    scored = pl.DataFrame({"bits": [10.0, 0.0, -3.0], "pairs": [100, 40, 1000]})

    def expected_f1(least: float) -> float:
        rows = [(1 / (1 + 2.0**-bits), pairs) for bits, pairs in scored.iter_rows()]
        hits = sum(p * pairs for p, pairs in rows if p >= least)
        accepted = sum(pairs for p, pairs in rows if p >= least)
        return float(2 * hits / (accepted + sum(p * pairs for p, pairs in rows)))

    chosen = best_threshold(scored)
    assert expected_f1(chosen) == max(expected_f1(least) for least in (0.99, 0.5, 0.1, 0.0))

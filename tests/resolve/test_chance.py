"""Chance agreement is found where matches hide it, for common values and for rare ones."""

from __future__ import annotations

import random

import msgspec
import polars as pl
import pytest

from leadspro_engine.compare import PEOPLE, shipped_weights
from leadspro_engine.resolve.chance import fit_lift, groups, measure_u, with_rates
from leadspro_engine.resolve.rarity import Rarity, rarities

COMPARISONS = tuple(
    one
    for one in PEOPLE.comparisons
    if one.field in ("given_name_of_namesakes", "family_name", "birth_date", "company")
)
RECORDS = 20_000
U = 0.03
"""So often two people of one family name have one given name in these pairs; the prior says 0.006."""

PARTNERS = 1.2


def pairs_of_namesakes(count: int) -> pl.DataFrame:
    """Pairs that share a family name, of which matches agree on the given name and on the date of birth."""
    chance = random.Random(3)
    given, born, company = (
        f"level_{field}" for field in ("given_name_of_namesakes", "birth_date", "company")
    )
    rows = []
    for _ in range(count):
        block = chance.choice((3, 8, 20, 60))
        same = chance.random() < PARTNERS / (block - 1)
        rows.append(
            {
                given: 0 if chance.random() < (0.9 if same else U) else 6,
                born: -1 if chance.random() < 0.3 else 0 if same else 4,
                company: 1 if chance.random() < (0.7 if same else 0.002) else 3,
                "block": block,
            }
        )
    number = groups(COMPARISONS)[("family_key",)]
    return pl.DataFrame(rows).with_columns(
        pl.lit(0).alias("level_family_name"),
        *(pl.lit(None, pl.Float64()).alias(f"share_{one.field}") for one in COMPARISONS),
        sample=pl.lit(number),
        pairs=pl.lit(1),
    )


def test_chance_agreement_among_namesakes_is_found_behind_the_matches() -> None:
    drawn = pairs_of_namesakes(20_000)
    priors = shipped_weights(PEOPLE, records=RECORDS)
    levels = dict(priors.fields)
    rated = with_rates(drawn, levels, PEOPLE, COMPARISONS, match_rate=PARTNERS / RECORDS, distinct=RECORDS)
    measured = measure_u(rated, levels, priors, COMPARISONS, {})
    assert measured["given_name_of_namesakes"][0].u == pytest.approx(U, rel=0.25)


@pytest.mark.parametrize(("lift", "power"), [(1.0, 1.0), (0.5, 0.6), (2.0, 0.9)])
def test_lift_and_power_are_those_by_which_strangers_agree(lift: float, power: float) -> None:
    rarity = Rarity(2.0**-12, (2.0**-12, 2.0**-9, 2.0**-6), (0.3, 0.4, 0.3))
    seen = 1e6
    found = {
        share: seen * mass * lift * share**power
        for share, mass in zip(rarity.shares, rarity.masses, strict=True)
    }
    assert fit_lift(found, seen, rarity) == pytest.approx((lift, power), rel=0.02)


def test_rare_values_agree_as_often_as_the_pairs_of_all_records_show() -> None:
    family = next(one for one in COMPARISONS if one.field == "family_name")
    priors = shipped_weights(PEOPLE, records=RECORDS)
    rarity = {"family_key": Rarity(1 / RECORDS, (2.0**-14, 2.0**-6), (0.6, 0.4))}
    rows = {
        "level_family_name": [0, 1, 2, 3, 4, 5],
        "share_family_name": [2.0**-14, *[None] * 5],
        "pairs": [0, *[10**6] * 4, 10**9],
    }
    drawn = pl.DataFrame(rows).with_columns(sample=pl.lit(0), bits=pl.lit(-40.0), rate=pl.lit(1e-4))
    never = measure_u(drawn, dict(priors.fields), priors, (family,), rarity)["family_name"][0]
    often = drawn.with_columns(pairs=pl.Series([30_000, *[10**6] * 4, 10**9]))
    returning = measure_u(often, dict(priors.fields), priors, (family,), rarity)["family_name"][0]
    assert never.rarest < 0.01 / RECORDS
    assert returning.rarest == pytest.approx(1 / RECORDS, rel=0.01)


def test_what_nobody_else_has_is_no_weaker_evidence_than_a_near_agreement() -> None:
    weights = shipped_weights(PEOPLE, records=RECORDS)
    family = next(one for one in COMPARISONS if one.field == "family_name")
    level, *others = weights.fields["family_name"]
    slip = msgspec.structs.replace(others[0], u=1e-6)
    levels = {**weights.fields, "family_name": (level, slip, *others[1:])}
    nothing = pl.DataFrame(
        {"level_family_name": [5], "share_family_name": [None], "pairs": [0]},
        schema_overrides={"share_family_name": pl.Float64()},
    ).with_columns(sample=pl.lit(0), bits=pl.lit(-40.0), rate=pl.lit(1e-4))
    rarity = {"family_key": Rarity(1 / RECORDS, (2.0**-14,), (1.0,))}
    found = measure_u(nothing, levels, weights, (family,), rarity)["family_name"]
    assert found[0].bits_at(0.0) >= max(one.bits for one in found[1:]) - 1e-9


def test_the_masses_of_a_column_sum_to_one() -> None:
    spectrum = pl.DataFrame({"field": ["x"], "share": [0.125], "values": [3], "shares": [3 * 38.5 / 290]})
    rarity = rarities(spectrum, {"x": 240}, 1.5, {"x": 0.1})["x"]
    assert sum(rarity.masses) == pytest.approx(1.0)
    assert rarity.rarest == pytest.approx(1 / 240)
    assert rarity.rare_mass == pytest.approx(0.5)
    assert rarities(spectrum, {"x": 240}, 1.5, {"x": 1e-3})["x"].rarest == 1e-3

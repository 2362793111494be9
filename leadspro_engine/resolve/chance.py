"""How often records of two entities agree, measured among all records and among those that share a value.

Chance agreement among colleagues, or among people of one family name, is far above that among strangers, and
it is hidden behind matches. Which pairs match is judged by every field but the one that is measured and those
on which the pairs agree by construction; of ``k`` records that share a value each has about as many true
partners as any other record, the rest are strangers. Of the share of pairs that agree, so much is taken as is
expected of the matches; pairs that surely do not match count most.

Where strangers agree on a rare value, they do so more often than its frequency says, because what they share
(a culture, a country) makes it less rare: the chance is ``lift * share ** power``. How common values are that
were seen once is measured on the pairs of all records.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import msgspec
import polars as pl
from msgspec import Struct

from leadspro_engine.resolve.patterns import bits_of, mass_of, probability_of, with_bits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from leadspro_engine.compare import Comparison, LevelWeight, Model, Weights
    from leadspro_engine.resolve.patterns import Levels
    from leadspro_engine.resolve.rarity import Rarity

FEW_SEEN = 5.0
"""So many imagined agreements, all by frequencies alone, hold lift and power near 1 where few are seen."""

PARTNER_ROUNDS = 10
"""Rounds in which the number of true partners settles."""

MOST_LIKELY = 0.9
"""No two records are believed to match with more than this before their fields have spoken."""

TRUSTED = 0.02
"""Pairs that match with this probability, by all other fields, count half of those that surely do not."""

POWERS = tuple(number / 10 for number in range(2, 11))
"""The powers that are tried."""

Among = tuple[str, ...]
"""The columns of which two records share a value."""


def groups(comparisons: Iterable[Comparison]) -> dict[Among, int]:
    """What the pairs of each sample share (of the first: nothing) -> number of the sample."""
    return {
        among: number for number, among in enumerate(dict.fromkeys([(), *(c.among for c in comparisons)]))
    }


def with_rates(  # noqa: PLR0913 - the parts of one resolution, each with a name
    random: pl.DataFrame,
    levels: Levels,
    model: Model,
    comparisons: Sequence[Comparison],
    *,
    match_rate: float,
    distinct: int,
) -> pl.DataFrame:
    """Random patterns with ``bits`` and ``rate``: the evidence and the prior of a match.

    Args:
        random: patterns with ``sample``, ``block`` and ``share_<field>``.
        levels: what is known so far.
        model: the comparison model.
        comparisons: those of its comparisons that have values in this table.
        match_rate: of all pairs of the table.
        distinct: how many records the table has.
    """
    parts = []
    for among, number in groups(comparisons).items():
        agreed = {*among, *(implied for column in among for implied in model.implied.get(column, ()))}
        heard = [one for one in comparisons if one.columns[0] not in agreed]
        drawn = with_bits(random.filter(pl.col("sample") == number), levels, heard)
        rate = _rate(drawn, match_rate * max(distinct - 1, 1)) if among else pl.lit(match_rate)
        parts.append(drawn.with_columns(rate=rate))
    return pl.concat(parts)


def _rate(drawn: pl.DataFrame, partners: float) -> pl.Expr:
    """The match rate of pairs that share a value: partners of a record, by how many share the value."""

    def rate(partners: float) -> pl.Expr:
        return (partners / (pl.col("block") - 1)).clip(upper_bound=MOST_LIKELY)

    most, pairs = 4 * partners + 1, pl.col("pairs")
    for _ in range(PARTNER_ROUNDS):
        match = probability_of(pl.col("bits") + _log_odds(rate(partners)))
        sums = drawn.select(expected=(rate(partners) * pairs).sum(), found=(match * pairs).sum())
        expected, found = sums.row(0)
        partners = min(partners * found / expected, most) if expected else partners
    return rate(partners)


def _log_odds(rate: pl.Expr) -> pl.Expr:
    """Probabilities as log2 odds."""
    return (rate / (1 - rate)).log(2)


def measure_u(
    drawn: pl.DataFrame,
    levels: Levels,
    priors: Weights,
    comparisons: Sequence[Comparison],
    rarity: Mapping[str, Rarity],
) -> Levels:
    """Chance agreement of each comparison, from the sample of pairs that it is measured on.

    A level that was expected once in ``1 / u`` pairs starts with one imagined pair in that many, so that what
    too few pairs can show stays near its prior. Among records that share a value it is expected at least as
    often as among all.

    Args:
        drawn: random patterns as ``with_rates`` gives them.
        levels: what is known so far.
        priors: the shipped weights.
        comparisons: those that have values in this table.
        rarity: of each column with value frequencies.
    """
    numbers = groups(comparisons)
    measured, among_all = dict(levels), dict[tuple[str, str], float]()
    for one in sorted(comparisons, key=lambda one: numbers[one.among]):
        spoken = drawn.filter((pl.col("sample") == numbers[one.among]) & (pl.col(f"level_{one.field}") >= 0))
        aspect = one.aspect or one.field
        expected = [
            max(prior.u, among_all.get((aspect, prior.label), 0.0)) for prior in priors.fields[one.field]
        ]
        sample = _judged(spoken, one, levels[one.field])
        found = _with_u(levels[one.field], sample, one, expected)
        measured[one.field] = (_with_lifts if one.among else _with_rarest)(found, sample, one, rarity)
        if not one.among:
            among_all |= {(aspect, level.label): level.u for level in measured[one.field]}
    return measured


class _Sample(Struct, frozen=True):
    """Pairs on which one comparison is measured.

    Attributes:
        patterns: with ``weight``, what each pattern counts.
        strangers: how many of what counts are not expected to match.
        matches: how many are.
    """

    patterns: pl.DataFrame
    strangers: float
    matches: float

    def mass(self, one: Comparison, levels: Sequence[LevelWeight]) -> dict[int, float]:
        """How many strangers are at each level."""
        seen = mass_of(self.patterns, one.field)
        return {
            number: max(seen.get(number, 0.0) - self.matches * level.m, 0.0)
            for number, level in enumerate(levels)
        }

    def by_share(self, one: Comparison, number: int, level: LevelWeight, known: Rarity) -> dict[float, float]:
        """How many strangers agree at a level on values of each share."""
        share = pl.col(f"share_{one.field}").clip(lower_bound=known.shares[0])
        agreeing = self.patterns.filter(pl.col(f"level_{one.field}") == number)
        seen = dict(agreeing.group_by(share, maintain_order=True).agg(pl.col("weight").sum()).iter_rows())
        return {
            share: max(seen.get(share, 0.0) - self.matches * level.m * mass, 0.0)
            for share, mass in zip(known.shares, known.masses, strict=True)
        }


def _judged(spoken: pl.DataFrame, one: Comparison, levels: Sequence[LevelWeight]) -> _Sample:
    """The pairs of which a comparison speaks, as strangers and matches.

    Among all records matches are so rare that each pair counts by the probability that it is none. Among
    records that share a value they are not: there the field that is measured must not judge itself.
    """
    prior = _log_odds(pl.col("rate"))
    if not one.among:
        match = probability_of(pl.col("bits") + prior)
        counted = spoken.with_columns(weight=(1 - match) * pl.col("pairs"))
        return _Sample(counted, float(counted["weight"].sum()), 0.0)
    match = probability_of(pl.col("bits") - bits_of(one, levels, spoken) + prior)
    judged = spoken.with_columns(match=match, weight=pl.col("pairs") / (1 + match / TRUSTED))
    strangers, matches = judged.select(
        ((1 - pl.col("match")) * pl.col("weight")).sum(),
        (pl.col("match") * pl.col("weight")).sum().alias("m"),
    ).row(0)
    return _Sample(judged, strangers, matches)


def _with_u(
    levels: Sequence[LevelWeight], sample: _Sample, one: Comparison, expected: Sequence[float]
) -> tuple[LevelWeight, ...]:
    """Levels with the u that the strangers at each of them show."""
    mass = sample.mass(one, levels)
    raw = [(mass[number] + 1.0) / (sample.strangers + 1.0 / u) for number, u in enumerate(expected)]
    return tuple(msgspec.structs.replace(level, u=u / sum(raw)) for level, u in zip(levels, raw, strict=True))


def _frequent(one: Comparison, rarity: Mapping[str, Rarity]) -> list[tuple[int, Rarity]]:
    """The levels at which the frequency of one value replaces u, and how common the values are."""
    return [
        (number, rarity[level.frequency_of])
        for number, level in enumerate(one.levels)
        if level.frequency_of is not None and level.frequency_of in rarity and level.and_of is None
    ]


def _with_rarest(
    levels: Sequence[LevelWeight], sample: _Sample, one: Comparison, rarity: Mapping[str, Rarity]
) -> tuple[LevelWeight, ...]:
    """Levels with the share of a value seen once: strangers agree on such values as often as they do.

    Agreement on a value that nobody else has is never less evidence than a weaker level.
    """
    changed = list(levels)
    for number, known in _frequent(one, rarity):
        agreeing = sample.by_share(one, number, levels[number], known)[known.shares[0]]
        imagined = FEW_SEEN / (known.rare_mass * known.rarest)
        rarest = (agreeing + FEW_SEEN) / ((sample.strangers + imagined) * known.rare_mass)
        weaker = min((level.u / level.m for level in levels[number + 1 :]), default=1.0)
        most = min(known.rarest, levels[number].m * weaker)
        changed[number] = msgspec.structs.replace(levels[number], rarest=min(rarest, most))
    return tuple(changed)


def _with_lifts(
    levels: Sequence[LevelWeight], sample: _Sample, one: Comparison, rarity: Mapping[str, Rarity]
) -> tuple[LevelWeight, ...]:
    """Levels with the lift and power that the shares of the values show on which strangers agree."""
    changed = list(levels)
    for number, known in _frequent(one, rarity):
        found = sample.by_share(one, number, levels[number], known)
        lift, power = fit_lift(found, sample.strangers, known)
        changed[number] = msgspec.structs.replace(levels[number], lift=lift, power=power, rarest=known.rarest)
    return tuple(changed)


def fit_lift(found: Mapping[float, float], seen: float, rarity: Rarity) -> tuple[float, float]:
    """Lift and power under which strangers agree as often as they do on rare and on common values.

    Args:
        found: share of a value, a power of two -> how many of the strangers agree on such a value.
        seen: how many strangers there are.
        rarity: how common such values are among all entities.

    >>> from leadspro_engine.resolve.rarity import Rarity
    >>> fit_lift({0.25: 0.0}, 0.0, Rarity(0.25, (0.25,), (1.0,)))
    (1.0, 1.0)
    """
    imagined = FEW_SEEN / max(rarity.chance, 1e-12)
    spectrum = [
        (share, mass, found.get(share, 0.0) + imagined * mass * share)
        for share, mass in zip(rarity.shares, rarity.masses, strict=True)
    ]
    observed = sum(agreeing for _, _, agreeing in spectrum)

    def fitted(power: float) -> tuple[float, float, float]:
        weights = [mass * share**power for share, mass, _ in spectrum]
        total = sum(weights)
        likelihood = sum(
            agreeing * log(weight / total) for (_, _, agreeing), weight in zip(spectrum, weights, strict=True)
        )
        return likelihood, observed / ((seen + imagined) * total), power

    _, lift, power = max(fitted(power) for power in POWERS)
    return lift, power

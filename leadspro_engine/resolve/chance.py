"""How often records of two entities agree, measured among records that share a value, without labels.

Of ``k`` records that share a family name, pairs of one person grow with ``k`` and coincidences with its
square. The share of pairs that agree on the given name is therefore ``u + c / k``: a straight line through
what blocks of all sizes show, the large ones weighing most, gives chance agreement u without anybody
knowing which pairs match.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import polars as pl

from leadspro_engine.resolve.patterns import Levels, log_odds, mass_of, probability_of, with_bits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from leadspro_engine.compare import Comparison, LevelWeight, Weights

FEW_SEEN = 5.0
"""So many imagined agreements hold a lift near 1 where few are seen."""

LARGE_BLOCK = 16
"""Blocks from this size on count when chance agreement among records that share a value is measured."""

FEW_COINCIDENCES = 1.0
"""A block in which chance alone lets fewer pairs than this agree has the lift of all blocks."""


def coincidences(size: pl.Series, share: pl.Series, weight: pl.Series) -> tuple[float, float]:
    """``(u, c)`` of the line ``share = u + c / size``, u not below 0.

    Args:
        size: how many records a block has.
        share: which share of its pairs agree.
        weight: of the block, such as its number of pairs.
    """
    total = float(weight.sum())
    if not total:
        return 0.0, 0.0
    rarity = 1 / size
    middle = float((weight * rarity).sum()) / total
    spread = float((weight * (rarity - middle) ** 2).sum())
    mean = float((weight * share).sum()) / total
    slope = float((weight * share * (rarity - middle)).sum()) / spread if spread > 0 else 0.0
    return max(mean - slope * middle, 0.0), slope


def lifts(blocks: pl.DataFrame, chance: float) -> pl.DataFrame:
    """For each value the factor, at least 1, by which those who share it agree more often than by chance.

    Args:
        blocks: ``value``, ``bearers`` (how many records), ``agreeing`` (pairs of them that agree).
        chance: the share of pairs of all records that agree by frequencies alone.
    """
    none = pl.DataFrame(schema={"value": pl.String(), "lift": pl.Float64()})
    if blocks.is_empty() or chance <= 0:
        return none
    pairs = pl.col("bearers") * (pl.col("bearers") - 1) / 2
    sized = blocks.with_columns(pairs=pairs)
    u, c = coincidences(sized["bearers"], sized["agreeing"] / sized["pairs"], sized["pairs"])
    general = max(u / chance, 1.0)
    expected = pl.col("pairs") * chance
    excess = (pl.col("agreeing") - c * pl.col("pairs") / pl.col("bearers")).clip(lower_bound=0.0)
    lift = (excess + FEW_COINCIDENCES * general) / (expected + FEW_COINCIDENCES)
    return sized.filter(expected > 0.1).select("value", lift=lift.clip(lower_bound=1.0))


def groups(comparisons: Iterable[Comparison]) -> dict[str | None, int]:
    """What the pairs of each sample share (None: nothing) -> number of the sample."""
    return {
        among: number for number, among in enumerate(dict.fromkeys([None, *(c.among for c in comparisons)]))
    }


def by_strangeness(
    random: pl.DataFrame, levels: Levels, fields: Sequence[str], match_rate: float
) -> pl.DataFrame:
    """Random patterns with ``weight``: their pairs, each counted with the probability that it is no match."""
    scored = with_bits(random, levels, fields)
    match = probability_of(pl.col("bits") + log_odds(match_rate))
    return scored.with_columns(weight=(1 - match) * pl.col("pairs"))


def measure_u(
    strangers: pl.DataFrame,
    levels: Levels,
    priors: Weights,
    comparisons: Sequence[Comparison],
    chance: Mapping[str, float],
) -> Levels:
    """Chance agreement of each comparison, from the sample of pairs that it is measured on.

    A level that was expected once in ``1 / u`` pairs starts with one imagined pair in that many, so that what
    too few pairs can show stays near its prior. Among records that share a value it is expected at least as
    often as among all.

    Args:
        strangers: random patterns with ``sample``, ``block``, ``weight``.
        levels: what is known so far.
        priors: the shipped weights.
        comparisons: those that have values in this table.
        chance: for each column with value frequencies the sum of their squares.
    """
    numbers = groups(comparisons)
    measured, among_all = dict(levels), dict[tuple[str, str], float]()
    for one in sorted(comparisons, key=lambda one: numbers[one.among]):
        drawn = strangers.filter(pl.col("sample") == numbers[one.among])
        mass = mass_of(drawn, one.field) if one.among is None else _coincidences(drawn, one.field)
        aspect = one.aspect or one.field
        expected = [
            max(prior.u, among_all.get((aspect, prior.label), 0.0)) for prior in priors.fields[one.field]
        ]
        chances = {} if one.among is None else _chances(one, chance)
        measured[one.field] = _with_u(levels[one.field], mass, expected, chances)
        if one.among is None:
            among_all |= {(aspect, level.label): level.u for level in measured[one.field]}
    return measured


def _with_u(
    levels: Sequence[LevelWeight],
    mass: Mapping[int, float],
    expected: Sequence[float],
    chances: Mapping[int, float],
) -> tuple[LevelWeight, ...]:
    """Levels with the u, and the lift over chance, that the pairs at each of them show."""
    seen = sum(mass.values())
    raw = [(mass.get(number, 0.0) + 1.0) / (seen + 1.0 / u) for number, u in enumerate(expected)]
    lifts = [
        max(1.0, (mass.get(number, 0.0) + FEW_SEEN) / (chances[number] * seen + FEW_SEEN))
        if number in chances
        else 1.0
        for number in range(len(raw))
    ]
    return tuple(
        msgspec.structs.replace(level, u=u / sum(raw), lift=lift)
        for level, u, lift in zip(levels, raw, lifts, strict=True)
    )


def _coincidences(drawn: pl.DataFrame, field: str) -> dict[int, float]:
    """The pairs at each level that are not one entity, of a sample of pairs that share a value.

    See ``chance``: which of them match is not asked, because matches and coincidences grow otherwise.
    """
    spoken = drawn.filter(pl.col(f"level_{field}") >= 0)
    blocks = spoken.group_by("block").agg(pl.col("pairs").sum().alias("all")).sort("block")
    large = float(blocks.filter(pl.col("block") >= LARGE_BLOCK)["all"].sum())
    if not large:
        return {}
    mass = {}
    for number in sorted(spoken[f"level_{field}"].unique()):
        there = spoken.filter(pl.col(f"level_{field}") == number).group_by("block").agg(pl.col("pairs").sum())
        share = (
            blocks.join(there, on="block", how="left", maintain_order="left")["pairs"].fill_null(0)
            / blocks["all"]
        )
        mass[number] = coincidences(blocks["block"], share, blocks["all"] * blocks["block"])[0] * large
    return mass


def _chances(comparison: Comparison, chance: Mapping[str, float]) -> dict[int, float]:
    """Level number -> share of pairs that would agree on its value if nothing but frequencies mattered."""
    columns = {number: one.frequency_of for number, one in enumerate(comparison.levels)}
    return {number: chance.get(column, 0.0) for number, column in columns.items() if column is not None}

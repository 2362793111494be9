"""How common the values of a column are, those together of which each was seen once included."""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping


class Rarity(Struct, frozen=True):
    """How common the values of a column are.

    Attributes:
        rarest: the share of a value that was seen once: one sighting among all entities that have a value,
            or what was expected of the column before, where the table is too small to say it.
        shares: shares of values, to the next power of two, in ascending order.
        masses: for each of ``shares`` how many of the entities have such a value; sums to 1.
    """

    rarest: float
    shares: tuple[float, ...]
    masses: tuple[float, ...]

    @property
    def rare_mass(self) -> float:
        """How many of the entities have a value that hardly any other has."""
        return self.masses[0]

    @property
    def chance(self) -> float:
        """The share of pairs of entities that agree by frequencies alone."""
        return sum(share * mass for share, mass in zip(self.shares, self.masses, strict=True))


LEAST_RARE = 0.01
"""At least so many of the entities are taken to have a rare value."""

FEW = 50
"""In a table not much larger than this, that a value returns says little about how common it is."""


def rarities(
    spectrum: pl.DataFrame, entities: Mapping[str, int], own: float, expected: Mapping[str, float]
) -> dict[str, Rarity]:
    """The rarity of each column.

    Args:
        spectrum: ``field``, ``share`` (to the next power of two), ``values`` (how many have such a share) and
            ``shares`` (their sum), of the values that are not rare.
        entities: for each field how many entities have a value.
        own: how many of the entities that share a value are those of one pair itself.
        expected: for each field how often two records were expected to agree.
    """
    return {
        field: _rarity(spectrum.filter(pl.col("field") == field), entities[field], own, expected[field])
        for field in entities
    }


def _rarity(common: pl.DataFrame, entities: int, own: float, expected: float) -> Rarity:
    """The rarity of one column: entities that have a value, but no common one, have a rare one."""
    rarest = min(1 / max(entities, 1), expected)
    rare = 2.0 ** round(log2(rarest))
    masses: dict[float, float] = {}
    for share, values, shares in common.select("share", "values", "shares").iter_rows():
        held = (shares * (entities + FEW) + values * own) / max(entities, 1)
        place = max(share, rare)
        masses[place] = masses.get(place, 0.0) + held
    masses[rare] = masses.get(rare, 0.0) + max(1 - sum(masses.values()), LEAST_RARE)
    total = sum(masses.values())
    ordered = sorted(masses.items())
    return Rarity(rarest, tuple(share for share, _ in ordered), tuple(mass / total for _, mass in ordered))

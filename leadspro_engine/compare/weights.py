"""Learned weights of a comparison model, and the bits of evidence that they give.

``Weights`` is a value: it is written into the snapshot's manifest as JSON and read back by the matcher, so
that the online score is the offline score.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from leadspro_engine.compare.model import DIFFERS

if TYPE_CHECKING:
    from leadspro_engine.compare.model import Comparison, Model

_LEAST = 1e-7  # no probability is believed to be smaller than this


class LevelWeight(Struct, frozen=True):
    """The m and u probabilities of one level of one comparison.

    Strangers agree on a value of share ``s`` with probability ``lift * s ** power``, ``s`` itself unless the
    comparison speaks only of records that share something else: given names follow the culture of a family
    name, and a rare one more than a common one. ``rarest`` is the share of a value that was seen for at most
    one entity: what the size of the data says, or the prior u where the data is too small to say it.
    """

    label: str
    m: float
    u: float
    rarest: float
    lift: float = 1.0
    power: float = 1.0

    @property
    def bits(self) -> float:
        """Evidence of the level in bits: log2 of the Bayes factor m / u."""
        return log2(max(self.m, _LEAST) / max(self.u, _LEAST))

    def bits_at(self, share: float) -> float:
        """Evidence at an agreeing value whose share of all entities, in [0, 1], replaces u, in bits."""
        chance = self.lift * max(share, self.rarest) ** self.power
        return log2(max(self.m, _LEAST) / min(chance, 1.0))


class Weights(Struct, frozen=True):
    """What was learned from one dataset.

    Attributes:
        model: name of the comparison model.
        records: how many records it was learned from.
        match_rate: probability that two random records are of one entity (the prior).
        threshold: match probability from which on a pair counts as one entity.
        fields: for each comparison its levels, ``differs`` last.
        learned: ``learned`` from data, or ``shipped`` priors.
    """

    model: str
    records: int
    match_rate: float
    threshold: float
    fields: dict[str, tuple[LevelWeight, ...]]
    learned: Literal["learned", "shipped"] = "learned"

    @property
    def prior_bits(self) -> float:
        """The prior as log2 odds."""
        rate = min(max(self.match_rate, 1e-15), 1 - 1e-9)
        return log2(rate / (1 - rate))


def shipped_weights(model: Model, *, records: int = 0) -> Weights:
    """The priors that come with the package, for data that cannot teach its own weights."""

    def levels(comparison: Comparison) -> tuple[LevelWeight, ...]:
        listed = tuple(
            LevelWeight(level.label, level.m, level.u, min(1 / max(records, 1), level.u))
            for level in comparison.levels
        )
        rest_m = max(1 - sum(level.m for level in listed), _LEAST)
        rest_u = max(1 - sum(level.u for level in listed), _LEAST)
        return (*listed, LevelWeight(DIFFERS, rest_m, rest_u, rest_u))

    return Weights(
        model=model.name,
        records=records,
        match_rate=1 / max(records, 1000),
        threshold=0.5,
        fields={comparison.field: levels(comparison) for comparison in model.comparisons},
        learned="shipped",
    )

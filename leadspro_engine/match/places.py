"""What a place says of a candidate when one side does not know the city.

The levels of the place are learned from records that mostly have a city: "same country" says there that the
city is another one. When the query or the record names only a country (or only region and country), all
finer levels may hold as well, and their probabilities are summed. Sides that name nothing of the same kind
say nothing.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING, Any

import msgspec

from leadspro_engine.compare.score import level_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from leadspro_engine.compare import Comparison, Evidence, Weights

PLACE = "city"
_FROM_FINE_TO_COARSE = ("city_key", "region_key", "country")
PLACES = frozenset(_FROM_FINE_TO_COARSE)
_OPEN_FROM = {"region_key": "same region", "country": "same country"}
"""The level that leaves open whether finer ones hold, when this is the finest column that both sides have."""


def coarsened(
    said: Sequence[Evidence],
    comparisons: Sequence[Comparison],
    query: Mapping[str, Any],
    record: Mapping[str, Any],
    weights: Weights,
) -> Iterator[Evidence]:
    """The evidence, where that of the place claims no more than both sides know."""
    finest = next((one for one in _FROM_FINE_TO_COARSE if query.get(one) and record.get(one)), None)
    for one in said:
        if one.field != PLACE or finest == _FROM_FINE_TO_COARSE[0]:
            yield one
        elif finest is not None and one.level == _OPEN_FROM[finest]:
            yield msgspec.structs.replace(one, bits=_bits_of_all(comparisons, query, record, weights))
        elif finest is not None:
            yield one


def _bits_of_all(
    comparisons: Sequence[Comparison], query: Mapping[str, Any], record: Mapping[str, Any], weights: Weights
) -> float:
    """The weight of the level that holds together with all finer ones."""
    for comparison in comparisons:
        if PLACE in {comparison.aspect, comparison.field}:
            number = level_of(comparison, query, record)
            if number is not None:
                levels = weights.fields[comparison.field][: number + 1]
                return log2(sum(one.m for one in levels) / sum(one.u for one in levels))
    raise AssertionError("a place that speaks has a level")

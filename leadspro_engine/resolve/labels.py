"""What a labelled sample teaches: by how many bits the model is too sure, or not sure enough.

The labels may be any pairs, doubtful ones too: the shift is estimated from each pair's label given its score,
so it does not matter how the pairs were chosen. It moves the prior, and with it every probability and the
threshold; the weights of the fields stay what the whole table taught.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from leadspro_engine.compare import probability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadspro_engine.compare import Weights

SHIFT_DEVIATION = 1.0
"""How far a model without labels is off, in bits (standard deviation): a few labels move it little. Of 0.3, 1
and 3 bits, 1 was the only one near the best on both labelled sets of `benchmarks accuracy.labels`."""

SUREST = 30.0
"""Scores count up to so many bits, so that one label cannot pull without end."""


def shifted(weights: Weights, labelled: Sequence[tuple[float, bool]]) -> float:
    """The match rate under which the labels are likeliest; that of the weights when there are none.

    Args:
        weights: as they were learned without labels.
        labelled: the score of each judged pair in bits, prior included, and whether it is one entity.
    """
    if not labelled:
        return weights.match_rate
    return probability(weights.prior_bits + label_shift(labelled))


def label_shift(labelled: Sequence[tuple[float, bool]]) -> float:
    """The number of bits to add to every score, by maximum a posteriori.

    >>> label_shift([(6.0, False), (7.0, False), (5.0, False), (12.0, True)]) < -1.5
    True
    """
    scores = [(max(-SUREST, min(SUREST, bits)), same) for bits, same in labelled]
    low, high = -2 * SUREST, 2 * SUREST
    for _ in range(60):  # the slope falls steadily, so halving finds its zero
        middle = (low + high) / 2
        slope = log(2) * sum(same - probability(bits + middle) for bits, same in scores)
        if slope - middle / SHIFT_DEVIATION**2 > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2

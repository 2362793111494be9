"""How right the clusters are: what the model itself expects, and what a labelled sample shows.

Without labels, the probabilities that the model gives its candidate pairs say how many of the pairs it
accepts are right, and how many right ones it leaves: the F1 that the threshold was chosen to make greatest.
With labels, the same three figures over the pairs of labelled records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

if TYPE_CHECKING:
    from pathlib import Path

    from leadspro_engine.compare import Weights


class Accuracy(Struct, frozen=True):
    """Precision, recall and F1 over pairs, each in [0, 1].

    Attributes:
        pairs: how many pairs are one, as the labels say or as the model expects; few say nothing.
    """

    pairs: int
    precision: float
    recall: float
    f1: float


def expected(evidence: Path, weights: Weights) -> Accuracy:
    """What the model expects of the pairs that it accepts, before they are clustered.

    Args:
        evidence: Parquet file with a column ``bits``, evidence of each candidate pair without the prior.
        weights: the weights that gave it, with prior and threshold.
    """
    bits = (pl.col("bits") + weights.prior_bits).clip(-60, 60)
    scored = pl.scan_parquet(evidence).filter(pl.col("x") != pl.col("y")).select(p=1 / (1 + 2.0**-bits))
    accepted = pl.col("p") >= weights.threshold
    sums = scored.select(
        true=pl.col("p").sum(), hits=pl.col("p").filter(accepted).sum(), chosen=accepted.sum()
    )
    true, hits, chosen = sums.collect(engine="streaming").row(0)
    return _accuracy(round(true), both=hits, found=chosen, true=true)


def measured(clusters: pl.DataFrame, labels: pl.DataFrame) -> Accuracy:
    """What a labelled sample shows, over the pairs of its records.

    Args:
        clusters: ``record_id, entity_id``.
        labels: ``record_id, truth``; records that are in no cluster count as standing alone.
    """
    frame = labels.join(clusters, on="record_id", how="left").select(
        "truth", pl.coalesce("entity_id", pl.format("alone {}", "record_id")).alias("found")
    )
    return pairwise(frame)


def pairwise(frame: pl.DataFrame, *, across: str | None = None) -> Accuracy:
    """Precision, recall and F1 over pairs of rows.

    Args:
        frame: columns ``truth`` and ``found``, a row a record.
        across: column of the source, when only pairs between different sources count.

    >>> round(pairwise(pl.DataFrame({"truth": [1, 1, 1, 2], "found": [1, 1, 2, 2]})).f1, 3)
    0.4
    """
    found, true, both = (_pairs(frame, keys, across) for keys in (["found"], ["truth"], ["found", "truth"]))
    return _accuracy(true, both=both, found=found, true=true)


def _accuracy(pairs: int, *, both: float, found: float, true: float) -> Accuracy:
    """The figures of so many right pairs among those found and those that are true; nothing to find is 1."""
    return Accuracy(
        pairs=pairs,
        precision=both / found if found else 1.0,
        recall=both / true if true else 1.0,
        f1=2 * both / (found + true) if found + true else 1.0,
    )


def _pairs(frame: pl.DataFrame, keys: list[str], across: str | None) -> int:
    """How many unordered pairs of rows agree on the keys."""

    def within(columns: list[str]) -> int:
        sizes = frame.group_by(columns).len()["len"].cast(pl.Int64)
        return int((sizes * (sizes - 1) // 2).sum())

    return within(keys) - (within([*keys, across]) if across is not None else 0)

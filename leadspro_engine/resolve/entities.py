"""The chain from canonical records to entities: frequencies, blocking, levels, learning, scores, clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import polars as pl
from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.compare import shipped_weights
from leadspro_engine.resolve import pairs
from leadspro_engine.resolve.blocking import BLOCKINGS, make_keys, make_pairs
from leadspro_engine.resolve.cluster import cluster
from leadspro_engine.resolve.learn import best_threshold, learn, solve_match_rate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from leadspro_engine.compare import Comparison, Model, Weights

_BLOCKING_COLUMNS = {
    "people": ("name_key",),
    "companies": ("name_key",),
}


class Resolution(Struct, frozen=True):
    """What resolving one table gave.

    Attributes:
        weights: the learned weights, with match rate and threshold.
        records: rows read.
        pairs: candidate pairs scored.
        entities: clusters, those of one record included.
        clusters: ``record_id``, ``entity`` (the smallest record_id of its cluster), sorted by record_id.
    """

    weights: Weights
    records: int
    pairs: int
    entities: int
    clusters: pl.DataFrame


def resolve(con: DuckDBPyConnection, model: Model) -> Resolution:
    """Group the records of the view ``input`` into entities.

    Args:
        con: a workbench with a view ``input`` of canonical records, unique by ``record_id``.
        model: ``PEOPLE`` or ``COMPANIES``.

    Leaves the tables ``frequencies`` and ``scores`` in the workbench.
    """
    total = pairs.prepare(con, model, _BLOCKING_COLUMNS[model.name])
    comparisons = pairs.speaking(con, model)
    blocking = BLOCKINGS[model.name]
    make_keys(con, blocking)
    make_pairs(con)
    pairs.add_levels(con, comparisons, model, pairs="pairs")
    pairs.add_random_pairs(con)
    pairs.add_levels(con, comparisons, model, pairs="random_pairs")
    weights = _weights(con, model, comparisons, total)
    pairs.add_scores(con, comparisons, weights)
    weights = msgspec.structs.replace(weights, threshold=best_threshold(_score_counts(con)))
    clusters = _clusters(con, weights)
    return Resolution(
        weights=weights,
        records=total,
        pairs=_scalar(con, "select count(*) from pairs"),
        entities=clusters["entity"].n_unique(),
        clusters=clusters,
    )


def _weights(
    con: DuckDBPyConnection, model: Model, comparisons: tuple[Comparison, ...], total: int
) -> Weights:
    """Weights learned from the patterns, with the match rate that value frequencies imply."""
    candidates = _patterns(con, "pairs_levels", comparisons, "rules")
    if not comparisons or candidates.is_empty():
        return shipped_weights(model, records=total)
    random = _patterns(con, "random_pairs_levels", comparisons)
    weights = learn(
        model, comparisons, BLOCKINGS[model.name], candidates=candidates, random=random, records=total
    )
    pairs.add_scores(con, comparisons, weights)
    evidence = _score_counts(con).with_columns(pl.col("bits") - weights.prior_bits)
    return msgspec.structs.replace(weights, match_rate=solve_match_rate(evidence, total))


def _patterns(
    con: DuckDBPyConnection, table: str, comparisons: tuple[Comparison, ...], *more: str
) -> pl.DataFrame:
    """The patterns of a table of levels with the number of pairs that show each."""
    columns = ", ".join([*more, *(f"level_{one.field}" for one in comparisons)])
    query = f"select {columns}, count(*) as pairs from {table} group by {columns} order by {columns}"
    return _frame(con, query)


def _score_counts(con: DuckDBPyConnection) -> pl.DataFrame:
    """How many pairs have each score, to a tenth of a bit."""
    return _frame(con, "select round(bits, 1) as bits, count(*) as pairs from scores group by 1 order by 1")


def _clusters(con: DuckDBPyConnection, weights: Weights) -> pl.DataFrame:
    """Cluster the scored pairs at the threshold and lead distinct records back to their rows."""
    cut = _cut_bits(weights.threshold)
    rows = sql.run(
        con, "edges", "select a, b, bits - ? from scores where bits - ? > -15 order by a, b", [cut, cut]
    ).fetchall()
    joined = cluster(rows)
    apart = {a for a, b, bits in rows if a == b and bits <= 0}
    heads = pl.DataFrame(
        {"n": list(joined), "head": list(joined.values())}, schema={"n": pl.Int64, "head": pl.Int64}
    )
    members = _frame(con, "select n::bigint as n, record_id from members order by record_id")
    first = pl.col("record_id").first()
    alone = pl.col("n").is_in(list(apart)) & (pl.col("record_id") != first.over("n"))
    return (
        members.join(heads, on="n", how="left", maintain_order="left")
        .with_columns(head=pl.coalesce("head", "n"))
        .with_columns(entity=pl.when(alone).then(pl.col("record_id")).otherwise(first.over("head")))
        .select("record_id", "entity")
    )


def _cut_bits(threshold: float) -> float:
    """A match probability as log2 odds."""
    from math import log2

    return log2(threshold / (1 - threshold))


def _frame(con: DuckDBPyConnection, text: str) -> pl.DataFrame:
    """The rows of a query as a Polars frame."""
    frame = pl.from_arrow(con.sql(text).to_arrow_table())
    assert isinstance(frame, pl.DataFrame)
    return frame


def _scalar(con: DuckDBPyConnection, text: str) -> int:
    """The one number that a query gives."""
    row = sql.run(con, "count", text).fetchone()
    assert row is not None
    return int(row[0])

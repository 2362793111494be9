"""What a resolution found, for people to read: how rows were blocked, which pairs are doubtful, and why.

Reads the tables that ``resolve`` leaves in its workbench.
"""

from __future__ import annotations

from math import floor, log2
from typing import TYPE_CHECKING, Any

import polars as pl
from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.compare import Scored, score
from leadspro_engine.resolve.blocking import BLOCKINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from duckdb import DuckDBPyConnection

    from leadspro_engine.compare import Model, Weights
    from leadspro_engine.resolve.entities import Resolution

LOOKED_AT = 10_000
"""Doubtful pairs that are looked at for those of which nobody has said anything."""

FARTHEST_BITS = 30
"""Scores beyond this many bits stand in the last bar of a histogram."""


class RulePairs(Struct, frozen=True):
    """What a blocking rule brought together.

    Attributes:
        rule: its name.
        pairs: how many candidate pairs it brought.
        alone: how many of them no other rule did.
        thinned: records that share so common a value that they were compared with a few neighbors only.
    """

    rule: str
    pairs: int
    alone: int
    thinned: int


class Bar(Struct, frozen=True):
    """How many candidate pairs have a score of ``bits`` (rounded down), in one cluster and in two."""

    bits: int
    joined: int
    apart: int


class ScoredPair(Struct, frozen=True):
    """Two records with their score and its reasons.

    Attributes:
        a: record id of one.
        b: record id of the other.
        joined: whether they are in one cluster.
        scored: prior and evidence.
    """

    a: str
    b: str
    joined: bool
    scored: Scored


class BigCluster(Struct, frozen=True):
    """A cluster with its number of records and some of their ids, the smallest first."""

    size: int
    records: list[str]


class Findings(Struct, frozen=True):
    """What a resolution found.

    Attributes:
        blocking: one entry a rule, in the order of the rules.
        histogram: of the scores of all candidate pairs, lowest first.
        cut_bits: the score from which on a pair counts as one entity.
        doubtful: the pairs nearest to that score.
        biggest: the largest clusters.
    """

    blocking: list[RulePairs]
    histogram: list[Bar]
    cut_bits: float
    doubtful: list[ScoredPair]
    biggest: list[BigCluster]


def find(
    con: DuckDBPyConnection, model: Model, resolution: Resolution, *, doubtful: int = 20, biggest: int = 10
) -> Findings:
    """What is worth showing of a resolution.

    Args:
        con: the workbench in which ``resolve`` ran.
        model: what it compared.
        resolution: what it gave.
        doubtful: how many doubtful pairs.
        biggest: how many clusters.
    """
    _register(con, resolution)
    cut = log2(resolution.weights.threshold / (1 - resolution.weights.threshold))
    blocking = [
        RulePairs(rule.name, *sql.rows(con, "pairs of a rule", _RULE, [1 << number, 1 << number, number])[0])
        for number, rule in enumerate(BLOCKINGS[model.name].rules)
    ]
    return Findings(
        blocking,
        _histogram(con, resolution.weights),
        cut,
        doubtful_pairs(con, model, resolution.weights, most=doubtful),
        _biggest(resolution.clusters, biggest),
    )


def row_probabilities(con: DuckDBPyConnection, resolution: Resolution) -> pl.DataFrame:
    """``record_id, probability``: how likely each record is rightly where it is.

    Of a record in a cluster: that it is one with the likeliest of the others. Of a record alone: that it is
    not one with the likeliest of its candidates.
    """
    _register(con, resolution)
    found = sql.frame(con, "probabilities of rows", _ROWS)
    odds = (pl.col("bits") + resolution.weights.prior_bits).clip(-60, 60)
    pair = pl.when(pl.col("bits").is_null()).then(0.0).otherwise(1 / (1 + pl.lit(2.0).pow(-odds)))
    likely = pl.when("shared").then(pair).otherwise(1 - pair)
    return found.select("record_id", probability=likely)


def doubtful_pairs(
    con: DuckDBPyConnection,
    model: Model,
    weights: Weights,
    *,
    most: int,
    but: Callable[[str, str], bool] = lambda _a, _b: False,
) -> list[ScoredPair]:
    """The candidate pairs nearest to the threshold, those of which ``but`` is true left out.

    The clusters must have been registered, as ``find`` and ``row_probabilities`` do.
    """
    cut = log2(weights.threshold / (1 - weights.threshold)) - weights.prior_bits
    rows = sql.rows(con, "doubtful pairs", _DOUBTFUL, [cut, LOOKED_AT])
    kept = [(a, b, joined) for a, b, joined in rows if not but(a, b)]
    return scored_pairs(con, model, weights, kept[:most])


def scored_pairs(
    con: DuckDBPyConnection, model: Model, weights: Weights, pairs: Sequence[tuple[str, str, bool]]
) -> list[ScoredPair]:
    """Pairs of record ids, each with whether it is in one cluster, with their reasons."""
    wanted = sorted({record for a, b, _ in pairs for record in (a, b)})
    records = _records(con, wanted)
    shares = _shares(con, model, records.values())

    def frequency(column: str, value: str) -> float | None:
        return shares.get((column, value))

    return [
        ScoredPair(a, b, joined, score(model, records[a], records[b], weights, frequency))
        for a, b, joined in pairs
    ]


def _register(con: DuckDBPyConnection, resolution: Resolution) -> None:
    """Make ``placed(n, record_id, entity)`` of the clusters."""
    con.register("clusters_found", resolution.clusters.to_arrow())
    text = "select m.n, record_id, c.entity from members m join clusters_found c using (record_id)"
    sql.run(con, "placed records", f"create or replace table placed as {text}")


def _histogram(con: DuckDBPyConnection, weights: Weights) -> list[Bar]:
    """Candidate pairs by their score in whole bits."""
    joined: dict[int, list[int]] = {}
    for bits, together, pairs in sql.rows(con, "histogram", _HISTOGRAM, [weights.prior_bits]):
        place = max(-FARTHEST_BITS, min(FARTHEST_BITS, floor(bits)))
        joined.setdefault(place, [0, 0])[not together] += pairs
    return [Bar(bits, *joined[bits]) for bits in sorted(joined)]


def _biggest(clusters: pl.DataFrame, most: int) -> list[BigCluster]:
    """The largest clusters of at least two records."""
    members = pl.col("record_id").sort()
    grouped = clusters.group_by("entity").agg(size=pl.len(), records=members.head(10))
    largest = grouped.filter(pl.col("size") > 1).sort("size", "entity", descending=[True, False]).head(most)
    return [BigCluster(size, records) for size, records in largest.select("size", "records").iter_rows()]


def _records(con: DuckDBPyConnection, wanted: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What is compared of some records, by their id."""
    run = sql.run(
        con,
        "records of pairs",
        "select * from compared where record_id in (select unnest(?::varchar[]))",
        [list(wanted)],
    )
    columns = [column[0] for column in run.description or ()]
    rows = [dict(zip(columns, row, strict=True)) for row in run.fetchall()]
    return {row["record_id"]: row for row in rows}


def _shares(
    con: DuckDBPyConnection, model: Model, records: Iterable[dict[str, Any]]
) -> dict[tuple[str, str], float]:
    """The shares of the values of some records, by column and value."""
    values: set[str] = set()
    for record in records:
        for column in model.frequency_columns:
            given = record[column]
            values.update(given if isinstance(given, list) else [] if given is None else [str(given)])
    text = "select field, value, share from frequencies where value in (select unnest(?::varchar[]))"
    found = sql.rows(con, "shares of values", text, [sorted(values)])
    return {(field, value): share for field, value, share in found}


_RULE = """
select count(*) filter (where rules & ? <> 0), count(*) filter (where rules = ?),
  (select count(distinct n) from thinned where rule = ?)
from pairs
"""

_PLACED_PAIRS = """
placed_pairs as (
  select e.a, e.b, e.bits, x.record_id as record_a, y.record_id as record_b, x.entity = y.entity as joined
  from evidence e
  join (select n, min(record_id) as record_id, arg_min(entity, record_id) as entity from placed group by n) x
    on x.n = e.a
  join (select n, min(record_id) as record_id, arg_min(entity, record_id) as entity from placed group by n) y
    on y.n = e.b
  where e.a <> e.b
)
"""

_HISTOGRAM = f"""
with {_PLACED_PAIRS}
select floor(bits + ?), joined, count(*) from placed_pairs group by all order by all
"""

_DOUBTFUL = f"""
with {_PLACED_PAIRS}
select record_a, record_b, joined from placed_pairs
order by abs(bits - ?), record_a, record_b limit ?
"""

_ROWS = f"""
with {_PLACED_PAIRS},
sides as (
  select a as n, bits, joined from placed_pairs union all select b, bits, joined from placed_pairs
  union all select a, bits, true from evidence where a = b
),
best as (select n, joined, max(bits) as bits from sides group by n, joined),
sizes as (select entity, count(*) as size from placed group by entity)
select p.record_id, s.size > 1 as shared, b.bits
from placed p join sizes s using (entity)
left join best b on b.n = p.n and b.joined = (s.size > 1)
order by p.record_id
"""

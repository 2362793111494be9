"""The chain from canonical records to entities: frequencies, blocking, levels, learning, scores, clusters."""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

import msgspec
import polars as pl
from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.compare import shipped_weights
from leadspro_engine.resolve import pairs, remembered
from leadspro_engine.resolve.blocking import BLOCKINGS, make_keys, make_pairs
from leadspro_engine.resolve.chance import groups
from leadspro_engine.resolve.cluster import cluster
from leadspro_engine.resolve.components import LARGE_COMPONENTS, OPEN_EDGES, make_components, settle
from leadspro_engine.resolve.labels import shifted
from leadspro_engine.resolve.large import join_parts
from leadspro_engine.resolve.learn import best_threshold, learn, solve_match_rate
from leadspro_engine.resolve.verdicts import judged_edges, judged_pairs, judged_records, records_of_one_each

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from leadspro_engine.compare import Comparison, Model, Weights
    from leadspro_engine.resolve.rarity import Rarity
    from leadspro_engine.resolve.verdicts import Verdicts

_MORE_COLUMNS = ("name_key", "apart")
"""What is read beside the columns that are compared: blocking needs one, verdicts the other."""


class Resolution(Struct, frozen=True):
    """What resolving one table gave.

    Attributes:
        weights: the learned weights, with match rate and threshold.
        records: rows read.
        pairs: candidate pairs scored.
        thinned: records that some rule compared with a few neighbors only (see ``blocking``).
        entities: clusters, those of one record included.
        clusters: ``record_id``, ``entity`` (the smallest record_id of its cluster), sorted by record_id.
    """

    weights: Weights
    records: int
    pairs: int
    thinned: int
    entities: int
    clusters: pl.DataFrame


PASSES = 2
"""The first pass counts value frequencies over records, the second over the entities that the first found:
in a table where one company has a hundred rows its name is not a common name."""


def resolve(  # noqa: PLR0913 - all but the first two by name only
    con: DuckDBPyConnection,
    model: Model,
    *,
    link: bool = False,
    learned: Weights | None = None,
    verdicts: Verdicts = (),
    one_each: Collection[str] = (),
) -> Resolution:
    """Group the records of the view ``input`` into entities.

    Args:
        con: a workbench with a view ``input`` of canonical records, unique by ``record_id``.
        model: ``PEOPLE`` or ``COMPANIES``.
        link: match only records of different sources, each with at most one partner in every other source.
        learned: weights to use as they are, with the value frequencies in the view ``known_frequencies`` and
            what pairs said under them in ``known_evidence``; learned from the records when None.
        verdicts: what people said about pairs; it holds whatever the values say, and moves the threshold.
        one_each: sources of which no two records are one entity, unless a verdict says so.

    Leaves the tables ``frequencies`` and ``evidence`` in the workbench.
    """
    judged_records(con, verdicts, one_each)
    total = pairs.prepare(con, model, _MORE_COLUMNS, link=link)
    comparisons = pairs.speaking(con, model)
    make_keys(con, BLOCKINGS[model.name])
    make_pairs(con, link=link)
    judged_pairs(con)
    records_of_one_each(con, one_each)
    if learned is None:
        weights = _learn_and_cluster(con, model, comparisons, total, link=link)
    else:
        remembered.add_evidence(con, comparisons, model, learned)
        weights = learned
        _cluster(con, model, comparisons, learned, link=link)
    clusters = sql.frame(con, "clusters", _CLUSTERS)
    return Resolution(
        weights=weights,
        records=total,
        pairs=sql.number(con, "count pairs", "select count(*) from pairs"),
        thinned=sql.number(con, "count thinned records", "select count(distinct n) from thinned"),
        entities=clusters["entity"].n_unique(),
        clusters=clusters,
    )


def _learn_and_cluster(
    con: DuckDBPyConnection, model: Model, comparisons: tuple[Comparison, ...], total: int, *, link: bool
) -> Weights:
    """The weights that the records teach; leaves the clusters that follow in ``heads``."""
    pairs.count_values(con, model)
    pairs.add_levels(con, comparisons, model, pairs="pairs")
    pairs.add_random_pairs(con, comparisons, model, link=link)
    pairs.add_levels(con, comparisons, model, pairs="random_pairs")
    weights = shipped_weights(model, records=total)
    for _ in range(PASSES):
        rarity = pairs.add_frequencies(con, model, _others(con, weights))
        weights = _weights(con, model, comparisons, total, rarity)
        _cluster(con, model, comparisons, weights, link=link)
    return weights


def _others(con: DuckDBPyConnection, weights: Weights) -> float:
    """How many further heads of its own entity a head has on average: expected partners less those found."""
    ((distinct, joined),) = sql.rows(con, "partners found", _JOINED)
    return max(weights.match_rate * (float(distinct) - 1) - float(joined) / max(float(distinct), 1.0), 0.0)


_JOINED = """
select coalesce(sum(k), 0), coalesce(sum(k * (k - 1)), 0)
from (select count(*) as k from heads group by head)
"""


def _weights(
    con: DuckDBPyConnection,
    model: Model,
    comparisons: tuple[Comparison, ...],
    total: int,
    rarity: Mapping[str, Rarity],
) -> Weights:
    """Weights learned from the patterns, with the match rate and threshold that the evidence implies."""
    candidates = _patterns(con, "pairs_levels", comparisons, "rules")
    distinct = sql.number(con, "count distinct records", "select count(*) from distinct_records")
    weights = shipped_weights(model, records=total)
    if comparisons and not candidates.is_empty():
        random = _random_patterns(con, model, comparisons)
        weights = learn(
            model,
            comparisons,
            BLOCKINGS[model.name],
            candidates=candidates,
            random=random,
            records=total,
            distinct=distinct,
            rarity=rarity,
        )
    pairs.add_evidence(con, comparisons, model, weights)
    evidence = _evidence_counts(con)
    weights = msgspec.structs.replace(weights, match_rate=solve_match_rate(evidence, distinct))
    weights = msgspec.structs.replace(weights, match_rate=shifted(weights, _labelled(con, weights)))
    scored = evidence.with_columns(pl.col("bits") + weights.prior_bits)
    return msgspec.structs.replace(weights, threshold=best_threshold(scored))


def _labelled(con: DuckDBPyConnection, weights: Weights) -> list[tuple[float, bool]]:
    """The scores of the pairs that people have judged, in bits, and whether they are one."""
    text = "select e.bits, j.same from evidence e join judged j using (a, b) order by a, b"
    return [(bits + weights.prior_bits, same) for bits, same in sql.rows(con, "judged scores", text)]


_STRANGERS = """(
  select p.* from random_pairs_levels p left join heads x on x.n = p.a left join heads y on y.n = p.b
  where sample > 0 or x.head is distinct from y.head
)"""
"""Random pairs less those already known to be one entity. Left joins, because an inner join lets the planner
turn the inequality into a join of all records with all."""


def _patterns(
    con: DuckDBPyConnection, table: str, comparisons: tuple[Comparison, ...], *more: str
) -> pl.DataFrame:
    """The patterns of a table of levels with the number of pairs that show each."""
    columns = ", ".join([*more, *(f"level_{one.field}" for one in comparisons)])
    query = f"select {columns}, count(*) as pairs from {table} group by {columns} order by {columns}"
    return sql.frame(con, "patterns", query)


def _random_patterns(
    con: DuckDBPyConnection, model: Model, comparisons: tuple[Comparison, ...]
) -> pl.DataFrame:
    """The patterns of random pairs, with the share of the value on which they agree, in their own sample."""
    numbers = groups(comparisons)
    common = [one for one in comparisons if one.frequency_columns]
    shares = ", ".join(["p.*", *pairs.share_columns(common, model)])
    table = f"(select {shares} from {_STRANGERS} p join records l on l.n = p.a join records r on r.n = p.b)"
    known = [
        f"case when sample = {numbers[one.among]} and share_{one.field} is not null"
        f" then 2.0 ** round(log2(greatest(share_{one.field}, 1e-9))) end as share_{one.field}"
        for one in common
    ]
    columns = ", ".join(["sample", "block", *(f"level_{one.field}" for one in comparisons), *known])
    query = f"select {columns}, count(*) as pairs from {table} group by all order by all"
    return sql.frame(con, "patterns of random pairs", query)


def _evidence_counts(con: DuckDBPyConnection) -> pl.DataFrame:
    """How many candidate pairs have each sum of evidence, to a tenth of a bit."""
    counts = (
        "select round(bits, 1) as bits, count(*) as pairs from evidence where a <> b group by 1 order by 1"
    )
    return sql.frame(con, "evidence counts", counts)


def _cluster(
    con: DuckDBPyConnection,
    model: Model,
    comparisons: tuple[Comparison, ...],
    weights: Weights,
    *,
    link: bool,
) -> None:
    """Make ``heads`` of the scored pairs at the threshold."""
    cut = _cut_bits(weights.threshold) - weights.prior_bits
    once = "distinct_records" if link else "once"
    sources = dict(sql.rows(con, "sources", f"select n, source from {once}")) or None
    make_components(con, cut)
    settle(con, once)
    edges, judged = sql.rows(con, "open edges", OPEN_EDGES), judged_edges(con)
    joined = cluster(edges, sources, judged)
    large = {n for (n,) in sql.rows(con, "large components", LARGE_COMPONENTS)}
    if large:

        def weigh(wanted: Sequence[tuple[int, int]]) -> list[tuple[int, int, float]]:
            return pairs.weigh(con, comparisons, model, weights, wanted, cut=cut)

        parts = {n: head for n, head in joined.items() if n in large}
        joined |= join_parts(parts, edges, weigh, sources, judged)
    schema = {"n": pl.Int64, "head": pl.Int64}
    con.register(
        "joined", pl.DataFrame({"n": [*joined], "head": [*joined.values()]}, schema=schema).to_arrow()
    )
    sql.run(con, "heads", _HEADS.format(cut=repr(cut)))


_HEADS = """
create or replace table heads as
select d.n, coalesce(s.head, j.head, d.n) as head,
  case when d.copies > 1 and e.bits is null then d.copies - 1 else 0 end as more
from distinct_records d left join settled s using (n) left join joined j using (n)
left join (select a as n, bits from evidence where a = b and bits > {cut}) e using (n)
"""

_CLUSTERS = """
select m.record_id,
  case when h.more > 0 and m.record_id <> d.record_id then m.record_id else x.record_id end as entity
from members m join heads h using (n) join distinct_records d using (n)
join distinct_records x on x.n = h.head
order by m.record_id
"""


def _cut_bits(threshold: float) -> float:
    """A match probability as log2 odds."""
    return log2(threshold / (1 - threshold))

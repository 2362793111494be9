"""Records and pairs as tables: value frequencies, levels of agreement, scores.

``distinct_records`` holds one row for each distinct set of compared values (identical rows are compared once
and carry their number in ``copies``), numbered ``n`` in the order of their smallest ``record_id``;
``members(n, record_id)`` leads back to the rows. ``records`` is the same with value frequencies, which are
counted over entities as far as they are known (``heads(record_id, head)``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine import sql
from leadspro_engine.compare.columns import evidence_bits_sql, level_share_sql, level_sql
from leadspro_engine.compare.weights import lift_field
from leadspro_engine.resolve.chance import groups, lifts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from leadspro_engine.compare import Comparison, Model, Weights

MOST_HOLDERS = 3
"""A value held by people whose family names begin with three different letters is nobody's own."""

FEW = 50
"""In a table not much larger than this, that a value returns says little about how common it is."""

RANDOM_PAIRS = 300_000
"""How many random pairs u is measured on: a level of 1 in 10,000 is then seen about 30 times."""

SHARED_PAIRS = 60_000
"""How many pairs that share an employer or a family name: agreement is far more frequent among them."""

LINK_SAMPLE = 4_000
"""Records, evenly from all sources, whose pairs across sources u is measured on when linking: the pairs of
all records of two large sources could be neither counted nor sorted in reasonable time."""


def prepare(con: DuckDBPyConnection, model: Model, extra: tuple[str, ...], *, link: bool) -> int:
    """Make ``distinct_records``, ``members`` and ``heads`` from the view ``input``; returns its row count.

    Args:
        con: a workbench with a view ``input`` of canonical records, and the same as ``compared_input``.
        model: says which columns are compared.
        extra: further columns that blocking needs.
        link: every row is compared for itself, identical ones too: each may have its own partner.
    """
    sql.run(con, "compared records", _compared_sql(model))
    columns = tuple(dict.fromkeys((*model.columns, *extra)))
    listed = ", ".join((*columns, "source", "record_id") if link else columns)
    source = "source" if link else "null::varchar as source"
    sql.run(
        con, "distinct records", _DISTINCT.format(compared=", ".join(columns), source=source, grouped=listed)
    )
    compared = (*columns, "record_id") if link else columns
    same = " and ".join(f"i.{column} is not distinct from d.{column}" for column in compared)
    members = f"select d.n, i.record_id from compared i join distinct_records d on {same}"
    sql.run(con, "members of distinct records", f"create or replace table members as {members}")
    heads = "select m.record_id, d.record_id as head from members m join distinct_records d using (n)"
    sql.run(con, "heads", f"create or replace table heads as {heads}")
    return sql.number(con, "count input", "select count(*) from input")


_DISTINCT = """
create or replace table distinct_records as
select row_number() over (order by min(record_id)) as n, min(record_id) as record_id, count(*) as copies,
  {compared}, {source}
from compared group by {grouped}
"""


def _compared_sql(model: Model) -> str:
    """``compared``: the input, without the values that ``MOST_HOLDERS`` or more different holders share."""
    if not model.shared_by:
        return "create or replace view compared as select * from compared_input"
    own = ",\n".join(_OWN.format(column=column, holder=holder) for column, holder in model.shared_by.items())
    replaced = ", ".join(f"coalesce(own_{column}.kept, []) as {column}" for column in model.shared_by)
    joins = "\n".join(f"left join own_{column} using (record_id)" for column in model.shared_by)
    chosen = f"select i.* replace ({replaced}) from compared_input i\n{joins}"
    return f"create or replace table compared as\nwith {own}\n{chosen}"


_OWN = f"""
held_{{column}} as (
  select record_id, unnest({{column}}) as value, {{holder}} as holder from input
),
own_{{column}} as (
  select record_id, list(value order by value) as kept
  from held_{{column}} anti join (
    select value from held_{{column}} group by value having count(distinct holder) >= {MOST_HOLDERS}
  ) using (value)
  group by record_id
)"""


def add_levels(
    con: DuckDBPyConnection, comparisons: tuple[Comparison, ...], model: Model, *, pairs: str
) -> None:
    """Make ``<pairs>_levels``: the pairs with the level of each comparison."""
    levels = [f"({level_sql(model, one)})::tinyint as level_{one.field}" for one in comparisons]
    joined = f"from {pairs} p join distinct_records l on l.n = p.a join distinct_records r on r.n = p.b"
    text = f"create or replace table {pairs}_levels as\nselect " + ",\n".join(["p.*", *levels])
    sql.run(con, f"levels of {pairs}", f"{text}\n{joined}")


def add_random_pairs(con: DuckDBPyConnection, comparisons: Sequence[Comparison], *, link: bool) -> None:
    """Make ``random_pairs(a, b, sample, block)``: of a small table every pair, else a sample drawn by hash.

    ``sample`` is a number of ``groups``. Beside the pairs of all records (0) stand, for each kind of value
    that a comparison asks two records to share, pairs that do: each record with one other that shares one.
    """
    sql.run(
        con, "random pairs", f"create or replace table random_pairs as\n{_random_pairs_sql(con, link=link)}"
    )
    for among, number in groups(comparisons).items():
        if among is not None:
            drawn = _PAIRS_AMONG.format(
                among=among, number=number, across="and l.source <> r.source" if link else ""
            )
            sql.run(con, f"random pairs among {among}", f"insert into random_pairs\n{drawn}")


_PAIRS_AMONG = f"""
with held as (select n, source, unnest(list_distinct({{among}})) as value from distinct_records),
placed as (
  select n, source, value, row_number() over (partition by value order by hash(n), n) as place,
    count(*) over (partition by value) as size
  from held where value is not null
)
select least(l.n, r.n) as a, greatest(l.n, r.n) as b, {{number}}::utinyint as sample,
  (2 ** ceil(log2(min(l.size))))::bigint as block
from placed l join placed r on l.value = r.value and r.place = l.place % l.size + 1
where l.size > 1 and l.n <> r.n {{across}}
group by least(l.n, r.n), greatest(l.n, r.n)
order by hash(a, b), a, b limit {SHARED_PAIRS}
"""
"""Each record with the next one in an order drawn by hash, round about; ``block`` is how many records share
the rarest value that the pair shares, to the next power of two."""


def _random_pairs_sql(con: DuckDBPyConnection, *, link: bool) -> str:
    """The pairs of all records."""
    records = sql.number(con, "count records", "select count(*) from distinct_records")
    if link or records * (records - 1) // 2 <= RANDOM_PAIRS:
        text = _PAIRS_ACROSS if link else _ALL_PAIRS
    else:
        text = f"""
select distinct least(a, b) as a, greatest(a, b) as b from (
  select (1 + hash(i) % {records})::bigint as a, (1 + hash(i + {RANDOM_PAIRS}) % {records})::bigint as b
  from range({RANDOM_PAIRS}) t(i)
) where a <> b"""
    return f"select a, b, 0::utinyint as sample, {records} as block from ({text})"


_ALL_PAIRS = "select l.n as a, r.n as b from distinct_records l join distinct_records r on l.n < r.n"

_PAIRS_ACROSS = f"""
with drawn as (
  select n, source from distinct_records
  order by row_number() over (partition by source order by hash(n), n), n limit {LINK_SAMPLE}
)
select l.n as a, r.n as b from drawn l join drawn r on l.n < r.n and l.source <> r.source
order by hash(l.n, r.n), a, b limit {RANDOM_PAIRS}"""


def add_frequencies(con: DuckDBPyConnection, model: Model, others: float) -> None:
    """Make ``frequencies`` and ``records`` from the entities in ``heads``.

    Args:
        con: a workbench with ``heads``.
        model: says which columns have frequencies.
        others: how many further heads of its own entity a head has on average, not joined to it yet.
    """
    entities = sql.number(con, "count entities", "select count(distinct head) from heads")
    sql.run(con, "value frequencies", _frequencies_sql(model, entities, 1.5 + others))
    for comparison in model.comparisons:
        if comparison.lifted_by is not None:
            _add_lifts(con, comparison)
    sql.run(con, "records with frequencies", _records_sql(model))


def use_frequencies(con: DuckDBPyConnection, model: Model) -> None:
    """Make ``frequencies`` and ``records`` from the view ``known_frequencies``, counted on another day."""
    text = "create or replace table frequencies as select field, value, share from known_frequencies"
    sql.run(con, "value frequencies", text)
    sql.run(con, "records with frequencies", _records_sql(model))


def _add_lifts(con: DuckDBPyConnection, comparison: Comparison) -> None:
    """Add to ``frequencies`` how many times more often than by chance those who share a value agree."""
    shared, value = comparison.lifted_by, comparison.columns[0]
    assert shared is not None
    bearers = _BEARERS.format(shared=shared, value=value)
    found = lifts(sql.frame(con, f"bearers of one {shared}", bearers), _chance(con, value))
    con.register("found_lifts", found.to_arrow())
    added = f"insert into frequencies select '{lift_field(shared)}', value, lift from found_lifts"
    sql.run(con, f"lifts of {shared}", added)


_BEARERS = """
with bearers as (
  select {shared} as value, {value}, count(*) as k from distinct_records
  where {shared} is not null and {value} is not null group by all
)
select value, sum(k)::double as bearers, sum(k * (k - 1) / 2)::double as agreeing
from bearers group by value having sum(k) > 1 order by value
"""


def _chance(con: DuckDBPyConnection, column: str) -> float:
    """The share of pairs that agree on a column by its frequencies alone."""
    text = f"select coalesce(sum(share * share), 0) from frequencies where field = '{column}'"
    return float(sql.rows(con, "chance agreement", text)[0][0])


def add_evidence(
    con: DuckDBPyConnection,
    comparisons: tuple[Comparison, ...],
    model: Model,
    weights: Weights,
    *,
    pairs: str = "pairs",
) -> None:
    """Make ``evidence(a, b, bits)`` of ``<pairs>_levels``: what the comparisons say, without the prior."""
    shares = [
        f"({share}) as share_{one.field}"
        for one in comparisons
        if (share := level_share_sql(model, one)) is not None
    ] + [f"l.lift_{one.lifted_by} as lift_{one.field}" for one in comparisons if one.lifted_by is not None]
    total = evidence_bits_sql(comparisons, weights)
    text = f"""
create or replace table evidence as
select a, b, {total} as bits
from (
  select {", ".join(["p.*", *shares])}
  from {pairs}_levels p join records l on l.n = p.a join records r on r.n = p.b
)
"""
    sql.run(con, "evidence", text)


def speaking(con: DuckDBPyConnection, model: Model) -> tuple[Comparison, ...]:
    """The comparisons for which at least two records have a value; the others can say nothing."""
    kept = []
    for comparison in model.comparisons:
        has = " or ".join(
            f"len({column}) > 0" if column in model.list_columns else f"{column} is not null"
            for column in comparison.required
        )
        if (
            sql.number(
                con,
                "columns with values",
                f"select coalesce(sum(copies), 0) from distinct_records where {has}",
            )
            >= 2
        ):
            kept.append(comparison)
    return tuple(kept)


def _frequencies_sql(model: Model, entities: int, own: float) -> str:
    """``frequencies(field, value, share)``: how common a value is, the pair that agrees on it left out.

    Of the ``c`` entities with a value ``own`` are those of the pair that is being compared; what the rest
    say about chance is ``(c - own) / (n + FEW)``. Counting the pair itself would make every e-mail address
    that two records of one person share look like a coincidence in a small table.
    """
    parts = []
    for column in model.frequency_columns:
        value = f"unnest(list_distinct({column}))" if column in model.list_columns else column
        parts.append(
            f"select '{column}' as field, {value} as value, head from compared join heads using (record_id)"
        )
    counted = "\nunion all\n".join(parts)
    return f"""
create or replace table frequencies as
select field, value, (count(distinct head) - {own}) / {entities + FEW} as share
from (
{counted}
) where value is not null group by field, value having count(distinct head) > {max(own, 2)}
"""


def _records_sql(model: Model) -> str:
    """``records``: the distinct records with a ``tf_`` column beside each frequency column."""
    columns, joins = [], []
    for column in model.frequency_columns:
        if column in model.list_columns:
            joins.append(f"left join list_shares_{column} using (n)")
        else:
            found = f"f_{column}.field = '{column}' and f_{column}.value = d.{column}"
            joins.append(f"left join frequencies f_{column} on {found}")
            columns.append(f"coalesce(f_{column}.share, 0) as tf_{column}")
    for column in dict.fromkeys(one.lifted_by for one in model.comparisons if one.lifted_by is not None):
        found = f"x_{column}.field = '{lift_field(column)}' and x_{column}.value = d.{column}"
        joins.append(f"left join frequencies x_{column} on {found}")
        columns.append(f"x_{column}.share as lift_{column}")
    with_lists = [column for column in model.frequency_columns if column in model.list_columns]
    views = ",\n".join(
        f"""list_shares_{column} as (
  select n, list(coalesce(f.share, 0) order by place) as tf_{column}
  from (
    select n, unnest({column}) as value, generate_subscripts({column}, 1) as place from distinct_records
  ) v left join frequencies f on f.field = '{column}' and f.value = v.value
  group by n
)"""
        for column in with_lists
    )
    chosen = ", ".join([*columns, *(f"tf_{column}" for column in with_lists)])
    return (
        f"create or replace table records as\nwith {views}\nselect d.*, {chosen}\nfrom distinct_records d\n"
        + ("\n".join(joins))
    )

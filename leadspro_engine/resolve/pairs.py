"""Records and pairs as tables: value frequencies, levels of agreement, scores.

``records`` holds one row for each distinct set of compared values (identical rows are compared once and
carry their number in ``copies``), numbered ``n`` in the order of their smallest ``record_id``;
``members(n, record_id)`` leads back to the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine import sql
from leadspro_engine.compare.columns import level_share_sql, level_sql, total_bits_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from leadspro_engine.compare import Comparison, Model, Weights

RANDOM_PAIRS = 300_000
"""How many random pairs u is measured on: a level of 1 in 10,000 is then seen about 30 times."""


def prepare(con: DuckDBPyConnection, model: Model, extra: tuple[str, ...]) -> int:
    """Make ``frequencies``, ``records`` and ``members`` from the view ``input``; returns its number of rows.

    Args:
        con: a workbench with a view ``input`` of canonical records.
        model: says which columns are compared.
        extra: further columns that blocking needs.
    """
    columns = tuple(dict.fromkeys((*model.columns, *extra)))
    total = _count(con, "input")
    sql.run(con, "value frequencies", _frequencies_sql(model, total))
    listed = ", ".join(columns)
    sql.run(con, "distinct records", _DISTINCT.format(columns=listed))
    same = " and ".join(f"i.{column} is not distinct from d.{column}" for column in columns)
    members = f"select d.n, i.record_id from input i join distinct_records d on {same}"
    sql.run(con, "members of distinct records", f"create or replace table members as {members}")
    sql.run(con, "records with frequencies", _records_sql(model))
    return total


_DISTINCT = """
create or replace table distinct_records as
select row_number() over (order by min(record_id)) as n, min(record_id) as record_id, count(*) as copies,
  {columns}
from input group by {columns}
"""


def add_levels(
    con: DuckDBPyConnection, comparisons: tuple[Comparison, ...], model: Model, *, pairs: str
) -> str:
    """Make ``<pairs>_levels``: the pairs with the level and share of each comparison; returns its name."""
    table = f"{pairs}_levels"
    levels = [f"({level_sql(model, one)})::tinyint as level_{one.field}" for one in comparisons]
    found = {one.field: level_share_sql(model, one) for one in comparisons}
    shares = [f"({share}) as share_{field}" for field, share in found.items() if share is not None]
    joined = f"from {pairs} p join records l on l.n = p.a join records r on r.n = p.b"
    text = f"create or replace table {table} as\nselect " + ",\n".join(["p.*", *levels, *shares])
    sql.run(con, f"levels of {pairs}", f"{text}\n{joined}")
    return table


def add_random_pairs(con: DuckDBPyConnection) -> None:
    """Make ``random_pairs(a, b)``: every pair of a small table, else a sample drawn by hash."""
    records = _count(con, "records")
    if records * (records - 1) // 2 <= RANDOM_PAIRS:
        text = "select l.n as a, r.n as b from records l join records r on l.n < r.n"
    else:
        text = f"""
select distinct least(a, b) as a, greatest(a, b) as b from (
  select 1 + hash(i) % {records} as a, 1 + hash(i + {RANDOM_PAIRS}) % {records} as b
  from range({RANDOM_PAIRS}) t(i)
) where a <> b"""
    sql.run(con, "random pairs", f"create or replace table random_pairs as {text}")


def add_scores(con: DuckDBPyConnection, comparisons: tuple[Comparison, ...], weights: Weights) -> None:
    """Make ``scores(a, b, bits)`` of all candidate pairs; ``bits`` is prior and evidence in log2 odds."""
    total = total_bits_sql(comparisons, weights)
    sql.run(
        con, "scores", f"create or replace table scores as select a, b, {total} as bits from pairs_levels"
    )


def speaking(con: DuckDBPyConnection, model: Model) -> tuple[Comparison, ...]:
    """The comparisons for which at least two records have a value; the others can say nothing."""
    kept = []
    for comparison in model.comparisons:
        has = " or ".join(
            f"len({column}) > 0" if column in model.list_columns else f"{column} is not null"
            for column in comparison.required
        )
        row = sql.run(con, "columns with values", f"select count(*) from records where {has}").fetchone()
        if row is not None and row[0] >= 2:
            kept.append(comparison)
    return tuple(kept)


def _count(con: DuckDBPyConnection, table: str) -> int:
    """How many rows a table has."""
    row = sql.run(con, f"count {table}", f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])


def _frequencies_sql(model: Model, total: int) -> str:
    """``frequencies(field, value, share)``: how common a value is, the pair that agrees on it left out.

    Of the ``c`` records with a value two are the pair that is being compared; what the rest say about
    chance is ``(c - 2 + 0.5) / n``. Counting the pair itself would make every e-mail address that two records
    of one person share look like a coincidence in a small table.
    """
    parts = []
    for column in model.frequency_columns:
        value = f"unnest(list_distinct({column}))" if column in model.list_columns else column
        parts.append(f"select '{column}' as field, value from (select {value} as value from input)")
    counted = "\nunion all\n".join(parts)
    return f"""
create or replace table frequencies as
select field, value, (count(*) - 1.5) / {max(total, 10)} as share
from (
{counted}
) where value is not null group by field, value having count(*) > 2
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

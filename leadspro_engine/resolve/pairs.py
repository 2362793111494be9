"""Records and pairs as tables: value frequencies, levels of agreement, scores.

``distinct_records`` holds one row for each distinct set of compared values (identical rows are compared once
and carry their number in ``copies``), numbered ``n`` in the order of their smallest ``record_id``;
``members(n, record_id)`` leads back to the rows. ``records`` has their values with the frequencies of these,
which are counted over entities as far as they are known: ``heads(n, head, more)`` has the smallest record of
the entity of each, and how many of its identical rows are entities of their own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from leadspro_engine import sql
from leadspro_engine.compare.columns import conditions, evidence_bits_sql, level_share_sql, level_sql
from leadspro_engine.resolve.chance import groups
from leadspro_engine.resolve.rarity import FEW, rarities

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from leadspro_engine.compare import Comparison, Model, Weights
    from leadspro_engine.resolve.rarity import Rarity

MOST_HOLDERS = 3
"""A value held by people whose family names begin with three different letters is nobody's own."""

MANY = 80
"""More records than this with one mailbox and one name are one entity's before anything is learned: counted
each for itself they would make its mailbox and its name common, and agreement on them nothing."""

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
    named = tuple(dict.fromkeys((*model.columns, *extra)))
    sql.run(con, "compared records", _compared_sql(model, named))
    columns = ", ".join(named)
    same = "record_id" if link else f"hash({columns}), hash('again', {columns})"
    sql.run(con, "rows by what they say", _SAYING.format(same=same))
    source = "source" if link else "null::varchar as source"
    sql.run(con, "distinct records", _DISTINCT.format(compared=columns, source=source))
    sql.run(con, "members of distinct records", _MEMBERS)
    sql.run(con, "heads", _heads_sql(model))
    return sql.number(con, "count input", "select count(*) from input")


_SAYING = """
create or replace table saying as
select record_id, min(record_id) over (partition by {same}) as first from compared
"""
"""Rows say the same when two hashes of 64 bits of all their values are equal."""

_DISTINCT = """
create or replace table distinct_records as
select row_number() over (order by first) as n, first as record_id, copies, {compared}, {source}
from (select first, count(*) as copies from saying group by first) join compared on record_id = first
"""

_MEMBERS = """
create or replace table members as
select d.n, s.record_id from saying s join distinct_records d on d.record_id = s.first;
drop table saying
"""


def _heads_sql(model: Model) -> str:
    """``heads`` before anything is known: many with one own value and one name are one entity."""
    values = [f"unnest({column})" if column in model.list_columns else column for column in model.own] or [
        "null"
    ]
    named = "\nunion all\n".join(
        f"select n, name_key, {place} as place, {value} as value from distinct_records"
        for place, value in enumerate(values)
    )
    return f"""
create or replace table heads as
select d.n, coalesce(min(s.first), d.n) as head, 0 as more
from distinct_records d left join (
  select n, min(n) over (partition by place, value, name_key) as first from (
{named}
  ) where value is not null and name_key is not null
  qualify count(*) over (partition by place, value, name_key) > {MANY}
) s using (n)
group by d.n
"""


def _compared_sql(model: Model, columns: Sequence[str]) -> str:
    """``compared``: what is compared, without the values that ``MOST_HOLDERS`` or more holders share."""
    chosen = ["i.record_id", "i.source"]
    for column in columns:
        kept = (
            f"case when own_{column}.record_id is null then i.{column} else own_{column}.kept end as {column}"
        )
        chosen.append(kept if column in model.shared_by else f"i.{column}")
    own = ",\n".join(_OWN.format(column=column, holder=holder) for column, holder in model.shared_by.items())
    joins = "\n".join(f"left join own_{column} using (record_id)" for column in model.shared_by)
    text = f"select {', '.join(chosen)} from compared_input i\n{joins}"
    return f"create or replace table compared as\n{f'with {own}' if own else ''}\n{text}"


_OWN = f"""
held_{{column}} as (
  select record_id, unnest({{column}}) as value, {{holder}} as holder from input
),
shared_{{column}} as (
  select value from held_{{column}} group by value
  having count(*) >= {MOST_HOLDERS} and count(distinct holder) >= {MOST_HOLDERS}
),
own_{{column}} as (
  select record_id, coalesce(list(value order by value) filter (not shared), []) as kept
  from (
    select h.record_id, h.value, s.value is not null as shared
    from held_{{column}} h left join shared_{{column}} s using (value)
  )
  group by record_id having bool_or(shared)
)"""
"""The records that hold a shared value, with the values that they keep."""


def add_levels(
    con: DuckDBPyConnection, comparisons: tuple[Comparison, ...], model: Model, *, pairs: str
) -> None:
    """Make ``<pairs>_levels``: the pairs with the level of each comparison."""
    levels = [f"({level_sql(model, one)})::tinyint as level_{one.field}" for one in comparisons]
    known = dict.fromkeys(conditions(comparisons))
    asked = {text: f"holds_{number}" for number, text in enumerate(known)}
    sides = [f"{side}.{column} as {side}_{column}" for column in model.columns for side in "lr"]
    held = [f"coalesce({text}, false) as {name}" for text, name in asked.items()]
    told = [_flat(_asked(text, asked)) for text in levels]
    kept = sql.run(con, "columns of pairs", f"select * from {pairs} limit 0").description or ()
    text = f"""
create or replace table {pairs}_levels as
select {", ".join(column[0] for column in kept)},
{",".join(told)}
from (
  select {", ".join(["p.*", *sides, *held])}
  from {pairs} p join distinct_records l on l.n = p.a join distinct_records r on r.n = p.b
)
"""
    sql.run(con, f"levels of {pairs}", text)


def _asked(text: str, names: Mapping[str, str]) -> str:
    """An expression in which statements that are known already stand by their names."""
    for statement, name in names.items():
        text = text.replace(statement, name)
    return text


def _flat(text: str) -> str:
    """An expression over the aliases ``l`` and ``r`` as one over the columns ``l_…`` and ``r_…``."""
    return re.sub(r"\b([lr])\.(?=[a-z])", r"\1_", text)


def add_random_pairs(
    con: DuckDBPyConnection, comparisons: Sequence[Comparison], model: Model, *, link: bool
) -> None:
    """Make ``random_pairs(a, b, sample, block)``: of a small table every pair, else a sample drawn by hash.

    ``sample`` is a number of ``groups``. Beside the pairs of all records (0) stand, for each kind of value
    that a comparison asks two records to share, pairs that do: each record with one other that shares one.
    """
    sql.run(
        con, "random pairs", f"create or replace table random_pairs as\n{_random_pairs_sql(con, link=link)}"
    )
    for among, number in groups(comparisons).items():
        if among:
            drawn = _PAIRS_AMONG.format(
                among=_values_sql(among, model),
                number=number,
                across="and l.source <> r.source" if link else "",
            )
            sql.run(con, f"random pairs among {', '.join(among)}", f"insert into random_pairs\n{drawn}")


def _values_sql(columns: tuple[str, ...], model: Model) -> str:
    """What a record shares with others, as a list: the members of lists, and all other columns together."""
    lists = [column for column in columns if column in model.list_columns]
    others = [column for column in columns if column not in model.list_columns]
    together = ["[" + " || '|' || ".join(others) + "]"] if others else []
    return f"list_concat({', '.join([*lists, *together])})"


_PAIRS_AMONG = f"""
with held as (select n, source, unnest(list_distinct({{among}})) as value from distinct_records),
placed as (
  select n, source, value, row_number() over (partition by value order by hash(n), n) as place,
    count(*) over (partition by value) as size
  from held where value is not null
)
select least(l.n, r.n) as a, greatest(l.n, r.n) as b, {{number}}::utinyint as sample,
  min(l.size)::bigint as block
from placed l join placed r on l.value = r.value and r.place = l.place % l.size + 1
where l.size > 1 and l.n <> r.n {{across}}
group by least(l.n, r.n), greatest(l.n, r.n)
order by hash(a, b), a, b limit {SHARED_PAIRS}
"""
"""Each record with the next one in an order drawn by hash, round about; ``block`` is how many records share
the rarest value that the pair shares."""


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


def add_frequencies(con: DuckDBPyConnection, model: Model, others: float) -> dict[str, Rarity]:
    """Make ``frequencies`` and ``records`` from the entities in ``heads``; returns the rarity of each column.

    Args:
        con: a workbench with ``heads``.
        model: says which columns have frequencies.
        others: how many further heads of its own entity a head has on average, not joined to it yet.
    """
    own = 1.5 + others
    sql.run(con, "entities with values", _entities_sql(model))
    sql.run(con, "value frequencies", _FREQUENCIES.format(own=own, few=FEW, least=max(own, 2)))
    sql.run(con, "records with frequencies", _records_sql(model))
    entities = dict(sql.rows(con, "entities", "select field, entities from having_values"))
    return rarities(sql.frame(con, "spectrum", _SPECTRUM), entities, own, _expected(model))


def _expected(model: Model) -> dict[str, float]:
    """How often two records are expected to agree on a value, before the data says it, by column."""
    expected: dict[str, float] = {}
    for level in (level for one in model.comparisons if not one.among for level in one.levels):
        for column in (level.frequency_of, level.and_of):
            if column is not None:
                expected[column] = max(level.u, expected.get(column, 0.0))
    return expected


def use_frequencies(con: DuckDBPyConnection, model: Model, pairs: str) -> None:
    """Make ``frequencies`` of the view ``known_frequencies``, and ``records`` of those in ``pairs`` alone."""
    text = "create or replace table frequencies as select field, value, share from known_frequencies"
    sql.run(con, "value frequencies", text)
    paired = f"select * from distinct_records where n in (select unnest([a, b]) from {pairs})"
    sql.run(con, "paired records", f"create or replace table paired_records as {paired}")
    every = _every_sql(model, "paired_records")
    sql.run(con, "held values", f"create or replace table held as select field, value, n from ({every})")
    sql.run(con, "records with frequencies", _records_sql(model, "paired_records"))


def add_evidence(  # noqa: PLR0913 - the last two by name only
    con: DuckDBPyConnection,
    comparisons: tuple[Comparison, ...],
    model: Model,
    weights: Weights,
    *,
    pairs: str = "pairs",
    evidence: str = "evidence",
) -> None:
    """Make ``evidence(a, b, bits)`` of ``<pairs>_levels``: what the comparisons say, without the prior."""
    total = evidence_bits_sql(comparisons, weights)
    text = f"""
create or replace table {evidence} as
select a, b, {total} as bits
from (
  select {", ".join(["p.*", *share_columns(comparisons, model)])}
  from {pairs}_levels p join records l on l.n = p.a join records r on r.n = p.b
)
"""
    sql.run(con, "evidence", text)


def weigh(  # noqa: PLR0913 - the same as add_evidence
    con: DuckDBPyConnection,
    comparisons: tuple[Comparison, ...],
    model: Model,
    weights: Weights,
    wanted: Sequence[tuple[int, int]],
    *,
    cut: float,
) -> list[tuple[int, int, float]]:
    """``(a, b, bits)`` of pairs of distinct records, bits relative to ``cut``."""
    frame = pl.DataFrame(wanted, schema={"a": pl.Int64, "b": pl.Int64}, orient="row")
    con.register("wanted", frame.to_arrow())
    sql.run(con, "wanted pairs", "create or replace table wanted_pairs as select a, b from wanted")
    add_levels(con, comparisons, model, pairs="wanted_pairs")
    add_evidence(con, comparisons, model, weights, pairs="wanted_pairs", evidence="wanted_evidence")
    text = f"select a, b, bits - ({cut!r}) from wanted_evidence order by a, b"
    return sql.rows(con, "wanted evidence", text)


def share_columns(comparisons: Sequence[Comparison], model: Model) -> list[str]:
    """SQL columns ``share_<field>``: the share of the value on which a pair agrees, or null."""
    return [
        f"({share}) as share_{one.field}"
        for one in comparisons
        if (share := level_share_sql(model, one)) is not None
    ]


def speaking(con: DuckDBPyConnection, model: Model) -> tuple[Comparison, ...]:
    """The comparisons for which at least two records have values; the others can say nothing."""
    kept = []
    for one in model.comparisons:
        has = " or ".join(_has(column, model) for column in one.required)
        lists = [_has(column, model) for column in one.among if column in model.list_columns]
        others = [_has(column, model) for column in one.among if column not in model.list_columns]
        shared = " or ".join([*lists, *([" and ".join(others)] if others else [])]) or "true"
        text = f"select coalesce(sum(copies), 0) from distinct_records where ({has}) and ({shared})"
        if sql.number(con, "columns with values", text) >= 2:
            kept.append(one)
    return tuple(kept)


def _has(column: str, model: Model) -> str:
    """Whether a record has a value in a column, as SQL."""
    return f"len({column}) > 0" if column in model.list_columns else f"{column} is not null"


def _entities_sql(model: Model) -> str:
    """``having_values(field, entities)``: how many entities have a value in a column."""
    counts = [
        f"select '{column}' as field, count(distinct head) + coalesce(sum(more), 0) as entities from known "
        f"where {_has(column, model)}"
        for column in model.frequency_columns
    ]
    known = "with known as (select * from distinct_records join heads using (n))"
    return f"create or replace table having_values as\n{known}\n" + "\nunion all\n".join(counts)


def count_values(con: DuckDBPyConnection, model: Model) -> None:
    """Make ``held(field, value, n)``: who has a value of a frequency column that more than two rows have."""
    sql.run(con, "held values", _HELD.format(every=_every_sql(model, "distinct_records")))


def _every_sql(model: Model, records: str) -> str:
    """A query of ``field, value, n, copies``: every value of the frequency columns of some records."""
    parts = []
    for column in model.frequency_columns:
        value = f"unnest(list_distinct({column}))" if column in model.list_columns else column
        parts.append(f"select '{column}' as field, {value} as value, n, copies from {records}")
    return "select * from (\n" + "\nunion all\n".join(parts) + "\n) where value is not null"


_HELD = """
create or replace table held as
with every as ({every})
select field, value, n from every
semi join (select field, value from every group by field, value having sum(copies) > 2) using (field, value)
"""


_FREQUENCIES = """
create or replace table frequencies as
with counted as (
  select field, value, count(distinct head) + sum(more) as held
  from held join heads using (n) group by field, value
)
select field, value, (held - {own}) / (entities + {few}) as share
from counted join having_values using (field) where held > {least}
"""
"""``frequencies(field, value, share)``: how common a value is, the pair that agrees on it left out.

Of the ``held`` entities with a value ``own`` are those of the pair that is being compared; what the others
say about chance is ``(held - own) / (entities + FEW)``, of the entities that have any value. Counting the
pair itself would make every e-mail address that two records of one person share look like a coincidence in a
small table.
"""

_SPECTRUM = """
select field, 2.0 ** round(log2(share)) as share, sum(share) as shares, count(*) as values
from frequencies group by all order by all
"""


def _records_sql(model: Model, given: str = "distinct_records") -> str:
    """``records``: the values of given records that have frequencies, with a ``tf_`` column beside each."""
    columns = [f"d.{column}" for column in model.frequency_columns]
    joins = []
    for column in model.frequency_columns:
        if column in model.list_columns:
            joins.append(f"left join list_shares_{column} using (n)")
            columns.append(f"tf_{column}")
        else:
            joins.append(_FOUND.format(alias=f"f_{column}", field=column, column=column))
            columns.append(f"coalesce(f_{column}.share, 0) as tf_{column}")
    views = ",\n".join(
        _LIST_SHARES.format(column=column, given=given)
        for column in model.frequency_columns
        if column in model.list_columns
    )
    return (
        f"create or replace table records as\nwith {views}\nselect d.n, {', '.join(columns)}\n"
        f"from {given} d\n" + "\n".join(joins)
    )


_FOUND = "left join frequencies {alias} on {alias}.field = '{field}' and {alias}.value = d.{column}"

_LIST_SHARES = """list_shares_{column} as (
  select n, list(coalesce(f.share, 0) order by place) as tf_{column}
  from (
    select n, unnest({column}) as value, generate_subscripts({column}, 1) as place
    from {given} semi join (
      select n from held join frequencies using (field, value) where field = '{column}'
    ) using (n)
  ) v left join frequencies f on f.field = '{column}' and f.value = v.value
  group by n
)"""
"""Of the records that have a frequent value in a list column the shares, parallel to the list."""

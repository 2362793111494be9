"""How the search index of a snapshot is made: SQL lists the numbers of each term, bitmaps are made of them.

Fields and columns are made one after the other, so memory grows with the largest of them, which is that of
the words of everything: four bytes for each word of each record.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from pyroaring import BitMap

from leadspro_engine import sql
from leadspro_engine.dataset import completions
from leadspro_engine.dataset.mapped import Writer, index_key
from leadspro_engine.dataset.search_index import DIGITS, FIELDS, KINDS, MAPS, TERMS_FILE, map_of, words_of
from leadspro_engine.dataset.searchable import (
    COLUMNS,
    HEADCOUNTS,
    IDS,
    LISTS,
    RANKED_BY,
    SOURCES,
    TEXTS,
    THERE,
    VALUES,
    age_sql,
    compared_sql,
    gaps_sql,
)
from leadspro_engine.dataset.words import STOP_WORDS, words_sql

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from duckdb import DuckDBPyConnection

    from leadspro_engine.dataset.mapped import Entry

_FEW = 64  # numbers; in so small a set runs save nothing


def build(con: DuckDBPyConnection, folder: Path) -> None:
    """Compile the search index into a new ``folder``.

    Args:
        con: a connection that has the tables ``people`` and ``companies`` and may make temporary ones.
        folder: it must not exist yet.
    """
    folder.mkdir()
    for kind in reversed(KINDS):  # the columns of people name the numbers of companies
        _number(con, kind)
        _write_columns(con, kind, folder / f"{kind}.arrow")
    with Writer(folder / TERMS_FILE, MAPS) as writer:
        for kind in KINDS:
            for field in FIELDS[kind]:
                writer.fill(map_of(kind, field), _postings(con, kind, field))
        completions.write(con, writer)
    for kind in KINDS:
        sql.run(con, "forget the numbers", f"drop table {_numbers(kind)}")


def _numbers(kind: str) -> str:
    """The temporary table of ids and numbers of a kind."""
    return f"{kind}_numbers"


def _number(con: DuckDBPyConnection, kind: str) -> None:
    """Give every record its number."""
    text = f"""
        create or replace temp table {_numbers(kind)} as
        select {IDS[kind]} as id, (row_number() over (order by {gaps_sql(kind)}, {IDS[kind]}) - 1)::uinteger
            as number
        from {SOURCES[kind]}"""
    sql.run(con, f"number {kind}", text)


def _numbered(kind: str) -> str:
    """The records of a kind, each with its number, as the inside of a ``from`` clause."""
    return f"{SOURCES[kind]} join {_numbers(kind)} as n on n.id = {IDS[kind]}"


def _terms(kind: str, field: str) -> str:
    """An SQL expression: the list of a record's terms for a field; may hold nulls, repetitions and blanks."""
    if field in TEXTS:
        return _words(TEXTS[field])
    there = [f"case when {holds} then '{name}' end" for name, holds in THERE.items()]
    shown = {
        "there": f"[{', '.join(there)}]",
        "size": f"[len(list_distinct({_meaningful(TEXTS[RANKED_BY[kind]])}))::varchar]",
        "gaps": f"[({gaps_sql(kind)})::varchar]",
        "headcount": f"[lpad(c.headcount::varchar, {DIGITS}, '0')]",
        "headcount_range": f"[{_range_sql()}]",
        "founded": "[lpad(c.founded::varchar, 4, '0')]",
        "updated_at": _dates_sql(COLUMNS[kind]["updated_at"]),
    }
    if field in shown:
        return shown[field]
    compared = compared_sql(field, COLUMNS[kind][field])
    return compared if field in LISTS else f"[{compared}]"


def _words(text: str) -> str:
    """An SQL expression: the words of a text as a list; null has none."""
    return f"string_split(coalesce({words_sql(text)}, ''), ' ')"


def _meaningful(text: str) -> str:
    """An SQL expression: the words of a text that are neither blank nor stop words."""
    left_out = ", ".join(sql.quoted(word) for word in sorted(STOP_WORDS | {""}))
    return f"list_filter({_words(text)}, lambda word: word not in ({left_out}))"


def _range_sql() -> str:
    """An SQL expression: the range of a company's headcount; the known range where there is no number."""
    cases = " ".join(
        f"when c.headcount between {low} and {high or 'c.headcount'} then '{name}'"
        for name, (low, high) in HEADCOUNTS.items()
    )
    return f"case when c.headcount is null then c.headcount_range {cases} end"


def _dates_sql(day: str) -> str:
    """An SQL expression: the terms of a day; those of years, months and days begin with different letters."""
    lengths = "[['y', '4'], ['m', '7'], ['d', '10']]"
    return f"list_transform({lengths}, lambda one: one[1] || left(({day})::varchar, one[2]::int))"


def _postings(con: DuckDBPyConnection, kind: str, field: str) -> Iterator[Entry]:
    """Every term of a field with the bitmap of its records, sorted."""
    text = f"""
        select term, list(number) as numbers
        from (select unnest({_terms(kind, field)}) as term, n.number from {_numbered(kind)})
        where term <> '' group by term order by term"""
    for batch in sql.batches(con, f"read {field} of {kind}", text):
        lists = batch["numbers"]
        words, ends = words_of(lists.values), lists.offsets.to_pylist()
        for term, start, end in zip(batch["term"].to_pylist(), ends, ends[1:], strict=False):
            numbers = BitMap(array("I", words[start:end].tobytes()))
            if end - start > _FEW:
                numbers.run_optimize()
            yield index_key(term), numbers.serialize()


def _write_columns(con: DuckDBPyConnection, kind: str, path: Path) -> None:
    """Write the columns of a kind, in the order of numbers."""
    shown = {"id": IDS[kind], "age": f"({age_sql(kind)})::integer", **VALUES[kind]}
    made = {name: _column(con, kind, name, expression) for name, expression in shown.items()}
    if kind == "people":
        made["employer"] = _employers(con)
    table = pa.table(made)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=max(1, table.num_rows))


def _column(con: DuckDBPyConnection, kind: str, name: str, expression: str) -> Any:
    """One column; the values that are counted as numbers of their sorted dictionary."""
    text = f"select {expression} as value from {_numbered(kind)} order by n.number"
    column = sql.arrow_table(con, f"read {name} of {kind}", text)["value"].combine_chunks()
    if name not in VALUES[kind]:
        return column
    if name not in LISTS:
        return _encoded(column)
    return pa.ListArray.from_arrays(column.offsets, _encoded(column.values))


def _encoded(values: Any) -> Any:
    """Values as indices of the sorted dictionary of them."""
    dictionary = values.unique().drop_null()
    dictionary = dictionary.take(pc.sort_indices(dictionary))
    return pa.DictionaryArray.from_arrays(pc.index_in(values, value_set=dictionary), dictionary)


def _employers(con: DuckDBPyConnection) -> Any:
    """The number of each person's employer; null where there is none."""
    text = f"""
        select e.number as value from {_numbered("people")}
        left join {_numbers("companies")} as e on e.id = p.company_id order by n.number"""
    return sql.arrow_table(con, "read employers", text)["value"].combine_chunks()

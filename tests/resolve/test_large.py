"""Tables that are all skew: large true clusters, values that everybody shares, bounded numbers of pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import leadspro_engine as lp
from leadspro_engine import sql
from leadspro_engine.compare import PEOPLE
from leadspro_engine.normalize.record import person_columns
from leadspro_engine.resolve import resolve
from leadspro_engine.resolve.blocking import NEIGHBORS
from leadspro_engine.resolve.large import join_parts

if TYPE_CHECKING:
    from collections.abc import Sequence


def stranger(number: int) -> dict[str, Any]:
    """A person who shares nothing with the others; written twice, the second time without a title."""
    letters = "bdfgklmnprstvz"
    name = letters[number % 14] + "a" + letters[number // 14 % 14] + "o" + letters[number // 196 % 14] + "i"
    return {"name": f"Ivo {name.title()}", "email": f"ivo.{name}@{name}.com", "title": "Engineer"}


def of_one_person(count: int) -> list[dict[str, Any]]:
    """Rows of one person that all differ in the title."""
    return [
        {"name": "Zora Quimby", "email": "zora.quimby@acme.com", "title": f"Title {number}"}
        for number in range(count)
    ]


def test_a_cluster_of_a_thousand_distinct_rows_comes_out_whole() -> None:
    others = [stranger(number) for number in range(150)]
    rows = [*of_one_person(1_000), *others, *({**one, "title": None} for one in others)]
    found = lp.dedupe(pl.DataFrame(rows), record="person")
    assert found.rows["cluster_id"][:1_000].n_unique() == 1
    assert found.rows["cluster_id"][1_000:].n_unique() == 150
    assert found.pairs < 10 * len(rows)


def test_rows_that_share_too_common_a_value_meet_their_neighbors_only_and_are_counted() -> None:
    rows = [
        {
            "record_id": f"t:{number:05}",
            "source": "t",
            "full_name": f"Ada {'xyz'[number % 3] * 4}ov",
            "title": f"T{number}",
        }
        for number in range(900)
    ]
    con = sql.workbench(threads=1)
    con.register("input", person_columns(pl.DataFrame(rows)).to_arrow())
    resolution = resolve(con, PEOPLE)
    assert resolution.thinned == len(rows)
    rules = con.execute("select count(distinct rule) from thinned").fetchall()[0][0]
    assert len(rows) < resolution.pairs <= NEIGHBORS * rules * len(rows)


@pytest.mark.parametrize(
    ("rows", "clusters"),
    [
        ([{"name": "Ada Lovelace"}], 1),
        ([{"name": None, "email": None}] * 500, 500),
        ([{"name": "Ada Lovelace", "email": "ada@acme.com"}] * 5_000, 1),
        ([{"id": "7", "name": "Ada Lovelace"}, {"id": "7", "name": "Charles Babbage"}], 2),
    ],
    ids=["one row of one column", "nothing but nulls", "copies of one row", "an id that repeats"],
)
def test_odd_tables_are_deduplicated(rows: list[dict[str, Any]], clusters: int) -> None:
    table = pl.DataFrame(rows, schema_overrides=dict.fromkeys(rows[0], pl.String))
    found = lp.dedupe(table, record="person")
    assert found.rows.height == len(rows)
    assert found.rows["cluster_id"].n_unique() == clusters


@given(st.lists(st.integers(1, 40), min_size=1, max_size=4))
def test_parts_are_joined_within_entities_and_never_across(sizes: Sequence[int]) -> None:
    entity = [number for number, size in enumerate(sizes) for _ in range(size)]

    def say(a: int, b: int) -> tuple[int, int, float]:
        return a, b, 6.0 if entity[a] == entity[b] else -9.0

    chain = [say(n, n + 1) for n in range(len(entity) - 1)]
    parts = {
        record: record - record % 3 if entity[record] == entity[record - record % 3] else record
        for record in range(len(entity))
    }
    joined = join_parts(parts, chain, lambda pairs: [say(a, b) for a, b in pairs])
    heads = {(entity[record], head) for record, head in joined.items()}
    assert len(heads) == len(sizes) == len(set(joined.values()))


def test_two_records_of_a_source_that_has_one_each_keep_parts_apart() -> None:
    edges = [(1, 2, 5.0), (3, 4, 5.0), (2, 3, 5.0)]
    parts = {1: 1, 2: 1, 3: 3, 4: 3}

    def agree(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int, float]]:
        return [(a, b, 5.0) for a, b in pairs]

    assert set(join_parts(parts, edges, agree).values()) == {1}
    assert join_parts(parts, edges, agree, {1: "list", 4: "list"}) == parts
    assert set(join_parts(parts, edges, agree, {1: "list", 4: "list"}, {(1, 4): True}).values()) == {1}
    assert join_parts(parts, edges, agree, judged={(1, 4): False}) == parts

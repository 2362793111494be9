"""Clusters by way of components are those of clustering every pair record by record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine import sql
from leadspro_engine.resolve.cluster import cluster
from leadspro_engine.resolve.components import OPEN_EDGES, make_components, settle

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

pairs = st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1])
graphs = st.dictionaries(pairs, st.integers(-9, 9).map(float), max_size=30)
verdicts = st.dictionaries(pairs, st.booleans(), max_size=2)


def workbench(graph: dict[tuple[int, int], float], judged: dict[tuple[int, int], bool]) -> DuckDBPyConnection:
    con = sql.workbench(threads=1)
    con.execute("create table evidence (a bigint, b bigint, bits double)")
    con.execute("create table judged (a bigint, b bigint, same boolean)")
    for (a, b), bits in graph.items():
        con.execute("insert into evidence values (?, ?, ?)", [a, b, bits])
    for (a, b), same in judged.items():
        con.execute("insert into judged values (?, ?, ?)", [a, b, same])
    return con


@settings(max_examples=40, deadline=None)
@given(graphs, verdicts, st.dictionaries(st.integers(0, 9), st.sampled_from("ab"), max_size=5))
def test_settled_components_and_open_ones_together_are_the_clusters_of_all_pairs(
    graph: dict[tuple[int, int], float],
    judged: dict[tuple[int, int], bool],
    sources: dict[int, str],
) -> None:
    con = workbench(graph, judged)
    make_components(con, 0.0)
    con.execute("create table once (n bigint, source varchar)")
    for n, source in sources.items():
        con.execute("insert into once values (?, ?)", [n, source])
    settle(con, "once")
    settled = dict(sql.rows(con, "settled", "select n, head from settled"))
    opened = cluster(sql.rows(con, "open", OPEN_EDGES), sources or None, judged)
    expected = cluster([(a, b, bits) for (a, b), bits in graph.items()], sources or None, judged)
    assert {**settled, **opened} == expected


def test_a_long_chain_is_one_component() -> None:
    con = sql.workbench(threads=1)
    con.execute("create table judged (a bigint, b bigint, same boolean)")
    con.execute("create table evidence as select i as a, i + 1 as b, 5.0 as bits from range(5000) t(i)")
    make_components(con, 1.0)
    assert sql.rows(con, "components", "select count(*), max(component) from components") == [(5001, 0)]

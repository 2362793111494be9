"""What analysts may ask, what is refused, and what stops a query that does not end."""

from __future__ import annotations

import io
import json
import sys
import time
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine import sql
from leadspro_engine.analysis import MOST_ROWS
from leadspro_engine.analysis.admit import admit
from leadspro_engine.cli import main
from leadspro_engine.engine import open_engine
from leadspro_engine.errors import InvalidInput, QueryStopped
from leadspro_engine.privacy.suppressions import identifier_hash
from leadspro_engine.records import Suppressions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from leadspro_engine.engine import Engine


@pytest.fixture(scope="module")
def engine(demo_home: Path) -> Iterator[Engine]:
    """The demo data, from which Amanda asked to be left out."""
    hashes = frozenset({identifier_hash("email", "amanda@northpeak.io")})
    with open_engine(demo_home, suppressions=Suppressions(hashes)) as made:
        yield made


@pytest.fixture(scope="module")
def parser() -> Iterator[DuckDBPyConnection]:
    con = duckdb.connect()
    yield con
    con.close()


@pytest.mark.parametrize(
    "text",
    [
        "select country, count(*) from people group by all order by 2 desc",
        "with us as (from people where country = 'x') select count(*) from us as a join us as b using (id)",
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) select * from n",
        "select full_name, row_number() over (partition by company_id order by id) from people",
        "from people pivot (count(*) for country_code in ('US', 'DE') group by department)",
        "select * from companies where id in (select company_id from technologies where technology = 'AWS')",
        "select list_transform([1, 2], lambda x: x + 1), {'a': 1}, date '2026-01-01' - interval 3 days",
        "select * from range(5) union all from generate_series(1, 3)",
        "select unnest([1, 2])",
        "summarize people",
        "describe companies",
        "values (1, 'a')",
        "select * from PEOPLE tablesample 10 rows",
        "select 'read_csv(''/etc/passwd'')' as text -- copy people to 'x'",
        "select 1;",
    ],
)
def test_select_statements_are_answered(engine: Engine, text: str) -> None:
    assert engine.sql(text).rows


@pytest.mark.parametrize(
    "text",
    [
        # files and the network
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from read_blob('*')",
        "select * from '/etc/passwd'",
        "select * from 'https://example.org/x.parquet'",
        "select * from glob('/*')",
        "select * from parquet_scan('x.parquet')",
        "select * from sniff_csv('/etc/passwd')",
        "copy people to '/tmp/leadspro_stolen.csv'",
        "copy (select 1) to '/dev/stdout'",
        "export database '/tmp/leadspro_stolen'",
        "import database '/tmp/leadspro_stolen'",
        "attach '/tmp/leadspro_stolen.db'",
        "detach snapshot",
        "install httpfs",
        "load httpfs",
        "create secret (type s3)",
        # settings and the machine
        "set enable_external_access = true",
        "reset lock_configuration",
        "pragma enable_profiling",
        "pragma database_list",
        "call duckdb_settings()",
        "select getenv('HOME')",
        "select current_setting('memory_limit')",
        "select * from duckdb_settings()",
        "select * from duckdb_secrets()",
        "show databases",
        "show all tables",
        "use snapshot",
        # writing
        "create table x as select 1",
        "create or replace view people as select 1",
        "create macro f() as 1",
        "drop view people",
        "insert into people values (1)",
        "with gone as (delete from people returning *) from gone",
        "with made as (insert into people values (1) returning *) from made",
        "with changed as (update companies set name = 'x' returning *) from changed",
        "checkpoint",
        "begin",
        "prepare q as select 1",
        "execute q",
        "explain analyze select 1",
        "vacuum",
        # around the views
        "select * from snapshot.main.people",
        "select * from snapshot.people",
        "select * from main.people",
        "select * from memory.main.people",
        "select * from kept.main.hidden",
        "select * from hidden",
        "select * from people_features",
        "select * from identifiers_email",
        "select 1 where exists (select 1 from snapshot.main.people where full_name = 'Amanda Reeves')",
        "select (select count(*) from snapshot.main.lineage)",
        "with people as (from snapshot.main.people) from people",
        "describe snapshot.main.people",
        "summarize snapshot.main.people",
        "select * from people join snapshot.main.people as p on true",
        "select * from query('from snapshot.main.people')",
        "select * from query_table('snapshot.main.people')",
        "select * from query_table(['people'])",
        "select * from json_execute_serialized_sql('{}')",
        "select * from pragma_table_info('people')",
        "select * from information_schema.tables",
        "select * from sqlite_master",
        "select * from (with sqlite_master as (select 1) select 1), sqlite_master",
        "select * from pg_catalog.pg_class",
        "select * from engine",
        # several statements
        "select 1; select 2",
        "select 1; copy people to '/tmp/leadspro_stolen.csv'",
        "from people; attach 'x'",
        # gigabytes in one step
        "select repeat('x', 3000000000)",
        "select range(3000000000)",
        "select lpad('x', 1000000000, 'y')",
        "select 'x'.repeat(3000000000)",
        # no SQL
        "",
        ";",
        "select",
        "selec 1",
        "select * from poeple",
        "\ud800",
        "select '" + "x" * 100_000 + "'",
        "select " + "(" * 20_000 + "1" + ")" * 20_000,
    ],
)
def test_what_leads_out_of_the_views_is_refused(parser: DuckDBPyConnection, text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^query: "):
        admit(parser, text)


@pytest.mark.parametrize(
    "text",
    [
        "select 1; select 2",
        "select * from snapshot.main.people",
        "select no_such_column from people",
        "select ?",
        "select cast('x' as integer)",
    ],
)
def test_what_is_refused_and_what_fails_is_told_as_wrong_input(engine: Engine, text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^query: "):
        engine.sql(text)


@pytest.mark.parametrize(
    "text",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from glob('/*')",
        "copy people to '/tmp/leadspro_stolen.csv'",
        "export database '/tmp/leadspro_stolen'",
        "attach '/tmp/leadspro_stolen.db'",
        "install httpfs",
        "load '/tmp/leadspro_stolen.so'",
        "set enable_external_access = true",
        "set memory_limit = '20GB'",
        "insert into snapshot.main.people (id) values ('x')",
        "drop table snapshot.main.people",
        "select * from engine",
    ],
)
def test_the_engine_refuses_too_what_would_slip_through(demo_home: Path, text: str) -> None:
    path = next((demo_home / "snapshots").glob("v-*/dataset.duckdb"))
    engine = pl.DataFrame({"a": [1]})  # a name that replacement scans would find
    con = sql.open_sealed(path, memory_limit="100MB", made=[])
    con.execute("create view people as select 1 as id")
    with pytest.raises(duckdb.Error):
        con.execute(text).fetchall()
    con.close()
    assert engine.height == 1


SOURCES = st.sampled_from(
    ["people", "companies", "snapshot.main.people", "snapshot.people", "people_features", "identifiers_email",
     "hidden", "kept.main.hidden", "duckdb_tables()", "read_text('/etc/passwd')", "'/etc/passwd'", "a", "b"]
)  # fmt: skip
QUERIES = st.recursive(
    SOURCES.map(lambda source: f"select * from {source}"),
    lambda inner: st.one_of(
        inner.map(lambda q: f"select * from ({q})"),
        st.tuples(inner, inner).map(lambda q: f"with a as ({q[0]}) {q[1]}"),
        st.tuples(inner, inner).map(lambda q: f"(with b as ({q[0]}) {q[1]}) union all by name ({q[0]})"),
        st.tuples(inner, inner).map(lambda q: f"select * from ({q[0]}) where exists ({q[1]})"),
        inner.map(lambda q: f"summarize {q}"),
    ),
    max_leaves=4,
)


@settings(max_examples=40)
@given(QUERIES)
def test_however_it_is_nested_nobody_hidden_and_no_file_is_shown(engine: Engine, text: str) -> None:
    try:
        shown = str(engine.sql(text, limit=2_000).rows)
    except InvalidInput:
        return
    assert "amanda@northpeak.io" not in shown
    assert "root:" not in shown


def test_a_query_that_does_not_end_is_stopped_and_the_next_is_answered(engine: Engine) -> None:
    began = time.monotonic()
    with pytest.raises(QueryStopped, match=r"limit of 0\.3 s") as caught:
        engine.sql("select count(*) from range(1000000) as a, range(1000000) as b", timeout_s=0.3)
    assert caught.value.code == "query_stopped"
    assert time.monotonic() - began < 20
    assert engine.sql("select 1").rows == [(1,)]


def test_a_query_that_wants_all_memory_is_stopped(engine: Engine) -> None:
    with pytest.raises(QueryStopped, match=r"of memory|30 s"):
        engine.sql("select list(range) from range(1000000000)", timeout_s=30)


def test_rows_beyond_the_limit_are_said_to_be_there(engine: Engine) -> None:
    table = engine.sql("from range(10)", limit=3)
    assert table.rows == [(0,), (1,), (2,)]
    assert table.truncated
    assert not engine.sql("from range(3)", limit=3).truncated


@pytest.mark.parametrize("limit", [0, -1, MOST_ROWS + 1])
def test_a_limit_out_of_range_is_refused(engine: Engine, limit: int) -> None:
    with pytest.raises(InvalidInput, match=r"^limit: "):
        engine.sql("select 1", limit=limit)


@pytest.mark.parametrize("timeout_s", [0, -1, 601, float("nan")])
def test_a_time_out_of_range_is_refused(engine: Engine, timeout_s: float) -> None:
    with pytest.raises(InvalidInput, match=r"^timeout_s: "):
        engine.sql("select 1", timeout_s=timeout_s)


ODD = """select 'a,"b' as text, null as nothing, [1, 2] as list, {'k': date '2026-01-02'} as pair,
    170141183460469231731687303715884105727 as big, 'nan'::double as no_number, 1.50 as dec, 1 as text"""


def test_the_command_shows_rows_as_table_csv_and_json(
    demo_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*argv: str) -> str:
        assert main(["sql", *argv, "--home", str(demo_home)]) == 0
        return capsys.readouterr().out

    assert "170,141,183" in told(ODD)
    assert told(ODD, "--format", "csv").splitlines() == [
        "text,nothing,list,pair,big,no_number,dec,text",
        '"a,""b",,"[1,2]","{""k"":""2026-01-02""}",170141183460469231731687303715884105727,,1.50,1',
    ]
    assert json.loads(told(ODD, "--format", "jsonl")) == {
        "text": 'a,"b', "nothing": None, "list": [1, 2], "pair": {"k": "2026-01-02"},
        "big": "170141183460469231731687303715884105727", "no_number": None, "dec": "1.50", "text_2": 1,
    }  # fmt: skip
    assert json.loads(told("from range(2)", "--json"))["rows"] == [[0], [1]]
    assert told("select 1 where false", "--format", "jsonl") == ""
    assert "one row a person" in told("--views")
    assert json.loads(told("--views", "--json"))[0]["view"] == "people"


def test_the_command_reads_standard_input_and_fails_in_one_line(
    demo_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("select 42 as answer"))
    assert main(["sql", "-", "--format", "csv", "--home", str(demo_home)]) == 0
    assert capsys.readouterr().out == "answer\n42\n"
    assert main(["sql", "from range(5)", "--limit", "2", "--home", str(demo_home)]) == 0
    assert "more rows than --limit 2" in capsys.readouterr().err
    assert main(["sql", "copy people to 'x'", "--home", str(demo_home)]) == 2
    assert capsys.readouterr().err.startswith("leadspro: query: ")
    assert main(["sql", "--home", str(demo_home)]) == 2

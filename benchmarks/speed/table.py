"""A CSV file enriched to a CSV file: ``enrich_table`` against a hand-written DuckDB join.

The file has one column of e-mail addresses, drawn from the snapshot with repetition, and one in ten that
nobody has. The join is told that the addresses are keys already: it reads the file, joins key -> id -> person
-> company, and writes the same columns. ``enrich_table`` guesses what the column is, reads the addresses as
people write them, and weighs whom they mean. ``matched`` is the share of rows with a person.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from benchmarks.harness import Contender, Row, compared
from benchmarks.speed.batch import opened, snapshot_options
from leadspro_engine import sql

if TYPE_CHECKING:
    import argparse

    from duckdb import DuckDBPyConnection

BASELINE = "DuckDB join"


def options(parser: argparse.ArgumentParser) -> None:
    """Which snapshot, and how many rows."""
    snapshot_options(parser)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the file")
    parser.add_argument("--rounds", type=int, default=1, help="how often each contender is timed")


def run(options: argparse.Namespace) -> list[Row]:
    """One row for each contender."""
    with opened(options) as (engine, dataset), tempfile.TemporaryDirectory() as folder:
        given, ours, theirs = (Path(folder) / name for name in ("given.csv", "ours.csv", "theirs.csv"))
        _write_rows(dataset.tables_path, given, options.rows)
        contenders = [
            Contender("enrich_table", [partial(engine.enrich_table, given, ours)], options.rows),
            Contender(BASELINE, [partial(_joined, dataset.tables_path, given, theirs)], options.rows),
        ]
        rows = compared(contenders, baseline=BASELINE, rounds=options.rounds)
        shares = {"enrich_table": _share(ours), BASELINE: _share(theirs)}
        return [{**row, "matched": shares[str(row["contender"])]} for row in rows]


def _snapshot(tables: Path) -> DuckDBPyConnection:
    """A connection that reads the tables and may write files."""
    con = duckdb.connect()
    con.execute(f"attach {sql.quoted(str(tables))} as snapshot (read_only)")
    con.execute("use snapshot")
    return con


def _write_rows(tables: Path, path: Path, count: int) -> None:
    """The file to enrich."""
    with _snapshot(tables) as con:
        con.execute(f"""
            copy (
                with keys as (
                    select key, row_number() over (order by md5(key)) - 1 as number
                    from (select key from identifiers_email group by key having count(*) = 1)
                ),
                rows as (
                    select range as row, range % (select count(*) from keys) as number from range({count})
                )
                select row as line, if(row % 10 = 9, 'nobody' || row || '@nowhere.example', key) as email
                from rows join keys using (number) order by row
            ) to {sql.quoted(str(path))} (header)""")


def _joined(tables: Path, given: Path, out: Path) -> None:
    """The same file with the same columns beside it, by joins."""
    with _snapshot(tables) as con:
        con.execute(f"""
            copy (
                select given.*, p.id as lp_id, p.full_name as lp_full_name, p.job_title as lp_job_title,
                    array_to_string([one.address for one in p.emails], '; ') as lp_email,
                    array_to_string([one.number for one in p.phones], '; ') as lp_phone,
                    p.linkedin_url as lp_linkedin, c.name as lp_company, c.domain as lp_domain,
                    p.location.city as lp_city, p.location.country as lp_country
                from read_csv({sql.quoted(str(given))}, all_varchar = true) as given
                left join (
                    select key, any_value(id) as id from identifiers_email group by key having count(*) = 1
                ) as led on led.key = given.email
                left join people as p on p.id = led.id
                left join companies as c on c.id = p.company_id
            ) to {sql.quoted(str(out))} (header)""")


def _share(path: Path) -> float:
    """The share of rows with a person."""
    text = f"select count(lp_id) / count(*) from read_csv({sql.quoted(str(path))}, all_varchar = true)"
    with duckdb.connect() as con:
        row = con.execute(text).fetchone()
    assert row is not None
    return round(float(row[0]), 4)

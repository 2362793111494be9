"""``leadspro sql``: read-only SQL over the views of the current snapshot."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import sys
from typing import TYPE_CHECKING, Any

import msgspec

from leadspro_engine.cli.ask import suppressed
from leadspro_engine.cli.output import add_common, print_json, print_table, say, warn
from leadspro_engine.errors import InvalidInput

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

    from leadspro_engine.analysis import Table
    from leadspro_engine.cli.output import Commands

_EPILOG = "Example: leadspro sql 'select country, count(*) as people from people group by all order by all'"
_EXACT_IN_JSON = 2**53
"""Whole numbers up to here mean the same to every reader of JSON. Source: RFC 8259, section 6."""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "sql",
        help="select from documented views",
        description="The rows of one select statement over the views that --views lists.",
        epilog=_EPILOG,
    )
    parser.add_argument("query", nargs="?", metavar="QUERY", help="the statement; - reads standard input")
    parser.add_argument("--views", action="store_true", help="list the views and their columns")
    parser.add_argument("--limit", type=int, default=1000, metavar="N", help="most rows (default: 1000)")
    parser.add_argument(
        "--timeout", type=float, default=10.0, metavar="S", help="most seconds, 600 at the most (default: 10)"
    )
    parser.add_argument("--format", choices=tuple(_SHOWN), default="table", help="default: table")
    add_common(parser)
    parser.set_defaults(run=run_sql)


def run_sql(arguments: argparse.Namespace) -> None:
    """Show the rows of a query, or what can be queried."""
    from leadspro_engine.engine import open_engine

    if arguments.views:
        _show_views(as_json=arguments.json)
        return
    if arguments.query is None:
        raise InvalidInput("query", None, "a select statement, or --views for what can be selected from")
    text = sys.stdin.read() if arguments.query == "-" else arguments.query
    with open_engine(arguments.home, suppressions=suppressed(arguments)) as engine:
        table = engine.sql(text, limit=arguments.limit, timeout_s=arguments.timeout)
    if arguments.json:
        print_json(plain(msgspec.structs.asdict(table)))
        return
    _SHOWN[arguments.format](table)
    if table.truncated:
        warn(f"there are more rows than --limit {arguments.limit}")


def plain(value: object) -> Any:
    """A value of a query as every reader of JSON understands it; numbers it would round become texts.

    >>> plain([2**60, float("nan"), {1: dt.date(2026, 1, 2)}])
    ['1152921504606846976', None, {'1': '2026-01-02'}]
    """
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or (isinstance(value, int) and abs(value) <= _EXACT_IN_JSON):
        return value
    return _text(value)


def _text(value: object) -> str:
    """A value that JSON has no form for, as text: dates by ISO 8601, bytes in hexadecimal digits."""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def _show_table(table: Table) -> None:
    print_table(f"{len(table.rows):,} rows", table.columns, table.rows)


def _show_csv(table: Table) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    say(out.getvalue().rstrip("\n"))


def _cell(value: object) -> object:
    """A value in a cell of CSV; lists and structs as JSON."""
    told = plain(value)
    return msgspec.json.encode(told).decode() if isinstance(told, list | dict) else told


def _show_lines(table: Table) -> None:
    names = _told_apart(table.columns)
    for row in table.rows:
        say(msgspec.json.encode(dict(zip(names, plain(row), strict=True))).decode())


def _told_apart(names: Iterable[str]) -> list[str]:
    """The names of columns, of equal ones the later with a number behind.

    >>> _told_apart(["a", "a", "b"])
    ['a', 'a_2', 'b']
    """
    found: list[str] = []
    for name in names:
        told, number = name, 1
        while told in found:
            number += 1
            told = f"{name}_{number}"
        found.append(told)
    return found


def _show_views(*, as_json: bool) -> None:
    from leadspro_engine.analysis import VIEWS

    if as_json:
        print_json([
            {"view": view.name, "meaning": view.meaning,
             "columns": {name: meaning for name, (_, meaning) in view.columns.items()}}
            for view in VIEWS
        ])  # fmt: skip
        return
    for view in VIEWS:
        rows = [(name, meaning) for name, (_, meaning) in view.columns.items()]
        print_table(f"{view.name}: {view.meaning}", ("column", "meaning"), rows)


_SHOWN: dict[str, Callable[[Table], None]] = {
    "table": _show_table,
    "csv": _show_csv,
    "jsonl": _show_lines,
}

"""One query of an analyst -> its rows, within limits of time, rows and memory.

Each query has an engine of its own over the file of the snapshot, sealed before the text of the query reaches
it, and thrown away afterwards: a query that runs away takes nobody's memory, connection or lock.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.analysis.admit import admit
from leadspro_engine.analysis.views import VIEWS
from leadspro_engine.dataset import NOBODY, hidden_ids
from leadspro_engine.errors import InvalidInput, QueryStopped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from leadspro_engine.dataset import Dataset
    from leadspro_engine.records import Suppressions

ROWS, MOST_ROWS = 1_000, 1_000_000
"""Rows that an answer has at most unless told otherwise, and how many may be asked for."""
SECONDS, MOST_SECONDS = 10.0, 600.0
"""The same of the seconds that a query may take."""
MEMORY = "2GB"
_AGAIN_S = 0.05
"""How often a query that was told to stop is told again: an interrupt between two steps is not heard."""


class Table(Struct, frozen=True):
    """The rows of a query.

    Attributes:
        version: the snapshot that was asked.
        columns: names, in their order; two may be equal.
        types: DuckDB's name of each column's type.
        rows: in the order of the query.
        truncated: whether there are more rows than the limit.
    """

    version: str
    columns: list[str]
    types: list[str]
    rows: list[tuple[Any, ...]]
    truncated: bool


def query(
    dataset: Dataset,
    text: str,
    *,
    limit: int = ROWS,
    timeout_s: float = SECONDS,
    suppressions: Suppressions = NOBODY,
) -> Table:
    """The rows of one select statement over the views of ``docs/sql.md``.

    Args:
        dataset: the snapshot to ask.
        text: the statement.
        limit: rows that are given at most, 1..1,000,000.
        timeout_s: seconds after which the query is stopped, more than 0 and at most 600.
        suppressions: who is not to be shown.

    Raises:
        InvalidInput: the text is no select statement over the views, is wrong SQL, or fails on its data; or a
            limit is out of range.
        QueryStopped: it took longer than ``timeout_s``, or more memory than it may.
        SqlStepFailed: the file of the snapshot is no longer there.
    """
    if not isinstance(limit, int) or not 1 <= limit <= MOST_ROWS:
        raise InvalidInput("limit", limit, f"a number of rows from 1 to {MOST_ROWS:,}")
    if not isinstance(timeout_s, int | float) or not 0 < timeout_s <= MOST_SECONDS:
        raise InvalidInput("timeout_s", timeout_s, f"seconds, more than 0 and at most {MOST_SECONDS:g}")
    con = sql.open_sealed(dataset.tables_path, memory_limit=MEMORY, made=_prepared(dataset, suppressions))
    try:
        admit(con, text)
        with _told(text, timeout_s), _stopped_after(con, timeout_s):
            con.execute(text)
            columns = [(str(name), str(kind)) for name, kind, *_ in con.description or ()]
            rows = con.fetchmany(limit + 1)
    finally:
        con.close()
    names, types = [name for name, _ in columns], [kind for _, kind in columns]
    return Table(dataset.version, names, types, rows[:limit], len(rows) > limit)


def _prepared(dataset: Dataset, suppressions: Suppressions) -> list[tuple[str, sql.Params]]:
    """The statements that lay down who is hidden, and make the views."""
    hidden, hashes = hidden_ids(dataset.cursor(), suppressions), sorted(suppressions.hashes)
    return [
        ("create table kept.main.hidden as select unnest(?::varchar[]) as id", [hidden]),
        ("create table kept.main.hashes as select unnest(?::varchar[]) as hash", [hashes]),
        *((view.sql, None) for view in VIEWS),
    ]


@contextmanager
def _stopped_after(con: DuckDBPyConnection, timeout_s: float) -> Iterator[None]:
    """Interrupt what the connection does when it takes longer."""
    done = threading.Event()

    def watch() -> None:
        wait = timeout_s
        while not done.wait(wait):
            con.interrupt()
            wait = _AGAIN_S

    watcher = threading.Thread(target=watch, name="leadspro-sql-limit", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


@contextmanager
def _told(text: str, timeout_s: float) -> Iterator[None]:
    """Turn what the engine says of a query into our errors."""
    try:
        yield
    except duckdb.InterruptException as exc:
        raise QueryStopped(f"{timeout_s:g} s") from exc
    except (duckdb.OutOfMemoryException, MemoryError) as exc:
        raise QueryStopped(f"{MEMORY} of memory") from exc
    except (duckdb.Error, ValueError, OverflowError) as exc:
        raise InvalidInput("query", text, f"SQL that DuckDB runs ({exc})") from exc

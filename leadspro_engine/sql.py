"""DuckDB connections and named SQL steps; every engine-only setting lives here.

Set-level work elsewhere is plain SQL text over named tables, so that the same text can run on another
engine. What only DuckDB has (settings, Parquet reading and writing, read-only opening) stays in this file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadspro_engine.errors import SqlStepFailed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

_SERVING = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}


def workbench(
    *, threads: int | None = None, memory_limit: str | None = None, spill: Path | None = None
) -> DuckDBPyConnection:
    """An empty in-memory database for set-level work.

    Args:
        threads: number of worker threads; all cores when None.
        memory_limit: for example ``"4GB"``; DuckDB's own default (80 % of RAM) when None.
        spill: folder for data that does not fit in memory.
    """
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "preserve_insertion_order": "false",
    }
    if threads is not None:
        config["threads"] = str(threads)
    if memory_limit is not None:
        config["memory_limit"] = memory_limit
    if spill is not None:
        config["temp_directory"] = str(spill)
    return duckdb.connect(":memory:", config=config)


def open_serving(path: Path, *, threads: int = 1) -> DuckDBPyConnection:
    """A read-only connection to a published file, with outside access off and the settings locked."""
    import duckdb

    return duckdb.connect(str(path), read_only=True, config={**_SERVING, "threads": str(threads)})


def run(
    con: DuckDBPyConnection,
    step: str,
    text: str,
    params: Sequence[Any] | Mapping[str, Any] | None = None,
) -> DuckDBPyConnection:
    """Run one named step and return the connection, ready to fetch from.

    Raises:
        SqlStepFailed: the engine refused the text; the error shows the step's name and the text.
    """
    import duckdb

    try:
        return con.execute(text, params) if params is not None else con.execute(text)
    except duckdb.Error as exc:
        raise SqlStepFailed(step, text, str(exc)) from exc


def read_parquet(con: DuckDBPyConnection, table: str, path: Path) -> None:
    """Make the Parquet file readable under the name ``table``."""
    source = f"read_parquet({quoted(str(path))})"
    run(con, f"read {table}", f"create or replace view {table} as select * from {source}")


def write_parquet(con: DuckDBPyConnection, query: str, path: Path, *, step: str) -> int:
    """Write the rows of ``query`` to a Parquet file; returns their number."""
    text = f"copy ({query}) to {quoted(str(path))} (format parquet, compression zstd)"
    row = run(con, step, text).fetchone()
    return int(row[0]) if row is not None else 0


def quoted(value: str) -> str:
    """A string as an SQL literal, for the few places where a parameter cannot stand (file names)."""
    return "'" + value.replace("'", "''") + "'"

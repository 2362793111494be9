"""DuckDB connections and named SQL steps; every engine-only setting lives here.

Set-level work elsewhere is plain SQL text over named tables, so that the same text can run on another
engine. What only DuckDB has (settings, Parquet reading and writing, read-only opening) stays in this file.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from leadspro_engine.errors import SqlStepFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import polars as pl
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    Params = Sequence[Any] | Mapping[str, Any] | None

_ROWS_AT_ONCE = 10_000  # of a record batch
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
    con = duckdb.connect(":memory:", config=config)
    con.execute("set enable_progress_bar = false")  # it would be drawn into our standard output
    return con


def open_serving(path: Path, *, threads: int = 1) -> DuckDBPyConnection:
    """A read-only connection to a published file, with outside access off and the settings locked."""
    import duckdb

    return duckdb.connect(str(path), read_only=True, config={**_SERVING, "threads": str(threads)})


@contextmanager
def attached(path: Path, *, spill: Path) -> Iterator[DuckDBPyConnection]:
    """A workbench whose tables are those of a published file, which it only reads."""
    con = workbench(spill=spill)
    try:
        run(con, "attach the tables", f"attach {quoted(str(path))} as snapshot (read_only)")
        run(con, "read the tables", "use snapshot")
        yield con
    finally:
        con.close()


def open_sealed(path: Path, *, memory_limit: str, made: Sequence[tuple[str, Params]]) -> DuckDBPyConnection:
    """An engine of its own over a published file, for texts that strangers write.

    The file is attached read-only as ``snapshot``, and ``kept`` is an empty database in memory: nothing of
    either is found without naming it. The statements of ``made`` run, then outside access is shut off and the
    settings are locked. It has one thread, spills nothing to the disk and sees no Python objects.

    Raises:
        SqlStepFailed: the file cannot be attached, or a statement fails.
    """
    import duckdb

    sealed = {name: value for name, value in _SERVING.items() if "extensions" in name}
    config: dict[str, str | bool | int | float | list[str]] = {
        **sealed,
        "memory_limit": memory_limit,
        "python_enable_replacements": "false",
        "temp_directory": "",
        "threads": "1",
    }
    con = duckdb.connect(":memory:", config=config)
    try:
        attach(con, path, "snapshot")
        run(con, "attach what is kept", "attach ':memory:' as kept")
        for text, params in made:
            run(con, "prepare", text, params)
        for name in sorted(_SERVING.keys() - sealed.keys()):
            run(con, "seal", f"set {name} = {_SERVING[name]}")
    except SqlStepFailed:
        con.close()
        raise
    return con


def run(con: DuckDBPyConnection, step: str, text: str, params: Params = None) -> DuckDBPyConnection:
    """Run one named step and return the connection, ready to fetch from.

    Raises:
        SqlStepFailed: the engine refused the text; the error shows the step's name and the text.
    """
    with _told(step, text):
        return con.execute(text, params) if params is not None else con.execute(text)


def rows(con: DuckDBPyConnection, step: str, text: str, params: Params = None) -> list[tuple[Any, ...]]:
    """Every row that a query gives. The result is read to its end: an open one blocks its connection."""
    return run(con, step, text, params).fetchall()


def number(con: DuckDBPyConnection, step: str, text: str) -> int:
    """The one whole number that a query gives."""
    ((value,),) = rows(con, step, text)
    return int(value)


def frame(con: DuckDBPyConnection, step: str, text: str) -> pl.DataFrame:
    """Every row that a query gives, as a Polars frame."""
    import polars as pl

    return pl.DataFrame(arrow_table(con, step, text))


def arrow_table(con: DuckDBPyConnection, step: str, text: str) -> pa.Table:
    """Every row that a query gives, as an Arrow table."""
    with _told(step, text):
        return con.sql(text).to_arrow_table()


def batches(con: DuckDBPyConnection, step: str, text: str) -> Iterator[Any]:
    """Every row that a query gives, as Arrow record batches."""
    with _told(step, text):
        yield from con.sql(text).to_arrow_reader(_ROWS_AT_ONCE)


def read_parquet(con: DuckDBPyConnection, table: str, path: Path) -> None:
    """Make the Parquet file readable under the name ``table``."""
    source = f"read_parquet({quoted(str(path))})"
    run(con, f"read {table}", f"create or replace view {table} as select * from {source}")


def attach(con: DuckDBPyConnection, path: Path, name: str) -> None:
    """Make the tables of another database file readable as ``<name>.<table>``."""
    run(con, f"attach {name}", f"attach {quoted(str(path))} as {name} (read_only)")


def write_parquet(con: DuckDBPyConnection, query: str, path: Path, *, step: str) -> int:
    """Write the rows of ``query`` to a Parquet file; returns their number."""
    text = f"copy ({query}) to {quoted(str(path))} (format parquet, compression zstd)"
    return number(con, step, text)


def quoted(value: str) -> str:
    """A string as an SQL literal, for the few places where a parameter cannot stand (file names)."""
    return "'" + value.replace("'", "''") + "'"


@contextmanager
def _told(step: str, text: str) -> Iterator[None]:
    """Turn the engine's errors into one that names the step and shows its text."""
    import duckdb

    try:
        yield
    except duckdb.Error as exc:
        raise SqlStepFailed(step, text, str(exc)) from exc

"""Statements of the busiest transaction, given to the driver as they are.

SQLAlchemy takes longer to pass a statement on than SQLite to run it: 15 to 25 us of 1. What every request
runs is therefore written as SQL that both databases understand, and run on the driver's own connection,
within the transaction that SQLAlchemy began.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import OperationalError

from leadspro_engine.accounts.schema import Instant

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Table
    from sqlalchemy.engine import Dialect

_MOST = 128  # rows of one insert: a dozen columns each stay far below what any database takes


class Statement:
    """A statement whose values are written as ``:name``.

    Args:
        text: the SQL.
        holds: whether the rows that it reads are kept for this transaction; SQLite has one writer anyway.
    """

    def __init__(self, text: str, *, holds: bool = False) -> None:
        self._sqlite = text
        self._postgresql = re.sub(r":(\w+)", r"%(\1)s", text) + (" for update" if holds else "")

    def first(self, con: Connection, values: Mapping[str, Any]) -> Any:
        """The first row that it gives; None when it gives none."""
        return _run(con, self._text(con), values).fetchone()

    def run(self, con: Connection, values: Mapping[str, Any]) -> None:
        """Run it for what it changes."""
        _run(con, self._text(con), values)

    def _text(self, con: Connection) -> str:
        return self._sqlite if con.dialect.name == "sqlite" else self._postgresql


class Insert:
    """Adds rows of some columns to a table, many with one statement.

    A statement a row would let other threads in between after each. ``then`` is what follows the values,
    such as ``on conflict …``.
    """

    def __init__(self, table: Table, columns: Sequence[str], then: str = "") -> None:
        self._into = f"insert into {table.name} ({', '.join(columns)}) values "
        self._width = len(columns)
        self._then = then
        self._texts: dict[tuple[str, int], str] = {}

    def add(self, con: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows, their values in the order of the columns and as the driver takes them."""
        for first in range(0, len(rows), _MOST):
            part = rows[first : first + _MOST]
            _run(con, self._text(con.dialect.name, len(part)), tuple(chain.from_iterable(part)))

    def _text(self, dialect: str, rows: int) -> str:
        """The statement for so many rows, made once."""
        text = self._texts.get((dialect, rows))
        if text is None:
            place = "?" if dialect == "sqlite" else "%s"
            one = f"({', '.join([place] * self._width)})"
            text = self._texts[dialect, rows] = f"{self._into}{', '.join([one] * rows)} {self._then}".strip()
        return text


def _run(con: Connection, text: str, values: Mapping[str, Any] | tuple[Any, ...]) -> Any:
    """The driver's cursor after a statement.

    Raises:
        OperationalError: the database failed, told as SQLAlchemy would.
    """
    driver = con.connection
    cursor = driver.cursor()
    try:
        cursor.execute(text, values)
    except con.dialect.loaded_dbapi.OperationalError as exc:
        raise OperationalError(text, None, exc, hide_parameters=True) from exc
    return cursor


@lru_cache(maxsize=64)  # rows of one group have one instant
def stored_instant(dialect: Dialect, instant: dt.datetime) -> Any:
    """An instant as the driver takes it for a column of type ``Instant``."""
    process = _processor(dialect)
    return instant if process is None else process(instant)


@cache
def _processor(dialect: Dialect) -> Callable[[dt.datetime], Any] | None:
    """What turns an instant into what the driver takes; None when it takes it as it is."""
    return Instant().dialect_impl(dialect).bind_processor(dialect)

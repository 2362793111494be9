"""SQLite, written by several processes: its settings, one writer at a time, and commits that are on disk.

A commit is put into the write-ahead log under a lock on a file beside the database, and the log is synced to
disk after that lock was let go: so the syncs of two processes overlap, and the next group is written while
the last one is on its way to the disk. Nobody is told of a commit before its sync returned. A process that
writes much fills the log with zeros up to its full size, once: a file system syncs what overwrites a file in
a tenth of the time that it takes where the file grows.

Who waits for the lock is woken when it is free, where SQLite itself would sleep and try again. And a
write-ahead log can only lose a commit to the WAL-reset bug (3.7.0 to 3.51.2; Python's own SQLite is often
among them) while a checkpoint and another commit run at the same instant, which the lock rules out: a
checkpoint is a part of the commit that it follows. No other program may write to the file while a server
runs; reading is free.
Source: https://sqlite.org/wal.html#walresetbug
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event

from leadspro_engine.errors import Unavailable

if TYPE_CHECKING:
    import sqlite3

    from sqlalchemy import Connection, Engine

BUSY_TIMEOUT_S = 30.0  # for SQLite's own write lock; a group commit holds it for milliseconds
_STATEMENTS = 512  # that a connection keeps prepared: an insert of each number of rows is one of its own
_LOCK_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
_SETTINGS = (
    "journal_mode = wal",
    "synchronous = normal",  # checkpoints sync; commits are synced by ``Writing.sync``
    "wal_autocheckpoint = 4000",  # pages: a checkpoint stops every writer, so it comes seldom
    "foreign_keys = on",
)
_LOG_BYTES = 4400 * (4096 + 24)  # the pages between two checkpoints, each with its header, and one commit
_BUSY = 50  # commits, after which a process is one that writes much
_sync = getattr(os, "fdatasync", os.fsync)  # macOS has the second alone


def sqlite_engine(url: str) -> Engine:
    """An SQLAlchemy engine with our settings; bound values stay out of its errors, and so out of logs."""
    engine = create_engine(
        url,
        pool_size=16,
        max_overflow=-1,
        hide_parameters=True,
        connect_args={
            "timeout": BUSY_TIMEOUT_S,
            "check_same_thread": False,
            "cached_statements": _STATEMENTS,
        },
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def for_writing(engine: Engine) -> Engine:
    """The same engine with transactions that may write from their start."""
    return engine.execution_options(leadspro_begin="begin immediate")


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    """Set up a new connection: transactions are ours to begin."""
    connection.isolation_level = None
    for setting in _SETTINGS:
        connection.execute(f"pragma {setting}")


def _begin(con: Connection) -> None:
    """Begin as the connection's options say: for reading unless it is one of ``for_writing``."""
    con.exec_driver_sql(con.get_execution_options().get("leadspro_begin", "begin"))


class Writing:
    """Held by the one process that writes to an SQLite file; nothing to hold or sync for other databases."""

    def __init__(self, engine: Engine) -> None:
        file = engine.url.database if engine.dialect.name == "sqlite" else None
        self._path = None if file in (None, "", ":memory:") else f"{file}-wal"
        self._lock = None if self._path is None else os.open(f"{file}.lock", _LOCK_FLAGS, 0o600)
        self._log: int | None = None
        self._syncs = 0

    def __enter__(self) -> None:
        if self._lock is not None:
            fcntl.flock(self._lock, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    def sync(self) -> None:
        """Return when every commit so far is on disk.

        Raises:
            Unavailable: the disk cannot be written. What was committed may or may not outlive a power cut.
        """
        if self._path is not None:
            self._syncs += 1
            try:
                if self._syncs == _BUSY:
                    self._fill(self._opened(self._path))
                _sync(self._opened(self._path))
            except OSError as exc:
                raise unavailable() from exc

    def _fill(self, log: int) -> None:
        """Let the log have its full size; what is behind its last commit is never read."""
        with self:
            end = os.fstat(log).st_size
            os.pwrite(log, bytes(max(0, _LOG_BYTES - end)), end)

    def close(self) -> None:
        """Close the files."""
        for file in (self._lock, self._log):
            if file is not None:
                os.close(file)
        self._lock = self._log = self._path = None

    def _opened(self, path: str) -> int:
        """The write-ahead log; SQLite makes it anew after the last connection of all was closed."""
        if self._log is not None:
            if os.fstat(self._log).st_ino == Path(path).stat().st_ino:
                return self._log
            os.close(self._log)
        self._log = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        return self._log


def unavailable() -> Unavailable:
    """What callers are told when the database itself fails."""
    return Unavailable("The accounts database")

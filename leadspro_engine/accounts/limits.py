"""Requests a minute, counted exactly across the threads and processes of one host.

One small file, shared as memory: for each key, at the key's number, a row of cells, one for each process
that counts. A cell holds the minute and the requests that its process let pass in it; a minute's count is
the sum of its cells. A process writes to its own cells only, so counting needs no lock as long as the limit
is far: the request is counted first and the sum is read afterwards, so of each other process at most the one
request is missed that it is counting at that instant. Nearer to the limit than ``_NEAR`` requests are counted
under a lock on the file, one at a time. No disk sync: a count that a power cut loses is a minute's count.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from msgspec import Struct

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

WINDOW_S = 60
_CELLS = 16
"""Processes that may count at once; the first cell is that of all who came when the others were taken."""

_NEAR = 4 * _CELLS
_ROW = _CELLS * 8
_KEYS_AT_ONCE = 1024  # for which the file grows at a time


class Allowance(Struct, frozen=True):
    """What is left of a minute after a request was counted.

    Attributes:
        allowed: False when the minute was used up before this request; the request is not counted then.
        limit: requests allowed in one minute.
        remaining: how many more this minute.
        reset_s: whole seconds until the next minute begins, 1 to 60.
        resets_at: that instant in seconds since the epoch.
    """

    allowed: bool
    limit: int
    remaining: int
    reset_s: int
    resets_at: int

    @classmethod
    def after(cls, limit: int, seen: int, now: dt.datetime, *, allowed: bool) -> Self:
        """The allowance after ``seen`` requests in the minute of ``now``."""
        seconds = int(now.timestamp())
        resets_at = (seconds // WINDOW_S + 1) * WINDOW_S
        return cls(allowed, limit, max(0, limit - seen), resets_at - seconds, resets_at)


class Limiter:
    """Counts requests in a file; safe to share between threads, and to open once a process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._turn = threading.Lock()
        self._memory: mmap.mmap | None = None
        self._cells: memoryview = memoryview(b"").cast("q")
        self._own: int | None = None
        self._own_lock: int | None = None

    def take(self, number: int, limit: int, now: dt.datetime) -> Allowance:
        """Count one request of the key with that number, if its minute still has room."""
        minute = self._minute(now)
        with self._turn:
            row, own = self._row(number), self._cell()
            if own and self._seen(row, minute) < limit - _NEAR:
                self._count(row + own, minute)
                seen = self._seen(row, minute)
                if seen <= limit - _NEAR:
                    return Allowance.after(limit, seen, now, allowed=True)
                self._count(row + own, minute, -1)
            with self._alone():
                seen = self._seen(row, minute)
                allowed = seen < limit
                if allowed:
                    self._count(row + own, minute)
        return Allowance.after(limit, seen + allowed, now, allowed=allowed)

    def peek(self, number: int, limit: int, now: dt.datetime) -> Allowance:
        """The allowance as it stands, without counting anything."""
        with self._turn:
            seen = self._seen(self._row(number), self._minute(now))
        return Allowance.after(limit, seen, now, allowed=seen < limit)

    def close(self) -> None:
        """Close the files."""
        self._cells.release()
        if self._memory is not None:
            self._memory.close()
        for file in (self._file, self._own_lock):
            if file is not None:
                os.close(file)

    def _seen(self, row: int, minute: int) -> int:
        """Requests counted in that minute by all processes; cells of other minutes count none."""
        return sum(
            cell & 0xFFFFFFFF for cell in self._cells[row : row + _CELLS].tolist() if cell >> 32 == minute
        )

    def _count(self, cell: int, minute: int, by: int = 1) -> None:
        """Add to one cell, which begins anew with each minute. Both are one number, so never half written."""
        before = self._cells[cell]
        seen = before & 0xFFFFFFFF if before >> 32 == minute else 0
        self._cells[cell] = minute << 32 | (seen + by)

    def _row(self, number: int) -> int:
        """Where the cells of a key begin; the file grows with the keys."""
        row = number * _CELLS
        if row >= len(self._cells):
            size = (number // _KEYS_AT_ONCE + 1) * _KEYS_AT_ONCE * _ROW
            with self._alone():
                os.ftruncate(self._file, max(size, os.fstat(self._file).st_size))
            self._cells.release()
            self._memory = mmap.mmap(self._file, size)
            self._cells = memoryview(self._memory).cast("q")
        return row

    def _cell(self) -> int:
        """The cell of this process within each row; 0, which is shared, when there are too many of them."""
        if self._own is None:
            self._own = next((cell for cell in range(1, _CELLS) if self._held(cell)), 0)
        return self._own

    def _held(self, cell: int) -> bool:
        """Take a cell for this process until it ends, unless another process has it."""
        lock = os.open(f"{self._path}.{cell}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._own_lock = lock
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock of all processes on the file."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    @staticmethod
    def _minute(now: dt.datetime) -> int:
        """The minute that holds an instant."""
        return int(now.timestamp()) // WINDOW_S

"""Requests a minute, counted exactly across the threads and processes of one host.

One small file, shared through the page cache: 16 bytes for each key, at the key's number, hold the minute
and how many requests it saw. A lock on the file makes counting exact between processes, a lock in the
process between threads. No disk sync: a count that a power cut loses is a minute's count.
"""

from __future__ import annotations

import fcntl
import os
import struct
import threading
from typing import TYPE_CHECKING, Self

from msgspec import Struct

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

WINDOW_S = 60
_SLOT = struct.Struct("<qq")  # minutes since the epoch, requests seen in that minute


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
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._turn = threading.Lock()

    def take(self, number: int, limit: int, now: dt.datetime) -> Allowance:
        """Count one request of the key with that number, if its minute still has room."""
        minute, place = self._minute(now), number * _SLOT.size
        with self._turn:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                seen = self._seen(place, minute)
                allowed = seen < limit
                if allowed:
                    os.pwrite(self._file, _SLOT.pack(minute, seen + 1), place)
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        return Allowance.after(limit, seen + allowed, now, allowed=allowed)

    def peek(self, number: int, limit: int, now: dt.datetime) -> Allowance:
        """The allowance as it stands, without counting anything."""
        seen = self._seen(number * _SLOT.size, self._minute(now))
        return Allowance.after(limit, seen, now, allowed=seen < limit)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _seen(self, place: int, minute: int) -> int:
        """Requests counted in that minute; slots of other minutes, and slots never written, count none."""
        slot = os.pread(self._file, _SLOT.size, place)
        if len(slot) < _SLOT.size:
            return 0
        counted, seen = _SLOT.unpack(slot)
        return int(seen) if counted == minute else 0

    @staticmethod
    def _minute(now: dt.datetime) -> int:
        """The minute that holds an instant."""
        return int(now.timestamp()) // WINDOW_S

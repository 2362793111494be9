"""A counter that moves when a key, a workspace or a plan changes, so that what is remembered can be trusted.

Every process of a host remembers whom a key belongs to, and looks at this counter before it believes itself:
one read of eight bytes of shared memory instead of a query. A change is in effect for every process of the
host once it returned; other machines on the same database forget by themselves after ``REMEMBERED_S``.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

REMEMBERED_S = 2.0
_COUNT = struct.Struct("q")


class Stamp:
    """The counter of one data folder; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._turn = threading.Lock()
        if os.fstat(self._file).st_size < _COUNT.size:
            os.ftruncate(self._file, _COUNT.size)  # filled with zeros
        self._memory = mmap.mmap(self._file, _COUNT.size)

    def read(self) -> int:
        """The count as it stands; 0 before the first change."""
        return int(_COUNT.unpack_from(self._memory)[0])

    def move(self) -> None:
        """Make every process forget what it remembers."""
        with self._turn:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                _COUNT.pack_into(self._memory, 0, self.read() + 1)
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file."""
        self._memory.close()
        os.close(self._file)

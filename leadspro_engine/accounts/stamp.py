"""A counter that moves when a key, a workspace or a plan changes, so that what is remembered can be trusted.

Every process of a host remembers whom a key belongs to, and looks at this counter before it believes itself:
one read of eight bytes from the page cache instead of a query. A change is in effect for every process of the
host once it returned; other machines on the same database forget by themselves after ``REMEMBERED_S``.
"""

from __future__ import annotations

import fcntl
import os
import struct
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

REMEMBERED_S = 2.0
_COUNT = struct.Struct("<q")


class Stamp:
    """The counter of one data folder; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._turn = threading.Lock()

    def read(self) -> int:
        """The count as it stands; 0 before the first change."""
        found = os.pread(self._file, _COUNT.size, 0)
        return int(_COUNT.unpack(found)[0]) if len(found) == _COUNT.size else 0

    def move(self) -> None:
        """Make every process forget what it remembers."""
        with self._turn:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                os.pwrite(self._file, _COUNT.pack(self.read() + 1), 0)
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

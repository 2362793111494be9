"""Who asked not to be shown: a list of hashed identifiers that only ever grows.

One JSON line for each request, in a file of the data folder that every process reads and refreshes take into
account. It holds no identifier, only the SHA-256 of ``kind:canonical value``, which is enough to recognize
the person when another source brings them back, and not enough to find out who they are. What is canonical,
the callers know: nothing here knows what an e-mail address is.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
import fcntl
import hashlib
import os
import secrets
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Literal

import msgspec
from msgspec import Struct

from leadspro_engine.errors import NotFound

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["email", "phone", "linkedin"]
FILE = "suppressions.jsonl"


class Suppression(Struct, frozen=True):
    """One request not to be shown.

    Attributes:
        hash: SHA-256 of ``kind:canonical value``, in hex.
        reason: in the words of whoever entered it.
    """

    id: str
    kind: Kind
    hash: str
    reason: str | None
    created_at: dt.datetime


class SuppressionList:
    """The list of one data folder; safe to share between threads, and between processes."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE
        self._reading = threading.Lock()
        self._read_to = 0
        self._entries: dict[str, Suppression] = {}
        self._hashes: frozenset[str] = frozenset()
        self._newest: dt.datetime | None = None

    def add(self, kind: Kind, canonical: str, *, reason: str | None, now: dt.datetime) -> Suppression:
        """Enter an identifier; on disk when this returns, and seen by every process from then on."""
        return self.add_hash(kind, identifier_hash(kind, canonical), reason=reason, now=now)

    def add_hash(self, kind: Kind, digest: str, *, reason: str | None, now: dt.datetime) -> Suppression:
        """The same for an identifier of which only the hash is known."""
        made = Suppression(f"sup_{secrets.token_hex(8)}", kind, digest, reason, now)
        with self._path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # let go when the file is closed
            file.write(_unfinished(file) + msgspec.json.encode(made) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return made

    def get(self, suppression_id: str) -> Suppression:
        """One entry.

        Raises:
            NotFound: there is none of that id.
        """
        self.hashes()
        if suppression_id not in self._entries:
            raise NotFound("suppression", suppression_id)
        return self._entries[suppression_id]

    def hashes(self) -> frozenset[str]:
        """Every hashed identifier entered so far, by any process; costs one stat when nothing is new."""
        if self._size() != self._read_to:
            with self._reading:
                self._read_on()
        return self._hashes

    def newest(self) -> dt.datetime | None:
        """When the last entry was made; None when there is none."""
        self.hashes()
        return self._newest

    def _size(self) -> int:
        """Bytes in the file; 0 before the first entry."""
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0

    def _read_on(self) -> None:
        """Read what was added since the last time, whole lines only."""
        if self._size() <= self._read_to:
            return
        with self._path.open("rb") as file:
            file.seek(self._read_to)
            added = file.read()
        whole = added[: added.rfind(b"\n") + 1]
        for line in whole.splitlines():
            with suppress(msgspec.DecodeError):  # a line cut short by a crash was never confirmed to anybody
                entry = msgspec.json.decode(line, type=Suppression)
                self._entries[entry.id] = entry
        self._hashes = frozenset(entry.hash for entry in self._entries.values())
        self._newest = max((entry.created_at for entry in self._entries.values()), default=None)
        self._read_to += len(whole)


def _unfinished(file: BinaryIO) -> bytes:
    """What ends the last line of the file, if a crash left it open."""
    if file.seek(0, os.SEEK_END) == 0:
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


def identifier_hash(kind: Kind, canonical: str) -> str:
    """What is kept of an identifier.

    >>> identifier_hash("email", "a@example.org")[:16]
    '9392cdcaeb6080f4'
    """
    return hashlib.sha256(f"{kind}:{canonical}".encode()).hexdigest()

"""Files that are still there, whole, after the power went out.

A rename is atomic but lasts only once its folder is flushed; a failed flush is never retried, because the
second one may report success for data that is already lost.
Source: PostgreSQL commit a62714fae2 (``durable_rename``) and its 2018 "PANIC on fsync() failure".
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def flush(path: Path) -> None:
    """Return when a file's content, or a folder's list of names, is on the disk.

    Raises:
        OSError: the disk refused; what was written must be thrown away.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file in one step: readers see the old content or the new, and the new survives a crash."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    flush(beside)
    beside.replace(path)
    flush(path.parent)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

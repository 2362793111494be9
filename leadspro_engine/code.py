"""A checksum of the code and tables of a package: what they made can be used again as long as it holds."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_KINDS = (".csv", ".py", ".tsv", ".txt")


@cache
def code_checksum(folder: Path, *libraries: str) -> str:
    """The SHA-256 of all code and tables below a folder and of the releases of some libraries."""
    digest = hashlib.sha256(" ".join(map(version, libraries)).encode())
    for file in sorted(file for file in folder.rglob("*") if file.suffix in _KINDS):
        digest.update(file.read_bytes())
    return digest.hexdigest()

"""Packaged tables of the normalizers: hand-edited text files, each with its sources in its first lines.

A table is read once, on first use, by the module it belongs to.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def rows(name: str) -> Iterator[list[str]]:
    """The rows of a tab-separated table, cells trimmed; blank lines and ``#`` lines are left out."""
    for line in text(name).splitlines():
        if line.strip() and not line.startswith("#"):
            yield [cell.strip() for cell in line.split("\t")]


def text(name: str) -> str:
    """A whole table as it stands."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")

"""Source files as partitions: one for each content of each file, named ``source/file@checksum``.

A name that changes with the content makes the new and changed files of a moment the last partitions in the
list, so that one run can take them all (Dagster's range of partitions), and makes a partition mean the same
content for ever.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import dagster as dg
from msgspec import Struct

from leadspro_engine.dataset.durable import sha256_of
from leadspro_engine.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from leadspro_engine.ingest import Source

FILES = dg.DynamicPartitionsDefinition(name="source_files")

SETTLE_S = 2.0
"""A file that was changed less than this many seconds ago may still be being written."""

_NOT_IN_KEYS = re.compile(r"[^\w.+-]", re.ASCII)


class Seen(Struct, frozen=True):
    """A file as it was last looked at: its size, when it was changed, and its partition."""

    size: int
    changed_ns: int
    key: str


def look(sources: Sequence[Source], before: dict[str, Seen]) -> dict[str, Seen]:
    """Every source file by ``source:path``; only files that changed are read, for their checksum.

    Args:
        sources: the declared sources.
        before: what the last look gave.

    Raises:
        SourceError: a source has no file.
    """
    return {name: _seen(source, path, before.get(name)) for name, source, path in _files(sources)}


def settled(sources: Sequence[Source], now: float | None = None) -> bool:
    """Whether no source file was changed in the last ``SETTLE_S`` seconds."""
    moment = time.time() if now is None else now
    return all(moment - path.stat().st_mtime >= SETTLE_S for _, _, path in _files(sources))


def find_file(sources: Sequence[Source], key: str) -> tuple[Source, Path]:
    """The source and the file of a partition.

    Raises:
        SourceError: there is no such file any more, or its content has changed; says which partition it has.
    """
    name = key.rpartition("@")[0]
    called_so = [(source, path) for _, source, path in _files(sources) if _label(source, path) == name]
    today = {_key(source, path): (source, path) for source, path in called_so}
    if key in today:
        return today[key]
    declared = name.partition("/")[0]
    if today:
        remedy = f"Its partition is {', '.join(sorted(today))}."
        raise SourceError(declared, f"the file of {key} has changed since", remedy)
    raise SourceError(declared, f"the file of {key} is gone", "Put it back, or leave it out.")


def _files(sources: Sequence[Source]) -> Iterator[tuple[str, Source, Path]]:
    for source in sources:
        for path in source.files():
            yield f"{source.name}:{path}", source, path


def _seen(source: Source, path: Path, before: Seen | None) -> Seen:
    found = path.stat()
    if before is not None and (before.size, before.changed_ns) == (found.st_size, found.st_mtime_ns):
        return before
    return Seen(found.st_size, found.st_mtime_ns, _key(source, path))


def _key(source: Source, path: Path) -> str:
    return f"{_label(source, path)}@{sha256_of(path)[:10]}"


def _label(source: Source, path: Path) -> str:
    """Source and file name, in the characters that a partition may have."""
    return f"{source.name}/{_NOT_IN_KEYS.sub('_', path.name)}"

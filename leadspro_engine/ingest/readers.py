"""Files to source records: whatever the format, every row ends as a record or as a reject.

The format follows from the name: ``.csv .tsv .txt .psv`` delimited text, ``.jsonl .ndjson`` JSON lines,
``.parquet``; text may be packed (``.gz``, ``.zst``). ``read_source`` answers in memory; ``write_source`` of
``written`` does the same in bounded memory, chunk by chunk into Parquet files.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

from leadspro_engine.errors import SourceError
from leadspro_engine.ingest.chunk import REJECTS_SCHEMA, Chunk, rejects_frame
from leadspro_engine.ingest.columnar import parquet_chunks
from leadspro_engine.ingest.delimited import delimited_chunks
from leadspro_engine.ingest.encoding import TextFile, stem_and_kind, survey
from leadspro_engine.ingest.json_lines import json_chunks
from leadspro_engine.ingest.raw import RECORD_SCHEMA, ColumnRoles, Origin, as_records, latest_only, unique_ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from leadspro_engine.ingest.encoding import Survey
    from leadspro_engine.ingest.sources import Source

DELIMITED = (".csv", ".tsv", ".txt", ".psv", ".tab")
JSON_LINES = (".jsonl", ".ndjson", ".json")
PARQUET = (".parquet", ".pq")


class FileRead(Struct, frozen=True):
    """What became of one file.

    Attributes:
        name: the file's name.
        sha256: of its content, in hexadecimal.
        rows: rows that it has; each is a record or a reject.
        rejects: how many are rejects.
        roles: column -> role, as it was read.
    """

    name: str
    sha256: str
    rows: int
    rejects: int
    roles: dict[str, str]


class SourceRead(Struct, frozen=True):
    """What became of one source, in memory.

    Attributes:
        records: rows in ``RECORD_SCHEMA``, unique by ``record_id``.
        rejects: rows in ``REJECTS_SCHEMA``.
        files: one entry for each file, in the order in which they were read.
    """

    records: pl.DataFrame
    rejects: pl.DataFrame
    files: list[FileRead]


def read_file(path: Path) -> Iterator[Chunk]:
    """The rows of one file in chunks, under the file's own column names.

    Raises:
        SourceError: the format is not one of those that are read, or the file cannot be opened.
    """
    return _chunks(path, _survey(path))


def read_source(source: Source) -> SourceRead:
    """All records and rejects of a source.

    Raises:
        SourceError: it has no file, or one that cannot be opened.
    """
    frames: list[pl.DataFrame] = [pl.DataFrame(schema=RECORD_SCHEMA)]
    rejects: list[pl.DataFrame] = [pl.DataFrame(schema=REJECTS_SCHEMA)]
    files = []
    for path in source.files():
        reading = FileReading(source, path)
        for part in reading.parts():
            frames.append(part[0])
            rejects.append(part[1])
        files.append(reading.done)
    return SourceRead(settled(pl.concat(frames).lazy(), source).collect(), pl.concat(rejects), files)


class FileReading:
    """One pass over one file of a source.

    Attributes:
        sha256: of the file, before any row is read.
        done: what became of the file; complete once ``parts`` has ended.

    Raises:
        SourceError: the file cannot be opened, or its format is not read.
    """

    def __init__(self, source: Source, path: Path) -> None:
        self._source, self._path = source, path
        self._surveyed = _survey(path)
        self.sha256 = self._surveyed.sha256
        self.done = FileRead(path.name, self.sha256, 0, 0, {})

    def parts(self) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        """Records and rejects, a chunk at a time.

        Raises:
            SourceError: a column that the source declares is not there.
        """
        origin = Origin(self._source, self._path, changed(self._path))
        roles = ColumnRoles(self._source)
        rows = refused = 0
        for chunk in _chunks(self._path, self._surveyed):
            records, rejects = as_records(chunk, roles.learn(chunk.frame), origin)
            rows += records.height + len(rejects)
            refused += len(rejects)
            yield records, rejects_frame(self._source.name, self._path.name, rejects)
        _check_columns(self._source, self._path, list(roles.seen))
        played = {column: role for column, role in roles.roles.items() if role != "ignore"}
        self.done = FileRead(self._path.name, self.sha256, rows, refused, played)


def settled(records: pl.LazyFrame, source: Source) -> pl.LazyFrame:
    """The records of a source with one row for each id."""
    return latest_only(records) if source.mode == "delta" else unique_ids(records)


def _chunks(path: Path, surveyed: Survey) -> Iterator[Chunk]:
    _, kind = stem_and_kind(path)
    if kind in PARQUET:
        yield from parquet_chunks(path)
        return
    with TextFile(path, surveyed.encoding) as file:
        if kind in JSON_LINES:
            yield from json_chunks(file)
        else:
            yield from delimited_chunks(file, mixed=surveyed.mixed)


def _survey(path: Path) -> Survey:
    _, kind = stem_and_kind(path)
    known: Sequence[str] = (*DELIMITED, *JSON_LINES, *PARQUET)
    if kind not in known:
        raise SourceError(
            path.name,
            f"files ending in {kind or 'nothing'!r} are not read",
            f"Give one of: {', '.join(known)}.",
        )
    try:
        return survey(path)
    except OSError as exc:
        remedy = "Correct the path." if isinstance(exc, FileNotFoundError) else "Correct its rights."
        raise SourceError(path.name, f"it cannot be opened ({exc.strerror})", remedy) from exc


def changed(path: Path) -> dt.date:
    """The day on which a file was changed last, UTC."""
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date()


def _check_columns(source: Source, path: Path, seen: Sequence[str]) -> None:
    """Raise when a declared column is not in the file: the declaration would silently mean nothing."""
    missing = [column for column in source.columns if column not in seen]
    if missing and seen:
        raise SourceError(
            source.name,
            f"{path.name} has no column {missing[0]!r}",
            f"Its columns are: {', '.join(seen)}.",
        )

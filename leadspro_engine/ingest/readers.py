"""Files to source records: whatever the format, every row ends as a record or as a reject.

The format follows from the name: ``.csv .tsv .txt .psv`` delimited text, ``.jsonl .ndjson`` JSON lines,
``.parquet``; text may be packed (``.gz``, ``.zst``). ``read_source`` answers in memory; ``write_source`` does
the same in bounded memory, chunk by chunk into Parquet files.
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
from leadspro_engine.ingest.parts import PartWriter
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
        roles: column -> role, as it was read.
    """

    name: str
    sha256: str
    rows: int
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


class SourceCounts(Struct, frozen=True):
    """What became of one source that was written to files.

    Attributes:
        records: number of records.
        rejects: number of rows that could not be used.
        superseded: rows of a delta source that a later row with the same id replaced.
        files: one entry for each file, in the order in which they were read.
    """

    source: str
    records: int
    rejects: int
    superseded: int
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
    reading = _Reading(source)
    for part in reading.parts():
        frames.append(part[0])
        rejects.append(part[1])
    records = _settled(pl.concat(frames).lazy(), source).collect()
    return SourceRead(records, pl.concat(rejects), reading.files)


def write_source(source: Source, records: Path, rejects: Path) -> SourceCounts:
    """Read a source into two Parquet files: ``RECORD_SCHEMA`` and ``REJECTS_SCHEMA``.

    Raises:
        SourceError: it has no file, or one that cannot be opened.
    """
    reading = _Reading(source)
    with PartWriter(records, RECORD_SCHEMA) as found, PartWriter(rejects, REJECTS_SCHEMA) as refused:
        for part in reading.parts():
            found.write(part[0])
            refused.write(part[1])
    if _has_repeats(records):
        unsettled = records.rename(records.with_suffix(".unsettled"))
        _settled(pl.scan_parquet(unsettled), source).sink_parquet(records, compression="zstd")
        unsettled.unlink()
    kept = pl.scan_parquet(records).select(pl.len()).collect().item()
    return SourceCounts(source.name, kept, refused.rows, found.rows - kept, reading.files)


class _Reading:
    """One pass over the files of a source; ``files`` is complete at its end."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.files: list[FileRead] = []

    def parts(self) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        """Records and rejects, a chunk at a time."""
        for path in self._source.files():
            surveyed = _survey(path)
            origin = Origin(self._source, path, _changed(path))
            roles = ColumnRoles(self._source)
            rows = 0
            for chunk in _chunks(path, surveyed):
                records, rejects = as_records(chunk, roles.learn(chunk.frame), origin)
                rows += records.height + len(rejects)
                yield records, rejects_frame(self._source.name, path.name, rejects)
            _check_columns(self._source, path, list(roles.seen))
            played = {column: role for column, role in roles.roles.items() if role != "ignore"}
            self.files.append(FileRead(path.name, surveyed.sha256, rows, played))


def _has_repeats(records: Path) -> bool:
    """Whether an id stands twice; rare, and the file is written once more only then."""
    ids = pl.scan_parquet(records).select("record_id")
    return bool(ids.select(pl.col("record_id").is_duplicated().any()).collect().item())


def _settled(records: pl.LazyFrame, source: Source) -> pl.LazyFrame:
    """The records with one row for each id."""
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


def _changed(path: Path) -> dt.date:
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

"""Source records as Parquet files: each file of a source is read once, then all of them are put together.

What a file gave is kept in a folder named after all that it follows from: content, declaration, date, and
the code that reads. Whoever reads the source again with the same folder takes it from there.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import polars as pl
from msgspec import Struct

import leadspro_engine.normalize
from leadspro_engine.code import code_checksum
from leadspro_engine.ingest.chunk import REJECTS_SCHEMA
from leadspro_engine.ingest.parts import PartWriter
from leadspro_engine.ingest.raw import RECORD_SCHEMA
from leadspro_engine.ingest.readers import FileRead, FileReading, changed, settled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadspro_engine.ingest.sources import Source

RECORDS, REJECTS, READ = "records.parquet", "rejects.parquet", "read.json"
"""The files in the folder of a file that was read; the last is written when the others are complete."""

_LIBRARIES = ("duckdb", "polars", "pyarrow")
"""Libraries that read files, whose releases decide what a row is."""

_CODE = (Path(__file__).parent, *map(Path, leadspro_engine.normalize.__path__))
"""The packages that turn a file into records: this one, and the one whose dates and roles it uses."""

_NOT_READ = ("folder", "labels", "max_age_days", "mode", "one_record_per_entity", "optional", "path")
"""What an entry says that does not change what one of its files gives."""


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


def write_file(source: Source, path: Path, kept: Path, *, again: bool = False) -> Path:
    """Read one file of a source, unless it was read before; gives the folder in which its rows are.

    Args:
        source: whose file it is.
        path: the file.
        kept: where such folders are kept.
        again: read it although it was read before.

    Raises:
        SourceError: it cannot be opened, its format is not read, or it lacks a declared column.
    """
    reading = FileReading(source, path)
    folder = kept / _token(source, path, reading.sha256)
    if again or not (folder / READ).exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / READ).unlink(missing_ok=True)
        with (
            PartWriter(folder / RECORDS, RECORD_SCHEMA) as found,
            PartWriter(folder / REJECTS, REJECTS_SCHEMA) as refused,
        ):
            for part in reading.parts():
                found.write(part[0])
                refused.write(part[1])
        (folder / READ).write_bytes(msgspec.json.encode(reading.done))
    return folder


def file_read(folder: Path) -> FileRead:
    """What became of the file that was read into a folder."""
    return msgspec.json.decode((folder / READ).read_bytes(), type=FileRead)


def write_source(source: Source, records: Path, rejects: Path, *, kept: Path | None = None) -> SourceCounts:
    """Read a source into two Parquet files: ``RECORD_SCHEMA`` and ``REJECTS_SCHEMA``.

    Args:
        source: what to read.
        records: the file of its records.
        rejects: the file of the rows that could not be used.
        kept: a folder of what the files of this source gave before; nothing else may be in it.

    Raises:
        SourceError: it has no file, or one that cannot be opened.
    """
    with ExitStack() as stack:
        if kept is None:
            kept = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=records.parent)))
        folders = [write_file(source, path, kept) for path in source.files()]
        _sweep(kept, folders)
        if _has_repeats(_all(folders, RECORDS, RECORD_SCHEMA)):
            together = settled(_all(folders, RECORDS, RECORD_SCHEMA), source)
            together.sink_parquet(records, compression="zstd")
        else:
            _put_together(folders, RECORDS, RECORD_SCHEMA, records)
        _put_together(folders, REJECTS, REJECTS_SCHEMA, rejects)
        files = [file_read(folder) for folder in folders]
    records_kept = int(pl.scan_parquet(records).select(pl.len()).collect().item())
    refused = sum(file.rejects for file in files)
    superseded = sum(file.rows for file in files) - refused - records_kept
    return SourceCounts(source.name, records_kept, refused, superseded, files)


def _token(source: Source, path: Path, sha256: str) -> str:
    """The name for what a file gives: the same only if nothing of what it follows from has changed."""
    said = {name: value for name, value in msgspec.structs.asdict(source).items() if name not in _NOT_READ}
    day = source.observed_at or changed(path)
    code = [code_checksum(package, *_LIBRARIES) for package in _CODE]
    content = msgspec.json.encode([said, path.name, sha256, day, code], order="sorted")
    return hashlib.sha256(content).hexdigest()[:32]


def _all(folders: Sequence[Path], name: str, schema: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    """The rows of one of the files of each folder, in order."""
    return pl.concat([pl.LazyFrame(schema=dict(schema)), *(pl.scan_parquet(each / name) for each in folders)])


def _put_together(folders: Sequence[Path], name: str, schema: Mapping[str, pl.DataType], path: Path) -> None:
    """Write the rows of one of the files of each folder; a single one is copied as it is."""
    if len(folders) == 1:
        shutil.copyfile(folders[0] / name, path)
    else:
        _all(folders, name, schema).sink_parquet(path, compression="zstd")


def _has_repeats(records: pl.LazyFrame) -> bool:
    """Whether an id stands twice, which is rare."""
    ids = records.select("record_id")
    return bool(ids.select(pl.col("record_id").is_duplicated().any()).collect().item())


def _sweep(kept: Path, used: Sequence[Path]) -> None:
    """Remove what is kept of files that the source has no more, or that have changed."""
    if kept.exists():
        for folder in set(kept.iterdir()).difference(used):
            shutil.rmtree(folder)

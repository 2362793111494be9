"""The files of jobs: an upload cut into parts once, answered part by part, and joined into a result.

Each job has a folder ``<home>/jobs/<id>/`` with ``given/`` (the rows), ``answered/`` (the new columns of the
same rows). A part is there as a whole or not at all. The columns of the file are never
touched: what is new stands beside them; only the safe form for spreadsheets changes a cell on its way out.
"""

from __future__ import annotations

import io
import re
import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Literal

import msgspec
import polars as pl
from msgspec import Struct

from leadspro_engine.dataset.durable import flush, write_durably
from leadspro_engine.errors import InvalidInput, SourceError
from leadspro_engine.ingest import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from leadspro_engine.ingest.chunk import Chunk

FOLDER = "jobs"
PART_ROWS = 1_000
"""Rows of a part: some tenths of a second of work, which is what a kill may cost."""

MOST_COLUMNS = 500
MOST_REJECTS = 100
"""Rejects of which the place and the reason are told; all are counted."""

RAW = "\ue000raw"
"""Of JSON lines: the column with each row as it was, under a name from Unicode's private use area."""

Format = Literal["csv", "raw", "jsonl"]

_FORMULA = r"^[=+\-@\t\r]"  # how a cell begins that a spreadsheet would run; OWASP, CSV injection


class RejectView(Struct, frozen=True):
    """A row of the file that could not be read: the line on which it began, and why."""

    line: int
    reason: str


class Given(Struct, frozen=True):
    """What reading an upload showed.

    Attributes:
        columns: of the file, in its order.
        rejects: the first rows that could not be read; ``rejected`` is how many there are.
    """

    rows: int
    parts: int
    columns: list[str]
    rejected: int
    rejects: list[RejectView]


class JobFiles:
    """The files of every job of one data folder."""

    def __init__(self, home: Path) -> None:
        self._root = home / FOLDER

    def incoming(self, kind: str) -> Path:
        """A new place for an upload, with the ending that says what it is."""
        folder = self._root / "incoming"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder / f"{secrets.token_hex(8)}{kind}"

    def here(self, job_id: str) -> bool:
        """Whether the files of a job are on this machine."""
        return self._given(job_id).is_dir()

    @contextmanager
    def take_in(self, upload: Path, most_rows: int) -> Iterator[tuple[Path, Given]]:
        """An upload cut into parts, in a folder that lasts for the block unless ``keep`` gives it to a job.

        Raises:
            InvalidInput: it has no rows, more than allowed, or too many columns, or cannot be read at all.
        """
        folder = upload.with_suffix(".parts")
        (folder / "given").mkdir(parents=True)
        try:
            yield folder, self._cut(upload, folder / "given", most_rows)
        except SourceError as error:
            raise InvalidInput("body", error.problem, "a CSV or JSON lines file in UTF-8") from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(self, folder: Path, job_id: str) -> None:
        """Give the parts of an upload to a job."""
        folder.rename(self._root / job_id)
        flush(self._root)

    def part(self, folder_or_job: Path | str, number: int) -> pl.DataFrame:
        """The rows of one part, under the columns that it has."""
        given = self._given(folder_or_job) if isinstance(folder_or_job, str) else folder_or_job / "given"
        return pl.read_parquet(given / _name(number))

    def answer(self, job_id: str, number: int, gained: pl.DataFrame) -> None:
        """Keep the new columns of a part, on disk on return."""
        answered = self._root / job_id / "answered"
        answered.mkdir(exist_ok=True)
        packed = io.BytesIO()
        gained.write_parquet(packed)
        write_durably(answered / _name(number), packed.getvalue())

    def answered(self, job_id: str, number: int) -> pl.DataFrame:
        """The new columns of an answered part."""
        return pl.read_parquet(self._root / job_id / "answered" / _name(number))

    def remove(self, job_id: str) -> None:
        """Remove all files of a job."""
        shutil.rmtree(self._root / job_id, ignore_errors=True)

    def remove_stale(self, before: float) -> None:
        """Remove uploads that nobody came back for since an instant, in seconds since the epoch."""
        for path in (self._root / "incoming").glob("*"):
            if path.stat().st_mtime < before:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def _given(self, job_id: str) -> Path:
        return self._root / job_id / "given"

    def _cut(self, upload: Path, folder: Path, most_rows: int) -> Given:
        """Write the rows of a file as parts."""
        rows, parts, rejected = 0, 0, 0
        columns: dict[str, None] = {}
        rejects: list[RejectView] = []
        for frame, chunk in _pieces(upload):
            rejected += len(chunk.rejects)
            room = MOST_REJECTS - len(rejects)
            rejects += [RejectView(one.line, one.reason) for one in chunk.rejects[:room]]
            columns |= dict.fromkeys(name for name in frame.columns if name != RAW)
            rows += frame.height
            _within_limits(rows, most_rows, len(columns))
            for piece in frame.iter_slices(PART_ROWS) if frame.height else ():
                piece.write_parquet(folder / _name(parts))
                flush(folder / _name(parts))
                parts += 1
        if not rows:
            raise InvalidInput("body", upload.suffix, "a file with a header and at least one row")
        return Given(rows, parts, list(columns), rejected, rejects)


def _pieces(upload: Path) -> Iterator[tuple[pl.DataFrame, Chunk]]:
    """The chunks of a file; of JSON lines each row as it was stands beside its columns."""
    for chunk in read_file(upload):
        whole = upload.suffix == ".jsonl" and chunk.frame.height
        yield (chunk.frame.with_columns(chunk.raw.alias(RAW)) if whole else chunk.frame), chunk


def _within_limits(rows: int, most_rows: int, columns: int) -> None:
    """Refuse a file that is too long or too wide."""
    if rows > most_rows:
        raise InvalidInput("body", f"more than {most_rows} rows", f"at most {most_rows} rows on this plan")
    if columns > MOST_COLUMNS:
        raise InvalidInput("body", f"{columns} columns", f"at most {MOST_COLUMNS} columns")


def _name(number: int) -> str:
    return f"{number:06}.parquet"


def write_result(
    parts: Iterator[tuple[pl.DataFrame, pl.DataFrame]], columns: list[str], form: Format, out: BinaryIO
) -> None:
    """Join the rows of parts and their answers into one file.

    Args:
        parts: rows and new columns of each part, in order.
        columns: of the whole file, in order; a part may lack some.
        form: ``csv`` has no cell that a spreadsheet would run; ``raw`` is CSV with every cell as it is;
            ``jsonl`` has one object a line, and of JSON lines the very text that came.
        out: where it goes.
    """
    first = True
    for given, gained in parts:
        beside = _beside(columns, gained)
        if form == "jsonl":
            _json_lines(given, beside, columns, out)
        else:
            whole = _whole(given, beside, columns)
            (whole if form == "raw" else _safe(whole)).write_csv(out, include_header=first)
        first = False


def _beside(columns: list[str], gained: pl.DataFrame) -> pl.DataFrame:
    """The new columns under names that the file does not have yet."""
    taken = set(columns)
    names = {}
    for name in gained.columns:
        free = name
        while free in taken:
            free += "_new"
        names[name] = free
    return gained.rename(names)


def _whole(given: pl.DataFrame, gained: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Rows with every column of the file, lists as texts, and the new columns."""
    lists = [name for name, kind in given.schema.items() if isinstance(kind, pl.List)]
    there = given.with_columns(pl.col(lists).list.join("; ")) if lists else given
    missing = [pl.lit(None, pl.String()).alias(name) for name in columns if name not in given.columns]
    return there.with_columns(missing).select(columns).hstack(gained)


def _safe(whole: pl.DataFrame) -> pl.DataFrame:
    """The same rows with an apostrophe before whatever a spreadsheet would run, names of columns too."""
    texts = [name for name, kind in whole.schema.items() if kind == pl.String()]
    safe = whole.with_columns(
        pl.when(pl.col(name).str.contains(_FORMULA))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name in texts
    )
    return safe.rename(lambda name: f"'{name}" if re.match(_FORMULA, name) else name)


def _json_lines(given: pl.DataFrame, gained: pl.DataFrame, columns: list[str], out: BinaryIO) -> None:
    """One object a line: of JSON lines the text that came, with the new columns put in at its end."""
    if RAW in given.columns:
        before = [str(text).encode() for text in given[RAW]]
    else:
        there = [name for name in columns if name in given.columns]
        before = [msgspec.json.encode(row) for row in given.select(there).iter_rows(named=True)]
    for text, row in zip(before, gained.iter_rows(named=True), strict=True):
        opened = text.rstrip()[:-1].rstrip()
        out.write(opened + (b"" if opened == b"{" else b",") + msgspec.json.encode(row)[1:] + b"\n")

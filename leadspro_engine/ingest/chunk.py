"""What a reader hands on: some rows of one file as columns of text, and the rows it could not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

CHUNK_ROWS = 50_000
"""Rows of a chunk: large enough for column work to pay, small enough to keep memory flat."""

REJECTS_SCHEMA: dict[str, pl.DataType] = {
    "source": pl.String(),
    "file": pl.String(),
    "line": pl.Int64(),  # where the row began in its file, counted from 1
    "reason": pl.String(),
    "raw": pl.String(),  # the row as the file had it
}
"""Columns of the table of rows that could not be read."""


class Reject(Struct, frozen=True):
    """One row that could not be read: where it began, why, and its text."""

    line: int
    reason: str
    raw: str


class Chunk(Struct, frozen=True):
    """Rows of one file.

    Attributes:
        frame: one column for each column of the file, text or lists of text, under the file's own names.
        lines: where each row of ``frame`` began in the file, counted from 1.
        raw: each row of ``frame`` as the file had it, as JSON.
        rejects: rows that are not in ``frame``.
    """

    frame: pl.DataFrame
    lines: pl.Series
    raw: pl.Series
    rejects: Sequence[Reject] = ()


def no_rows(rejects: Sequence[Reject]) -> Chunk:
    """A chunk of rejects alone."""
    lines, raw = pl.Series("line", [], pl.Int64()), pl.Series("raw", [], pl.String())
    return Chunk(pl.DataFrame(), lines, raw, rejects)


def as_json(frame: pl.DataFrame) -> pl.Series:
    """Each row of a frame as a JSON object.

    >>> as_json(pl.DataFrame({"Name": ["Ada"], "Mail": [None]}))[0]
    '{"Name":"Ada","Mail":null}'
    """
    if frame.width == 0:
        return pl.Series("raw", ["{}"] * frame.height, pl.String())
    return frame.select(pl.struct(pl.all()).struct.json_encode().alias("raw")).to_series()


def rejects_frame(source: str, file: str, rejects: Sequence[Reject]) -> pl.DataFrame:
    """Rejects as rows of ``REJECTS_SCHEMA``."""
    return pl.DataFrame(
        {
            "source": [source] * len(rejects),
            "file": [file] * len(rejects),
            "line": [reject.line for reject in rejects],
            "reason": [reject.reason for reject in rejects],
            "raw": [reject.raw for reject in rejects],
        },
        schema=REJECTS_SCHEMA,
    )

"""Writing a Parquet file part by part, so that memory holds one part and not the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import polars as pl
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

PART_ROWS = 100_000
"""Rows that column work is given at a time."""


class PartWriter:
    """A Parquet file that grows by frames of one schema; closed by leaving the ``with`` block.

    Attributes:
        rows: number of rows written so far.
    """

    def __init__(self, path: Path, schema: Mapping[str, pl.DataType]) -> None:
        self.rows = 0
        self._schema = schema
        empty = pl.DataFrame(schema=dict(schema)).to_arrow()
        self._writer = pq.ParquetWriter(path, empty.schema, compression="zstd")

    def write(self, frame: pl.DataFrame) -> None:
        """Add the rows of a frame; its columns are taken by name."""
        if frame.height:
            self._writer.write_table(frame.select(*self._schema).to_arrow())
            self.rows += frame.height

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()


def parts(path: Path, rows: int = PART_ROWS) -> Iterator[pl.DataFrame]:
    """The rows of a Parquet file, about ``rows`` at a time, in order."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(rows):
            yield pl.DataFrame(pl.from_arrow(batch))

"""Parquet as rows: the same columns of text that a JSON line of the same record would give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from leadspro_engine.ingest.chunk import CHUNK_ROWS, Chunk, Reject, as_json, no_rows
from leadspro_engine.ingest.json_lines import columns_of, flat
from leadspro_engine.normalize.columns import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def parquet_chunks(path: Path) -> Iterator[Chunk]:
    """The rows of a Parquet file in chunks, numbered from 1; a damaged part ends it with a reject."""
    read = 0
    try:
        for batch in pq.ParquetFile(path).iter_batches(CHUNK_ROWS):
            frame = pl.DataFrame(pl.from_arrow(batch))
            lines = pl.int_range(read + 1, read + frame.height + 1, dtype=pl.Int64, eager=True)
            yield Chunk(_texts(frame), lines.alias("line"), as_json(frame))
            read += frame.height
    except (pa.ArrowException, OSError) as exc:
        yield no_rows([Reject(read + 1, f"the file is damaged: {exc}", "")])


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns as text; nested ones taken apart by dotted path."""
    parts: list[pl.Series] = []
    for column in frame.iter_columns():
        if column.dtype.is_nested():
            rows = [flat({column.name: value}) for value in column.to_list()]
            parts += columns_of(rows).iter_columns()
        else:
            parts.append(texts_of(column))
    return pl.DataFrame(parts)

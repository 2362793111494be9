"""The columns of a table as they were given, beside what was found about each row."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from leadspro_engine.ingest.readers import PARQUET

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UNREADABLE = "unreadable"
"""Column of the text of rows that could not be taken apart; only there when there are any."""


def originals_of(rows: pl.DataFrame, raw: pl.Series, paths: Mapping[str, Path]) -> pl.DataFrame:
    """The original columns of ``rows``, one row each: of Parquet with its types, of other files as text.

    Args:
        rows: ``source, line``, in the order of ``paths``.
        raw: each row as its source had it, JSON; other text for a row that could not be taken apart.
        paths: the file of each source, in order.
    """
    parts = []
    for source, path in paths.items():
        chosen = rows.get_column("source") == source
        lines = rows.filter(chosen).get_column("line")
        typed = _typed(path, lines) if path.suffix in PARQUET else None
        parts.append(_told(raw.filter(chosen)) if typed is None else typed)
    return pl.concat(parts, how="diagonal_relaxed")


def beside(found: pl.DataFrame, originals: pl.DataFrame) -> pl.DataFrame:
    """Both tables side by side; an original column whose name is taken gets ``_original`` behind it."""
    taken, renamed = set(found.columns), dict[str, str]()
    for column in originals.columns:
        label = column
        while label in taken:
            label += "_original"
        taken.add(label)
        renamed[column] = label
    return found.hstack(originals.rename(renamed)) if originals.width else found


def _typed(path: Path, lines: pl.Series) -> pl.DataFrame | None:
    """The rows of a Parquet file with these numbers, counted from 1; None when it is damaged."""
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):
        return None
    places = [line - 1 for line in lines.to_list()]
    return frame[places] if max(places, default=-1) < frame.height else None


def _told(raw: pl.Series) -> pl.DataFrame:
    """Rows from their JSON texts."""
    objects = [_is_object(text) for text in raw.to_list()]
    lines = [text if good else "{}" for text, good in zip(raw.to_list(), objects, strict=True)]
    if not any(objects):
        frame = pl.DataFrame(height=len(lines)) if lines else pl.DataFrame()
    else:
        frame = pl.read_ndjson(io.BytesIO("\n".join(lines).encode()), infer_schema_length=None)
    if all(objects):
        return frame
    texts = [None if good else text for text, good in zip(raw.to_list(), objects, strict=True)]
    return frame.with_columns(pl.Series(UNREADABLE, texts, pl.String()))


def _is_object(text: str) -> bool:
    """Whether a text is a JSON object; most begin as one and are."""
    if not text.startswith("{"):
        return False
    try:
        return isinstance(msgspec.json.decode(text), dict)
    except msgspec.DecodeError:
        return False

"""A labelled sample: of some records, somebody has said which are one and the same.

A CSV file that a source names as ``labels``. Its columns: ``person_id`` (``company_id`` for a source of
companies), any text that is the same for records of one entity; ``source_record_id``, or ``line`` where the
source has no ids of its own; and ``source`` when it speaks of several sources, else it speaks of the one that
names it. Rows without an entity are left out. The sample measures a refresh and never changes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leadspro_engine.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from leadspro_engine.ingest.sources import Source

_ENTITY = {"person": "person_id", "company": "company_id"}


def read_labels(source: Source, records: Path) -> pl.DataFrame:
    """The labelled records among those of a refresh: ``record_id, truth``, one row a record.

    Args:
        source: a source that names a sample.
        records: the Parquet file of all source records of its kind, ``RECORD_SCHEMA``.

    Raises:
        SourceError: the sample lacks a column, or cannot be read as CSV.
    """
    assert source.labels is not None
    entity = _ENTITY[source.record]
    try:
        given = pl.read_csv(source.folder / source.labels, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as exc:
        raise SourceError(source.name, f"labels {source.labels!r}: {exc}", "Give a CSV file.") from exc
    if entity not in given.columns or not {"source_record_id", "line"} & set(given.columns):
        raise SourceError(
            source.name,
            f"labels {source.labels!r} has the columns {', '.join(given.columns)}",
            f"Give `{entity}`, and `source_record_id` or `line`.",
        )
    named = given.select(
        pl.col("source").fill_null(source.name)
        if "source" in given.columns
        else pl.lit(source.name).alias("source"),
        *(pl.col(name) if name in given.columns else pl.lit(None, pl.String).alias(name) for name in _PLACES),
        pl.col(entity).alias("truth"),
    ).filter(pl.col("truth").fill_null("") != "")
    return _found(named, records)


_PLACES = ("source_record_id", "line")


def _found(named: pl.DataFrame, records: Path) -> pl.DataFrame:
    """The record ids of labelled rows, by the source's own id, else by line."""
    known = pl.scan_parquet(records).select("record_id", "source", "source_record_id", "line").collect()
    by_id = named.filter(pl.col("source_record_id").is_not_null())
    by_line = named.filter(pl.col("source_record_id").is_null()).with_columns(pl.col("line").cast(pl.Int64))
    return (
        pl.concat(
            [
                by_id.join(known, on=["source", "source_record_id"]).select("record_id", "truth"),
                by_line.join(known, on=["source", "line"]).select("record_id", "truth"),
            ]
        )
        .unique("record_id", keep="first", maintain_order=True)
        .sort("record_id")
    )

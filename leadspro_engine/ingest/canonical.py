"""Source records to canonical ones, and the companies that people's rows mention.

A person's row names an employer. Rows that name the same one (same compare key, domain and LinkedIn page)
become one company record, a *mention*, which counts them; so a list of people alone gives companies too.

A record in which no value survived normalizing is not passed on: it goes to the rejects. The work is done
a part at a time, so that memory does not grow with the data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leadspro_engine.ingest.chunk import REJECTS_SCHEMA
from leadspro_engine.ingest.known import write_sparing
from leadspro_engine.ingest.parts import PartWriter, parts
from leadspro_engine.ingest.raw import NOTHING_USABLE
from leadspro_engine.normalize.record import (
    COMPANY_SCHEMA,
    PERSON_SCHEMA,
    RAW_SCHEMA,
    company_columns,
    person_columns,
)

if TYPE_CHECKING:
    from pathlib import Path

    from leadspro_engine.ingest.known import Known

MENTION_SOURCE = "mentions"
"""The source name of company records that were made of people's rows."""

_TELLING_PERSON = ("name_key", "emails", "phones", "linkedin", "identifiers")
_TELLING_COMPANY = ("name_key", "domains", "linkedin", "phones", "identifiers")
_SAID_OF_EMPLOYER = ("company_linkedin", "industry", "headcount", "founded", "company_status")


def canonical_people(raw: pl.DataFrame) -> pl.DataFrame:
    """Person records in ``PERSON_SCHEMA``, one row for each row of ``raw`` in which somebody is meant.

    Args:
        raw: source records in ``RAW_SCHEMA``; further columns are ignored.
    """
    return person_columns(raw.select(*RAW_SCHEMA)).filter(_tells(_TELLING_PERSON))


def canonical_companies(
    companies_raw: pl.DataFrame, people_raw: pl.DataFrame, people: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Company records in ``COMPANY_SCHEMA``: one row a source record, then one row a distinct mention.

    Args:
        companies_raw: source records of companies in ``RAW_SCHEMA``.
        people_raw: source records of people, whose employers are the mentions.
        people: the canonical records of ``people_raw``, if they are at hand already.
    """
    people = canonical_people(people_raw) if people is None else people
    mentioned = mentions(people_raw.lazy(), people.lazy()).collect()
    own = company_columns(companies_raw.select(*RAW_SCHEMA)).filter(_tells(_TELLING_COMPANY))
    return pl.concat([own, _mention_columns(mentioned)])


def mentions(people_raw: pl.LazyFrame, people: pl.LazyFrame) -> pl.LazyFrame:
    """Distinct employers as source records: ``RAW_SCHEMA`` and ``mentions``, sorted by ``record_id``.

    Of each value the commonest one is taken, the alphabetically first when several are equally common.
    """
    said = people_raw.select("record_id", "region_hint", "technology", *_SAID_OF_EMPLOYER)
    named = people.filter(pl.col("company_record_id").is_not_null()).select(
        "record_id", "company_record_id", "company", pl.col("domains").list.first().alias("domain"),
        "observed_at", "trust",
    )  # fmt: skip
    texts = ("company", "domain", "region_hint", *_SAID_OF_EMPLOYER)
    grouped = named.join(said, on="record_id").group_by("company_record_id")
    found = grouped.agg(
        *(pl.col(name).drop_nulls().mode().min().alias(name) for name in texts),
        pl.col("technology").list.explode().drop_nulls().unique().sort().alias("technology"),
        pl.col("observed_at").max(),
        pl.col("trust").max(),
        pl.len().cast(pl.Int64).alias("mentions"),
    )
    given = found.with_columns(
        pl.col("company_record_id").alias("record_id"),
        pl.col("company_record_id").alias("source_record_id"),
        pl.lit(MENTION_SOURCE).alias("source"),
        pl.col("observed_at").cast(pl.Date),
    )
    have = given.collect_schema().names()
    rest = [pl.lit(None, kind).alias(name) for name, kind in RAW_SCHEMA.items() if name not in have]
    return given.with_columns(rest).select(*RAW_SCHEMA, "mentions").sort("record_id")


def write_people(raw: Path, people: Path, rejects: Path, known: Known | None = None) -> tuple[int, int]:
    """``canonical_people`` from a Parquet file to a Parquet file; returns records and rejects.

    Args:
        raw: source records.
        people: where the canonical ones go.
        rejects: where the rows go in which nothing is usable.
        known: canonical records of an earlier time, used again where a row did not change.
    """
    with PartWriter(rejects, REJECTS_SCHEMA) as refused:

        def normalize(rows: Path, out: Path) -> None:
            with PartWriter(out, PERSON_SCHEMA) as kept:
                for part in parts(rows):
                    _sort_out(part, person_columns(part.select(*RAW_SCHEMA)), _TELLING_PERSON, kept, refused)

        write_sparing(raw, people, normalize, known)
    return _rows(people), refused.rows


def write_companies(  # noqa: PLR0913, PLR0917 - three files in, two out, and what is known
    raw: Path, people_raw: Path, people: Path, out: Path, rejects: Path, known: Known | None = None
) -> tuple[int, int]:
    """``canonical_companies`` from Parquet files to a Parquet file; returns records and rejects.

    The distinct mentions stay beside ``out`` as ``mentions_raw.parquet``.
    """
    mentioned = out.with_name("mentions_raw.parquet")
    mentions(pl.scan_parquet(people_raw), pl.scan_parquet(people)).collect(engine="streaming").write_parquet(
        mentioned
    )
    own, named = out.with_suffix(".own"), out.with_suffix(".mentions")
    with PartWriter(rejects, REJECTS_SCHEMA) as refused:

        def normalize(rows: Path, written: Path) -> None:
            with PartWriter(written, COMPANY_SCHEMA) as kept:
                for part in parts(rows):
                    _sort_out(
                        part, company_columns(part.select(*RAW_SCHEMA)), _TELLING_COMPANY, kept, refused
                    )

        write_sparing(raw, own, normalize, known)
    write_sparing(mentioned, named, _normalize_mentions, known)
    pl.concat([pl.scan_parquet(own), pl.scan_parquet(named)]).sink_parquet(out)
    own.unlink()
    named.unlink()
    return _rows(out), refused.rows


def _normalize_mentions(rows: Path, out: Path) -> None:
    """Mentions in one file to canonical company records in another."""
    with PartWriter(out, COMPANY_SCHEMA) as kept:
        for part in parts(rows):
            kept.write(_mention_columns(part))


def _rows(path: Path) -> int:
    """How many rows a Parquet file has."""
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def _sort_out(
    raw: pl.DataFrame,
    canonical: pl.DataFrame,
    telling: tuple[str, ...],
    kept: PartWriter,
    refused: PartWriter,
) -> None:
    """Write the canonical records that tell who is meant, and the raw ones of which nothing was left."""
    usable = canonical.select(_tells(telling)).to_series()
    kept.write(canonical.filter(usable))
    refused.write(raw.filter(~usable).with_columns(pl.lit(NOTHING_USABLE).alias("reason")))


def _mention_columns(mentioned: pl.DataFrame) -> pl.DataFrame:
    """Mentions as canonical company records, with how many rows each stands for."""
    columns = company_columns(mentioned.select(*RAW_SCHEMA)).with_columns(mentioned.get_column("mentions"))
    return columns.select(*COMPANY_SCHEMA).filter(_tells(_TELLING_COMPANY))


def _tells(names: tuple[str, ...]) -> pl.Expr:
    """Whether a canonical record has one of these."""
    lists = {name for name, kind in (PERSON_SCHEMA | COMPANY_SCHEMA).items() if isinstance(kind, pl.List)}
    return pl.any_horizontal(
        pl.col(name).list.len().fill_null(0) > 0 if name in lists else pl.col(name).is_not_null()
        for name in names
    )

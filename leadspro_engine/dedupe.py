"""De-duplicate any table of people or organizations: rows in, the same rows with a ``cluster_id`` out.

The product form of ``resolve``: columns are guessed (and can be named), values are normalized, weights are
learned from the table itself, and rows that are one person or organization get one ``cluster_id``.
"""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import polars as pl
from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.compare import COMPANIES, PEOPLE
from leadspro_engine.errors import InvalidInput
from leadspro_engine.ingest import Source, guess_roles, read_file, read_source
from leadspro_engine.ingest.sources import COLUMN_ROLES
from leadspro_engine.normalize import name
from leadspro_engine.normalize.record import RAW_SCHEMA, company_columns, person_columns
from leadspro_engine.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadspro_engine.compare import Weights

RecordKind = Literal["person", "company"]
SAMPLE_ROWS = 1000
"""Rows that are looked at to tell people from organizations."""

_ROW = "row of the table that was given"
"""The column that leads back to the rows of a frame; a name that no frame has by chance."""

_PERSONAL_ROLES = {"given_name", "family_name", "birth_date", "linkedin"}
_KNOWN_GIVEN_NAME_SHARE = 0.25
"""A bare "name" column holds people when this share of its values begin or end with a known given name."""


class Deduped(Struct, frozen=True):
    """What de-duplicating a table gave.

    Attributes:
        rows: one row for each row read, in the order of the files and their lines: ``source, file, line,
            source_record_id, cluster_id, cluster_size``.
        rejects: rows that could not be read: ``source, file, line, reason, raw``.
        record: what a row was taken for.
        roles: for each source, which column was taken for what.
        weights: what was learned from the table.
        pairs: how many candidate pairs were scored.
    """

    rows: pl.DataFrame
    rejects: pl.DataFrame
    record: RecordKind
    roles: dict[str, dict[str, str]]
    weights: Weights
    pairs: int


def dedupe(
    table: pl.DataFrame | str | Path | Sequence[str | Path],
    *,
    record: RecordKind | None = None,
    columns: Mapping[str, str] | None = None,
    link: bool = False,
) -> Deduped:
    """Find the rows that are one person or one organization.

    In a table without a column that could tell, every row gets a cluster of its own.

    Args:
        table: a frame, or one or several files (CSV, TSV, JSON lines, Parquet; also packed).
        record: what a row is; guessed from columns and values when None.
        columns: column -> role where the guess is wrong (roles: ``normalize.record.ROLES``; ``ignore`` leaves
            a column out).
        link: match only rows of different sources, at most one a source. Each file is a source; in a
            frame the column ``source`` says it.

    Raises:
        InvalidInput: no file, an unknown kind of record or role, or ``link`` has no two sources.
        SourceError: a file cannot be read.
    """
    if record is not None and record not in get_args(RecordKind):
        raise InvalidInput("record", record, "one of " + ", ".join(get_args(RecordKind)))
    for column, role in (columns or {}).items():
        if role not in COLUMN_ROLES:
            raise InvalidInput(f"columns/{column}", role, "one of " + ", ".join(COLUMN_ROLES))
    if isinstance(table, pl.DataFrame):
        return _dedupe_frame(table, record=record, columns=columns or {}, link=link)
    paths = [Path(one) for one in ([table] if isinstance(table, str | Path) else table)]
    if not paths:
        raise InvalidInput("table", paths, "a frame, or at least one file")
    return _dedupe_files(paths, record=record, columns=columns or {}, link=link)


def _dedupe_frame(
    frame: pl.DataFrame, *, record: RecordKind | None, columns: Mapping[str, str], link: bool
) -> Deduped:
    """De-duplicate a frame through the same door as files; with ``link`` one file for each source."""
    if link and "source" not in frame.columns:
        raise InvalidInput(
            "table", frame.columns, "a frame with a column `source` that names each row's source"
        )
    numbered = frame.with_row_index(_ROW, offset=1)
    parts = numbered.partition_by("source", maintain_order=True) if link else [numbered]
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, part in enumerate(parts, start=1):
            paths.append(Path(folder) / f"table_{number}.parquet")
            part.write_parquet(paths[-1])
        ignored = {_ROW: "ignore", **({"source": "ignore"} if link else {}), **columns}
        found = _dedupe_files(paths, record=record, columns=ignored, link=link)
    order = pl.concat([part.get_column(_ROW) for part in parts])
    rows = found.rows.with_columns(line=order.cast(pl.Int64())).sort("line")
    return Deduped(rows, found.rejects, found.record, found.roles, found.weights, found.pairs)


def _dedupe_files(
    paths: Sequence[Path], *, record: RecordKind | None, columns: Mapping[str, str], link: bool
) -> Deduped:
    """De-duplicate the rows of files."""
    if link and len(paths) < 2:
        raise InvalidInput("table", [str(path) for path in paths], "at least two sources to link")
    kind = record or _kind(paths, columns)
    read = {
        source.name: read_source(source)
        for source in (
            Source(name=f"{path.stem}_{number}", path=str(path), record=kind, columns=dict(columns))
            for number, path in enumerate(paths, start=1)
        )
    }
    records = pl.concat([one.records for one in read.values()])
    rejects = pl.concat([one.rejects for one in read.values()])
    canonical = person_columns if kind == "person" else company_columns
    with closing(sql.workbench()) as con:
        con.register("input", canonical(records.select(list(RAW_SCHEMA))).to_arrow())
        resolution = resolve(con, PEOPLE if kind == "person" else COMPANIES, link=link)
    return Deduped(
        rows=_rows(records, rejects, resolution.clusters, sources=list(read)),
        rejects=rejects,
        record=kind,
        roles={name: one.files[0].roles for name, one in read.items()},
        weights=resolution.weights,
        pairs=resolution.pairs,
    )


def _rows(
    records: pl.DataFrame, rejects: pl.DataFrame, clusters: pl.DataFrame, *, sources: Sequence[str]
) -> pl.DataFrame:
    """Every row read with its cluster, in the order of the sources; one that says nothing stands alone."""
    alone = rejects.select(
        "source",
        "file",
        "line",
        source_record_id=pl.lit(None, pl.String()),
        entity=pl.format("{}:{}:{}", "source", "file", "line"),
    )
    found = records.join(clusters, on="record_id", how="left").select(alone.columns)
    place = pl.col("source").replace_strict(sources, range(len(sources)), return_dtype=pl.Int64())
    rows = pl.concat([found, alone]).sort(place, "file", "line")
    numbers = pl.col("entity").rank("dense").over(pl.lit(1)).cast(pl.Int64)
    sized = rows.with_columns(cluster_id=numbers, cluster_size=pl.len().over("entity"))
    return sized.drop("entity")


def _kind(paths: Sequence[Path], columns: Mapping[str, str]) -> RecordKind:
    """Whether rows are people or organizations, by the roles of the columns and, failing that, the names."""
    first = next(iter(read_file(paths[0])), None)
    frame = pl.DataFrame() if first is None else first.frame.head(SAMPLE_ROWS)
    as_people = {**guess_roles(frame, record="person"), **columns}
    as_companies = {**guess_roles(frame, record="company"), **columns}
    if _PERSONAL_ROLES & set(as_people.values()):
        return "person"
    named = [column for column, role in as_people.items() if role == "full_name"]
    bare = [column for column in named if as_companies.get(column) == "company"]
    if len(named) > len(bare):
        return "person"
    return "person" if bare and _names_people(frame.get_column(bare[0])) else "company"


def _names_people(values: pl.Series) -> bool:
    """Whether enough of the values begin or end with a known given name."""
    texts = [text for text in values.to_list() if text]
    known = sum(any(_is_given_name(word) for word in _ends(text)) for text in texts)
    return known >= _KNOWN_GIVEN_NAME_SHARE * max(len(texts), 1)


def _ends(text: str) -> tuple[str, str]:
    """The first and the last word of a name in compare form."""
    words = (name.key(text) or "?").split(" ")
    return words[0], words[-1]


def _is_given_name(word: str) -> bool:
    """Whether a word has nicknames or is one."""
    return len(name.variants(word)) > 1

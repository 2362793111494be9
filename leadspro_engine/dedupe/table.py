"""The table that is to be de-duplicated: read, its columns given roles, its rows in canonical form."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec
import polars as pl
from msgspec import Struct

from leadspro_engine.compare import COMPANIES, PEOPLE
from leadspro_engine.dedupe.originals import originals_of
from leadspro_engine.errors import InvalidInput
from leadspro_engine.ingest import Source, guess_roles, read_file, read_source
from leadspro_engine.ingest.sources import COLUMN_ROLES
from leadspro_engine.normalize import name
from leadspro_engine.normalize.record import RAW_SCHEMA, company_columns, person_columns
from leadspro_engine.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from leadspro_engine.compare import Model
    from leadspro_engine.resolve import Resolution, Verdict

RecordKind = Literal["person", "company"]
Given = pl.DataFrame | str | Path | list[Path] | list[str]
"""What can be de-duplicated: a frame, or one or several files."""

SAMPLE_ROWS = 1000
"""Rows that are looked at to tell people from organizations."""

_PERSONAL_ROLES = {"given_name", "family_name", "birth_date", "linkedin"}
_KNOWN_GIVEN_NAME_SHARE = 0.25
"""A bare "name" column holds people when this share of its values begin or end with a known given name."""


class Options(Struct, frozen=True):
    """How a table is to be read.

    Attributes:
        record: what a row is; guessed when None.
        columns: column -> role where guessing would be wrong.
        link: match only rows of different sources.
    """

    record: RecordKind | None = None
    columns: Mapping[str, str] = {}
    link: bool = False


class Table(Struct, frozen=True):
    """A table that was read.

    Attributes:
        kind: what a row is.
        rows: every row, in the order in which it was given: ``source, file, line, source_record_id,
            record_id`` (null for a row in which nothing is usable) and ``entity_alone``, a name for its
            cluster if it has no other.
        originals: the columns as they were given, row by row.
        records: source records, ``RAW_SCHEMA``.
        rejects: rows that could not be read: ``source, file, line, reason, raw``.
        roles: for each source, which column was taken for what.
        link: whether only rows of different sources are matched.
    """

    kind: RecordKind
    rows: pl.DataFrame
    originals: pl.DataFrame
    records: pl.DataFrame
    rejects: pl.DataFrame
    roles: dict[str, dict[str, str]]
    link: bool

    @property
    def model(self) -> Model:
        """How two rows are compared."""
        return PEOPLE if self.kind == "person" else COMPANIES

    def resolve(self, con: DuckDBPyConnection, verdicts: Sequence[Verdict]) -> Resolution:
        """Their clusters under these verdicts, in an empty workbench."""
        columns = person_columns if self.kind == "person" else company_columns
        con.register("input", columns(self.records.select(list(RAW_SCHEMA))).to_arrow())
        return resolve(con, self.model, link=self.link, verdicts=verdicts)

    def raw(self, record_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Some records as they were given: column -> value, by record id."""
        wanted = self.records.filter(pl.col("record_id").is_in(list(record_ids)))
        return {one: msgspec.json.decode(raw) for one, raw in wanted.select("record_id", "raw").iter_rows()}

    def aligned(self, record_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """``raw``, with the names of roles for the columns when there are several sources, to be compared."""
        raw = self.raw(record_ids)
        if len(self.roles) == 1:
            return raw
        wanted = self.records.filter(pl.col("record_id").is_in(list(record_ids)))
        source = dict(wanted.select("record_id", "source").iter_rows())
        return {one: _by_role(row, self.roles[source[one]]) for one, row in raw.items()}


def read_table(given: Given, options: Options) -> Table:
    """Read a frame or files.

    Raises:
        InvalidInput: no file, an unknown kind of record or role, or no two sources to link.
        SourceError: a file cannot be read.
    """
    if options.record is not None and options.record not in get_args(RecordKind):
        raise InvalidInput("record", options.record, "one of " + ", ".join(get_args(RecordKind)))
    for column, role in options.columns.items():
        if role not in COLUMN_ROLES:
            raise InvalidInput(f"columns/{column}", role, "one of " + ", ".join(COLUMN_ROLES))
    if isinstance(given, pl.DataFrame):
        return _read_frame(given, options)
    paths = [Path(one) for one in ([given] if isinstance(given, str | Path) else given)]
    if not paths:
        raise InvalidInput("table", paths, "a frame, or at least one file")
    return _read_files(paths, options)


def _read_frame(frame: pl.DataFrame, options: Options) -> Table:
    """Read a frame through the same door as files; with ``link`` one file for each source."""
    if options.link and "source" not in frame.columns:
        raise InvalidInput(
            "table", frame.columns, "a frame with a column `source` that names each row's source"
        )
    places = pl.int_range(frame.height, eager=True)
    parts = [(frame, places)]
    if options.link:
        groups = frame.select(pl.col("source")).with_columns(place=places)
        split = groups.partition_by("source", maintain_order=True)
        parts = [(frame[part.get_column("place")], part.get_column("place")) for part in split]
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, (part, _) in enumerate(parts, start=1):
            paths.append(Path(folder) / f"table_{number}.parquet")
            part.write_parquet(paths[-1])
        columns = {**({"source": "ignore"} if options.link else {}), **options.columns}
        read = _read_files(paths, msgspec.structs.replace(options, columns=columns))
    order = pl.concat([part for _, part in parts]).alias("place")
    rows = read.rows.with_columns(order, line=order.cast(pl.Int64()) + 1).sort("place").drop("place")
    return msgspec.structs.replace(read, rows=rows, originals=frame)


def _read_files(paths: Sequence[Path], options: Options) -> Table:
    """Read files, a source each."""
    if options.link and len(paths) < 2:
        raise InvalidInput("table", [str(path) for path in paths], "at least two sources to link")
    kind = options.record or _kind(paths, options.columns)
    sources = {
        f"{path.stem}_{number}": Source(
            name=f"{path.stem}_{number}",
            path=str(path),
            record=kind,
            columns=dict(options.columns),
            nameless=True,
        )
        for number, path in enumerate(paths, start=1)
    }
    read = {label: read_source(source) for label, source in sources.items()}
    records = pl.concat([one.records for one in read.values()])
    rejects = pl.concat([one.rejects for one in read.values()])
    rows, raw = _rows(records, rejects, list(sources))
    return Table(
        kind=kind,
        rows=rows,
        originals=originals_of(rows, raw, dict(zip(sources, paths, strict=True))),
        records=records,
        rejects=rejects,
        roles={label: one.files[0].roles for label, one in read.items()},
        link=options.link,
    )


def _rows(
    records: pl.DataFrame, rejects: pl.DataFrame, sources: Sequence[str]
) -> tuple[pl.DataFrame, pl.Series]:
    """Every row that was read, in the order of the sources and their lines, and its raw text."""
    missing = pl.lit(None, pl.String())
    columns = ["source", "file", "line", "source_record_id", "record_id", "raw"]
    unusable = rejects.with_columns(source_record_id=missing, record_id=missing).select(columns)
    place = pl.col("source").replace_strict(sources, range(len(sources)), return_dtype=pl.Int64())
    rows = pl.concat([records.select(columns), unusable]).sort(place, "file", "line", maintain_order=True)
    alone = pl.coalesce("record_id", pl.format("{}:{}:{}", "source", "file", "line"))
    return rows.drop("raw").with_columns(entity_alone=alone), rows.get_column("raw")


def _by_role(row: Mapping[str, Any], roles: Mapping[str, str]) -> dict[str, Any]:
    """A row by role; values that share one stand together, columns without one keep their names.

    >>> _by_role({"Mail": "a@x.org", "Mail 2": "b@x.org", "Note": "-"}, {"Mail": "email", "Mail 2": "email"})
    {'email': 'a@x.org, b@x.org', 'Note': '-'}
    """
    found: dict[str, Any] = {}
    for column, value in row.items():
        role = roles.get(column, column)
        if role in found and found[role] and value:
            found[role] = f"{found[role]}, {value}"
        else:
            found[role] = found.get(role) or value
    return found


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

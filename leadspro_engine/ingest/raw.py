"""The rows of one file as source records: columns become roles, each record gets its id and its date.

A role that holds one value takes the first column with something in it; a role that holds several takes
all of them, cells such as ``"a@x.org; b@x.org"`` taken apart. A row in which nothing tells who is meant is a
reject. The record's id is the source's own, else made of the row's content, so that it is the same
tomorrow; rows with the same id get ``#2``, ``#3`` … in the order in which they stand.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

from leadspro_engine.ingest.chunk import Reject
from leadspro_engine.ingest.layouts import LAYOUTS, recognized
from leadspro_engine.ingest.roles import guess_roles
from leadspro_engine.normalize import date
from leadspro_engine.normalize.record import LIST_ROLES, RAW_SCHEMA, ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from leadspro_engine.ingest.chunk import Chunk
    from leadspro_engine.ingest.sources import Source

_SEPARATORS = {
    "email": r"[;,|\s]+",
    "phone": r"\s*[;|\n]\s*",
    "technology": r"\s*[;,|\n]\s*",
    "skill": r"\s*[;,|\n]\s*",
    "identifier": r"\s*[;|\n]\s*",
}
_CELL_END = "\x1f"
"""Stands between the values of one cell while it is taken apart (ASCII unit separator)."""

RECORD_SCHEMA: dict[str, pl.DataType] = {**RAW_SCHEMA, "file": pl.String()}
"""Columns of a table of source records: those of ``RAW_SCHEMA`` and the name of the file."""

_READ_ROLES = (*ROLES, "source_record_id", "observed_at")

_TELLING: dict[str, tuple[str, ...]] = {
    "person": ("full_name", "given_name", "family_name", "email", "phone", "linkedin", "identifier"),
    "company": ("company", "domain", "company_linkedin", "phone", "identifier"),
}
"""Roles of which a record must have one: without them nobody can say who is meant. Where rows are only
grouped (``Source.nameless``) any role will do: an address may say enough."""

NOTHING_USABLE = "nothing usable: no name and no identifier"


class Origin(Struct, frozen=True):
    """The file that rows come from: its source, its path, and the day of its last change."""

    source: Source
    path: Path
    changed: dt.date


class ColumnRoles:
    """The roles of the columns of one file; columns that appear later are looked at when they do."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.seen: dict[str, None] = {}
        self._layout = source.layout
        self.roles: dict[str, str] = {}

    def learn(self, frame: pl.DataFrame) -> dict[str, str]:
        """Column -> role of every column seen so far that has one; declared columns come first."""
        new = [column for column in frame.columns if column not in self.seen]
        if new and frame.height:
            self.seen.update(dict.fromkeys(new))
            self.roles = _in_order(self.roles | self._roles(frame.select(new)), self._source.columns)
        return self.roles

    def _roles(self, frame: pl.DataFrame) -> dict[str, str]:
        if self._layout == "guess":
            self._layout = recognized(frame.columns, self._source.record) or "guess"
        known = LAYOUTS[self._layout].columns if self._layout in LAYOUTS else {}
        declared = {**known, **self._source.columns}
        guessed = guess_roles(frame, record=self._source.record)
        chosen = {column: declared.get(column, guessed.get(column, "ignore")) for column in frame.columns}
        return _one_id(chosen, declared)


def as_records(
    chunk: Chunk, roles: Mapping[str, str], origin: Origin
) -> tuple[pl.DataFrame, Sequence[Reject]]:
    """The rows of a chunk in ``RECORD_SCHEMA``, and its rejects with the rows that hold nothing usable."""
    source = origin.source
    cells = pl.DataFrame(
        [_role(role, _playing(role, chunk.frame, roles), chunk.lines.len()) for role in _READ_ROLES]
    )
    records = cells.with_columns(
        chunk.lines,
        chunk.raw,
        _observed(cells.get_column("observed_at"), origin),
        _own_id(cells.get_column("source_record_id"), chunk.raw),
        pl.lit(source.name).alias("source"),
        pl.lit(origin.path.name).alias("file"),
        pl.lit(source.trust).alias("trust"),
        pl.lit(source.region, pl.String()).alias("region_hint"),
    ).with_columns(pl.format("{}:{}", "source", "source_record_id").alias("record_id"))
    telling = ROLES if source.nameless else _TELLING[source.record]
    usable = pl.any_horizontal(_filled(role) for role in telling)
    rejected = records.filter(~usable).select("line", "raw").rows()
    return (
        records.filter(usable).select(*RECORD_SCHEMA),
        [*chunk.rejects, *(Reject(line, NOTHING_USABLE, raw) for line, raw in rejected)],
    )


def unique_ids(records: pl.LazyFrame) -> pl.LazyFrame:
    """The records with ``#2``, ``#3`` … behind the ids of the second and later rows that share one."""
    numbered = records.with_row_index("_row")
    repeats = (
        numbered.select("_row", "record_id")
        .filter(pl.len().over("record_id") > 1)
        .with_columns(pl.int_range(1, pl.len() + 1).over("record_id").alias("_time"))
        .filter(pl.col("_time") > 1)
        .select("_row", "_time")
    )
    joined = numbered.join(repeats, on="_row", how="left", maintain_order="left")
    suffix = pl.when(pl.col("_time").is_null()).then(pl.lit("")).otherwise(pl.format("#{}", "_time"))
    return joined.with_columns(pl.concat_str("record_id", suffix)).drop("_row", "_time")


def latest_only(records: pl.LazyFrame) -> pl.LazyFrame:
    """Of the rows of a delta source that share an id, the one observed last (the later one when equal)."""
    numbered = records.with_row_index("_row")
    last = (
        numbered.select("_row", "record_id", "observed_at")
        .sort("observed_at", "_row", nulls_last=False)
        .group_by("record_id")
        .agg(pl.col("_row").last())
        .select("_row")
    )
    return numbered.join(last, on="_row", how="semi", maintain_order="left").drop("_row")


def _in_order(roles: dict[str, str], declared: Mapping[str, str]) -> dict[str, str]:
    """Declared columns first, in the order of the declaration."""
    first = {column: roles[column] for column in declared if column in roles}
    return {**first, **{column: role for column, role in roles.items() if column not in first}}


def _one_id(chosen: dict[str, str], declared: Mapping[str, str]) -> dict[str, str]:
    """A declared id or date column silences guessed ones."""
    said = set(declared.values()) & {"source_record_id", "observed_at"}
    return {
        column: "ignore" if role in said and column not in declared else role
        for column, role in chosen.items()
    }


def _playing(role: str, frame: pl.DataFrame, roles: Mapping[str, str]) -> list[pl.Series]:
    """The columns of a frame that have a role, in the order of the roles."""
    return [
        frame.get_column(column)
        for column, given in roles.items()
        if given == role and column in frame.columns
    ]


def _role(role: str, columns: Sequence[pl.Series], height: int) -> pl.Series:
    """One role of all rows: its first text, or all of its texts for a role that holds several."""
    if role not in LIST_ROLES:
        texts = [_texts(column) for column in columns]
        blank = pl.Series([None] * height, dtype=pl.String())
        return pl.select(pl.coalesce(*texts, blank).alias(role)).to_series()
    parted = [_joined(column).str.replace_all(_SEPARATORS[role], _CELL_END) for column in columns]
    blank = pl.Series([""] * height, dtype=pl.String())
    together = pl.select(
        pl.concat_str([blank, *parted], separator=_CELL_END).str.split(_CELL_END)
    ).to_series()
    stripped = together.list.eval(pl.element().str.strip_chars())
    return stripped.list.eval(pl.element().filter(pl.element() != "")).alias(role)


def _texts(column: pl.Series) -> pl.Series:
    """The text of each cell without blanks around it, of a list the first that is one; blank is null."""
    if isinstance(column.dtype, pl.List):
        column = column.list.eval(pl.element().filter(pl.element().str.strip_chars() != "")).list.first()
    text = column.str.strip_chars()
    return text.set(text == "", None)


def _joined(column: pl.Series) -> pl.Series:
    """All texts of each cell as one, never null."""
    if isinstance(column.dtype, pl.List):
        column = column.list.join(_CELL_END, ignore_nulls=True)
    return column.fill_null("")


def _filled(role: str) -> pl.Expr:
    """Whether a record has something in a role."""
    return pl.col(role).list.len() > 0 if role in LIST_ROLES else pl.col(role).is_not_null()


def _observed(texts: pl.Series, origin: Origin) -> pl.Series:
    """The record's own date, else the one declared for the source, else the day the file changed last."""
    days = {text: _day(text) for text in texts.unique().to_list()}
    default = origin.source.observed_at or origin.changed
    return pl.Series("observed_at", [days[text] or default for text in texts.to_list()], pl.Date())


def _day(text: str | None) -> dt.date | None:
    iso = date.parse(text)
    if iso is None:
        return None
    try:
        return dt.date.fromisoformat(iso)
    except ValueError:  # a month or a year alone is a date of birth to compare, not a day to sort by
        return None


def _own_id(given: pl.Series, raw: pl.Series) -> pl.Series:
    """The source's own id of each row, else the start of the SHA-256 of the row."""
    if not given.null_count():
        return given.alias("source_record_id")
    ids = [
        own if own is not None else hashlib.sha256(row.encode()).hexdigest()[:16]
        for own, row in zip(given.to_list(), raw.to_list(), strict=True)
    ]
    return pl.Series("source_record_id", ids, pl.String())

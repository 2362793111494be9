"""Whole tables: each row asked as a query, and kept with the answer in new columns beside it.

``enrich_frame`` works on a frame in memory. ``enrich_table`` works on files of any size, part by part: a
part that is done lies in ``<out>.parts/`` until all are, so that a run that was killed goes on where it was.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl
from msgspec import Struct

from leadspro_engine.dataset import NOBODY
from leadspro_engine.dataset.durable import sha256_of, write_durably
from leadspro_engine.errors import InvalidInput
from leadspro_engine.ingest import guess_roles, read_file
from leadspro_engine.match.answer import DEFAULT_MIN_LIKELIHOOD, Matcher
from leadspro_engine.match.question import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from leadspro_engine.dataset import Dataset
    from leadspro_engine.records import BatchAnswer, Suppressions

PART_ROWS = 20_000
"""Rows of one part: some seconds of work, which is what a kill may cost."""

_FIELD_OF = {role: field for field, role in ROLES.items()}

_COLUMNS: dict[str, pl.DataType] = {
    "lp_status": pl.String(),
    "lp_likelihood": pl.Float64(),
    "lp_matched_on": pl.String(),
    "lp_id": pl.String(),
    "lp_full_name": pl.String(),
    "lp_job_title": pl.String(),
    "lp_email": pl.String(),
    "lp_phone": pl.String(),
    "lp_linkedin": pl.String(),
    "lp_company": pl.String(),
    "lp_domain": pl.String(),
    "lp_city": pl.String(),
    "lp_country": pl.String(),
}
"""The columns that a row gains; several values of one cell stand apart by a semicolon."""

_NOTHING = (None,) * (len(_COLUMNS) - 1)


class TableCounts(Struct, frozen=True):
    """What became of a table.

    Attributes:
        rows: rows that were read and written.
        matched, no_match, invalid: how many of them had each status.
        unreadable: rows of the file that are no rows, such as ones with too many cells; they are left out.
        columns: the query field that each column of the table was taken for.
    """

    rows: int
    matched: int
    no_match: int
    invalid: int
    unreadable: int
    columns: dict[str, str]


def enrich_frame(
    dataset: Dataset,
    frame: pl.DataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    min_likelihood: float = DEFAULT_MIN_LIKELIHOOD,
    suppressions: Suppressions = NOBODY,
) -> pl.DataFrame:
    """The frame with the columns of the answers: one row for each row, in its order.

    Args:
        dataset: an open snapshot.
        frame: columns of text or of lists of text.
        columns: column -> field of ``PersonQuery``; guessed from headers and cells when not given.
        min_likelihood: the least likelihood of an answer, in [0, 1].
        suppressions: people who are never answered.

    Raises:
        InvalidInput: no column can be asked by, or ``columns`` names one that is not there.
    """
    fields = fields_of(frame, columns)
    matcher = Matcher(dataset, min_likelihood=min_likelihood, suppressions=suppressions)
    rows = [_cells(matcher.item(0, query)) for query in _queries(frame, fields)]
    gained = pl.DataFrame(rows, schema=_COLUMNS, orient="row")
    return frame.drop(set(_COLUMNS) & set(frame.columns)).hstack(gained)


def enrich_table(  # noqa: PLR0913 - the public door: each option is named by its caller
    dataset: Dataset,
    given: Path,
    out: Path,
    *,
    columns: Mapping[str, str] | None = None,
    min_likelihood: float = DEFAULT_MIN_LIKELIHOOD,
    suppressions: Suppressions = NOBODY,
    progress: Callable[[int], None] = lambda _: None,
    part_rows: int = PART_ROWS,
) -> TableCounts:
    """Write the rows of a file with the columns of their answers to another file.

    Args:
        dataset: an open snapshot.
        given: CSV (any delimiter), JSON lines or Parquet; text may be packed.
        out: a name that ends in ``.csv``, ``.jsonl`` or ``.parquet``; replaced when all is done.
        columns: column -> field of ``PersonQuery``; guessed from the first part when not given.
        min_likelihood: the least likelihood of an answer, in [0, 1].
        suppressions: people who are never answered.
        progress: called with the number of rows done after each part.
        part_rows: rows of one part.

    Raises:
        InvalidInput: ``out`` has another ending, no column can be asked by, or ``given`` has no rows.
        SourceError: the file cannot be read.
    """
    if out.suffix not in _WRITERS:
        raise InvalidInput("out", out.name, f"a file name that ends in {', '.join(_WRITERS)}")
    parts = out.with_name(f"{out.name}.parts")
    _resume(
        parts,
        [sha256_of(given), dataset.version, min_likelihood, part_rows, columns, sorted(suppressions.hashes)],
    )
    done: list[Path] = []
    unreadable, rows, fields = 0, 0, None if columns is None else dict(columns)
    for frame, rejected in _parts(given, part_rows):
        unreadable += rejected
        if not frame.height:
            continue
        path = parts / f"{len(done):06}.parquet"
        fields = fields or fields_of(frame, None)
        if not path.exists():
            there = {column: field for column, field in fields.items() if column in frame.columns}
            enriched = enrich_frame(
                dataset, frame, columns=there, min_likelihood=min_likelihood, suppressions=suppressions
            )
            _write_part(enriched, path)
        done.append(path)
        rows += frame.height
        progress(rows)
    if not done:
        shutil.rmtree(parts)
        raise InvalidInput("given", given.name, "a file with rows")
    counts = _finish(done, out)
    shutil.rmtree(parts)
    return TableCounts(
        rows,
        counts.get("matched", 0),
        counts.get("no_match", 0),
        counts.get("invalid", 0),
        unreadable,
        fields or {},
    )


def fields_of(frame: pl.DataFrame, columns: Mapping[str, str] | None) -> dict[str, str]:
    """The field of a query that each column holds: as given, else as its header and cells suggest.

    Raises:
        InvalidInput: a given column or field does not exist, or no column can be asked by.
    """
    if columns is None:
        guessed = guess_roles(frame)
        found = {column: _FIELD_OF[role] for column, role in guessed.items() if role in _FIELD_OF}
    else:
        found = dict(columns)
    for column, field in found.items():
        if column not in frame.columns:
            raise InvalidInput("columns", column, f"one of the columns {', '.join(frame.columns)}")
        if field not in ROLES:
            raise InvalidInput(f"columns/{column}", field, f"one of the fields {', '.join(ROLES)}")
    if not found:
        raise InvalidInput(
            "columns", frame.columns, "a table with a column of e-mails, phones, profiles or names"
        )
    return found


def _queries(frame: pl.DataFrame, fields: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """One query a row: the texts of the columns of each field, one alone as it is."""
    names = list(fields.values())
    cells = frame.select(list(fields))
    if len(set(names)) == len(names) and set(cells.dtypes) == {pl.String()}:
        for row in cells.iter_rows():
            yield {name: text for name, text in zip(names, row, strict=True) if text}
        return
    for row in cells.iter_rows():
        query: dict[str, list[str]] = {}
        for name, cell in zip(names, row, strict=True):
            texts = cell if isinstance(cell, list) else [cell]
            query.setdefault(name, []).extend(str(text) for text in texts if text is not None)
        yield query


def _cells(answer: BatchAnswer) -> tuple[Any, ...]:
    """The new cells of one row, in the order of ``_COLUMNS``."""
    match, person, company = answer.match, answer.person, answer.company
    if match is None or person is None:
        return (answer.status, *_NOTHING)
    return (
        answer.status,
        match.likelihood,
        "; ".join(match.matched_on),
        person.id,
        person.full_name,
        person.job_title,
        "; ".join([one.address for one in person.emails]) or None,
        "; ".join([one.number for one in person.phones]) or None,
        person.linkedin_url,
        None if company is None else company.name,
        None if company is None else company.domain,
        person.location.city,
        person.location.country,
    )


def _parts(given: Path, rows: int) -> Iterator[tuple[pl.DataFrame, int]]:
    """The rows of a file in parts, each with the number of unreadable rows met on the way."""
    for chunk in read_file(given):
        yield pl.DataFrame(), len(chunk.rejects)
        for begin in range(0, chunk.frame.height, rows):
            yield chunk.frame.slice(begin, rows), 0


def _resume(parts: Path, what: list[Any]) -> None:
    """Keep the parts of the same run; throw away those of another one."""
    ticket = msgspec.json.encode(what)
    mark = parts / "run.json"
    if not mark.exists() or mark.read_bytes() != ticket:
        shutil.rmtree(parts, ignore_errors=True)
        parts.mkdir(parents=True)
        write_durably(mark, ticket)


def _write_part(frame: pl.DataFrame, path: Path) -> None:
    """Write one part, which is there as a whole or not at all; lists become texts."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    beside = path.with_suffix(".new")
    frame.with_columns(pl.col(lists).list.join("; ")).write_parquet(beside)
    beside.replace(path)


def _finish(parts: Sequence[Path], out: Path) -> dict[str, int]:
    """Join the parts into the file asked for; gives the number of rows of each status."""
    table = pl.concat([pl.scan_parquet(part) for part in parts], how="diagonal_relaxed")
    table = table.select(pl.exclude(list(_COLUMNS)), *_COLUMNS)
    beside = out.with_name(f".{out.name}.new")
    _WRITERS[out.suffix](table, beside)
    beside.replace(out)
    counted = table.group_by("lp_status").len().collect()
    return dict(counted.rows())


_WRITERS: dict[str, Callable[[pl.LazyFrame, Path], None]] = {
    ".csv": lambda table, path: table.sink_csv(path),
    ".jsonl": lambda table, path: table.sink_ndjson(path),
    ".parquet": lambda table, path: table.sink_parquet(path),
}

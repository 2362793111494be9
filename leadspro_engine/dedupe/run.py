"""``dedupe``: a table in, its clusters out, with the original columns beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.dedupe.originals import beside
from leadspro_engine.dedupe.table import Options, RecordKind, Table, read_table
from leadspro_engine.errors import InvalidInput
from leadspro_engine.resolve import Resolution, Verdict, check_verdicts, read_verdicts
from leadspro_engine.resolve.findings import Findings, find, row_probabilities

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadspro_engine.compare import Weights

Ref = int | str
"""A row: its place in the table, counted from 0, or its ``record_id``."""

Progress = Callable[[str], None]
"""Called with what is done next."""


class Deduped(Struct, frozen=True):
    """What de-duplicating a table gave.

    Attributes:
        rows: one row for each row read, in the order in which they were given: ``source, file, line,
            source_record_id, record_id, cluster_id, cluster_size, probability``, then the original columns.
            ``probability`` in [0, 1]: of a row in a cluster, that it is one with the likeliest of the others;
            of a row alone, that it is not one with its likeliest candidate.
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


def dedupe(  # noqa: PLR0913 - all but the table by name only
    table: pl.DataFrame | str | Path | Sequence[str | Path],
    *,
    record: RecordKind | None = None,
    columns: Mapping[str, str] | None = None,
    link: bool = False,
    must_link: Sequence[tuple[Ref, Ref]] = (),
    cannot_link: Sequence[tuple[Ref, Ref]] = (),
    verdicts: str | Path | None = None,
    report: str | Path | None = None,
    progress: Progress | None = None,
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
        must_link: pairs of rows that are one. They hold whatever the values say, and teach the threshold.
        cannot_link: pairs of rows that are two.
        verdicts: a file of such pairs, as ``label`` writes it.
        report: where to write an HTML report of what was found, and why.
        progress: called as steps begin.

    Raises:
        InvalidInput: no file, an unknown kind of record or role, ``link`` has no two sources, a pair names no
            row, pairs contradict each other, or the report cannot be written.
        SourceError: a file cannot be read.
    """
    tell = progress or _silent
    tell("read")
    read = read_table(_listed(table), Options(record, columns or {}, link))
    said = _verdicts(read, must_link, cannot_link, Path(verdicts) if verdicts is not None else None)
    tell(f"compare {read.rows.height:,} rows")
    with closing(sql.workbench()) as con:
        resolution = read.resolve(con, said)
        found = None if report is None else find(con, read.model, resolution)
        rows = _rows(read, resolution, row_probabilities(con, resolution))
    deduped = Deduped(rows, read.rejects, read.kind, read.roles, resolution.weights, resolution.pairs)
    if found is not None:
        tell("write the report")
        _write_report(Path(str(report)), read, deduped, found)
    return deduped


def _listed(table: pl.DataFrame | str | Path | Sequence[str | Path]) -> pl.DataFrame | list[Path]:
    """The table as a frame or a list of paths."""
    if isinstance(table, pl.DataFrame):
        return table
    return [Path(one) for one in ([table] if isinstance(table, str | Path) else table)]


def _rows(table: Table, resolution: Resolution, probabilities: pl.DataFrame) -> pl.DataFrame:
    """Every row with its cluster; one in which nothing is usable stands alone."""
    found = table.rows.join(resolution.clusters, on="record_id", how="left", maintain_order="left")
    likely = found.join(probabilities, on="record_id", how="left", maintain_order="left")
    entity = pl.coalesce("entity", "entity_alone")
    numbered = likely.with_columns(
        cluster_id=entity.rank("dense").cast(pl.Int64),
        cluster_size=pl.len().over(entity),
        probability=pl.col("probability").fill_null(1.0),
    )
    columns = ["source", "file", "line", "source_record_id", "record_id"]
    told = numbered.select(*columns, "cluster_id", "cluster_size", "probability")
    return beside(told, table.originals)


def _verdicts(
    table: Table,
    must_link: Sequence[tuple[Ref, Ref]],
    cannot_link: Sequence[tuple[Ref, Ref]],
    path: Path | None,
) -> list[Verdict]:
    """What was said about pairs; what is given by hand counts more than the file."""
    by_hand = [
        Verdict(_record(table, name, a), _record(table, name, b), same)
        for name, same, pairs in (("must_link", True, must_link), ("cannot_link", False, cannot_link))
        for a, b in pairs
    ]
    known = {verdict.pair: verdict for verdict in (read_verdicts(path) if path is not None else [])}
    said = [*({**known, **{verdict.pair: verdict for verdict in by_hand}}.values())]
    check_verdicts([*said, *by_hand])
    return said


def _record(table: Table, name: str, ref: Ref) -> str:
    """The record id of a row."""
    ids = table.rows.get_column("record_id")
    found = ref if isinstance(ref, str) else ids[ref] if 0 <= ref < len(ids) else None
    if found is None or (isinstance(ref, str) and not (ids == ref).any()):
        raise InvalidInput(
            name,
            ref,
            f"rows by their place, 0 to {len(ids) - 1}, or by `record_id`, that have something usable",
        )
    return str(found)


def _write_report(path: Path, table: Table, deduped: Deduped, findings: Findings) -> None:
    """Write the HTML report."""
    from leadspro_engine.dedupe.report import report_html

    try:
        path.write_text(report_html(table, deduped, findings), encoding="utf-8")
    except OSError as exc:
        raise InvalidInput(
            "report", str(path), f"a file that can be written ({exc.strerror or exc})"
        ) from exc


def _silent(_step: str) -> None:
    """Progress that nobody asked for."""

"""What the UI shows of a file: rows, columns, how full they are, and small tables in Markdown.

Numbers and reasons only. No value of a person's record is written here, because Dagster keeps what it is
told in its own database, where a suppression would not find it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg
import msgspec
import polars as pl

from leadspro_engine.compare import Weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from leadspro_engine.ingest import SourceCounts

_BAR = "█"
_BAR_WIDTH = 24


def file_notes(path: Path) -> dict[str, Any]:
    """Row count, column schema and a table of how full each column is."""
    scan = pl.scan_parquet(path)
    schema = scan.collect_schema()
    filled = scan.select(pl.len().alias("\0rows"), *(_filled(name, kind) for name, kind in schema.items()))
    shares = filled.collect(engine="streaming").row(0, named=True)
    rows = shares.pop("\0rows")
    columns = [dg.TableColumn(name, type=str(kind)) for name, kind in schema.items()]
    table = markdown(("column", "filled"), [(name, f"{share or 0:.1%}") for name, share in shares.items()])
    return {
        "dagster/row_count": rows,
        "dagster/column_schema": dg.TableSchema(columns=columns),
        "filled": dg.MetadataValue.md(table),
    }


def role_notes(counts: SourceCounts) -> str:
    """Which column of each file was read as what."""
    rows = [(file.name, column, role) for file in counts.files for column, role in file.roles.items()]
    return markdown(("file", "column", "role"), rows)


def reject_notes(path: Path) -> str:
    """Rejects by source and reason, the commonest first."""
    counted = (
        pl.scan_parquet(path)
        .group_by("source", "reason")
        .agg(pl.len().alias("rows"))
        .sort("rows", "source", "reason", descending=[True, False, False])
        .head(20)
        .collect()
    )
    return markdown(("source", "reason", "rows"), counted.rows())


def cluster_notes(path: Path) -> str:
    """How many clusters there are of each size."""
    sizes = (
        pl.scan_parquet(path)
        .group_by("entity_id")
        .agg(pl.len().alias("records"))
        .group_by("records")
        .agg(pl.len().alias("clusters"))
        .sort("records")
        .collect()
    )
    most = max(sizes.get_column("clusters").to_list(), default=1)
    rows = [(records, clusters, _bar(clusters, most)) for records, clusters in sizes.head(20).rows()]
    return markdown(("records", "clusters", ""), rows)


def weight_notes(path: Path) -> str:
    """What each comparison level of a model is worth, in bits."""
    weights = msgspec.json.decode(path.read_bytes(), type=Weights)
    rows = [
        (field, level.label, f"{level.m:.3f}", f"{level.u:.2g}", f"{level.bits:+.2f}")
        for field, levels in weights.fields.items()
        for level in levels
    ]
    return markdown(("field", "level", "m", "u", "bits"), rows)


def markdown(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""A Markdown table.

    >>> print(markdown(("a", "b"), [(1, "x|y")]))
    | a | b |
    | --- | --- |
    | 1 | x\|y |
    """
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _filled(name: str, kind: pl.DataType) -> pl.Expr:
    """The share of rows that have something in a column."""
    there = pl.col(name).list.len() > 0 if isinstance(kind, pl.List) else pl.col(name).is_not_null()
    return there.mean().alias(name)


def _bar(count: int, most: int) -> str:
    return _BAR * max(1, round(_BAR_WIDTH * count / most))

"""What the UI shows of a file: rows, columns, how full they are, small tables and pictures in Markdown.

Numbers and reasons only. No value of a person's record is written here, because Dagster keeps what it is
told in its own database, where a suppression would not find it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl

from pipelines.charts import bars

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from leadspro_engine.compare import Weights
    from leadspro_engine.ingest import FileRead
    from leadspro_engine.resolve.accuracy import Accuracy

_MOST_ROWS = 20


def file_notes(path: Path) -> dict[str, Any]:
    """Row count, column schema, size and a table of how full each column is."""
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
        "size (bytes)": path.stat().st_size,
        "filled": dg.MetadataValue.md(table),
    }


def role_notes(files: Sequence[FileRead]) -> str:
    """Which column of each file was read as what."""
    rows = [(file.name, column, role) for file in files for column, role in file.roles.items()]
    return markdown(("file", "column", "role"), rows)


def reject_notes(path: Path) -> str:
    """Rejects by reason as a picture, and by source and reason as a table, the commonest first."""
    rejects = pl.scan_parquet(path)
    by_reason = _counted(rejects, "reason")
    table = markdown(("source", "reason", "rows"), _counted(rejects, "source", "reason").rows())
    return f"{bars([(reason, rows) for reason, rows in by_reason.rows()])}\n\n{table}"


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
    shown = sizes.head(_MOST_ROWS)
    rows = [(_several(records), float(clusters)) for records, clusters in shown.rows()]
    if larger := int(sizes.slice(_MOST_ROWS)["clusters"].sum()):
        rows.append(("larger", float(larger)))
    return bars(rows)


def score_notes(evidence: Path, weights: Weights) -> str:
    """A histogram of the candidate pairs' match probabilities in bits, with the threshold."""
    width = 5
    bits = (pl.col("bits") + weights.prior_bits).clip(-30, 29.9)
    counted = (
        pl.scan_parquet(evidence)
        .select(bin=(bits / width).floor().cast(pl.Int64))
        .group_by("bin")
        .len()
        .sort("bin")
        .collect()
    )
    picture = bars(
        [(f"{bin_ * width:+} to {(bin_ + 1) * width:+} bits", rows) for bin_, rows in counted.rows()]
    )
    return (
        f"{picture}\n\nPairs by score, prior included: 0 bits is an even chance, outer bars hold all beyond. "
        f"Pairs from a probability of {weights.threshold:.3f} on count as one."
    )


def weight_notes(weights: Weights) -> str:
    """What each comparison level of a model is worth, in bits: a picture, then m and u."""
    levels = [(field, level) for field, levels in weights.fields.items() for level in levels]
    picture = bars([(f"{field}: {level.label}", level.bits) for field, level in levels], form="+.1f")
    rows = [
        (field, level.label, f"{level.m:.3f}", f"{level.u:.2g}", f"{level.bits:+.2f}")
        for field, level in levels
    ]
    return f"{picture}\n\n{markdown(('field', 'level', 'm', 'u', 'bits'), rows)}"


def accuracy_notes(measures: Mapping[str, Accuracy | None]) -> str:
    """Precision, recall and F1 by what measured them; a measure that there is not has a row that says so."""
    rows = [
        (name, "no labels", "", "", "")
        if one is None
        else (name, f"{one.pairs:,}", f"{one.precision:.4f}", f"{one.recall:.4f}", f"{one.f1:.4f}")
        for name, one in measures.items()
    ]
    return markdown(("measure", "pairs", "precision", "recall", "F1"), rows)


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


def _counted(rejects: pl.LazyFrame, *columns: str) -> pl.DataFrame:
    """The commonest values of some columns and how many rows have them."""
    counted = rejects.group_by(columns).agg(pl.len().alias("rows"))
    order = ["rows", *columns]
    return counted.sort(order, descending=[True, *(False for _ in columns)]).head(_MOST_ROWS).collect()


def _several(records: int) -> str:
    return "1 record" if records == 1 else f"{records} records"


def _filled(name: str, kind: pl.DataType) -> pl.Expr:
    """The share of rows that have something in a column."""
    there = pl.col(name).list.len() > 0 if isinstance(kind, pl.List) else pl.col(name).is_not_null()
    return there.mean().alias(name)

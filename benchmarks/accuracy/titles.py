"""Department and level of job titles: accuracy on the labelled table, on its seen and its held-back part.

The table is ``tests/normalize/titles.csv``: two thirds were looked at while the rules were written, one third
was not. A title counts as right when both its department and its level are.
"""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import TYPE_CHECKING

from leadspro_engine.normalize import title

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from benchmarks.harness import Row

TABLE = Path(__file__).parents[2] / "tests" / "normalize" / "titles.csv"


def options(parser: argparse.ArgumentParser) -> None:
    """Where the labelled titles are."""
    parser.add_argument(
        "--table", type=Path, default=TABLE, help="CSV: title, department, level, note, split"
    )


def run(options: argparse.Namespace) -> list[Row]:
    """One row for each part of the table, and one for held-back titles that are not English."""
    with options.table.open(encoding="utf-8", newline="") as file:
        titles = list(csv.DictReader(file))
    held_back = [row for row in titles if row["split"] == "held_back"]
    parts = {
        "seen": [row for row in titles if row["split"] == "rules"],
        "held back": held_back,
        "held back, not English": [row for row in held_back if "non-English" in row["note"]],
    }
    return [_row(part, rows) for part, rows in parts.items()]


def _row(part: str, rows: Sequence[Mapping[str, str]]) -> Row:
    began = time.process_time()
    found = [title.parse(row["title"]) for row in rows]
    seconds = time.process_time() - began
    told = [(("", "") if f is None else (f.department or "", f.level or "")) for f in found]
    departments = sum(one == row["department"] for (one, _), row in zip(told, rows, strict=True))
    levels = sum(one == row["level"] for (_, one), row in zip(told, rows, strict=True))
    both = sum(one == (row["department"], row["level"]) for one, row in zip(told, rows, strict=True))
    return {
        "titles": part,
        "number": len(rows),
        "department": round(departments / len(rows), 4),
        "level": round(levels / len(rows), 4),
        "both": round(both / len(rows), 4),
        "us a title": round(seconds / len(rows) * 1e6, 1),
    }

"""What a few answers are worth: F1 of the clusters before and after ``--most`` doubtful pairs were judged.

The truth of the labelled sets answers in place of a person; the pairs are those that ``label`` asks about.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from benchmarks.accuracy.resolution import EVALUATION, SETS
from leadspro_engine.dedupe import Options, Question, dedupe, label, read_table
from leadspro_engine.resolve.accuracy import pairwise

if TYPE_CHECKING:
    import argparse

    from benchmarks.harness import Row


def options(parser: argparse.ArgumentParser) -> None:
    """Where the labelled sets are, which of them, and how many answers."""
    parser.add_argument("--evaluation", type=Path, default=EVALUATION, help="folder of labelled sets")
    parser.add_argument("--sets", nargs="+", default=["splink_fake_1000", "dedupe_early_childhood"])
    parser.add_argument("--most", type=int, default=40, help="pairs that are judged")


def run(options: argparse.Namespace) -> list[Row]:
    """One row a set."""
    if not options.evaluation.is_dir():
        print(f"NOT MEASURED: no labelled sets at {options.evaluation}; give their folder with --evaluation.")
        return []
    known = {one.folder for one in SETS if not one.link}
    return [_judged(options.evaluation, name, options.most) for name in options.sets if name in known]


def _judged(evaluation: Path, name: str, most: int) -> Row:
    """One set: its clusters without labels, the answers, and the clusters with them."""
    records = pl.read_parquet(evaluation / name / "records.parquet")
    truth, given = records.get_column("cluster_id"), records.drop("cluster_id")
    table = read_table(given, Options())
    entity = dict(zip(table.rows.get_column("record_id"), truth, strict=True))

    def answer(question: Question) -> bool:
        return bool(entity[question.pair.a] == entity[question.pair.b])

    def f1(verdicts: Path | None) -> float:
        found = dedupe(given, verdicts=verdicts).rows.get_column("cluster_id")
        return round(pairwise(pl.DataFrame({"truth": truth, "found": found})).f1, 4)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "verdicts.jsonl"
        labels = label(table, path, answer, most=most)
        return {
            "set": name,
            "records": records.height,
            "same": labels.same,
            "different": labels.different,
            "F1 without labels": f1(None),
            "F1 with labels": f1(path),
        }

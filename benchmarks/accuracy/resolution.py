"""Who is one and the same: pairwise precision, recall and F1 of the clusters, without labels or settings.

On the truth of the demo data (the whole chain) and on labelled record sets (``dedupe`` as anybody calls it).
A peer's figures stand beside ours where they were measured on the same records; its sources are in the
folder of the sets. Where that folder is absent the run says so and goes on with the demo truth.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

from leadspro_engine.dedupe import dedupe
from leadspro_engine.ingest import load_sources
from leadspro_engine.resolve.accuracy import pairwise
from leadspro_engine.steps import STEPS, Run

if TYPE_CHECKING:
    import argparse

    from benchmarks.harness import Row

DEMO = Path(__file__).parents[2] / "datasets" / "demo"
EVALUATION = Path(__file__).parents[3] / "shared" / "evaluation"


class LabelledSet(Struct, frozen=True):
    """A folder of labelled records, whether sources are linked, and the best label-free peer on it."""

    folder: str
    link: bool
    peer: str
    peer_f1: float


SETS = (
    LabelledSet("febrl3", link=False, peer="GoldenMatch 3.22", peer_f1=0.9994),
    LabelledSet("splink_fake_1000", link=False, peer="Splink 5.0", peer_f1=0.8354),
    LabelledSet("dedupe_early_childhood", link=False, peer="Splink 5.0", peer_f1=0.8596),
    LabelledSet("restaurants", link=True, peer="recordlinkage 0.16", peer_f1=0.961),
    LabelledSet("pseudopeople_employers", link=False, peer="Splink 5.0", peer_f1=0.9663),
)
"""Peers' default F1 without labels, as published with the sets."""


def options(parser: argparse.ArgumentParser) -> None:
    """Where the labelled sets are."""
    parser.add_argument(
        "--evaluation", type=Path, default=EVALUATION, help="folder of labelled sets, one folder each"
    )


def run(options: argparse.Namespace) -> list[Row]:
    """One row for the people and one for the companies of the demo data, then one a labelled set."""
    rows = _demo()
    if not options.evaluation.is_dir():
        print(f"NOT MEASURED: no labelled sets at {options.evaluation}; give their folder with --evaluation.")
        return rows
    return [*rows, *(_labelled(one, options.evaluation) for one in SETS)]


def _labelled(one: LabelledSet, evaluation: Path) -> Row:
    """One labelled set through ``dedupe`` with nothing said about its columns."""
    records = pl.read_parquet(evaluation / one.folder / "records.parquet")
    began = time.perf_counter()
    found = dedupe(records.drop("cluster_id"), link=one.link)
    seconds = time.perf_counter() - began
    frame = records.select(pl.col("cluster_id").alias("truth")).with_columns(found=found.rows["cluster_id"])
    if one.link:
        frame = frame.with_columns(records["source"])
    row = _row(one.folder, frame, seconds, across="source" if one.link else None)
    return {**row, "best label-free peer": one.peer, "its F1": one.peer_f1}


def _demo() -> list[Row]:
    """The demo sources through the chain, measured against their truth."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder), tuple(load_sources(DEMO / "sources.toml")))
        began = time.perf_counter()
        for step in STEPS.values():
            step(run)
        seconds = time.perf_counter() - began
        return [
            _row("demo people", _demo_frame(run, "people", "people_raw", "person_id"), seconds),
            _row("demo companies", _demo_frame(run, "company", "companies_raw", "company_id"), seconds),
        ]


def _demo_frame(run: Run, name: str, raw: str, truth: str) -> pl.DataFrame:
    """Rows of the demo truth that mean somebody, with the entity that each was put into."""
    file = {"person_id": "people.csv", "company_id": "companies.csv"}[truth]
    labelled = pl.read_csv(DEMO / "truth" / file, infer_schema=False).filter(
        pl.col(truth).fill_null("") != ""
    )
    places = pl.read_parquet(run.path(f"{raw}.parquet"), columns=["record_id", "source", "line"])
    clusters = pl.read_parquet(run.path(f"{name}_clusters.parquet"))
    joined = (
        labelled.with_columns(pl.col("line").cast(pl.Int64))
        .join(places, on=["source", "line"], how="left")
        .join(clusters, on="record_id", how="left")
    )
    alone = pl.format("row {} {}", "source", "line")
    return joined.select(pl.col(truth).alias("truth"), pl.coalesce("entity_id", alone).alias("found"))


def _row(name: str, frame: pl.DataFrame, seconds: float, *, across: str | None = None) -> Row:
    """The figures of one set."""
    found = pairwise(frame, across=across)
    return {
        "set": name,
        "records": frame.height,
        "precision": round(found.precision, 4),
        "recall": round(found.recall, 4),
        "F1": round(found.f1, 4),
        "s": round(seconds, 1),
    }

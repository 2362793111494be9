"""Is a probability of 0.8 right in 8 of 10 cases? Reliability of the pairs' probabilities against the truth.

One row for each tenth of the probability and set, then the expected calibration error: the mean distance of
stated probability and share of true pairs, over all candidates and over the doubtful ones (0.01 to 0.99).
"""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from benchmarks.accuracy.resolution import DEMO
from datasets.synthetic import generate
from leadspro_engine import sql
from leadspro_engine.compare import PEOPLE
from leadspro_engine.ingest import load_sources
from leadspro_engine.resolve import resolve
from leadspro_engine.steps import Run, normalize, read_sources

if TYPE_CHECKING:
    import argparse

    from benchmarks.harness import Row

DOUBTFUL = (0.01, 0.99)


def options(parser: argparse.ArgumentParser) -> None:
    """How many synthetic people."""
    parser.add_argument(
        "--people", type=int, default=20_000, help="synthetic people, about 1.69 records each"
    )


def run(options: argparse.Namespace) -> list[Row]:
    """The rows of the demo data, then those of the synthetic data."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(options.people, folder / "data", seed=1)
        parts = sorted((folder / "data" / "truth" / "people").glob("*.parquet"))
        synthetic = pl.concat([pl.read_parquet(path) for path in parts]).select(
            "record_id", truth=pl.col("person_id").cast(pl.String)
        )
        demo = _scored(folder / "demo", DEMO / "sources.toml", None)
        made = _scored(folder / "synthetic", folder / "data" / "sources.toml", synthetic)
        return [*_reliability("demo", demo), *_reliability("synthetic", made)]


def _scored(work: Path, sources: Path, truth: pl.DataFrame | None) -> pl.DataFrame:
    """``bits, same`` of each candidate pair of records whose person is known."""
    work.mkdir()
    chain = Run(work, tuple(load_sources(sources)))
    read_sources(chain)
    normalize(chain)
    with closing(sql.workbench()) as con:
        sql.read_parquet(con, "input", work / "people_records.parquet")
        weights = resolve(con, PEOPLE).weights
        con.register("truth", (_demo_truth(work) if truth is None else truth).to_arrow())
        return sql.frame(con, "scored pairs", _SCORED.format(prior=weights.prior_bits))


_SCORED = """
with person as (select d.n, t.truth from distinct_records d join truth t using (record_id))
select bits + ({prior}) as bits, x.truth = y.truth as same
from evidence join person x on x.n = a join person y on y.n = b where a <> b
"""


def _demo_truth(work: Path) -> pl.DataFrame:
    """``record_id, truth`` of the demo's rows that mean somebody."""
    labelled = pl.read_csv(DEMO / "truth" / "people.csv", infer_schema=False)
    known = labelled.filter(pl.col("person_id").fill_null("") != "").with_columns(
        pl.col("line").cast(pl.Int64)
    )
    places = pl.read_parquet(work / "people_raw.parquet", columns=["record_id", "source", "line"])
    return known.join(places, on=["source", "line"]).select("record_id", truth="person_id")


def _reliability(name: str, scored: pl.DataFrame) -> list[Row]:
    """Rows of one set: ten bins, then the two errors."""
    stated = scored.with_columns(p=1 / (1 + pl.lit(2.0).pow(-pl.col("bits").clip(-60, 60))))
    bins = (
        stated.with_columns(tenth=(pl.col("p") * 10).floor().clip(0, 9).cast(pl.Int64))
        .group_by("tenth")
        .agg(pl.len().alias("pairs"), pl.col("p").mean(), pl.col("same").mean().alias("true"))
        .sort("tenth")
    )
    rows: list[Row] = [
        {
            "set": name,
            "stated": f"{one['tenth'] / 10:.1f}-{(one['tenth'] + 1) / 10:.1f}",
            "pairs": one["pairs"],
            "mean stated": round(one["p"], 3),
            "true": round(one["true"], 3),
        }
        for one in bins.iter_rows(named=True)
    ]
    doubtful = stated.filter(pl.col("p").is_between(*DOUBTFUL))
    for label, frame in (("all: error", stated), ("doubtful: error", doubtful)):
        rows.append({"set": name, "stated": label, "pairs": frame.height, "error": _error(frame)})
    return rows


def _error(stated: pl.DataFrame) -> float:
    """Expected calibration error over ten bins of the probability."""
    bins = (
        stated.with_columns(tenth=(pl.col("p") * 10).floor().clip(0, 9))
        .group_by("tenth")
        .agg(pl.len().alias("pairs"), gap=(pl.col("p").mean() - pl.col("same").mean()).abs())
    )
    total = int(bins["pairs"].sum())
    return round(float((bins["pairs"] * bins["gap"]).sum()) / total, 4) if total else 0.0

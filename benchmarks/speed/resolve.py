"""From raw synthetic rows to people: time by step, peak memory and F1, with Splink beside us on the rows.

Splink runs twice: on the raw columns in lower case, and on columns cleaned as an expert would clean them
(ours, without role mailboxes and numbers that many share). It gets the comparisons, blocking rules and
training that its documentation recommends for these fields, and a threshold of 0.95. Each contestant
has a process of its own. The cleaned columns are given to Splink ready made: their making is not in its time.
Beside the seconds on the clock stand those of all cores, which other work on the machine distorts less.
"""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from datasets.synthetic import generate
from leadspro_engine.ingest import load_sources
from leadspro_engine.resolve.accuracy import pairwise
from leadspro_engine.steps import STEPS, Run

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from benchmarks.harness import Row

STEPS_TO_PEOPLE = ("read sources", "normalize", "cluster companies", "cluster people")
SPLINK_THRESHOLD = 0.95
SHARED_BY = 3
"""An expert takes out a number or mailbox that so many different family names share."""


def options(parser: argparse.ArgumentParser) -> None:
    """How many people."""
    parser.add_argument("--people", type=int, nargs="+", default=[60_000], help="about 1.69 records each")


def run(options: argparse.Namespace) -> list[Row]:
    """For each size one row a step of ours, ours as a whole, and Splink on raw and on cleaned columns."""
    return [row for people in options.people for row in _size(people)]


def _size(people: int) -> list[Row]:
    """The rows of one size."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(people, folder / "data", seed=1)
        truth = pl.concat(
            [pl.read_parquet(path) for path in sorted((folder / "data/truth/people").glob("*"))]
        )
        truth = truth.select("record_id", pl.col("person_id").alias("truth"))
        rows = [*_apart(_ours, folder)]
        for columns in ("raw", "cleaned"):
            rows += _apart(_splink, folder, columns)
        ours = next(row for row in rows if row["step"] == "ours, all")
        for row in rows:
            row |= {"people": people, "records": truth.height}
            if (path := folder / f"{row['step']}.parquet").exists():
                found = pl.read_parquet(path).join(truth, on="record_id")
                row |= {"F1": round(pairwise(found).f1, 4)}
                row |= {f"{unit} / ours": _ratio(row[unit], ours[unit]) for unit in ("s", "CPU s")}
        return rows


def _ratio(seconds: object, ours: object) -> float:
    return round(float(str(seconds)) / float(str(ours)), 2)


def _apart(contestant: Callable[..., list[Row]], *given: object) -> list[Row]:
    """What a function gives that runs in a process of its own, so that its memory can be told."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(contestant, given)


def _peak_gb() -> float:
    """The most resident memory that this process ever had, in GB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2)


def _ours(folder: Path) -> list[Row]:
    """Our steps from the source files to clusters of people."""
    work = folder / "work"
    work.mkdir()
    chain = Run(work, tuple(load_sources(folder / "data" / "sources.toml")))
    rows: list[Row] = []
    for step in STEPS_TO_PEOPLE:
        began = _Clock()
        STEPS[step](chain)
        rows.append({"step": step, **began.since()})
    clusters = pl.read_parquet(work / "people_clusters.parquet")
    clusters.select("record_id", found="entity_id").write_parquet(folder / "ours, all.parquet")
    whole = {unit: round(sum(float(str(row[unit])) for row in rows), 1) for unit in ("s", "CPU s")}
    return [*rows, {"step": "ours, all", **whole, "peak GB": _peak_gb()}]


class _Clock:
    """Seconds since it was made: on the clock, and of all cores and finished child processes together."""

    def __init__(self) -> None:
        self._began, self._cpu = time.perf_counter(), _cpu_seconds()

    def since(self) -> Row:
        """Both, to a tenth."""
        return {
            "s": round(time.perf_counter() - self._began, 1),
            "CPU s": round(_cpu_seconds() - self._cpu, 1),
        }


def _cpu_seconds() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _splink(folder: Path, columns: str) -> list[Row]:
    """Splink, training included, on one kind of columns."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    given = _raw(folder) if columns == "raw" else _cleaned(folder)
    began = _Clock()
    api = DuckDBAPI()
    rules = [
        block_on("email"),
        block_on("phone"),
        block_on("linkedin"),
        block_on("given_name", "family_name"),
        block_on("family_name", "company"),
        block_on("given_name", "domain"),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=[
            cl.ForenameSurnameComparison("given_name", "family_name"),
            cl.EmailComparison("email"),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
            cl.ExactMatch("linkedin"),
            cl.JaroWinklerAtThresholds("company", [0.9]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("domain").configure(term_frequency_adjustments=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[*rules],
    )
    linker = Linker(api.register(given.to_arrow()), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("email"), block_on("linkedin")], recall=0.5
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e8)
    for rule in (block_on("given_name", "family_name"), block_on("email")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=0.2)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, SPLINK_THRESHOLD)
    found = pl.DataFrame(clusters.as_duckdbpyrelation().to_arrow_table())
    taken = began.since()
    step = f"Splink, {columns}"
    found.select("record_id", found=pl.col("cluster_id").cast(pl.String)).write_parquet(
        folder / f"{step}.parquet"
    )
    return [{"step": step, **taken, "peak GB": _peak_gb()}]


def _raw(folder: Path) -> pl.DataFrame:
    """The raw columns in lower case; a name in one cell is taken apart at its last space."""
    raw = pl.read_parquet(folder / "work" / "people_raw.parquet")
    full = pl.col("full_name").str.strip_chars()
    return raw.select(
        "record_id",
        given_name=pl.coalesce("given_name", full.str.replace(r"\s+\S+$", "")).str.to_lowercase(),
        family_name=pl.coalesce("family_name", full.str.extract(r"(\S+)$")).str.to_lowercase(),
        email=pl.col("email").list.first().str.to_lowercase(),
        phone=pl.col("phone").list.first(),
        linkedin=pl.col("linkedin").str.to_lowercase(),
        company=pl.col("company").str.to_lowercase(),
        domain=pl.col("domain").str.to_lowercase(),
        city=pl.col("city").str.to_lowercase(),
    )


def _cleaned(folder: Path) -> pl.DataFrame:
    """Normalized columns, without what many share."""
    records = pl.read_parquet(folder / "work" / "people_records.parquet")
    columns = records.select(
        "record_id",
        "linkedin",
        given_name="given_key",
        family_name="family_key",
        email=pl.col("email_texts").list.first(),
        phone=pl.col("phone_texts").list.first(),
        company=pl.col("company_keys").list.first(),
        domain=pl.col("domains").list.first(),
        city="city_key",
    )
    own = [
        pl.when(pl.col("family_name").n_unique().over(column) < SHARED_BY).then(pl.col(column)).alias(column)
        for column in ("email", "phone")
    ]
    return columns.with_columns(own)

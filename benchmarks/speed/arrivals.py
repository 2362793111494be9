"""New records against a published dataset: one at a time with its reasons, and many in one refresh.

Synthetic people are refreshed without ``--new`` of their records, then with them. Each new record is also
asked for by itself, with ``identify(explain=True)``, while the first snapshot is open; ``same`` says
how often the person it means (or nobody) is the one whom the refresh joins it to (or that it makes).
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from benchmarks.harness import percentile
from benchmarks.speed.refresh import TITLES
from datasets.synthetic import generate
from leadspro_engine.dataset import Dataset, current_version, snapshots_folder
from leadspro_engine.errors import InvalidInput
from leadspro_engine.match import identify
from leadspro_engine.refresh import refresh

if TYPE_CHECKING:
    import argparse

    from benchmarks.harness import Row

ASKED = {
    "email": "emails", "phone": "phones", "linkedin": "linkedin", "first_name": "given_name",
    "last_name": "family_name", "company": "company", "title": "title", "city": "city", "country": "country",
}  # fmt: skip
"""What is asked for of a new record, and the column of its canonical form that has it."""

EVEN_ODDS = 0.5
"""From this likelihood on the record is taken to be of the person."""


def options(parser: argparse.ArgumentParser) -> None:
    """How many people, and how many records are new."""
    parser.add_argument("--people", type=int, default=60_000, help="about 1.69 records each")
    parser.add_argument("--new", type=int, default=10_000, help="records that come in the second refresh")
    parser.add_argument("--asked", type=int, default=2_000, help="new records asked for by themselves")


def run(options: argparse.Namespace) -> list[Row]:
    """One row for records one at a time, and one a step of the refresh that brings all of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(options.people, folder / "data", seed=1)
        sources, home = folder / "data" / "sources.toml", folder / "home"
        whole = _hold_back(folder / "data", options.new)
        refresh(sources, home)
        with Dataset.open(home) as dataset:
            before = pl.read_parquet(_state(home) / "people_clusters.parquet")
            for path, given in whole.items():
                given.write_parquet(path)
            again = refresh(sources, home)
            new = pl.read_parquet(_state(home) / "people_records.parquet").join(
                before, on="record_id", how="anti"
            )
            asked = [_ask(dataset, row) for row in new.head(options.asked).iter_rows(named=True)]
        joined = dict(pl.read_parquet(_state(home) / "people_clusters.parquet").iter_rows())
    known = set(before["entity_id"])
    seconds = [one.seconds for one in asked]
    same = [one.means == (joined[one.record_id] if joined[one.record_id] in known else None) for one in asked]
    rows: list[Row] = [
        {
            "step": "one record, with reasons",
            "records": len(asked),
            "p50 ms": round(1000 * percentile(seconds, 50), 2),
            "p99 ms": round(1000 * percentile(seconds, 99), 2),
            "same": f"{sum(same) / len(same):.1%}",
        }
    ]
    taken = [(step.step, step.seconds) for step in again.steps]
    rows.extend({"step": step, "records": new.height, "s": round(seconds, 2)} for step, seconds in taken)
    return rows


def _hold_back(data: Path, count: int) -> dict[Path, pl.DataFrame]:
    """Take ``count`` rows of people, evenly, out of the files; gives the files as they were."""
    paths = [path for source in TITLES for path in sorted((data / source).glob("*.parquet"))]
    whole = {path: pl.read_parquet(path) for path in paths}
    share = count / sum(rows.height for rows in whole.values())
    for path, rows in whole.items():
        rows.sample(fraction=1 - share, seed=7).write_parquet(path)
    return whole


class _Asked(NamedTuple):
    """The person whom a new record means, None when nobody, and how long the answer took."""

    record_id: str
    means: str | None
    seconds: float


def _ask(dataset: Dataset, row: dict[str, Any]) -> _Asked:
    """Ask for the person of one new record, with the reasons."""
    given = {name: row[column] for name, column in ASKED.items() if row[column]}
    began = time.perf_counter()
    try:
        found = identify(dataset, given, limit=1, explain=True).candidates
    except InvalidInput:  # a name alone identifies nobody
        found = []
    seconds = time.perf_counter() - began
    means = found[0].person.id if found and found[0].match.likelihood >= EVEN_ODDS else None
    return _Asked(row["record_id"], means, seconds)


def _state(home: Path) -> Path:
    """The folder of the state of the current snapshot."""
    return snapshots_folder(home) / str(current_version(home)) / "resolution"

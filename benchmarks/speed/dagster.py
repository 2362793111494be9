"""A refresh through Dagster's in-process executor against the same refresh on the command line.

Each is a process of its own over the same synthetic files and an empty data folder, timed from its start to
its end, imports included; the two take turns. Dagster's has a real instance on the disk, all assets with
their previews, and all checks. ``same tables`` says whether both snapshots have the same rows. Beside other
work, processor seconds say more than the clock: they do not count waiting for a turn.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from datasets import synthetic
from leadspro_engine.dataset import Dataset
from pipelines.__main__ import prepare

if TYPE_CHECKING:
    import argparse

    from benchmarks.harness import Row

_COMMAND_LINE = "import sys; from leadspro_engine.cli import main; sys.exit(main())"
_JOB = """
import dagster as dg
from pipelines.definitions import defs
with dg.DagsterInstance.get() as instance:
    done = defs().resolve_job_def("refresh").execute_in_process(instance=instance)
"""
_PEOPLE_A_RECORD = 0.48
"""Synthetic people make about two records each, companies included."""


def options(parser: argparse.ArgumentParser) -> None:
    """How many records, and how often."""
    parser.add_argument("--records", type=int, default=100_000, help="about how many source records")
    parser.add_argument("--rounds", type=int, default=1, help="how often each is timed")
    parser.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")


def run(options: argparse.Namespace) -> list[Row]:
    """One row for each of the two, with the ratio to the command line."""
    if options.folder is not None:
        options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.folder) as place:
        folder = Path(place)
        synthetic.generate(int(options.records * _PEOPLE_A_RECORD), folder / "sources")
        timed: dict[str, list[tuple[float, float]]] = {"leadspro refresh": [], "Dagster, in process": []}
        for turn in range(options.rounds):
            for name in sorted(timed, reverse=turn % 2 == 0):
                shutil.rmtree(folder / name, ignore_errors=True)
                timed[name].append(_timed(name, folder / name, folder / "sources" / "sources.toml"))
        same = _same_tables(*(folder / name for name in timed))
        records = _records(folder / "leadspro refresh")
    fastest = {name: [min(figure) for figure in zip(*rounds, strict=True)] for name, rounds in timed.items()}
    wall, processor = fastest["leadspro refresh"]
    return [
        {
            "refresh": name,
            "source records": records,
            "s": round(best[0], 1),
            "x command line": round(best[0] / wall, 3),
            "processor s": round(best[1], 1),
            "x processor": round(best[1] / processor, 3),
            "same tables": str(same),
        }
        for name, best in fastest.items()
    ]


def _timed(name: str, home: Path, sources: Path) -> tuple[float, float]:
    """Seconds from the start of a refresh's process to its end, and processor seconds that it took."""
    environment = prepare(home, sources)
    command = {
        "leadspro refresh": ["-c", _COMMAND_LINE, "refresh", "--sources", str(sources), "--home", str(home)],
        "Dagster, in process": ["-c", _JOB],
    }[name]
    began, spent = time.perf_counter(), _processor_s()
    with (home / "log").open("wb") as log:
        subprocess.run(
            [sys.executable, *command], env={**os.environ, **environment}, check=True, stdout=log, stderr=log
        )
    return time.perf_counter() - began, _processor_s() - spent


def _processor_s() -> float:
    """Processor seconds of all processes that this one has started and waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _same_tables(one: Path, other: Path) -> bool:
    """Whether every table of two snapshots has the same rows."""
    with Dataset.open(one) as left, Dataset.open(other) as right:
        return left.manifest.counts == right.manifest.counts and all(
            left.cursor().execute(_HASH.format(table=table)).fetchall()
            == right.cursor().execute(_HASH.format(table=table)).fetchall()
            for table in left.manifest.counts
        )


_HASH = "select count(*), sum(hash(t)::hugeint % 1000000007) from {table} t"


def _records(home: Path) -> int:
    """How many records the sources had."""
    with Dataset.open(home) as dataset:
        return sum(source["rows"] for source in dataset.manifest.sources)

"""The HTTP API under load: enrich by e-mail and batches, against the least application on the same server.

Everything is on: keys, limits, credits, history, the access log. ``wrk`` loads one path at a time from the
same machine; the rounds of ours and of the baseline alternate, and the medians are told. ``x rps`` and
``x p99`` are ratios to the baseline; that of searches for people is the engine itself, asked the questions of
``speed.search`` by two processes that do nothing else.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._serving import Load, Served, free_port, running, served, wrk
from benchmarks.speed.batch import home_of, snapshot_options
from benchmarks.speed.search import questions
from leadspro_engine.dataset import Dataset
from leadspro_engine.engine import open_engine

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from benchmarks.harness import Row

BASELINE = "hello world"
BATCH = 100


def options(parser: argparse.ArgumentParser) -> None:
    """Which snapshot, and for how long."""
    snapshot_options(parser)
    parser.add_argument("--seconds", type=int, default=8, help="of each round")
    parser.add_argument("--rounds", type=int, default=3, help="of each contender")


def run(options: argparse.Namespace) -> list[Row]:
    """One row for each path and number of connections."""
    rows: list[Row] = []
    with home_of(options) as home, _hello() as hello, served(home) as ours:
        emails = [json.dumps({"email": email}) for email in _emails(home, 10_000)]
        batches = [_batch(emails[at : at + BATCH]) for at in range(0, len(emails) - BATCH + 1, BATCH)]
        wrk(ours.port, "/api/v1/enrich", emails, token=ours.token, seconds=4)  # connections and caches
        for connections in (16, 64):
            base: list[Load] = []
            enrich: list[Load] = []
            for _ in range(options.rounds):
                load = {"connections": connections, "seconds": options.seconds}
                base.append(wrk(hello, "/", emails, **load))
                enrich.append(wrk(ours.port, "/api/v1/enrich", emails, token=ours.token, **load))
            rows += [_row(BASELINE, connections, base, base), _row("enrich", connections, enrich, base)]
        batch = [
            wrk(
                ours.port,
                "/api/v1/enrich/batch",
                batches,
                token=ours.token,
                connections=8,
                seconds=options.seconds,
            )
            for _ in range(options.rounds)
        ]
        rows.append(
            _row(f"batch of {BATCH}", 8, batch, base) | {"items/s": round(_median(batch, "rps") * BATCH)}
        )
        rows += _searches(home, ours, options)
    return rows


def _searches(home: Path, ours: Served, options: argparse.Namespace) -> list[Row]:
    """Searches for people, ten a page: by HTTP, and by the engine in two processes."""
    with Dataset.open(home) as dataset:
        asked = [filters for kind, filters in questions(dataset.cursor(), 200) if kind == "people"]
    bodies = [json.dumps(filters | {"limit": 10}) for filters in asked]
    engine: list[Load] = []
    over_http: list[Load] = []
    for _ in range(options.rounds):
        engine.append(_in_process(home, asked, options.seconds))
        over_http.append(
            wrk(
                ours.port,
                "/api/v1/search/people",
                bodies,
                token=ours.token,
                connections=16,
                seconds=options.seconds,
            )
        )
    return [
        _row("search by the engine", 2, engine, engine),
        _row("search people", 16, over_http, engine),
    ]


def _in_process(home: Path, asked: list[dict[str, Any]], seconds: int) -> Load:
    """What two processes get from the engine in so many seconds."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as processes:
        taken = [
            one
            for each in [processes.submit(_search, home, asked, seconds) for _ in range(2)]
            for one in each.result()
        ]
    taken.sort()
    return Load(len(taken) / seconds, taken[len(taken) // 2] * 1000, taken[len(taken) * 99 // 100] * 1000, 0)


def _search(home: Path, asked: list[dict[str, Any]], seconds: int) -> list[float]:
    """How long each search took, asked in turn until the time is over."""
    taken: list[float] = []
    with open_engine(home) as engine:
        for filters in asked:
            engine.search_people(filters)
        until = time.perf_counter() + seconds
        for filters in cycle(asked):
            started = time.perf_counter()
            if started >= until:
                break
            engine.search_people(filters)
            taken.append(time.perf_counter() - started)
    return taken


@contextlib.contextmanager
def _hello() -> Iterator[int]:
    """The port of the baseline while it runs."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.speed._hello", str(port)]
        with running(command, port, Path(folder) / "log"):
            yield port


def _emails(home: Path, count: int) -> list[str]:
    """E-mail addresses that lead to one person, spread over the snapshot."""
    text = """
        select key from identifiers_email group by key having count(*) = 1 order by md5(key) limit $count"""
    with Dataset.open(home) as dataset:
        return [row[0] for row in dataset.cursor().execute(text, {"count": count}).fetchall()]


def _batch(items: list[str]) -> str:
    """The body of one batch."""
    return f'{{"items": [{", ".join(items)}]}}'


def _median(loads: list[Load], name: str) -> float:
    return float(statistics.median(getattr(load, name) for load in loads))


def _row(what: str, connections: int, loads: list[Load], base: list[Load]) -> Row:
    """The medians of one contender."""
    rps, p99 = _median(loads, "rps"), _median(loads, "p99_ms")
    return {
        "request": what,
        "connections": connections,
        "rps": round(rps),
        "p50 ms": round(_median(loads, "p50_ms"), 2),
        "p99 ms": round(p99, 2),
        "failed": sum(load.failed for load in loads),
        "x rps": round(rps / _median(base, "rps"), 3),
        "x p99": round(p99 / _median(base, "p99_ms"), 2),
        "items/s": None,
    }

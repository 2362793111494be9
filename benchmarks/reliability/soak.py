"""A server under steady load for minutes: memory flat, no growth of open files.

Look-ups, batches, searches and refusals go round; every worker's resident memory and open files are read each
second. ``growth`` compares the last third of the run with the third before it.
"""

from __future__ import annotations

import json
import statistics
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._serving import Served, served, wrk
from benchmarks.reliability.kills import _emails, _workers
from benchmarks.speed.batch import home_of, snapshot_options

if TYPE_CHECKING:
    import argparse

    from benchmarks.harness import Row


def options(parser: argparse.ArgumentParser) -> None:
    """Which snapshot, and for how long."""
    snapshot_options(parser)
    parser.add_argument("--seconds", type=int, default=300, help="how long")


def run(options: argparse.Namespace) -> list[Row]:
    """One row for each worker."""
    with home_of(options) as home, served(home) as ours:
        stopping = threading.Event()
        emails = _emails(home)
        load = threading.Thread(target=_load, args=(ours, emails, stopping))
        load.start()
        seen: dict[int, list[tuple[int, int]]] = {pid: [] for pid in _workers(ours.process.pid)}
        until = time.monotonic() + options.seconds
        while time.monotonic() < until:
            for pid, readings in seen.items():
                readings.append((_resident_kb(pid), len(list(Path(f"/proc/{pid}/fd").iterdir()))))
            time.sleep(1)
        stopping.set()
        load.join()
    return [_row(number, readings) for number, readings in enumerate(seen.values())]


def _load(ours: Served, emails: list[str], stopping: threading.Event) -> None:
    """One kind of request after the other, some seconds each."""
    singles = [json.dumps({"email": email}) for email in emails]
    batches = [
        json.dumps({"items": [{"email": email} for email in emails[at : at + 50]]})
        for at in range(0, 900, 50)
    ]
    searches = [json.dumps({"country": "United States", "limit": limit}) for limit in range(1, 20)]
    rounds = (("/api/v1/enrich", [*singles, '{"email": "nobody@example.org"}', "{}"]),
              ("/api/v1/enrich/batch", batches), ("/api/v1/search/people", searches))  # fmt: skip
    while not stopping.is_set():
        for path, bodies in rounds:
            wrk(ours.port, path, bodies, token=ours.token, connections=16, seconds=4)


def _resident_kb(pid: int) -> int:
    """Memory of a process that is its own, in KiB: mapped files of the snapshot do not count."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0])


def _row(number: int, readings: list[tuple[int, int]]) -> Row:
    """What one worker used."""
    third = len(readings) // 3
    before, after = readings[third : 2 * third], readings[2 * third :]
    memory = [statistics.median(kb for kb, _ in part) / 1024 for part in (before, after)]
    files = [max(count for _, count in part) for part in (before, after)]
    return {
        "worker": number,
        "MiB at the end": round(memory[1], 1),
        "growth MiB": round(memory[1] - memory[0], 1),
        "open files at the end": files[1],
        "growth files": files[1] - files[0],
    }

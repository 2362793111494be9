"""The one harness of all benchmarks: finds them, times them against a baseline, prints and writes their rows.

A benchmark is a module ``benchmarks/<area>/<name>.py`` with two functions: ``options(parser)`` adds its
command-line options, ``run(options)`` measures and returns rows. The first sentence of its docstring says
what it measures.
"""

from __future__ import annotations

import datetime as dt
import gc
import importlib
import importlib.metadata
import json
import os
import platform
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence

FOLDER = Path(__file__).parent
OUT = FOLDER / "out"
Row = dict[str, str | int | float | None]
"""One row of a benchmark's table: a value, or None for "not measured", by column."""

_PACKAGES = (
    "leadspro-engine",
    "duckdb",
    "polars",
    "pyarrow",
    "lmdb",
    "msgspec",
    "rapidfuzz",
    "phonenumbers",
    "splink",
)


class Entry(Struct, frozen=True):
    """One benchmark: ``name`` is ``area.name``, ``summary`` the first line of its module's docstring."""

    name: str
    summary: str
    options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], list[Row]]


def entries() -> list[Entry]:
    """All benchmarks, by name."""
    paths = sorted(FOLDER.glob("*/*.py"))
    return [_entry(f"{path.parent.name}.{path.stem}") for path in paths if not path.stem.startswith("_")]


def _entry(name: str) -> Entry:
    """The benchmark of a module."""
    module = importlib.import_module(f"benchmarks.{name}")
    return Entry(name, (module.__doc__ or "").strip().splitlines()[0], module.options, module.run)


class Contender(Struct, frozen=True):
    """One way of doing the work: calls that are timed one by one, each of which does so many items."""

    name: str
    calls: Sequence[Callable[[], object]]
    items_per_call: int = 1


class Timing(Struct, frozen=True):
    """How long the calls of a contender took, in seconds, in the order in which they were made."""

    name: str
    seconds: tuple[float, ...]
    items_per_call: int

    @property
    def items_per_s(self) -> float:
        """Items done in a second, over all calls."""
        return len(self.seconds) * self.items_per_call / sum(self.seconds)

    def row(self, baseline: Timing) -> Row:
        """The timing as a row: items a second, percentiles of one call, ratio to the baseline."""
        return {
            "contender": self.name,
            "items/s": round(self.items_per_s, 1),
            "items a call": self.items_per_call,
            "calls": len(self.seconds),
            **self.percentiles_ms(),
            "x baseline": round(self.items_per_s / baseline.items_per_s, 2),
        }

    def percentiles_ms(self) -> Row:
        """The median, p95 and p99 of one call in milliseconds."""
        return {f"p{share} ms": self._percentile_ms(share) for share in (50, 95, 99)}

    def _percentile_ms(self, share: int) -> float | None:
        """A percentile of the calls in milliseconds; None when too few calls lie beyond it."""
        enough = len(self.seconds) * (100 - share) >= 100 or share <= 50
        return round(percentile(self.seconds, share) * 1000, 4) if enough else None


def timed(
    contenders: Sequence[Contender], *, rounds: int = 5, clock: Callable[[], float] = time.perf_counter
) -> list[Timing]:
    """Time the contenders in turn, in the same run.

    A first round warms up and is not counted. In each further round every contender makes all its calls; who
    begins moves on by one from round to round, so that a slow minute of the machine hits all alike.
    """
    seconds: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for turn in range(rounds + 1):
        start = turn % len(contenders)
        for contender in (*contenders[start:], *contenders[:start]):
            gc.collect()
            found = [_seconds(call, clock) for call in contender.calls]
            if turn > 0:
                seconds[contender.name] += found
    return [Timing(one.name, tuple(seconds[one.name]), one.items_per_call) for one in contenders]


def compared(
    contenders: Sequence[Contender],
    *,
    baseline: str,
    rounds: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> list[Row]:
    """The rows of contenders timed in turn, each with its ratio to the baseline among them."""
    timings = timed(contenders, rounds=rounds, clock=clock)
    against = next(timing for timing in timings if timing.name == baseline)
    return [timing.row(against) for timing in timings]


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that at least ``share`` percent of the values do not exceed (nearest rank).

    >>> percentile([4.0, 1.0, 3.0, 2.0], 50), percentile([4.0, 1.0, 3.0, 2.0], 99)
    (2.0, 4.0)
    """
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text: words to the left, numbers to the right, thousands parted.

    >>> print(table([{"kind": "email", "items/s": 61234.5}, {"kind": "phone", "items/s": None}]))
    kind    items/s
    email  61,234.5
    phone         -
    """
    columns = list(dict.fromkeys(column for row in rows for column in row))
    cells = [
        list(columns),
        *([_cell(row.get(column)) for column in columns] for row in rows),
    ]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    right = [all(not isinstance(row.get(column), str) for row in rows) for column in columns]
    return "\n".join(
        "  ".join(
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in cells
    )


def write(name: str, rows: Sequence[Row], folder: Path = OUT) -> Path:
    """Write the rows with the facts of this run to ``folder/name.json``; returns the path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    document = {"benchmark": name, **facts(), "rows": list(rows)}
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def facts() -> dict[str, object]:
    """What a reader must know to judge the figures: when, on what machine, with which versions."""
    return {
        "measured_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": {
            "cpu": _cpu(),
            "cores": len(os.sched_getaffinity(0)),
            "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            "load_before": os.getloadavg()[0],
            "system": f"{platform.system()} {platform.release()}",
        },
        "versions": {"python": platform.python_version(), **_versions()},
    }


def _seconds(call: Callable[[], object], clock: Callable[[], float]) -> float:
    """How long a call takes."""
    start = clock()
    call()
    return clock() - start


def _cell(value: str | float | None) -> str:
    """A value as the table shows it."""
    if value is None:
        return "-"
    return value if isinstance(value, str) else f"{value:,}"


def _commit() -> str | None:
    """The commit of the checkout, with ``+`` when files differ from it; None outside a checkout."""
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"], capture_output=True, text=True, cwd=FOLDER, check=False
    )
    return found.stdout.strip() or None


def _cpu() -> str:
    """The model of the processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.processor(),
    )


def _versions() -> Mapping[str, str]:
    """The versions of the packages that matter and are installed."""
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found

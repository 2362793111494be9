"""A second refresh in which a share of the records changed, against a full one, step by step; same clusters.

Synthetic people are refreshed; then ``--changed`` of the rows of each source change (eight of ten say another
title, one is gone, one is new) and are refreshed again. The full run has the parent's weights, frequencies
and threshold, but no records or evidence to use again; both must give the same partition.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from datasets.synthetic import generate
from leadspro_engine.dataset import current_version, snapshots_folder
from leadspro_engine.refresh import refresh

if TYPE_CHECKING:
    import argparse

    from benchmarks.harness import Row
    from leadspro_engine.refresh import RefreshResult

TITLES = {"crm": "Job Title", "events": "Role", "vendor": "title", "signups": "name"}
"""The column of each source that changes, and with it what the row says of its person."""


def options(parser: argparse.ArgumentParser) -> None:
    """How many people, and how much changes."""
    parser.add_argument("--people", type=int, default=60_000, help="about 1.69 records each")
    parser.add_argument("--changed", type=float, default=0.01, help="share of the rows that change")


def run(options: argparse.Namespace) -> list[Row]:
    """One row a step, then one for the whole."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(options.people, folder / "data", seed=1)
        sources, home = folder / "data" / "sources.toml", folder / "home"
        first = refresh(sources, home)
        for source, title in TITLES.items():
            for path in (folder / "data" / source).glob("*.parquet"):
                _change(path, title, options.changed)
        copy = shutil.copytree(home, folder / "copy")
        full = refresh(sources, copy, anew=True)
        again = refresh(sources, home)
        same = _partition(home) == _partition(copy)
    return [*_steps(first, full, again), {"step": "same clusters", "again / full": "yes" if same else "NO"}]


def _change(path: Path, title: str, share: float) -> None:
    """Change a share of the rows of a file."""
    rows = pl.read_parquet(path)
    chosen = rows.sample(fraction=share, seed=7, shuffle=True)
    kept = rows.join(chosen, on=rows.columns[0], how="anti")
    said, new = chosen.head(int(chosen.height * 0.8)), chosen.tail(int(chosen.height * 0.1))
    said = said.with_columns(pl.format("Senior {}", title).alias(title))
    new = new.with_columns(pl.format("N{}", rows.columns[0]).alias(rows.columns[0]))
    pl.concat([kept, said, new]).write_parquet(path)


def _partition(home: Path) -> dict[str, list[list[str]]]:
    """The clusters of the current snapshot as sorted lists of records."""
    state = snapshots_folder(home) / str(current_version(home)) / "resolution"
    found = {}
    for table in ("people", "company"):
        clusters = pl.read_parquet(state / f"{table}_clusters.parquet")
        members = clusters.sort("record_id").group_by("entity_id").agg("record_id")["record_id"]
        found[table] = sorted(members.to_list())
    return found


def _steps(first: RefreshResult, full: RefreshResult, again: RefreshResult) -> list[Row]:
    """Seconds of each step of the three refreshes, and of the whole."""
    rows: list[Row] = []
    taken = [[step.seconds for step in result.steps] for result in (first, full, again)]
    names = [*(step.step for step in first.steps), "whole refresh"]
    whole = [first.seconds, full.seconds, again.seconds]
    for name, seconds in zip(names, [*zip(*taken, strict=True), whole], strict=True):
        learning, forgetting, remembering = seconds
        rows.append(
            {
                "step": name,
                "first s": round(learning, 2),
                "full s": round(forgetting, 2),
                "again s": round(remembering, 2),
                "again / full": f"{remembering / forgetting:.0%}",
                "again / first": f"{remembering / learning:.0%}",
            }
        )
    return rows

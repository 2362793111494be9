"""The look-up benchmark asks all contenders for the same, and ours finds misspelt names as well as a scan."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from benchmarks.speed import lookup

if TYPE_CHECKING:
    from pathlib import Path


def test_every_kind_is_measured_and_names_are_found(demo_home: Path) -> None:
    parser = argparse.ArgumentParser()
    lookup.options(parser)
    rows = lookup.run(parser.parse_args(["--home", str(demo_home), "--keys", "30", "--rounds", "1"]))
    assert [(row["by"], row["contender"]) for row in rows] == [
        *(
            (kind, name)
            for kind in lookup.KINDS
            for name in (lookup.RAW, "enrich", "DuckDB sorted", "DuckDB ART")
        ),
        ("misspelt name", "enrich"),
        ("misspelt name", lookup.SCAN),
    ]
    assert all(float(row["found"] or 0) > 0.8 for row in rows if "found" in row)

"""The batch benchmark compares like with like: both sides name the same people, for every kind."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from benchmarks.harness import table
from benchmarks.speed import batch

if TYPE_CHECKING:
    from pathlib import Path


def test_every_kind_is_measured_and_agrees_with_the_tables(demo_home: Path) -> None:
    parser = argparse.ArgumentParser()
    batch.options(parser)
    rows = batch.run(parser.parse_args(["--home", str(demo_home), "--items", "40", "--rounds", "1"]))
    assert [row["identifier"] for row in rows[::3]] == [
        "email",
        "email_sha256",
        "phone",
        "linkedin",
        "name_domain",
        "mixed",
    ]
    assert {row["contender"] for row in rows} == {"enrich_batch", "enrich, one by one", batch.BASELINE}
    baseline = [row["x baseline"] for row in rows if row["contender"] == batch.BASELINE]
    assert baseline == [1.0] * 6
    for row in rows:
        agreement = row["agree"]
        assert isinstance(agreement, float)
        assert agreement >= 0.9, table(rows)

"""Write synthetic contact data: ``python -m datasets.synthetic --people 1000000 --out DIR``."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from datasets.synthetic import generate
from datasets.synthetic.parameters import described


def main() -> None:
    """Read the arguments, write the files, say how many and how fast."""
    parser = argparse.ArgumentParser(prog="python -m datasets.synthetic", description=__doc__)
    parser.add_argument(
        "--people", type=int, help="how many people; about 1.69 records and a tenth of a company each"
    )
    parser.add_argument("--out", type=Path, help="folder to write into")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=("parquet", "csv"), default="parquet")
    parser.add_argument("--parameters", action="store_true", help="print the frozen parameters and stop")
    given = parser.parse_args()
    if given.parameters:
        print(described())
        return
    if given.people is None or given.people < 1 or given.out is None:
        parser.error("give --people (at least 1) and --out")
    started = time.perf_counter()
    made = generate(given.people, given.out, seed=given.seed, kind=given.format)
    seconds = time.perf_counter() - started
    total = sum(made.records.values())
    print(f"{made.people:,} people at {made.companies:,} companies: {total:,} records in {given.out}")
    print(", ".join(f"{source} {count:,}" for source, count in made.records.items()))
    print(f"{seconds:.1f} s, {total / seconds:,.0f} records/s")


main()

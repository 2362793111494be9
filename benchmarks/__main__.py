"""List the benchmarks, or run one: ``python -m benchmarks [AREA.NAME [options]]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import harness


def main(given: list[str]) -> int:
    """Run what the command line asks for; the exit status."""
    entries = harness.entries()
    if not given or given[0] in {"-h", "--help"}:
        print(
            harness.table([{"benchmark": entry.name, "what it measures": entry.summary} for entry in entries])
        )
        return 0
    entry = next((entry for entry in entries if entry.name == given[0]), None)
    if entry is None:
        print(f"{given[0]}: no such benchmark. There are: {', '.join(entry.name for entry in entries)}.")
        return 2
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks {entry.name}", description=entry.summary)
    parser.add_argument("--out", type=Path, default=harness.OUT, help="folder of the JSON file")
    entry.options(parser)
    options = parser.parse_args(given[1:])
    rows = entry.run(options)
    print(harness.table(rows))
    print(harness.write(entry.name, rows, options.out))
    return 0


sys.exit(main(sys.argv[1:]))

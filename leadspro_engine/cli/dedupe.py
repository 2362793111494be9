"""``leadspro dedupe``: which rows of any files are one person or one organization."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadspro_engine.cli.output import add_common, print_json, print_table
from leadspro_engine.errors import InvalidInput

if TYPE_CHECKING:
    import argparse

    import polars as pl

    from leadspro_engine.cli.output import Commands
    from leadspro_engine.dedupe import Deduped


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "dedupe",
        help="find the rows that are one person or organization",
        description="Learn from the files themselves which rows are the same; no labels, no settings needed.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV, TSV, JSON lines or Parquet")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="the rows with cluster_id: .parquet or .csv"
    )
    parser.add_argument("--record", choices=("person", "company"), help="what a row is (default: guessed)")
    parser.add_argument(
        "--column", action="append", default=[], metavar="COLUMN=ROLE", help="where guessing would be wrong"
    )
    parser.add_argument("--link", action="store_true", help="match only rows of different files")
    add_common(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """De-duplicate the files, write the clusters, and say what was found."""
    from leadspro_engine.dedupe import dedupe

    if arguments.out.suffix not in (".parquet", ".csv"):
        raise InvalidInput("--out", str(arguments.out), "a name that ends in .parquet or .csv")
    found = dedupe(
        arguments.files,
        record=arguments.record,
        columns=dict(_pair(pair) for pair in arguments.column),
        link=arguments.link,
    )
    _write(found.rows, arguments.out)
    summary = _summary(found, arguments.out)
    if arguments.json:
        print_json(summary)
    else:
        print_table(
            "Clusters",
            ("what", "value"),
            [(name, value) for name, value in summary.items() if name != "roles"],
        )
        for source, roles in found.roles.items():
            print_table(f"Columns of {source}", ("column", "role"), roles.items())


def _pair(text: str) -> tuple[str, str]:
    column, equals, role = text.rpartition("=")
    if not equals:
        raise InvalidInput("--column", text, "COLUMN=ROLE")
    return column, role


def _write(rows: pl.DataFrame, out: Path) -> None:
    try:
        if out.suffix == ".csv":
            rows.write_csv(out)
        else:
            rows.write_parquet(out)
    except OSError as exc:
        raise InvalidInput("--out", str(out), f"a file that can be written ({exc.strerror or exc})") from exc


def _summary(found: Deduped, out: Path) -> dict[str, Any]:
    clusters = found.rows.get_column("cluster_id")
    return {
        "record": found.record,
        "rows": found.rows.height,
        "rejects": found.rejects.height,
        "clusters": clusters.n_unique(),
        "duplicates": found.rows.height - clusters.n_unique(),
        "pairs": found.pairs,
        "out": str(out),
        "roles": found.roles,
    }

"""``leadspro dedupe`` and ``leadspro label``: which rows of any files are one person or one organization."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from leadspro_engine.cli.output import add_common, console, print_json, print_table, warn
from leadspro_engine.errors import InvalidInput

if TYPE_CHECKING:
    import argparse

    import polars as pl

    from leadspro_engine.cli.output import Commands
    from leadspro_engine.dedupe import Deduped, Question
    from leadspro_engine.dedupe.published import PublishedRecords
    from leadspro_engine.dedupe.table import Table


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "dedupe",
        help="find the rows that are one person or organization",
        description="Learn from the files themselves which rows are the same; no labels, no settings needed.",
    )
    _add_table(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE",
        help="the rows with cluster_id and probability, then their own columns: .parquet or .csv",
    )  # fmt: skip
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="an HTML report of what was found, and why"
    )
    parser.add_argument(
        "--verdicts",
        type=Path,
        metavar="FILE",
        help="pairs that are one or two, as `leadspro label` writes them",
    )
    add_common(parser)
    parser.set_defaults(run=run)
    asking = commands.add_parser(
        "label",
        help="answer which doubtful pairs are one, to improve dedupe",
        description='Ask "same? y/n/skip" about the pairs that teach most. Every answer is kept at once. '
        "Without files it asks about the records of the current snapshot, for the next refresh.",
    )
    _add_table(asking, files="*")
    asking.add_argument(
        "--verdicts", type=Path, metavar="FILE",
        help="the file that the answers are added to (without files: verdicts.jsonl of the data folder)",
    )  # fmt: skip
    asking.add_argument("--most", type=int, default=20, metavar="N", help="how many pairs to ask about (20)")
    add_common(asking)
    asking.set_defaults(run=run_label)


def _add_table(parser: argparse.ArgumentParser, *, files: str = "+") -> None:
    """The files, and how they are read."""
    parser.add_argument(
        "files", nargs=files, type=Path, metavar="FILE", help="CSV, TSV, JSON lines or Parquet"
    )
    parser.add_argument("--record", choices=("person", "company"), help="what a row is (default: guessed)")
    parser.add_argument(
        "--column", action="append", default=[], metavar="COLUMN=ROLE", help="where guessing would be wrong"
    )
    parser.add_argument("--link", action="store_true", help="match only rows of different files")


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
        verdicts=_known(arguments.verdicts),
        report=arguments.report,
        progress=lambda step: warn(f"{step} …"),
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


def run_label(arguments: argparse.Namespace) -> None:
    """Ask, keep the answers, and say how many there were."""
    from leadspro_engine.dedupe import label

    if arguments.most < 1:
        raise InvalidInput("--most", arguments.most, "a number of at least 1")
    records, verdicts = _asked_about(arguments)
    labels = label(records, verdicts, _ask, most=arguments.most)
    summary = {**msgspec.to_builtins(labels), "verdicts": str(verdicts)}
    if arguments.json:
        print_json(summary)
    else:
        print_table("Answers", ("what", "value"), summary.items())


def _asked_about(arguments: argparse.Namespace) -> tuple[Table | PublishedRecords, Path]:
    """The rows of the files or the records of the snapshot, and where the answers go."""
    from leadspro_engine.dataset import home_folder
    from leadspro_engine.dedupe import Options, published_records, read_table
    from leadspro_engine.steps import VERDICTS

    home = home_folder(arguments.home)
    if not arguments.files:
        return published_records(home, arguments.record or "person"), arguments.verdicts or home / VERDICTS
    if arguments.verdicts is None:
        raise InvalidInput("--verdicts", None, "the file that the answers are to be added to")
    columns = dict(_pair(pair) for pair in arguments.column)
    options = Options(record=arguments.record, columns=columns, link=arguments.link)
    return read_table(arguments.files, options), arguments.verdicts


def _ask(question: Question) -> bool | None:
    """Show one pair with its reasons and read the answer; the end of input ends the session."""
    what = "person" if question.kind == "person" else "organization"
    columns = dict.fromkeys([*question.a, *question.b])
    shown = [(column, question.a.get(column), question.b.get(column)) for column in columns]
    out = console(error=True)
    print_table(
        f"{question.number}. Same {what}?",
        ("column", "one", "other"),
        [row for row in shown if row[1] or row[2]],
        out,
    )
    reasons = [(one.field, one.level, f"{one.bits:+.1f}") for one in question.pair.scored.evidence]
    chance = f"Reasons (together {question.pair.scored.probability:.1%})"
    print_table(chance, ("field", "level", "bits"), reasons, out)
    while True:
        out.print(f"same {what}? y/n/skip/quit ", end="")
        given = sys.stdin.readline()
        word = given.strip().casefold()
        if not given or word in {"q", "quit"}:
            raise StopIteration
        if word in _ANSWERS:
            return _ANSWERS[word]


_ANSWERS = {"y": True, "yes": True, "n": False, "no": False, "s": None, "skip": None, "": None}


def _known(verdicts: Path | None) -> Path | None:
    """The file of verdicts; one that is asked for must be there."""
    if verdicts is not None and not verdicts.is_file():
        raise InvalidInput("--verdicts", str(verdicts), "a file that `leadspro label` has written")
    return verdicts


def _pair(text: str) -> tuple[str, str]:
    column, equals, role = text.rpartition("=")
    if not equals:
        raise InvalidInput("--column", text, "COLUMN=ROLE")
    return column, role


def _write(rows: pl.DataFrame, out: Path) -> None:
    try:
        if out.suffix == ".csv":
            _flat(rows).write_csv(out)
        else:
            rows.write_parquet(out)
    except OSError as exc:
        raise InvalidInput("--out", str(out), f"a file that can be written ({exc.strerror or exc})") from exc


def _flat(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with nested columns as JSON, which is what a cell of text can hold."""
    import polars as pl

    nested = [column for column, kind in rows.schema.items() if kind.is_nested()]
    return rows.with_columns(
        pl.Series(column, map(_json, rows[column].to_list()), pl.String) for column in nested
    )


def _json(cell: object) -> str | None:
    return None if cell is None else msgspec.json.encode(cell).decode()


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

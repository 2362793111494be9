"""``leadspro refresh``: source files to a published snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from leadspro_engine.cli.output import add_common, console, print_json, say

if TYPE_CHECKING:
    import argparse

    from leadspro_engine.cli.output import Commands
    from leadspro_engine.refresh import RefreshResult, StepResult


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "refresh",
        help="turn source files into a published snapshot",
        description="Read the sources, resolve them into people and companies, and publish a snapshot. "
        "Does nothing when neither the files nor the release changed.",
    )
    parser.add_argument(
        "--sources", metavar="FILE", type=Path, default=Path("sources.toml"),
        help="the sources file (default: sources.toml)",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="refresh even if nothing changed")
    parser.add_argument(
        "--relearn", action="store_true", help="learn new match weights instead of using the current ones"
    )
    parser.add_argument(
        "--anew", action="store_true",
        help="make every record and entity anew, with the current weights and ids, and take nothing over",
    )  # fmt: skip
    parser.add_argument(
        "--accept-smaller", action="store_true",
        help="publish although many people or companies of the current snapshot are gone",
    )  # fmt: skip
    add_common(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Refresh, with a line for each step on standard error as it ends."""
    from leadspro_engine.cli.ask import suppressed
    from leadspro_engine.refresh import refresh

    result = refresh(
        arguments.sources,
        arguments.home,
        suppressions=suppressed(arguments),
        force=arguments.force,
        relearn=arguments.relearn,
        anew=arguments.anew,
        accept_smaller=arguments.accept_smaller,
        progress=_Lines(),
    )
    if arguments.json:
        print_json(result)
    else:
        _show(result)


class _Lines:
    """Progress as lines on standard error; on a terminal the running step is shown while it runs."""

    def __init__(self) -> None:
        self._console = console(error=True)
        self._status = self._console.status("")

    def __call__(self, step: str, result: StepResult | None) -> None:
        if result is None:
            self._status.update(f"{step} …")
            self._status.start()
            return
        self._status.stop()
        counts = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in result.counts.items())
        self._console.print(f"{step}: {counts} ({result.seconds:.1f} s)", soft_wrap=True)
        for warning in result.warnings:
            self._console.print(f"  warning: {warning}", soft_wrap=True)


def _show(result: RefreshResult) -> None:
    if not result.published:
        say(f"Up to date: {result.version}. Nothing changed since; --force refreshes all the same.")
        return
    counts = ", ".join(f"{count:,} {table}" for table, count in result.steps[-1].counts.items())
    say(f"Published {result.version} in {result.seconds:.1f} s: {counts}.")

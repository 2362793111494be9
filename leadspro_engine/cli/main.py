"""The parser of ``leadspro``, and what becomes of an error."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from leadspro_engine.cli import ask, dedupe, keys, refresh, serve, snapshots, sql, workspaces
from leadspro_engine.cli.output import say, warn
from leadspro_engine.errors import InvalidInput, LeadsProError

if TYPE_CHECKING:
    from collections.abc import Sequence

_GROUPS = (refresh, ask, sql, serve, dedupe, keys, workspaces, snapshots)

FAILED, ASKED_WRONGLY, INTERRUPTED = 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code.

    Args:
        argv: the arguments after the program's name; those of the process when None.
    """
    arguments = parser().parse_args(argv)
    try:
        arguments.run(arguments)
        sys.stdout.flush()
    except LeadsProError as error:
        for line in (f"leadspro: {error}", *getattr(error, "__notes__", ())):
            warn(line)
        return ASKED_WRONGLY if isinstance(error, InvalidInput) else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output (head, less) has gone; that is its right
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def parser() -> argparse.ArgumentParser:
    """The parser with all commands; the namespace it gives has ``run``, which does the work."""
    made = argparse.ArgumentParser(
        prog="leadspro",
        description="Clean, matched and answerable contact data on your own machine.",
        epilog="The data folder is --home, else $LEADSPRO_HOME, else ./leadspro-data.",
    )
    made.add_argument("--version", action=_Version)
    commands = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in _GROUPS:
        group.add(commands)
    return made


class _Version(argparse.Action):
    """Prints the release; asks for it only when it is wanted, because that reads package metadata."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the release and exit")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from leadspro_engine.steps import engine_version

        say(f"leadspro {engine_version()}")
        parser.exit()

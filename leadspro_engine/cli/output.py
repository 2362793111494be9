"""How results are shown: tables for people, one JSON document for programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from rich.console import Console

    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (argparse gives it no public name)

_PIPE_WIDTH = 200
"""Width of tables that no terminal shows."""


def add_common(parser: argparse.ArgumentParser) -> None:
    """The options that all commands have."""
    parser.add_argument(
        "--home", metavar="DIR", help="data folder (default: $LEADSPRO_HOME or ./leadspro-data)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of tables")


def print_json(value: Any) -> None:
    """One value as an indented JSON document on standard output."""
    say(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], out: Console | None = None
) -> None:
    """A title and rows as a table, on standard output unless told otherwise; None is shown as nothing."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(shown(cell)) for cell in row))
    made = out or console()
    made.print(Text(title, style="bold"), soft_wrap=True)
    made.print(table)


def print_fields(title: str, fields: Iterable[tuple[str, object]]) -> None:
    """Names and values, a line each; those without a value are left out."""
    print_table(
        title, ("field", "value"), [(name, value) for name, value in fields if value not in (None, [], "")]
    )


def console(*, error: bool = False) -> Console:
    """Where text goes: standard output, or standard error for what is not the result."""
    from rich.console import Console

    made = Console(stderr=error, highlight=False)
    return made if made.is_terminal else Console(stderr=error, highlight=False, width=_PIPE_WIDTH)


def shown(value: object) -> str:
    """A value as a person reads it.

    >>> shown(12345), shown(["a", "b"]), shown(None), shown(0.98765)
    ('12,345', 'a, b', '', '0.988')
    """
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(shown(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def say(text: str) -> None:
    """A line on standard output."""
    sys.stdout.write(f"{text}\n")


def warn(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(f"{text}\n")

"""``leadspro keys``: API keys of an installation."""

from __future__ import annotations

import argparse
import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING

from leadspro_engine.cli.output import add_common, print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadspro_engine.accounts import Accounts, Key
    from leadspro_engine.cli.output import Commands

_OWNER_PLAN = "scale"
_LONGEST_DAYS = 36_500  # a century; leave --days out for a key that never ends
_COLUMNS = ("id", "name", "hint", "mode", "scopes", "created", "expires", "revoked", "last used")


def add(commands: Commands) -> None:
    """Add the commands."""
    group = commands.add_parser("keys", help="make, list and end API keys").add_subparsers(
        metavar="ACTION", required=True
    )
    create = group.add_parser("create", help="make a key; its text is shown this once")
    create.add_argument("name", metavar="NAME", help="what the key is for")
    create.add_argument(
        "--scope", action="append", metavar="SCOPE", help="what it may do (default: everything)"
    )
    create.add_argument("--mode", choices=("live", "test"), default="live", help="default: live")
    create.add_argument("--days", type=_days, metavar="N", help="ends after so many days (default: never)")
    create.set_defaults(run=run_create)
    listing = group.add_parser("list", help="all keys, the newest first")
    listing.set_defaults(run=run_list)
    revoke = group.add_parser("revoke", help="end a key at once")
    revoke.add_argument("id", metavar="ID", help="as `leadspro keys list` shows it")
    revoke.set_defaults(run=run_revoke)
    for parser in (create, listing, revoke):
        parser.add_argument("--workspace", metavar="ID", help="whose keys (default: the first workspace)")
        add_common(parser)


def run_create(arguments: argparse.Namespace) -> None:
    """Make a key and show its text."""
    from leadspro_engine.accounts import SCOPES

    with opened(arguments) as accounts:
        ends = None if arguments.days is None else accounts.now() + dt.timedelta(days=arguments.days)
        made = accounts.registry.create_key(
            _workspace(accounts, arguments),
            name=arguments.name,
            mode=arguments.mode,
            scopes=arguments.scope or SCOPES,
            expires_at=ends,
        )
    if arguments.json:
        print_json(made)
    else:
        say(f"{made.token}\nKeep it now: it is stored nowhere and not shown again. Its id is {made.key.id}.")


def run_list(arguments: argparse.Namespace) -> None:
    """Show all keys of a workspace."""
    with opened(arguments) as accounts:
        keys = accounts.registry.keys(_workspace(accounts, arguments))
    if arguments.json:
        print_json(keys)
    else:
        print_table("Keys", _COLUMNS, [_row(key) for key in keys])


def run_revoke(arguments: argparse.Namespace) -> None:
    """End a key."""
    with opened(arguments) as accounts:
        key = accounts.registry.revoke_key(_workspace(accounts, arguments), arguments.id)
    if arguments.json:
        print_json(key)
    else:
        say(f"Revoked {key.id} ({key.name}).")


def _days(text: str) -> int:
    """A number of days; argparse turns the error into one line."""
    days = int(text)
    if not 1 <= days <= _LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"{days} is not accepted; give 1 to {_LONGEST_DAYS}")
    return days


@contextmanager
def opened(arguments: argparse.Namespace) -> Iterator[Accounts]:
    """The accounts of the data folder, closed at the end."""
    from leadspro_engine.api.environment import Environment

    accounts = Environment.read(arguments.home).accounts()
    try:
        yield accounts
    finally:
        accounts.close()


def _workspace(accounts: Accounts, arguments: argparse.Namespace) -> str:
    """The workspace that was named, else the first one; a first one is made when there is none."""
    if arguments.workspace is not None:
        return str(arguments.workspace)
    own = [one.id for one in accounts.registry.workspaces() if one.plan != "demo"]
    return own[0] if own else accounts.registry.create_workspace("default", _OWNER_PLAN).id


def _row(key: Key) -> tuple[object, ...]:
    return (
        key.id, key.name, key.hint, key.mode, key.scopes,
        _day(key.created_at), _day(key.expires_at), _day(key.revoked_at), _day(key.last_used_at),
    )  # fmt: skip


def _day(when: dt.datetime | None) -> str | None:
    return None if when is None else when.date().isoformat()

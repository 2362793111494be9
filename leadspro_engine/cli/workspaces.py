"""``leadspro workspaces | plans | purge``: who has an account, what they may use, what is kept no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from leadspro_engine.cli.keys import opened
from leadspro_engine.cli.output import add_common, print_json, print_table, say

if TYPE_CHECKING:
    import argparse

    from leadspro_engine.cli.output import Commands

_COLUMNS = ("id", "name", "plan", "created")


def add(commands: Commands) -> None:
    """Add the commands."""
    group = commands.add_parser(
        "workspaces", help="make and list workspaces, change their plan"
    ).add_subparsers(metavar="ACTION", required=True)
    create = group.add_parser("create", help="make a workspace")
    create.add_argument("name", metavar="NAME", help="of the team or customer")
    create.add_argument("--plan", default="free", metavar="PLAN", help="default: free")
    create.set_defaults(run=run_create)
    listing = group.add_parser("list", help="all workspaces, the oldest first")
    listing.set_defaults(run=run_list)
    change = group.add_parser("plan", help="put a workspace on another plan, effective at once")
    change.add_argument("id", metavar="ID", help="as `leadspro workspaces list` shows it")
    change.add_argument("plan", metavar="PLAN", help="as `leadspro plans` shows it")
    change.set_defaults(run=run_plan)
    plans = commands.add_parser(
        "plans",
        help="what workspaces may use",
        description="The plans of plans.toml in the data folder, else the packaged ones.",
    )
    plans.set_defaults(run=run_plans)
    purge = commands.add_parser(
        "purge",
        help="clear away what plans keep no longer",
        description="Who was shown by old requests, stored answers past their day, files of old jobs. "
        "A running server does so every hour.",
    )
    purge.set_defaults(run=run_purge)
    for parser in (create, listing, change, plans, purge):
        add_common(parser)


def run_create(arguments: argparse.Namespace) -> None:
    """Make a workspace."""
    with opened(arguments) as accounts:
        made = accounts.registry.create_workspace(arguments.name, arguments.plan)
    if arguments.json:
        print_json(made)
    else:
        say(f"{made.id} is on the plan {made.plan}.")
        say(f"Make its first key: leadspro keys create --workspace {made.id} NAME")


def run_list(arguments: argparse.Namespace) -> None:
    """Show all workspaces."""
    with opened(arguments) as accounts:
        found = accounts.registry.workspaces()
    if arguments.json:
        print_json(found)
    else:
        rows = [(one.id, one.name, one.plan, one.created_at.date().isoformat()) for one in found]
        print_table("Workspaces", _COLUMNS, rows)


def run_plan(arguments: argparse.Namespace) -> None:
    """Change a plan."""
    with opened(arguments) as accounts:
        changed = accounts.registry.change_plan(arguments.id, arguments.plan)
    if arguments.json:
        print_json(changed)
    else:
        say(f"{changed.id} ({changed.name}) is on the plan {changed.plan} now.")


def run_plans(arguments: argparse.Namespace) -> None:
    """Show all plans."""
    with opened(arguments) as accounts:
        found = list(accounts.plans.by_name.values())
    if arguments.json:
        print_json(found)
    else:
        names = tuple(found[0].__struct_fields__) if found else ()
        print_table("Plans", names, [msgspec.structs.astuple(one) for one in found])


def run_purge(arguments: argparse.Namespace) -> None:
    """Clear away."""
    from leadspro_engine.dataset import home_folder
    from leadspro_engine.service import purge

    with opened(arguments) as accounts:
        purged = purge(home_folder(arguments.home), accounts)
    if arguments.json:
        print_json(purged)
    else:
        say(f"{purged.records} records forgotten, the files of {purged.jobs} jobs removed.")

"""``leadspro snapshots``: the published versions of a data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.cli.output import add_common, print_fields, print_json, print_table, say

if TYPE_CHECKING:
    import argparse

    from leadspro_engine.cli.output import Commands
    from leadspro_engine.dataset import Manifest

_ACTIONS = {
    "list": "all versions, oldest first",
    "show": "what a version says of itself",
    "verify": "read every byte of a version and compare checksums",
    "rollback": "make an earlier version current",
}


def add(commands: Commands) -> None:
    """Add the commands."""
    group = commands.add_parser("snapshots", help="list, verify and go back to published versions")
    actions = group.add_subparsers(metavar="ACTION", required=True)
    runs = {"list": run_list, "show": run_show, "verify": run_verify, "rollback": run_rollback}
    for action, meaning in _ACTIONS.items():
        parser = actions.add_parser(action, help=meaning, description=meaning.capitalize() + ".")
        if action != "list":
            default = "the one before the current" if action == "rollback" else "the current one"
            parser.add_argument("version", nargs="?", metavar="VERSION", help=f"default: {default}")
        add_common(parser)
        parser.set_defaults(run=runs[action])


def run_list(arguments: argparse.Namespace) -> None:
    """Show all versions."""
    from leadspro_engine.dataset import current_version, home_folder, list_versions

    home = home_folder(arguments.home)
    current = current_version(home)
    found = list_versions(home)
    if arguments.json:
        print_json([{**_short(one), "current": one.version == current} for one in found])
        return
    rows = [
        (one.version, one.version == current, f"{one.published_at:%Y-%m-%d %H:%M}", *_rows_of(one))
        for one in found
    ]
    print_table(
        "Snapshots", ("version", "current", "published (UTC)", "people", "companies", "rejects"), rows
    )


def run_show(arguments: argparse.Namespace) -> None:
    """Show one manifest."""
    from leadspro_engine.dataset import home_folder, snapshots_folder
    from leadspro_engine.dataset.home import snapshot_folder
    from leadspro_engine.dataset.manifest import read

    home = home_folder(arguments.home)
    folder = snapshots_folder(home) / arguments.version if arguments.version else snapshot_folder(home)
    manifest = read(folder)
    if arguments.json:
        print_json(manifest)
        return
    facts = [("published", f"{manifest.published_at:%Y-%m-%d %H:%M} UTC"), ("parent", manifest.parent)]
    print_fields(manifest.version, [*facts, *manifest.counts.items()])
    sources = [
        (one.get("source"), one.get("name"), one.get("rows"), one.get("sha256")) for one in manifest.sources
    ]
    print_table("Made from", ("source", "file", "rows", "sha256"), sources)


def run_verify(arguments: argparse.Namespace) -> None:
    """Verify one version."""
    from leadspro_engine.dataset import home_folder, verify

    manifest = verify(home_folder(arguments.home), arguments.version)
    if arguments.json:
        print_json({**_short(manifest), "whole": True})
    else:
        say(f"{manifest.version} is whole: {len(manifest.files)} files have their checksums.")


def run_rollback(arguments: argparse.Namespace) -> None:
    """Go back."""
    from leadspro_engine.dataset import home_folder, rollback

    version = rollback(home_folder(arguments.home), arguments.version)
    if arguments.json:
        print_json({"version": version})
    else:
        say(f"{version} is current.")


def _short(manifest: Manifest) -> dict[str, object]:
    return {
        "version": manifest.version,
        "published_at": manifest.published_at,
        "parent": manifest.parent,
        "counts": manifest.counts,
    }


def _rows_of(manifest: Manifest) -> tuple[int | None, ...]:
    return tuple(manifest.counts.get(table) for table in ("people", "companies", "rejects"))

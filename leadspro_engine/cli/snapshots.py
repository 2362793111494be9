"""``leadspro snapshots``: the published versions of a data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.cli.output import add_common, print_fields, print_json, print_table, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from leadspro_engine.cli.output import Commands
    from leadspro_engine.dataset import Manifest, Version


def add(commands: Commands) -> None:
    """Add the commands."""
    group = commands.add_parser(
        "snapshots", help="list, compare, verify, go back to and remove published versions"
    )
    actions = group.add_subparsers(metavar="ACTION", required=True)
    _action(actions, "list", run_list, "all versions, oldest first")
    one = "default: the current one"
    for name, run, meaning, default in (
        ("show", run_show, "what a version says of itself", one),
        ("verify", run_verify, "read every byte of a version and compare checksums", one),
        ("rollback", run_rollback, "make an earlier version current", "default: the one before the current"),
    ):
        _action(actions, name, run, meaning).add_argument(
            "version", nargs="?", metavar="VERSION", help=default
        )
    comparing = _action(actions, "diff", run_diff, "what changed from one version to another")
    comparing.add_argument("before", metavar="A", help="the older version")
    comparing.add_argument("after", metavar="B", help="the newer version")
    comparing.add_argument(
        "--examples", type=int, default=10, metavar="N", help="how many of each kind to list (default: 10)"
    )
    pruning = _action(actions, "prune", run_prune, "remove old versions; the current one always stays")
    pruning.add_argument(
        "--keep", type=int, metavar="N", help="how many of the newest stay (default: 3, at least 1)"
    )


def _action(
    actions: Commands, name: str, run: Callable[[argparse.Namespace], None], meaning: str
) -> argparse.ArgumentParser:
    """The parser of one action, with the options that all have."""
    parser = actions.add_parser(name, help=meaning, description=meaning.capitalize() + ".")
    add_common(parser)
    parser.set_defaults(run=run)
    return parser


def run_list(arguments: argparse.Namespace) -> None:
    """Show all versions, damaged ones with what is wrong."""
    from leadspro_engine.dataset import current_version, home_folder, list_versions

    home = home_folder(arguments.home)
    current = current_version(home)
    found = list_versions(home)
    if arguments.json:
        print_json([{**_listed(one), "current": one.name == current} for one in found])
        return
    rows = [(one.name, one.name == current, *_cells(one)) for one in found]
    columns = ("version", "current", "published (UTC)", "people", "companies", "rejects", "problem")
    print_table("Snapshots", columns if any(one.problem for one in found) else columns[:-1], rows)


def _listed(one: Version) -> dict[str, object]:
    """A version in the list for programs."""
    if one.manifest is None:
        return {"version": one.name, "problem": str(one.problem)}
    return {**_short(one.manifest), "problem": None}


def _cells(one: Version) -> tuple[object, ...]:
    """What the list shows of a version."""
    if one.manifest is None:
        return None, None, None, None, str(one.problem)
    return f"{one.manifest.published_at:%Y-%m-%d %H:%M}", *_rows_of(one.manifest)


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


def run_diff(arguments: argparse.Namespace) -> None:
    """Show what changed."""
    from leadspro_engine.dataset import diff, home_folder

    found = diff(home_folder(arguments.home), arguments.before, arguments.after, examples=arguments.examples)
    if arguments.json:
        print_json(found)
        return
    both = (("people", found.people), ("companies", found.companies))
    print_table(
        f"From {found.before} to {found.after}",
        ("", "added", "removed", "merged", "changed"),
        [(name, one.added, one.removed, one.merged, one.changed) for name, one in both],
    )
    for name, one in both:
        if one.fields:
            print_table(f"Changed fields of {name}", ("field", name), one.fields.items())
        if one.examples:
            print_table(
                f"Examples of {name}",
                ("id", "change", "into", "fields"),
                [
                    (each.id, each.change, ", ".join(each.into), ", ".join(each.fields))
                    for each in one.examples
                ],
            )


def run_prune(arguments: argparse.Namespace) -> None:
    """Remove old versions."""
    from leadspro_engine.dataset import home_folder, prune
    from leadspro_engine.dataset.versions import KEEP

    gone = prune(home_folder(arguments.home), keep=KEEP if arguments.keep is None else arguments.keep)
    if arguments.json:
        print_json({"removed": gone})
    else:
        say(f"Removed {', '.join(gone)}." if gone else "Nothing to remove.")


def _short(manifest: Manifest) -> dict[str, object]:
    return {
        "version": manifest.version,
        "published_at": manifest.published_at,
        "parent": manifest.parent,
        "counts": manifest.counts,
    }


def _rows_of(manifest: Manifest) -> tuple[int | None, ...]:
    return tuple(manifest.counts.get(table) for table in ("people", "companies", "rejects"))

"""The published versions of a data folder: list, verify, go back, and remove old ones."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from msgspec import Struct

from leadspro_engine.dataset import manifest
from leadspro_engine.dataset.home import STAGING, current_version, point_to, snapshot_folder, snapshots_folder
from leadspro_engine.dataset.lock import publish_lock
from leadspro_engine.errors import DatasetCorrupt, DatasetMissing, InvalidInput

if TYPE_CHECKING:
    from pathlib import Path

    from leadspro_engine.dataset.manifest import Manifest
    from leadspro_engine.errors import LeadsProError

KEEP = 3
"""How many versions stay on the disk: the current one, the one to go back to, and one for slow readers."""


class Version(Struct, frozen=True):
    """One published version: its name, and its manifest or what is wrong with it."""

    name: str
    manifest: Manifest | None
    problem: LeadsProError | None


def list_versions(home: Path) -> list[Version]:
    """All published versions, oldest first; one that is damaged says so."""
    return [_version(home, name) for name in published_versions(home)]


def _version(home: Path, name: str) -> Version:
    """A version with its manifest, if that can be read and the files have their sizes."""
    folder = snapshots_folder(home) / name
    try:
        found = manifest.read(folder)
        manifest.check_sizes(folder, found)
    except (DatasetCorrupt, DatasetMissing) as problem:
        return Version(name, None, problem)
    return Version(name, found, None)


def current_manifest(home: Path) -> Manifest | None:
    """The manifest of the current version; None when there is none that can be read."""
    version = current_version(home)
    if version is None:
        return None
    try:
        return manifest.read(snapshots_folder(home) / version)
    except (DatasetMissing, DatasetCorrupt):
        return None


def verify(home: Path, version: str | None = None) -> Manifest:
    """Read every byte of a version (the current one by default) and return its manifest when all is whole.

    Raises:
        DatasetCorrupt: names the first file that is not what was published.
        DatasetMissing: there is no such version.
    """
    folder = snapshot_folder(home) if version is None else snapshots_folder(home) / version
    found = manifest.read(folder)
    manifest.check_content(folder, found)
    return found


def rollback(home: Path, version: str | None = None) -> str:
    """Make an earlier version current, the current one's parent by default; gives its name.

    The version is verified first. Nothing is removed, so one can go forward again the same way.

    Raises:
        InvalidInput: there is nothing to go back to, or no such version.
        DatasetCorrupt: that version is damaged; the current one stays.
        RefreshInProgress: another process is publishing.
    """
    with publish_lock(home):
        names = published_versions(home)
        wanted = version if version is not None else _one_before(home, names)
        if wanted is None or wanted not in names:
            raise InvalidInput(
                "version", wanted, f"one of {', '.join(names) or 'none: nothing is published'}"
            )
        verify(home, wanted)
        point_to(home, wanted)
    return wanted


def prune(home: Path, *, keep: int = KEEP) -> list[str]:
    """Remove all but the newest ``keep`` versions (at least 1) and the current one; gives their names.

    Readers that have an old version open keep it until they close it.

    Raises:
        RefreshInProgress: another process is publishing.
    """
    with publish_lock(home):
        return prune_held(home, keep=keep)


def prune_held(home: Path, *, keep: int) -> list[str]:
    """``prune`` for a caller that holds the lock."""
    current = current_version(home)
    if current is None:
        raise DatasetMissing(home)
    gone = [version for version in published_versions(home)[: -max(keep, 1)] if version != current]
    for version in gone:
        leaving = snapshots_folder(home) / f"{STAGING}{version}"  # so that a version is whole or not there
        (snapshots_folder(home) / version).rename(leaving)
        shutil.rmtree(leaving)
    return gone


def _one_before(home: Path, names: list[str]) -> str | None:
    """The current version's parent; the newest that is older when its manifest cannot be read."""
    try:
        return manifest.read(snapshot_folder(home)).parent
    except (DatasetCorrupt, DatasetMissing):
        current = current_version(home) or ""
        return max((name for name in names if name < current), default=None)


def published_versions(home: Path) -> list[str]:
    """The names of all published versions, oldest first: they begin with the time."""
    return sorted(folder.name for folder in snapshots_folder(home).glob("v-*"))

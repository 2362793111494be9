"""The state of the current snapshot: what the next refresh, and whoever judges its pairs, goes on from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.dataset import manifest
from leadspro_engine.dataset.durable import sha256_of
from leadspro_engine.dataset.home import RESOLUTION, TABLES, current_version, snapshots_folder
from leadspro_engine.errors import DatasetCorrupt, DatasetMissing
from leadspro_engine.resolve.prior import FILES, PriorState

if TYPE_CHECKING:
    from pathlib import Path

    from leadspro_engine.dataset.manifest import Manifest


def current_state(home: Path) -> PriorState | None:
    """The state that the current snapshot was made in; None when it was made without one."""
    version = current_version(home)
    if version is None:
        return None
    folder = snapshots_folder(home) / version
    if not (folder / RESOLUTION).is_dir():
        return None
    try:
        found = manifest.read(folder)
    except (DatasetCorrupt, DatasetMissing):  # of another release: its ids and weights may go on all the same
        missing = tuple(name for name in FILES if not (folder / RESOLUTION / name).is_file())
        return PriorState(folder / RESOLUTION, version, damaged=missing, anew=True)
    damaged = tuple(name for name in FILES if not _as_published(folder, f"{RESOLUTION}/{name}", found))
    usable = not damaged and _made_by_this_release(folder, found)
    return PriorState(folder / RESOLUTION, version, folder / TABLES if usable else None, damaged)


def _as_published(folder: Path, name: str, found: Manifest) -> bool:
    """Whether a file of a snapshot is what it was when it was published."""
    fact = next((fact for fact in found.files if fact.name == name), None)
    path = folder / name
    return fact is not None and path.is_file() and sha256_of(path) == fact.sha256


def _made_by_this_release(folder: Path, found: Manifest) -> bool:
    """Whether a snapshot has what this very code would make of the same records, and is not cut short."""
    try:
        manifest.check_sizes(folder, found)
    except DatasetCorrupt:
        return False
    return found.engines == manifest.engines() and found.code == manifest.code()

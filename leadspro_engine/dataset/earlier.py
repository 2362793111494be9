"""A version that is still on the disk, open for looking people and companies up as they were in it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from leadspro_engine.dataset import manifest
from leadspro_engine.dataset.home import KEYS, snapshots_folder
from leadspro_engine.dataset.keys import KeyIndex
from leadspro_engine.dataset.versions import published_versions
from leadspro_engine.errors import DatasetCorrupt, DatasetMissing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def as_of(home: Path, version: str | None) -> Iterator[KeyIndex | None]:
    """The key index of a version for the length of the block; None when nobody can say what was in it.

    Nobody can when the version was pruned, is damaged, or was made by a release with another layout.
    """
    index = _open(home, version)
    try:
        yield index
    finally:
        if index is not None:
            index.close()


def _open(home: Path, version: str | None) -> KeyIndex | None:
    """The key index of a version, if it can be read."""
    if version not in published_versions(home):
        return None
    folder = snapshots_folder(home) / version
    try:
        manifest.check_sizes(folder, manifest.read(folder))
        return KeyIndex(folder / KEYS)
    except (DatasetMissing, DatasetCorrupt):
        return None

"""Where a data folder keeps its snapshots, and which of them is current.

```
<home>/refresh.lock                   held by the one refresh that may run
<home>/snapshots/CURRENT              the name of the current version, nothing else
<home>/snapshots/v-<utc>-<hash>/      one published snapshot; never modified
<home>/snapshots/staging-…/           one being built or removed; swept when its process is gone
```
"""

from __future__ import annotations

import os
from pathlib import Path

from leadspro_engine.dataset.durable import write_durably
from leadspro_engine.errors import DatasetMissing

DEFAULT_HOME = "leadspro-data"
HOME_VARIABLE = "LEADSPRO_HOME"
POINTER = "CURRENT"
MANIFEST = "manifest.json"
TABLES = "dataset.duckdb"
KEYS = "keys.lmdb"
SEARCH = "search"  # a folder: the search index
RESOLUTION = "resolution"  # a folder: what the next refresh goes on from
STAGING = "staging-"


def home_folder(given: str | Path | None = None) -> Path:
    """The data folder: the one given, else ``$LEADSPRO_HOME``, else ``./leadspro-data``.

    >>> str(home_folder("elsewhere"))
    'elsewhere'
    """
    return Path(given if given is not None else os.environ.get(HOME_VARIABLE) or DEFAULT_HOME)


def snapshots_folder(home: Path) -> Path:
    """The folder of all published versions of a data folder."""
    return home / "snapshots"


def current_version(home: Path) -> str | None:
    """The version that CURRENT names; None when nothing was published yet."""
    try:
        return (snapshots_folder(home) / POINTER).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def point_to(home: Path, version: str) -> None:
    """Make ``version`` current, in one step that a reader sees either before or after."""
    write_durably(snapshots_folder(home) / POINTER, f"{version}\n".encode())


def snapshot_folder(home_or_snapshot: Path) -> Path:
    """The snapshot itself when that was given, else the current one of a data folder.

    Raises:
        DatasetMissing: the folder is no snapshot, and no version is current in it.
    """
    if (home_or_snapshot / MANIFEST).is_file():
        return home_or_snapshot
    version = current_version(home_or_snapshot)
    if version is None:
        raise DatasetMissing(home_or_snapshot)
    return snapshots_folder(home_or_snapshot) / version

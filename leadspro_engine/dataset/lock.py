"""One at a time: the locks of a data folder.

Both are advisory locks of the operating system on a small file that names its holder. The system lets go
of them when the holder ends, however it ends, so that a killed refresh never blocks the next one.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from leadspro_engine.dataset.home import snapshots_folder
from leadspro_engine.errors import RefreshInProgress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def refresh_lock(home: Path) -> Iterator[None]:
    """Hold the data folder for one refresh, from its first source to its publication.

    Raises:
        RefreshInProgress: another refresh holds it; the error says which process.
    """
    home.mkdir(parents=True, exist_ok=True)
    with _held(home, home / "refresh.lock"):
        yield


@contextmanager
def publish_lock(home: Path) -> Iterator[None]:
    """Hold the list of published versions while it changes: publish, roll back, prune.

    Raises:
        RefreshInProgress: another process is changing it.
    """
    snapshots_folder(home).mkdir(parents=True, exist_ok=True)
    with _held(home, snapshots_folder(home) / "publish.lock"):
        yield


@contextmanager
def _held(home: Path, path: Path) -> Iterator[None]:
    """Hold the lock file at ``path``, with our process id written into it."""
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            file.seek(0)
            raise RefreshInProgress(home, file.read().strip() or "holder unknown") from exc
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield

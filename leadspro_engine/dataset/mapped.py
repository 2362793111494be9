"""Sorted maps in one memory-mapped file, which all processes of a machine share; by LMDB.

Written once, map by map, each from entries that come sorted by key. LMDB takes keys of at most 511 bytes: a
longer one is cut, with its checksum at the end, and so stands out of its order.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakValueDictionary

import lmdb

from leadspro_engine.dataset.manifest import MAKE_ANEW
from leadspro_engine.errors import DatasetCorrupt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

Entry = tuple[bytes, bytes]
LONGEST_KEY = 480  # bytes; LMDB's own limit is 511


class Reading(threading.local):
    """This thread's read transaction; the file never changes, so it stays open."""

    def __init__(self, environment: lmdb.Environment, *, buffers: bool) -> None:
        self.transaction: Any = environment.begin(buffers=True) if buffers else environment.begin()


class Mapped:
    """One mapped file for reading, shared by all readers of a process: LMDB refuses to map a file twice."""

    def __init__(self, path: Path, names: Sequence[str], *, buffers: bool) -> None:
        self.environment = lmdb.open(
            str(path), subdir=False, readonly=True, lock=False, readahead=False, max_dbs=len(names)
        )
        try:
            self._check(path, names)
            self.maps = {name: self.environment.open_db(name.encode(), create=False) for name in names}
        except BaseException:
            self.environment.close()  # the error may live long, and the file cannot be mapped twice
            raise
        self.reading = Reading(self.environment, buffers=buffers)

    @classmethod
    def shared(cls, path: Path, names: Sequence[str], *, buffers: bool = False) -> Mapped:
        """The file as this process has mapped it; unmapped with its last reader.

        Args:
            path: the file.
            names: every map that is read.
            buffers: values are views of the mapped memory, valid as long as the file is open; else copies.

        Raises:
            DatasetCorrupt: it cannot be opened, or lacks one of the maps.
        """
        resolved = path.resolve()
        with _mapping:
            mapped = _mapped.get(resolved)
            if mapped is None:
                try:
                    mapped = _mapped[resolved] = Mapped(resolved, names, buffers=buffers)
                except lmdb.Error as exc:
                    raise DatasetCorrupt(path, f"cannot be opened ({exc})") from exc
            return mapped

    def transaction(self) -> Any:
        """This thread's read transaction."""
        return self.reading.transaction

    def _check(self, path: Path, names: Sequence[str]) -> None:
        """Return when the file has every map that is read."""
        with self.environment.begin() as transaction:
            lacking = set(names) - {name.decode() for name, _ in transaction.cursor()}
        if lacking:
            named = ", ".join(sorted(lacking))
            raise DatasetCorrupt(path, f"made by another release, it lacks {named}; {MAKE_ANEW}")


_mapped: WeakValueDictionary[Path, Mapped] = WeakValueDictionary()
_mapping = threading.Lock()


class Writer:
    """A new file that maps are written to, one after the other; a context manager."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        room = shutil.disk_usage(path.parent).free  # an upper limit only: the file grows as it is filled
        self._environment = lmdb.open(
            str(path), subdir=False, lock=False, sync=False, map_size=room, max_dbs=len(names)
        )

    def fill(self, name: str, entries: Iterable[Entry]) -> None:
        """Write one map from entries that come sorted by key, but for those of the longest keys."""
        where = self._environment.open_db(name.encode())
        late: list[Entry] = []
        with self._environment.begin(write=True) as transaction, transaction.cursor(where) as cursor:
            cursor.putmulti(_in_order(entries, late), append=True)
            cursor.putmulti(late)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._environment.sync(True)  # noqa: FBT003 - py-lmdb names it `force`, by position only
        self._environment.close()


def _in_order(entries: Iterable[Entry], late: list[Entry]) -> Iterator[Entry]:
    """The entries whose key stands in its order; a shortened key no longer does, and goes to ``late``."""
    for entry in entries:
        if len(entry[0]) == LONGEST_KEY:
            late.append(entry)
        else:
            yield entry


def index_key(key: str) -> bytes:
    """A key as it stands in a map: its UTF-8, and a long one cut with its checksum at the end."""
    encoded = key.encode()
    if len(encoded) < LONGEST_KEY:
        return encoded
    digest = hashlib.sha256(encoded).hexdigest().encode()
    return encoded[: LONGEST_KEY - len(digest)] + digest

"""An open snapshot: the answers to "which entity has this key?" and "what is stored of it?"."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import msgspec

from leadspro_engine.compare import DIFFERS, PEOPLE, Weights
from leadspro_engine.dataset import manifest
from leadspro_engine.dataset.home import KEYS, MANIFEST, SEARCH, TABLES, current_version, snapshot_folder
from leadspro_engine.dataset.keys import KeyIndex
from leadspro_engine.dataset.reader import TableReader
from leadspro_engine.dataset.search_index import SearchIndex
from leadspro_engine.errors import DatasetCorrupt, DatasetMissing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

    from duckdb import DuckDBPyConnection

    from leadspro_engine.dataset.manifest import Manifest
    from leadspro_engine.dataset.stored import StoredPerson
    from leadspro_engine.records import Claim, Company, IdentifierKind

_HEADERS = {TABLES: (8, b"DUCK"), KEYS: (16, b"\xde\xc0\xef\xbe")}
"""Where each kind of file has its mark. Sources: DuckDB storage format; LMDB ``MDB_MAGIC``, little-endian."""


class Dataset:
    """One published snapshot, open for reading by any number of threads.

    ``lookup``, ``people`` and ``companies`` work on the tables alone and are the truth; ``keys`` has the same
    doors over the key index, about 190 times faster (an e-mail to its person, demo data), and answers every
    query that is matched.

    Attributes:
        manifest: what the snapshot says of itself.
        weights: the learned weights, by model: ``people`` and ``companies``.
        keys: the key index.
        tables_path: the DuckDB file.
        index: the search index, which answers every search.
    """

    def __init__(self, folder: Path, found: Manifest) -> None:
        self.manifest = found
        self.tables_path = folder / TABLES
        self.weights = _weights(folder / MANIFEST, found)
        self.keys = KeyIndex(folder / KEYS)
        try:
            self.index = SearchIndex(folder / SEARCH)
            self._tables = TableReader(self.tables_path)
        except DatasetCorrupt:
            self.keys.close()
            raise

    @classmethod
    def open(cls, home_or_snapshot: Path, *, verify: bool = False) -> Self:
        """Open a snapshot, or the current one of a data folder.

        Args:
            home_or_snapshot: a data folder, or the folder of one version.
            verify: read every byte and compare checksums, instead of sizes and headers only.

        Raises:
            DatasetMissing: there is no published snapshot.
            DatasetCorrupt: a file is not what was published, cannot be read, or was made by a release whose
                snapshots this one does not read; the error names it and says what to do.
        """
        while True:
            version = current_version(home_or_snapshot)
            try:
                return cls._open(snapshot_folder(home_or_snapshot), verify=verify)
            except (DatasetMissing, DatasetCorrupt, OSError) as exc:
                if current_version(home_or_snapshot) != version:
                    continue  # it was replaced and removed under our hands: open its successor
                if isinstance(exc, OSError):
                    raise DatasetCorrupt(home_or_snapshot, f"cannot be read ({exc})") from exc
                raise

    @classmethod
    def _open(cls, folder: Path, *, verify: bool) -> Self:
        """Open the snapshot of a folder after checking it."""
        found = manifest.read(folder)
        (manifest.check_content if verify else manifest.check_sizes)(folder, found)
        for name, (place, mark) in _HEADERS.items():
            with (folder / name).open("rb") as file:
                if file.read(place + len(mark))[place:] != mark:
                    raise DatasetCorrupt(folder / name, "the file does not begin as its kind does")
        return cls(folder, found)

    @property
    def version(self) -> str:
        """The name of the snapshot, ``v-<utc>-<hash>``."""
        return self.manifest.version

    @cached_property
    def learned_fields(self) -> frozenset[str]:
        """The comparisons of today's people model that the weights were learned for, level by level.

        A snapshot that an older release made may lack some; the others still mean what they meant.
        """
        learned = self.weights["people"].fields
        return frozenset(
            one.field
            for one in PEOPLE.comparisons
            if [*(level.label for level in one.levels), DIFFERS]
            == [level.label for level in learned.get(one.field, ())]
        )

    def lookup(self, kind: IdentifierKind, keys: Sequence[str]) -> dict[str, list[str]]:
        """The ids that each key leads to, sorted; keys that lead nowhere are left out."""
        return self._tables.lookup(kind, keys)

    def people(self, ids: Iterable[str]) -> dict[str, StoredPerson]:
        """The people with these ids, with employer's id and features; unknown ids are left out."""
        return self._tables.people(ids)

    def companies(self, ids: Iterable[str]) -> dict[str, Company]:
        """The companies with these ids; unknown ids are left out."""
        return self._tables.companies(ids)

    def successors(self, ids: Sequence[str]) -> dict[str, list[str]]:
        """The ids that took the place of ids of earlier snapshots, or a part of their records; best first.

        An empty list says that the entity is gone: no source has its records any more, or it asked not to be
        shown. Ids that are what they were, or never existed, are left out.
        """
        return self._tables.successors(ids)

    def lineage(self, ids: Iterable[str]) -> dict[str, list[tuple[str, Claim]]]:
        """Every claim about these people and companies, each with its field as ``survivorship`` names it.

        Those that were chosen come first, then those that say the same, then the others, the newest first.
        Ids of which nothing is claimed are left out.
        """
        return self._tables.lineage(ids)

    def frequency(self, column: str, value: str) -> float | None:
        """The share of people that have a value, in (0, 1]; None when at most one has."""
        return self._tables.frequency(column, value)

    def cursor(self) -> DuckDBPyConnection:
        """This thread's cursor on the tables. Fetch everything from it before the next query."""
        return self._tables.cursor()

    def close(self) -> None:
        """Let go of the files. Nothing may be asked afterwards."""
        self.keys.close()
        self.index.close()
        self._tables.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _weights(path: Path, found: Manifest) -> dict[str, Weights]:
    """The learned weights of both models.

    Raises:
        DatasetCorrupt: the manifest has none that this release reads.
    """
    try:
        weights = msgspec.json.decode(found.weights, type=dict[str, Weights])
    except msgspec.DecodeError as exc:
        raise DatasetCorrupt(path, f"its weights cannot be read ({exc}); {manifest.MAKE_ANEW}") from exc
    if lacking := {"people", "companies"} - weights.keys():
        raise DatasetCorrupt(path, f"no weights of {', '.join(sorted(lacking))}; {manifest.MAKE_ANEW}")
    return weights

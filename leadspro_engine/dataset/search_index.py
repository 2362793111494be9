"""The search index of a snapshot: which records have a word or a value, and in which order they stand.

A cache compiled from the snapshot's tables (``search_build``): it can be built again at any time, and a
property test holds searches over it equal to those over the tables.

Records of a kind (people, companies) have *numbers*: 0, 1, 2 … in the order of how many basic details they
lack, then of their ids. So the best come first, and the smallest numbers of a set of records are its first
page. Two things are kept of each kind:

- **Terms**: for each field a sorted map from a term to the numbers of the records that have it, as a
  compressed bitmap. Sets of records are united, intersected and counted without looking at the records.
- **Columns**: the id of each number, its age, its employer's number and the values that facets count, read in
  place from a mapped Arrow file.

| field of terms | what |
| --- | --- |
| ``job_title`` and the other ``TEXTS`` | the words of the text |
| ``skills`` and the other ``COLUMNS`` | the value, or each value of a list, folded as ``FOLDED`` says |
| ``there`` | of people: the names of the details (``THERE``) that the record has |
| ``size`` | how many different words the ranked text has, without stop words |
| ``gaps`` | how many basic details are lacking |
| ``headcount`` | the number, with leading zeros |
| ``headcount_range`` | that of the number; where there is none, the range that is known |
| ``founded`` | of companies: the year |
| ``updated_at`` | day, month and year: d2025-03-17, m2025-03 and y2025 |

Source of the bitmaps: S. Chambi, D. Lemire et al., "Better bitmap performance with Roaring bitmaps" (2016).
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from pyroaring import BitMap

from leadspro_engine.dataset.mapped import Mapped, index_key
from leadspro_engine.dataset.searchable import COLUMNS, COMPLETED, TEXTS
from leadspro_engine.errors import DatasetCorrupt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

KINDS = ("people", "companies")
TEXTS_OF = {"people": tuple(TEXTS), "companies": ("company_name", "industry")}
_NUMBERS = ("size", "gaps", "headcount", "headcount_range", "updated_at")
_COMPARED = {kind: [name for name in COLUMNS[kind] if name not in _NUMBERS] for kind in KINDS}
_OF_A_KIND = {"people": ["there"], "companies": ["founded"]}
FIELDS = {kind: [*TEXTS_OF[kind], *_COMPARED[kind], *_NUMBERS, *_OF_A_KIND[kind]] for kind in KINDS}
"""The fields of terms of each kind."""
TERMS_FILE = "terms.lmdb"
DIGITS = 9  # of a headcount with leading zeros


def map_of(kind: str, field: str) -> str:
    """The name of the map of a field's terms."""
    return f"{kind}/{field}"


def completion_maps(field: str) -> tuple[str, str, str]:
    """The names of the maps from which a field is completed, see ``completions``."""
    return f"{field}/beginnings", f"{field}/common", f"{field}/values"


MAPS = (
    *(map_of(kind, field) for kind in KINDS for field in FIELDS[kind]),
    *(name for field in COMPLETED for name in completion_maps(field)),
)


class SearchIndex:
    """Read access to the search index of a snapshot; safe to use from many threads.

    Attributes:
        mapped: the file of the maps.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self.mapped = Mapped.shared(folder / TERMS_FILE, MAPS, buffers=True)
            self._records = {kind: Records(self.mapped, kind, columns(folder, kind)) for kind in KINDS}
        except (OSError, pa.ArrowInvalid) as exc:
            raise DatasetCorrupt(folder, f"cannot be opened ({exc})") from exc

    def records(self, kind: str) -> Records:
        """The records of one kind: ``people`` or ``companies``."""
        return self._records[kind]

    def close(self) -> None:
        """Let go of the files. Nothing may be asked afterwards."""
        self._records.clear()
        self.__dict__.pop("mapped", None)


class Records:
    """The records of one kind: sets of them by their terms, and the columns of each.

    Attributes:
        kind: ``people`` or ``companies``.
        column: ``id``, ``age`` in days as in ``searchable.age_sql``, of people ``employer`` (the number of a
            company or null), and the dictionary-encoded values of ``searchable.VALUES``; one entry a number.
    """

    def __init__(self, mapped: Mapped, kind: str, table: dict[str, Any]) -> None:
        self.kind, self.column = kind, table
        self._mapped = mapped

    def __len__(self) -> int:
        return len(self.column["id"])

    def having(self, field: str, terms: Iterable[str]) -> BitMap:
        """The numbers of the records that have one of these terms."""
        get, where = self._mapped.transaction().get, self._mapped.maps[map_of(self.kind, field)]
        stored = (get(index_key(term), db=where) for term in terms if term)
        return _united([BitMap.deserialize(one) for one in stored if one is not None])

    def between(self, field: str, low: str, high: str) -> BitMap:
        """The numbers of the records that have a term from ``low`` to ``high``, both included."""
        return _united([numbers for _, numbers in self._range(field, low, high)])

    def first_from(self, field: str, text: str) -> str | None:
        """The first term of a field that stands at or behind a text, by code points."""
        with self._mapped.transaction().cursor(self._mapped.maps[map_of(self.kind, field)]) as cursor:
            return bytes(cursor.key()).decode() if cursor.set_range(text.encode()) else None

    def terms(self, field: str) -> dict[str, BitMap]:
        """Every term of a field with few of them."""
        return dict(self._range(field, "\0", "\U0010ffff"))

    @cached_property
    def sizes(self) -> dict[int, BitMap]:
        """The records whose ranked text has so many words; not to be changed."""
        return {int(size): numbers for size, numbers in self.terms("size").items()}

    @cached_property
    def years(self) -> dict[int, BitMap]:
        """The records that were last updated in each year; not to be changed."""
        return {int(year[1:]): numbers for year, numbers in self._range("updated_at", "y", "z")}

    def ids(self, numbers: Sequence[int]) -> list[str]:
        """The ids of some records, in the order of the numbers."""
        column = self.column["id"]
        return [column[number].as_py() for number in numbers]

    def numbers(self, ids: Sequence[str]) -> BitMap:
        """The numbers of the records with these ids; unknown ids are left out. Reads the whole column."""
        if not ids:
            return BitMap()
        fitting = pc.indices_nonzero(pc.is_in(self.column["id"], value_set=pa.array(ids, pa.string())))
        return BitMap(fitting.to_pylist())

    def before(self, gaps: int, entity: str) -> int:
        """How many records lack fewer details, or as many and have no greater id."""
        start, end = self._lacking[min(gaps, len(self._lacking) - 1)]
        column = self.column["id"]
        return start + bisect_right(range(start, end), entity, key=lambda number: column[number].as_py())

    @cached_property
    def lacking(self) -> list[BitMap]:
        """The records that lack no detail, one, two …; not to be changed."""
        return [BitMap(range(start, end)) for start, end in self._lacking]

    @cached_property
    def _lacking(self) -> list[tuple[int, int]]:
        """Where the numbers of the records begin and end that lack so many details, 0 first."""
        found = self.terms("gaps")
        runs, start = [], 0
        for gaps in range(10):
            end = start + len(found.get(str(gaps), ()))
            runs.append((start, end))
            start = end
        return runs

    def _range(self, field: str, low: str, high: str) -> Iterator[tuple[str, BitMap]]:
        """The terms from ``low`` to ``high`` with their records."""
        last = high.encode()
        with self._mapped.transaction().cursor(self._mapped.maps[map_of(self.kind, field)]) as cursor:
            if cursor.set_range(low.encode()):
                for key, stored in cursor:
                    if bytes(key) > last:
                        break
                    yield bytes(key).decode(), BitMap.deserialize(stored)


def array_of(numbers: BitMap) -> Any:
    """The numbers of a set as an Arrow array, ascending."""
    return pa.Array.from_buffers(pa.uint32(), len(numbers), [None, pa.py_buffer(numbers.to_array())])


def set_of(numbers: Any) -> BitMap:
    """The set of the numbers of an Arrow array of ``uint32`` without nulls."""
    return BitMap(array("I", words_of(numbers).tobytes()))


def words_of(numbers: Any) -> memoryview:
    """The values of an Arrow array of ``uint32`` without nulls, as they lie in memory."""
    if not len(numbers):
        return memoryview(array("I"))
    return memoryview(numbers.buffers()[1]).cast("I")[numbers.offset : numbers.offset + len(numbers)]


def first(numbers: BitMap, *, after: int, limit: int) -> list[int]:
    """Up to so many of the smallest numbers that are at least ``after``."""
    return list(islice(numbers.iter_equal_or_larger(after), limit))


def columns(folder: Path, kind: str) -> dict[str, Any]:
    """The columns of a kind, read in place from their mapped file."""
    table = pa.ipc.open_file(pa.memory_map(str(folder / f"{kind}.arrow"))).read_all()
    chunked = {name: table[name] for name in table.column_names}
    return {name: one.chunk(0) if one.num_chunks else one.combine_chunks() for name, one in chunked.items()}


def _united(sets: list[BitMap]) -> BitMap:
    """Everything that is in one of the sets."""
    if len(sets) == 1:
        return sets[0]
    return BitMap.union(*sets) if sets else BitMap()

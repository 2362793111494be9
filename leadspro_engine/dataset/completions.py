"""What a field is completed from, as typed: its values by how they begin, and how many records have each.

Spellings of a value that differ in case, accents and punctuation only are one value, whose number says how
common it is: 0 is the commonest, ties by its commonest spelling. Three sorted maps for each field:

- *beginnings*: the folded words of a value from any of its words on, cut to ``LONGEST`` characters -> the
  numbers of the values that go on so;
- *common*: each beginning under which more than ``MANY`` values stand -> the numbers of its ``KEPT``
  commonest ones, so that a single letter reads no more than a long word;
- *values*: the number of a value -> how often each of its spellings occurs, the commonest first.
"""

from __future__ import annotations

import struct
from array import array
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from leadspro_engine import sql
from leadspro_engine.dataset.search_index import completion_maps
from leadspro_engine.dataset.searchable import COMPLETED
from leadspro_engine.dataset.words import words_sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from duckdb import DuckDBPyConnection

    from leadspro_engine.dataset.mapped import Entry, Mapped, Writer

LONGEST = 110
"""Characters of a beginning, which all fit into the key of a map; nothing longer is typed."""
MANY = 500
KEPT = 200
_NUMBER = struct.Struct(">I")  # sorts as the numbers do

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[tuple[str, int]]).decode


class Begun(NamedTuple):
    """The values that begin in some way, the commonest first; ``all_of_them`` when none was left out."""

    numbers: Sequence[int]
    all_of_them: bool


class Completions:
    """Read access to what one field is completed from."""

    def __init__(self, mapped: Mapped, field: str) -> None:
        self._mapped = mapped
        self._beginnings, self._common, self._values = (mapped.maps[one] for one in completion_maps(field))

    def begun(self, beginning: str) -> Begun:
        """The values one of whose words begins so, and goes on so."""
        typed = beginning.encode()
        common = self._mapped.transaction().get(typed, db=self._common)
        if common is not None:
            return Begun(_read(common), all_of_them=False)
        numbers: set[int] = set()
        with self._mapped.transaction().cursor(self._beginnings) as cursor:
            if cursor.set_range(typed):
                for key, stored in cursor:
                    if bytes(key[: len(typed)]) != typed:
                        break
                    numbers.update(_read(stored))
        return Begun(sorted(numbers), all_of_them=True)

    def first_from(self, beginning: str) -> str | None:
        """The first beginning that stands at or behind a text in the order of their code points."""
        with self._mapped.transaction().cursor(self._beginnings) as cursor:
            return bytes(cursor.key()).decode() if cursor.set_range(beginning.encode()) else None

    def spellings(self, number: int) -> list[tuple[str, int]]:
        """The spellings of a value with the number of records that have each, the commonest first."""
        return _decode(self._mapped.transaction().get(_NUMBER.pack(number), db=self._values))


def write(con: DuckDBPyConnection, writer: Writer) -> None:
    """Write the maps of every field."""
    for field, (value, source) in COMPLETED.items():
        _make(con, field, value, source)
        beginnings, common, values = completion_maps(field)
        by_beginning = """
            select beginning, list(number order by number) from beginnings group by all order by beginning"""
        writer.fill(beginnings, _numbers(con, "beginnings", by_beginning))
        writer.fill(common, _commonest(con))
        writer.fill(values, _spellings(con))
    for table in ("completed", "beginnings", "common"):
        sql.run(con, "forget what is completed", f"drop table {table}")


def _make(con: DuckDBPyConnection, field: str, value: str, source: str) -> None:
    """Make the tables of the values of a field and of their beginnings."""
    text = f"""
        create or replace temp table completed as
        with spelled as (
            select value, count(*) as records from (select {value} as value from {source})
            where value is not null group by value
        ), folded as (
            select string_split(trim({words_sql("value")}), ' ') as words,
                list({{'value': value, 'records': records}} order by records desc, value desc) as spellings
            from spelled group by words
        )
        select words, spellings,
            row_number() over (
                order by list_sum(list_transform(spellings, lambda one: one.records)) desc,
                spellings[1].value
            ) - 1 as number
        from folded where words <> ['']"""
    sql.run(con, f"list the values of {field}", text)
    text = f"""
        create or replace temp table beginnings as
        select distinct left(array_to_string(words[first:], ' '), {LONGEST}) as beginning, number
        from (select words, number, unnest(range(1, len(words) + 1)) as first from completed)"""
    sql.run(con, f"list how the values of {field} begin", text)


def _commonest(con: DuckDBPyConnection) -> Iterator[Entry]:
    """The beginnings under which many values stand, sorted.

    Whatever begins as one that is not common is not common either, so each length looks only below the
    common ones of the length before.
    """
    found: list[Entry] = []
    below = "select * from beginnings"
    for length in range(1, LONGEST):
        text = f"""
            create or replace temp table common as
            select beginning, min(number, {KEPT}) as numbers from (
                select distinct left(beginning, {length}) as beginning, number
                from ({below}) where length(beginning) >= {length}
            ) group by beginning having count(*) > {MANY}"""
        sql.run(con, "find common beginnings", text)
        longer = list(_numbers(con, "common beginnings", "select * from common"))
        if not longer:
            break
        found += longer
        below = f"""
            select * from beginnings
            where left(beginning, {length}) in (select beginning from common)"""
    return iter(sorted(found))


def _numbers(con: DuckDBPyConnection, step: str, text: str) -> Iterator[Entry]:
    """Beginning -> numbers, from a query of texts and ascending lists."""
    for batch in sql.batches(con, f"read {step}", text):
        for beginning, numbers in zip(*(batch.column(place).to_pylist() for place in (0, 1)), strict=True):
            yield beginning.encode(), array("I", numbers).tobytes()


def _spellings(con: DuckDBPyConnection) -> Iterator[Entry]:
    """Number -> spellings, sorted."""
    text = "select number, spellings from completed order by number"
    for batch in sql.batches(con, "read spellings", text):
        for number, spellings in zip(*(batch.column(place).to_pylist() for place in (0, 1)), strict=True):
            yield _NUMBER.pack(number), _encode([(one["value"], one["records"]) for one in spellings])


def _read(stored: Any) -> Sequence[int]:
    """The numbers of an entry."""
    return array("I", bytes(stored))

"""The key index of a snapshot: identifiers to ids, and ids to stored answers, from mapped memory.

A cache compiled from the snapshot's tables: it can be built again at any time, and a test holds it equal
to them. One LMDB file with one sorted map for each kind of identifier (key -> ids), one for people and one
for companies (id -> JSON), one for value frequencies, and two for near misses. All processes of a
machine share its pages; a look-up costs microseconds.
"""

from __future__ import annotations

import struct
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import msgspec

from leadspro_engine import sql
from leadspro_engine.dataset.mapped import Mapped, Writer, index_key
from leadspro_engine.dataset.nearby import COLLEAGUES, SPELLINGS, Colleague, spellings
from leadspro_engine.dataset.plain import not_plain
from leadspro_engine.dataset.stored import Shown, StoredPerson, companies_json, people_json
from leadspro_engine.dataset.tables import KINDS
from leadspro_engine.records import Company

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from leadspro_engine.dataset.mapped import Entry
    from leadspro_engine.dataset.reader import TableReader
    from leadspro_engine.records import IdentifierKind, Person

_BETWEEN_IDS = "\n"
_NOT_PLAIN = b"\n"  # stands in front of the ids, and between them
SEVERAL = b""
"""What ``KeyIndex.sole`` gives when a key alone does not settle who is meant."""

_ROWS_AT_ONCE = 10_000
_SHARE = struct.Struct("<d")
_FREQUENCIES = "frequencies"
_COLLEAGUES = "colleagues"
_SPELLINGS = "company_spellings"
_MAPS = (*KINDS, "people", "companies", _FREQUENCIES, _COLLEAGUES, _SPELLINGS)

_GROUPED = f"""
    select key, string_agg(text, '{_BETWEEN_IDS}' order by text) from ({{}}) as named (key, text)
    group by key order by key"""

_encode = msgspec.msgpack.Encoder().encode
_decode_person = msgspec.json.Decoder(StoredPerson).decode
_decode_shown = msgspec.json.Decoder(Shown).decode
_decode_company = msgspec.json.Decoder(Company).decode
_decode_colleagues = msgspec.msgpack.Decoder(list[Colleague]).decode


class KeyIndex:
    """Read access to a key index; safe to use from many threads.

    ``TableReader`` has the same doors over the tables and gives the same answers.
    """

    def __init__(self, path: Path) -> None:
        mapped = Mapped.shared(path, _MAPS)
        self._mapped: Mapped | None = mapped
        self._reading: Any = mapped.reading
        self._maps = mapped.maps

    def lookup(self, kind: IdentifierKind, keys: Sequence[str]) -> dict[str, list[str]]:
        """The ids that each key leads to, sorted; keys that lead nowhere are left out."""
        return {
            key: ids.decode().lstrip(_BETWEEN_IDS).split(_BETWEEN_IDS) for key, ids in self._found(kind, keys)
        }

    def sole(self, kind: IdentifierKind, key: str) -> bytes | None:
        """The id of the person to whom a plain key leads, see ``dataset.plain``.

        None when it leads nowhere, ``SEVERAL`` when it is not plain or leads to several people.
        """
        ids = self._reading.transaction.get(index_key(key), db=self._maps[kind])
        return SEVERAL if ids is not None and _NOT_PLAIN in ids else ids

    def shown(self, person_id: bytes) -> tuple[Person, Company | None]:
        """What an answer shows of the person with this id, and of their company; the id must exist."""
        get, maps = self._reading.transaction.get, self._maps
        found = _decode_shown(get(person_id, db=maps["people"]))
        company_id = found.company_id
        company = None if company_id is None else get(company_id.encode(), db=maps["companies"])
        return found.person, None if company is None else _decode_company(company)

    def people(self, ids: Iterable[str]) -> dict[str, StoredPerson]:
        """The people with these ids; unknown ids are left out."""
        return {one: _decode_person(stored) for one, stored in self._found("people", ids)}

    def companies(self, ids: Iterable[str]) -> dict[str, Company]:
        """The companies with these ids; unknown ids are left out."""
        return {one: _decode_company(stored) for one, stored in self._found("companies", ids)}

    def frequency(self, column: str, value: str) -> float | None:
        """The share of people that have a value, in (0, 1]; None when at most one has."""
        stored = self._reading.transaction.get(_frequency_key(column, value), db=self._maps[_FREQUENCIES])
        return None if stored is None else float(_SHARE.unpack(stored)[0])

    def colleagues(self, keys: Iterable[str]) -> list[Colleague]:
        """The people under these keys, see ``nearby.colleague_keys``; once by each name, sorted."""
        return sorted(
            {one for _, stored in self._found(_COLLEAGUES, keys) for one in _decode_colleagues(stored)}
        )

    def companies_spelled_like(self, company_key: str) -> list[str]:
        """The company keys that share a spelling with this one, see ``nearby.spellings``; sorted."""
        found = self._found(_SPELLINGS, spellings(company_key))
        return sorted({key for _, stored in found for key in stored.decode().split(_BETWEEN_IDS)})

    def close(self) -> None:
        """Let go of the file, which is unmapped with its last reader. Ask nothing afterwards."""
        self._mapped = self._reading = None

    def _found(self, name: str, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The entries of one map for those of the keys that it has."""
        get, where = self._reading.transaction.get, self._maps[name]
        for key in keys:
            stored = get(index_key(key), db=where) if key else None
            if stored is not None:
                yield key, stored


def build(tables: TableReader, path: Path) -> None:
    """Compile the key index at ``path`` from the tables of a snapshot."""
    with Writer(path, _MAPS) as writer:
        for kind in KINDS:
            writer.fill(kind, _identifier_entries(tables.cursor(), kind))
        writer.fill("people", _stored(tables.cursor(), "write people as JSON", people_json()))
        writer.fill("companies", _stored(tables.cursor(), "write companies as JSON", companies_json()))
        writer.fill(_FREQUENCIES, _frequency_entries(tables.cursor()))
        writer.fill(_COLLEAGUES, _colleague_entries(tables.cursor()))
        writer.fill(_SPELLINGS, _listed(tables.cursor(), "spell company names", SPELLINGS))


def _identifier_entries(con: DuckDBPyConnection, kind: IdentifierKind) -> Iterator[Entry]:
    """Key -> ids, behind an empty one when the key is not plain."""
    query = f"select key, id from identifiers_{kind}"
    unplain, given = not_plain(con, kind)
    if unplain:
        query += f" union all select key, '' from ({unplain})"
    return _listed(con, f"read identifiers_{kind}", query, given)


def _listed(
    con: DuckDBPyConnection, step: str, query: str, given: Mapping[str, object] | None = None
) -> Iterator[Entry]:
    """Key -> its texts in their order, from a query of keys and texts; sorted by key."""
    sql.run(con, step, _GROUPED.format(query), given)
    for key, texts in _rows(con):
        yield index_key(key), texts.encode()


def _colleague_entries(con: DuckDBPyConnection) -> Iterator[Entry]:
    """Employer and initial -> people, sorted."""
    sql.run(con, "find colleagues", COLLEAGUES)
    for key, rows in groupby(_rows(con), key=itemgetter(0)):
        yield index_key(key), _encode([row[1:] for row in rows])


def _frequency_entries(con: DuckDBPyConnection) -> Iterator[Entry]:
    """Column and value -> share, sorted."""
    sql.run(con, "read frequencies", "select field, value, share from frequencies order by field, value")
    for field, value, share in _rows(con):
        yield _frequency_key(field, value), _SHARE.pack(share)


def _stored(con: DuckDBPyConnection, step: str, query: str) -> Iterator[Entry]:
    """Id -> stored answer, from a query of both."""
    sql.run(con, step, query)
    return ((key.encode(), stored.encode()) for key, stored in _rows(con))


def _rows(con: DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    """The rows of the last query, fetched in portions."""
    while rows := con.fetchmany(_ROWS_AT_ONCE):
        yield from rows


def _frequency_key(column: str, value: str) -> bytes:
    """The key of a value's frequency."""
    return index_key(f"{column}={value}")

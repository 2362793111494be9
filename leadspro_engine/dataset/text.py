"""The text index of a snapshot: which records have a word or a value, and in which order they stand.

A cache compiled from the snapshot's tables by tantivy: it can be built again at any time, and a property test
holds searches over it equal to those over the tables. One index for people and one for companies; in each:

| field | what |
| --- | --- |
| ``job_title`` and the other ``TEXTS`` | the words of the text; a word's second occurrence is ``word/2`` |
| ``skills`` and the other ``COLUMNS`` | the value, or each value of a list, folded as ``FOLDED`` says |
| ``there`` | the names of the details (``THERE``) that the record has |
| ``size``, ``gaps`` | how many words the ranked text has, without stop words; how many details are lacking |
| ``headcount``, ``headcount_range``, ``founded``, ``updated_at`` | numbers; the range only without a number |
| ``by_gaps``, ``by_age`` | unique numbers that sort by gaps, or by age and gaps, and then by id |

Documents stand in the order of their ids, in one segment, so that equal scores come in that order too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import tantivy
from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.dataset.searchable import (
    COLUMNS,
    IDS,
    RANKED_BY,
    SOURCES,
    TEXTS,
    THERE,
    age_sql,
    compared_sql,
    gaps_sql,
)
from leadspro_engine.dataset.words import STOP_WORDS, words_sql
from leadspro_engine.errors import DatasetCorrupt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from leadspro_engine.dataset.reader import TableReader

KINDS = ("people", "companies")
_TEXTS = {"people": tuple(TEXTS), "companies": ("company_name", "industry")}
_NUMBERS = ("headcount", "founded", "updated_at")
_ORDERS = ("by_gaps", "by_age")
_ROWS_AT_ONCE = 10_000
_SMALL_HEAP, _LARGE_HEAP = 50_000_000, 2_000_000_000  # bytes; one segment must hold all
_SMALL = 50_000  # rows that fit into the small one
_FACTS = "facts.json"


class Facts(Struct, frozen=True):
    """What a query must know of an index: the longest ranked text in words, and the most repeats of one."""

    size: int
    repeats: int


class TextIndex:
    """Read access to the text index of a snapshot; safe to use from many threads.

    Attributes:
        facts: of each kind of record.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self.facts = msgspec.json.decode((folder / _FACTS).read_bytes(), type=dict[str, Facts])
            self._indexes = {kind: tantivy.Index.open(str(folder / kind)) for kind in KINDS}
        except (OSError, ValueError, msgspec.DecodeError) as exc:
            raise DatasetCorrupt(folder, f"cannot be opened ({exc})") from exc

    def schema(self, kind: str) -> tantivy.Schema:
        """The fields of one kind of record."""
        return self._indexes[kind].schema

    def ids(
        self, kind: str, query: tantivy.Query, *, limit: int, offset: int = 0, order: str | None = None
    ) -> tuple[int, list[str]]:
        """How many records fit a query, and the ids of some of them in their order.

        Args:
            kind: ``people`` or ``companies``.
            query: made for ``schema(kind)``.
            limit: ids at the most.
            offset: how many to pass over.
            order: ``by_gaps`` or ``by_age``, least first; the highest score first when not given.
        """
        searcher = self._indexes[kind].searcher()
        if offset >= searcher.num_docs:
            limit, offset = 1, searcher.num_docs  # a collector keeps room for all that it passes over
        best_first = tantivy.Order.Desc if order is None else tantivy.Order.Asc
        found = searcher.search(query, limit=limit, offset=offset, order_by_field=order, order=best_first)
        total: int = found.count  # type: ignore[attr-defined]  # lacks in its type stubs
        return total, [searcher.doc(address)["id"][0] for _, address in found.hits]


def build(tables: TableReader, folder: Path) -> None:
    """Compile the text index into ``folder`` from the tables of a snapshot."""
    folder.mkdir()
    facts = {kind: _build(tables.cursor(), kind, folder / kind) for kind in KINDS}
    (folder / _FACTS).write_bytes(msgspec.json.encode(facts))


def _build(con: DuckDBPyConnection, kind: str, folder: Path) -> Facts:
    """The index of one kind of record."""
    folder.mkdir()
    schema = _schema(kind)
    index = tantivy.Index(schema, path=str(folder))
    rows = sql.number(con, f"count {kind}", f"select count(*) from {kind}")
    writer = index.writer(_SMALL_HEAP if rows <= _SMALL else _LARGE_HEAP, num_threads=1)
    size = repeats = 0
    for number, row in enumerate(_rows(con, kind)):
        ranked = (row[RANKED_BY[kind]] or "").split()
        meaningful = sum(word not in STOP_WORDS for word in ranked)
        size, repeats = max(size, meaningful), max(repeats, *map(ranked.count, ranked), 0)
        document = _document(number, row) | {
            RANKED_BY[kind]: [" ".join(_numbered(ranked))],
            "size": [str(meaningful)],
        }
        writer.add_document(tantivy.Document.from_dict(document, schema))
    writer.commit()
    writer.wait_merging_threads()
    (folder / ".tantivy-writer.lock").unlink(missing_ok=True)
    (folder / ".tantivy-meta.lock").unlink(missing_ok=True)
    return Facts(size, repeats)


def _schema(kind: str) -> tantivy.Schema:
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in _TEXTS[kind]:
        schema.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in (*_columns(kind), "there", "headcount_range", "size", "gaps"):
        schema.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*_NUMBERS, *_ORDERS):
        schema.add_unsigned_field(name, indexed=name in _NUMBERS, fast=True)
    return schema.build()


def _columns(kind: str) -> list[str]:
    """The columns whose values are looked up as they stand."""
    return [name for name in COLUMNS[kind] if name not in _NUMBERS]


def _rows(con: DuckDBPyConnection, kind: str) -> Iterator[dict[str, Any]]:
    """What is indexed of each record, in the order of ids."""
    there = [f"case when {holds} then '{name}' end" for name, holds in THERE.items()]
    shown = {
        "id": IDS[kind],
        "gaps": gaps_sql(kind),
        "age": age_sql(kind),
        **{name: words_sql(TEXTS[name]) for name in _TEXTS[kind]},
        **{name: compared_sql(name, COLUMNS[kind][name]) for name in _columns(kind)},
        "there": f"[{', '.join(there)}]" if kind == "people" else "[]",
        "headcount": "c.headcount",
        "headcount_range": "case when c.headcount is null then c.headcount_range end",
        "founded": "c.founded",
        "updated_at": f"date_diff('day', date '0001-01-01', {COLUMNS[kind]['updated_at']})",
    }
    columns = ", ".join(f"{expression} as {name}" for name, expression in shown.items())
    sql.run(con, f"read searchable {kind}", f"select {columns} from {SOURCES[kind]} order by {IDS[kind]}")
    while rows := con.fetchmany(_ROWS_AT_ONCE):
        for row in rows:
            yield dict(zip(shown, row, strict=True))


def _document(number: int, row: dict[str, Any]) -> dict[str, Any]:
    """A record as it is indexed, but for what its ranked text says."""
    gaps, age = row.pop("gaps"), row.pop("age")
    return {name: _listed(value) for name, value in row.items() if value is not None} | {
        "gaps": [str(gaps)],
        "by_gaps": [(gaps << 33) | number],
        "by_age": [(((age << 3) | gaps) << 33) | number],
    }


def _listed(value: Any) -> list[Any]:
    return [one for one in value if one is not None] if isinstance(value, list) else [value]


def _numbered(words: list[str]) -> Iterator[str]:
    """Words, the second and later occurrences of one with their number.

    >>> list(_numbered(["sales", "and", "sales"]))
    ['sales', 'and', 'sales/2']
    """
    seen: dict[str, int] = {}
    for word in words:
        seen[word] = seen.get(word, 0) + 1
        yield word if seen[word] == 1 else repeated(word, seen[word])


def repeated(word: str, time: int) -> str:
    """How the second or a later occurrence of a word is indexed; no word has a slash in it."""
    return f"{word}/{time}"

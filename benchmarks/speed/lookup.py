"""One look-up by an identifier, and one by a misspelt name, against raw LMDB gets and DuckDB.

By identifier: the raw gets are what an answer from the key index costs at least, key -> id -> stored bytes,
on keys that are already normalized; nothing is decoded. The DuckDB contenders run three statements (key -> id
-> person -> company), on the snapshot's sorted tables and on a copy with ART indexes, whose building is not
counted. ``enrich`` gets what a caller sends and gives the answer, through the engine. Ratios are of medians.

By name: one letter of the family name is wrong, the company is named as its record has it. DuckDB is told the
company's id and ranks its people by ``jaro_winkler_similarity``; ``found`` is the share of the first places
that are the person asked for.
"""

from __future__ import annotations

import random
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from benchmarks.harness import Contender, Row, Timing, percentile, timed
from benchmarks.speed.batch import fetched, opened, sample, snapshot_options
from leadspro_engine import sql
from leadspro_engine.dataset.home import KEYS
from leadspro_engine.dataset.mapped import Mapped

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from duckdb import DuckDBPyConnection

    from leadspro_engine.dataset import Dataset
    from leadspro_engine.engine import Engine

KINDS = ("email", "phone", "linkedin")
RAW = "raw LMDB get + get"
SCAN = "DuckDB jaro_winkler"
_DUCKDB_KEYS = 200
"""Keys that DuckDB is asked for: it takes a millisecond each."""


def options(parser: argparse.ArgumentParser) -> None:
    """Which snapshot, and how many look-ups."""
    snapshot_options(parser)
    parser.add_argument("--keys", type=int, default=5000, help="keys of each kind, and misspelt names")
    parser.add_argument("--rounds", type=int, default=5, help="how often each contender is timed")


def run(options: argparse.Namespace) -> list[Row]:
    """Rows for each kind of identifier and contender, and for misspelt names."""
    with opened(options) as (engine, dataset), tempfile.TemporaryDirectory() as folder:
        indexed = _with_indexes(dataset.tables_path, Path(folder) / "art.duckdb")
        rows = [row for kind in KINDS for row in _by_identifier(kind, engine, dataset, indexed, options)]
        indexed.close()
        return [*rows, *_by_name(engine, dataset.cursor(), options.keys, options.rounds)]


def _by_identifier(
    kind: str, engine: Engine, dataset: Dataset, indexed: DuckDBPyConnection, options: argparse.Namespace
) -> list[Row]:
    """One row for each way to look a key of this kind up."""
    keys = sample(dataset.cursor(), kind, options.keys)
    get = _raw_get(dataset, kind)
    few = keys[:_DUCKDB_KEYS]
    timings = timed(
        [
            Contender(RAW, [partial(get, key.encode()) for key in keys]),
            Contender("enrich", [partial(engine.enrich, {kind: key}) for key in keys]),
            *(
                Contender(name, [partial(fetched, cursor, kind, key) for key in few])
                for name, cursor in (("DuckDB sorted", dataset.cursor()), ("DuckDB ART", indexed))
            ),
        ],
        rounds=options.rounds,
    )
    return [_row(kind, timing, timings) for timing in timings]


def _row(what: str, timing: Timing, timings: Sequence[Timing]) -> Row:
    """Microseconds, and multiples of the raw gets and of the quicker DuckDB."""
    medians = {one.name: percentile(one.seconds, 50) for one in timings}
    own, best = (
        medians[timing.name],
        min(median for name, median in medians.items() if name.startswith("DuckDB")),
    )
    return {
        "by": what,
        "contender": timing.name,
        "p50 us": round(own * 1e6, 2),
        **timing.percentiles_ms(),
        "raw gets": round(own / medians[RAW], 1) if RAW in medians else None,
        "x DuckDB": round(best / own, 1),
    }


def _raw_get(dataset: Dataset, kind: str) -> Callable[[bytes], bytes]:
    """Key -> stored bytes, as LMDB gives them."""
    mapped = Mapped.shared(dataset.tables_path.parent / KEYS, [])
    get, keys, people = mapped.transaction().get, mapped.maps[kind], mapped.maps["people"]

    def look_up(key: bytes) -> bytes:
        stored: bytes = get(get(key, db=keys), db=people)
        return stored

    return look_up


def _with_indexes(tables: Path, path: Path) -> DuckDBPyConnection:
    """The tables that a look-up reads, with an ART index on each key."""
    with duckdb.connect(str(path)) as con:
        con.execute(f"attach {sql.quoted(str(tables))} as snapshot (read_only)")
        for table, key in [
            ("people", "id"),
            ("companies", "id"),
            *((f"identifiers_{one}", "key") for one in KINDS),
        ]:
            con.execute(f"create table {table} as from snapshot.{table}")
            con.execute(f"create index {table}_{key} on {table} ({key})")
    return sql.open_serving(path)


def _by_name(engine: Engine, cursor: DuckDBPyConnection, count: int, rounds: int) -> list[Row]:
    """Rows for misspelt names at a company."""
    asked = _misspelt(cursor, count)
    few = asked[:_DUCKDB_KEYS]
    timings = timed(
        [
            Contender("enrich", [partial(engine.enrich, name=one[1], company=one[2]) for one in asked]),
            Contender(SCAN, [partial(_scanned, cursor, one[1], one[3]) for one in few]),
        ],
        rounds=rounds,
    )
    found = {
        "enrich": [_id(engine.enrich(name=one[1], company=one[2])) == one[0] for one in few],
        SCAN: [_scanned(cursor, one[1], one[3]) == one[0] for one in few],
    }
    shares = {name: round(sum(right) / len(right), 3) for name, right in found.items()}
    return [{**_row("misspelt name", one, timings), "found": shares[one.name]} for one in timings]


def _misspelt(cursor: DuckDBPyConnection, count: int) -> list[tuple[str, str, str, str]]:
    """Id, name with a slip, company's name and company's id of people spread over the snapshot."""
    text = """
        select p.id, p.first_name, p.last_name, c.name, c.id
        from people p join companies c on c.id = company_id
        where len(p.first_name) > 2 and len(p.last_name) > 4 and c.name is not null
        order by md5(p.id) limit $count"""
    chance = random.Random(1)  # noqa: S311 - chance, not secrecy
    rows = cursor.execute(text, {"count": count}).fetchall()
    return [(one, f"{first} {_slip(last, chance)}", *company) for one, first, last, *company in rows]


def _slip(word: str, chance: random.Random) -> str:
    """A word with one letter left out, doubled, or swapped with the next."""
    at = chance.randrange(1, len(word) - 1)
    left, letter, right = word[:at], word[at], word[at + 1 :]
    return chance.choice([left + right, left + letter + letter + right, left + right[0] + letter + right[1:]])


def _scanned(cursor: DuckDBPyConnection, name: str, company: str) -> str | None:
    """The id of the company's person whose name is likest."""
    text = """
        select id from people where company_id = $company
        order by jaro_winkler_similarity(lower(full_name), $name) desc, id limit 1"""
    row = cursor.execute(text, {"company": company, "name": name.lower()}).fetchone()
    return None if row is None else str(row[0])


def _id(answer: Any) -> str | None:
    """The id of the person answered."""
    return None if answer.person is None else answer.person.id

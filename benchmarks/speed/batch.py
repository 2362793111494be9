"""Batch throughput by identifier kind and of a mix: ``enrich_batch`` against one-by-one DuckDB look-ups.

The baseline works on the tables of the same snapshot, is given keys that are already normalized and only
fetches: key -> id -> person -> company, one statement each. ``enrich_batch`` gets what a caller would send,
normalizes it and weighs its candidates; ``agree`` is the share of items for which both name the same person.
``mixed`` takes the kinds in turn, without name + domain, which is searched for by more than one key.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Contender, Row, compared
from datasets import synthetic
from leadspro_engine.dataset import Dataset
from leadspro_engine.engine import open_engine
from leadspro_engine.refresh import refresh

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from leadspro_engine.engine import Engine

BASELINE = "DuckDB, one by one"
Item = dict[str, str]
Asked = tuple[str, str]
"""A kind of identifier, and a key of it."""


def options(parser: argparse.ArgumentParser) -> None:
    """Which snapshot, and how many items of each kind."""
    snapshot_options(parser)
    parser.add_argument("--items", type=int, default=1000, help="items of each kind in one batch")
    parser.add_argument("--rounds", type=int, default=5, help="how often each contender is timed")


def snapshot_options(parser: argparse.ArgumentParser) -> None:
    """Which snapshot ``home_of`` opens."""
    parser.add_argument(
        "--home", type=Path, help="a data folder with a snapshot; made from synthetic people if not given"
    )
    parser.add_argument(
        "--people", type=int, default=20_000, help="how many synthetic people to make, without --home"
    )


def run(options: argparse.Namespace) -> list[Row]:
    """One row for each kind of identifier and contender."""
    rows: list[Row] = []
    mixed: list[Asked] = []
    with opened(options) as (engine, dataset):
        for kind in _KINDS:
            asked = [(kind, key) for key in sample(dataset.cursor(), kind, options.items)]
            found = _rows(engine, dataset.cursor(), asked, rounds=options.rounds)
            rows += [{"identifier": kind, **row} for row in found]
            mixed += asked[: options.items // len(_MIXED)] if kind in _MIXED else []
        found = _rows(engine, dataset.cursor(), _in_turn(mixed), rounds=options.rounds)
    return [*rows, *({"identifier": "mixed", **row} for row in found)]


def _in_turn(asked: Sequence[Asked]) -> list[Asked]:
    """The same questions, in an order that has nothing to do with their kind."""
    return sorted(asked, key=lambda one: hashlib.md5(one[1].encode(), usedforsecurity=False).digest())


@contextlib.contextmanager
def home_of(options: argparse.Namespace) -> Iterator[Path]:
    """The data folder to measure on."""
    if options.home is not None:
        yield options.home
        return
    with tempfile.TemporaryDirectory() as folder:
        sources, home = Path(folder) / "sources", Path(folder) / "home"
        synthetic.generate(options.people, sources)
        refresh(sources / "sources.toml", home)
        yield home


@contextlib.contextmanager
def opened(options: argparse.Namespace) -> Iterator[tuple[Engine, Dataset]]:
    """An engine and a dataset on the data folder to measure on."""
    with home_of(options) as home, open_engine(home) as engine, Dataset.open(home) as dataset:
        yield engine, dataset


def _name_and_domain(key: str) -> Item:
    """The query that a key of name and domain came from."""
    name, _, domain = key.partition("|")
    return {"name": name, "domain": domain}


_KINDS: dict[str, Callable[[str], Item]] = {
    "email": lambda key: {"email": key},
    "email_sha256": lambda key: {"email": key},
    "phone": lambda key: {"phone": key},
    "linkedin": lambda key: {"linkedin": key},
    "name_domain": _name_and_domain,
}
"""The kinds of identifier, and the query that a user makes of a key."""

_MIXED = frozenset({"email", "email_sha256", "phone", "linkedin"})


def _rows(engine: Engine, cursor: DuckDBPyConnection, asked: Sequence[Asked], *, rounds: int) -> list[Row]:
    """The rows of some questions: the batch, the same items one by one, and the baseline."""
    items = [_KINDS[kind](key) for kind, key in asked]
    contenders = [
        Contender("enrich_batch", [partial(engine.enrich_batch, items)], len(items)),
        Contender("enrich, one by one", [partial(engine.enrich, item) for item in items]),
        Contender(BASELINE, [partial(fetched, cursor, *one) for one in asked]),
    ]
    answers = [answer.person.id if answer.person else None for answer in engine.enrich_batch(items)]
    same = sum(answer == fetched(cursor, *one) for answer, one in zip(answers, asked, strict=True))
    return [
        {**row, "agree": round(same / len(asked), 4)}
        for row in compared(contenders, baseline=BASELINE, rounds=rounds)
    ]


def sample(cursor: DuckDBPyConnection, kind: str, count: int) -> list[str]:
    """Keys of that kind which lead to one person, spread by their hash over the snapshot; no role mailbox."""
    personal = "where key in (select sha256(key) from identifiers_email)" if kind == "email_sha256" else ""
    text = f"""
        select key from identifiers_{kind} {personal} group by key having count(*) = 1
        order by md5(key) limit $count"""
    keys = [row[0] for row in cursor.execute(text, {"count": count}).fetchall()]
    assert keys, f"the snapshot has no {kind}"
    return keys


def fetched(cursor: DuckDBPyConnection, kind: str, key: str) -> str | None:
    """The id of the person whom a key leads to, after their row and their company's have been read."""
    found = _one(cursor, f"select id from identifiers_{kind} where key = $key", key)
    if found is None:
        return None
    row = _one(cursor, "select * from people where id = $key", found[0])
    assert row is not None
    if row[-1] is not None:
        _one(cursor, "select * from companies where id = $key", row[-1])
    return str(found[0])


def _one(cursor: DuckDBPyConnection, statement: str, key: str) -> tuple[Any, ...] | None:
    """The first row that a statement finds for a key."""
    return cursor.execute(statement, {"key": key}).fetchone()

"""Searches over the text index against the same searches as a DuckDB scan, with exact totals.

``--queries`` questions are drawn from the snapshot's own titles, places, employers, skills and technologies,
the same for the same snapshot: half of them people by title and place, the rest by employer, skill, keyword,
seniority, size of the employer, and companies by technology and industry. ``differ`` counts pages on which
both disagree; ``deep`` is the page that ends at row 10,000, or at the last row.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Contender, Row, compared
from benchmarks.speed.batch import home_of
from leadspro_engine import sql
from leadspro_engine.dataset import Dataset, text_build
from leadspro_engine.search import autocomplete, search_companies, search_people

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from duckdb import DuckDBPyConnection

BASELINE = "DuckDB scan"
_DEEP = 10_000
Question = tuple[str, dict[str, Any]]
"""``people`` or ``companies``, and the filters."""


def options(parser: argparse.ArgumentParser) -> None:
    """Which snapshot, and how many questions."""
    parser.add_argument(
        "--home", type=Path, help="a data folder with a snapshot; made from synthetic people if not given"
    )
    parser.add_argument(
        "--people", type=int, default=20_000, help="how many synthetic people to make, without --home"
    )
    parser.add_argument("--queries", type=int, default=200, help="questions")
    parser.add_argument("--rounds", type=int, default=3, help="how often each contender is timed")


def run(options: argparse.Namespace) -> list[Row]:
    """Rows for searches, deep pages, autocomplete, and for building the index."""
    with home_of(options) as home, closing(Dataset.open(home)) as dataset:
        asked = list(_questions(dataset.cursor(), options.queries))
        scan = _Tables(dataset)
        differ = sum(_page(dataset, one) != _page(scan, one) for one in asked)
        searches = [
            Contender("text index", [partial(_page, dataset, one) for one in asked]),
            Contender(BASELINE, [partial(_page, scan, one) for one in asked]),
        ]
        rows = [
            {"what": "search", **row, "differ": differ}
            for row in compared(searches, baseline=BASELINE, rounds=options.rounds)
        ]
        return [*rows, _deep(dataset, options.rounds), _typing(dataset), _built(dataset, home)]


class _Tables:
    """A snapshot without its text index, so that the tables answer."""

    text = None

    def __init__(self, dataset: Dataset) -> None:
        self.version, self.keys, self.cursor = dataset.version, dataset.keys, dataset.cursor


def _page(snapshot: Any, question: Question) -> Any:
    """The first page of a question."""
    kind, filters = question
    return (search_people if kind == "people" else search_companies)(snapshot, filters, limit=10)


def _questions(cursor: DuckDBPyConnection, count: int) -> Iterator[Question]:
    """Questions whose words and values are in the snapshot, spread over it by the hash of their ids."""
    query = """
        select p.job_title, p.location.country_code, p.location.city, c.name, p.skills[1], c.industry,
            c.technologies[1], p.management_level, c.headcount_range
        from people as p join companies as c on c.id = p.company_id
        where p.job_title is not null and p.location.city is not null and c.name is not null
        order by md5(p.id) limit $count"""
    shapes = len(_SHAPES)
    for number, row in enumerate(cursor.execute(query, {"count": count}).fetchall()):
        kind, shape = _SHAPES[number % shapes]
        filters = {name: value for name, value in shape(*row).items() if value}
        yield (kind, filters) if filters else ("people", {"job_title": row[0]})


_SHAPES: tuple[tuple[str, Callable[..., dict[str, Any]]], ...] = (
    ("people", lambda title, country, *_: {"job_title": title, "country": country}),
    ("people", lambda title, *_: {"job_title": title.split()[-1]}),
    ("people", lambda title, _country, city, *_: {"job_title": title.split()[-1], "city": city}),
    ("people", lambda title, *_: {"job_title": title.split()[0]}),
    ("people", lambda *row: {"company": row[3]}),
    ("people", lambda *row: {"skills": row[4], "country": row[1]}),
    ("people", lambda *row: {"keywords": row[0].split()[-1], "city": row[2]}),
    ("people", lambda *row: {"seniority": row[7], "headcount": row[8], "country": row[1]}),
    ("companies", lambda *row: {"technology": row[6], "country": row[1]}),
    ("companies", lambda *row: {"industry": row[5], "headcount": row[8]}),
)
"""What is asked for, of the values of one row."""


def _deep(dataset: Dataset, rounds: int) -> Row:
    """The page that ends at row 10,000 of a broad search, against its first page."""
    filters = {"has": "email"}
    first = search_people(dataset, filters, limit=100)
    last = following = first.next_cursor
    for _ in range(_DEEP // 100 - 2):
        if following is not None:
            last = following
            following = search_people(dataset, filters, limit=100, cursor=following).next_cursor
    contenders = [
        Contender("deep page", [partial(search_people, dataset, filters, limit=100, cursor=last)]),
        Contender("first page", [partial(search_people, dataset, filters, limit=100)]),
    ]
    row = compared(contenders, baseline="first page", rounds=rounds * 5)[0]
    return {"what": "page to row 10,000", **row}


def _typing(dataset: Dataset) -> Row:
    """Autocomplete of job titles."""
    calls = [partial(autocomplete, dataset, "job_title", one) for one in ("s", "ma", "dir", "engi", "vice p")]
    (row,) = compared([Contender("autocomplete", calls)], baseline="autocomplete", rounds=20)
    return {"what": "autocomplete", **row, "x baseline": None}


def _built(dataset: Dataset, home: Path) -> Row:
    """How fast the index is made, and how large it is."""
    people = dataset.manifest.counts["people"]
    with (
        tempfile.TemporaryDirectory(dir=home) as folder,
        sql.attached(dataset.tables_path, spill=Path(folder)) as con,
    ):
        began = time.perf_counter()
        text_build.build(con, Path(folder) / "text")
        seconds = time.perf_counter() - began
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        shutil.rmtree(Path(folder) / "text")
    return {
        "what": "build",
        "contender": "text index",
        "items/s": round(people / seconds),
        "bytes a person": round(size / people),
    }

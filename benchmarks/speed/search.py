"""Searches over the search index against the same searches as a DuckDB scan, with exact totals.

``--queries`` questions are drawn from the snapshot's own titles, places, employers, skills and technologies,
the same for the same snapshot: half of them people by title and place, the rest by employer, skill, keyword,
seniority, size of the employer, and companies by technology and industry. ``differ`` counts pages on which
both disagree; the page to row 10,000 ends there, or at the last row. Building is timed with all cores; beside
it stands the same by seconds of processor time, which other work on the machine does not change.
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
from benchmarks.speed.batch import home_of, snapshot_options
from leadspro_engine import sql
from leadspro_engine.dataset import Dataset, search_build
from leadspro_engine.dataset.searchable import COMPLETED
from leadspro_engine.search import autocomplete, search_companies, search_people
from leadspro_engine.search.facets import FACETS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence

    from duckdb import DuckDBPyConnection

BASELINE = "DuckDB scan"
_DEEP = 10_000
Question = tuple[str, dict[str, Any]]
"""``people`` or ``companies``, and the filters."""


def options(parser: argparse.ArgumentParser) -> None:
    """Which snapshot, and how many questions."""
    snapshot_options(parser)
    parser.add_argument("--queries", type=int, default=200, help="questions")
    parser.add_argument("--rounds", type=int, default=3, help="how often each contender is timed")


def run(options: argparse.Namespace) -> list[Row]:
    """Rows for searches, deep pages, autocomplete, and for building the index."""
    with home_of(options) as home, closing(Dataset.open(home)) as dataset:
        asked = list(questions(dataset.cursor(), options.queries))
        scan = _Tables(dataset)
        differ = sum(_page(dataset, one) != _page(scan, one) for one in asked)
        searches = [
            Contender("search index", [partial(_page, dataset, one) for one in asked]),
            Contender(BASELINE, [partial(_page, scan, one) for one in asked]),
        ]
        rows = [
            {"what": "search", **row, "differ": differ}
            for row in compared(searches, baseline=BASELINE, rounds=options.rounds)
        ]
        return [
            *rows,
            _deep(dataset, options.rounds),
            *_faceted(dataset, scan, options.rounds),
            *_typing(dataset, scan),
            _built(dataset, home),
        ]


class _Tables:
    """A snapshot without its search index, so that the tables answer."""

    index = None

    def __init__(self, dataset: Dataset) -> None:
        self.version, self.keys, self.cursor = dataset.version, dataset.keys, dataset.cursor


def _page(snapshot: Any, question: Question, facets: Sequence[str] = ()) -> Any:
    """The first page of a question."""
    kind, filters = question
    search = search_people if kind == "people" else search_companies
    return search(snapshot, filters, limit=10, facets=facets)


def questions(cursor: DuckDBPyConnection, count: int) -> Iterator[Question]:
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


def _faceted(dataset: Dataset, scan: _Tables, rounds: int) -> list[Row]:
    """All facets over the whole result of a broad and of a narrow search, and who works at a company."""
    asked: list[tuple[str, Question, list[str]]] = [
        ("facets, broad", ("people", {"job_title": "manager"}), list(FACETS["people"])),
        (
            "facets, narrow",
            ("people", {"job_title": "sales manager", "country": "DE"}),
            list(FACETS["people"]),
        ),
        ("companies by their people's title", ("companies", {"job_title": "sales director"}), []),
    ]
    rows: list[Row] = []
    for what, question, names in asked:
        contenders = [
            Contender(name, [partial(_page, snapshot, question, facets=names)])
            for name, snapshot in (("search index", dataset), (BASELINE, scan))
        ]
        differ = int(_page(dataset, question, facets=names) != _page(scan, question, facets=names))
        rows += [
            {"what": what, **row, "differ": differ}
            for row in compared(contenders, baseline=BASELINE, rounds=rounds)
        ]
    return rows


def _typing(dataset: Dataset, scan: _Tables) -> list[Row]:
    """Autocomplete of every field: a letter, two, the half of a word, and each of those with a slip."""
    cursor = dataset.cursor()
    calls = [(field, typed) for field in COMPLETED for typed in _typed(cursor, field)]
    contenders = [
        Contender(name, [partial(autocomplete, snapshot, *call) for call in calls])
        for name, snapshot in (("search index", dataset), (BASELINE, scan))
    ]
    differ = sum(autocomplete(dataset, *call) != autocomplete(scan, *call) for call in calls)
    return [
        {"what": "autocomplete", **row, "differ": differ}
        for row in compared(contenders, baseline=BASELINE, rounds=1)
    ]


def _typed(cursor: DuckDBPyConnection, field: str) -> Iterator[str]:
    """What is typed for some values of a field."""
    value, source = COMPLETED[field]
    query = f"""
        select value from (select distinct {value} as value from {source})
        where length(value) > 5 order by md5(value) limit 4"""
    for (found,) in cursor.execute(query).fetchall():
        yield found[:1]
        yield found[:2]
        yield found[:5]
        yield f"{found[:2]}{found[3:7]}"


def _built(dataset: Dataset, home: Path) -> Row:
    """How fast the index is made, and how large it is."""
    people = dataset.manifest.counts["people"]
    with (
        tempfile.TemporaryDirectory(dir=home) as folder,
        sql.attached(dataset.tables_path, spill=Path(folder)) as con,
    ):
        began, worked = time.perf_counter(), time.process_time()
        search_build.build(con, Path(folder) / "text")
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - worked
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        shutil.rmtree(Path(folder) / "text")
    return {
        "what": "build",
        "contender": "search index",
        "items/s": round(people / seconds),
        "items/s of CPU": round(people / cpu_seconds),
        "bytes a person": round(size / people),
    }

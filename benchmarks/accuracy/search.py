"""Do searches find the right people first: NDCG@10 of written queries on the demo data, and what flipped.

``search_queries.csv`` holds what users write into one box, and beside it who was meant, in the words of the
truth behind the demo files (``datasets.demo.world``), never in those of the search: job titles, countries,
cities, employer, skills, industry. A person of the truth is judged by these rules:

- 0 unless country, city, employer and industry are among those named, and all named skills are held;
- 3 when the title is one of ``titles`` (``*``: any), 1 when it is one of ``near_titles``, else 0.

A result is the person of the truth with whom it shares an e-mail address, a profile or a telephone number;
who comes a second time counts nothing. The ideal order is that of the truth, whether the files say so or not:
what the files lack or normalization loses counts against. Each query's figure is compared with the committed
run ``search_run.csv``.
"""

from __future__ import annotations

import csv
import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from datasets.demo.world import build
from leadspro_engine.engine import open_engine
from leadspro_engine.refresh import refresh

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from benchmarks.harness import Row
    from datasets.demo.values import Person as Truth
    from leadspro_engine.engine import Engine
    from leadspro_engine.records import Person

QUERIES = Path(__file__).with_name("search_queries.csv")
FROZEN = Path(__file__).with_name("search_run.csv")
SOURCES = Path(__file__).parents[2] / "datasets" / "demo" / "sources.toml"
TOP = 10
_BEST, _NEAR = 3, 1
_MOVED = 0.0005
"""Difference of two figures from which on a query counts as flipped: they are kept with three places."""


class Query(Struct, frozen=True):
    """One written query and who is meant by it; each list may be empty, which excludes nobody."""

    text: str
    titles: list[str]
    near_titles: list[str]
    countries: list[str]
    cities: list[str]
    company: list[str]
    skills: list[str]
    industry: list[str]

    def grade(self, person: Truth) -> int:
        """How relevant a person of the truth is: 3, 1 or 0."""
        job = person.job
        named = (
            (self.countries, person.country.code),
            (self.cities, person.city.name),
            (self.company, job.company.name),
            (self.industry, job.company.industry),
        )
        if any(among and value not in among for among, value in named) or set(self.skills) - set(
            person.skills
        ):
            return 0
        if job.title in self.titles or self.titles == ["*"]:
            return _BEST
        return _NEAR if job.title in self.near_titles else 0


def options(parser: argparse.ArgumentParser) -> None:
    """Where a refreshed demo is, and whether this run becomes the frozen one."""
    parser.add_argument("--home", type=Path, help="data folder with the demo; made anew when not given")
    parser.add_argument("--freeze", action="store_true", help=f"write this run to {FROZEN.name}")


def run(options: argparse.Namespace) -> list[Row]:
    """One row over all queries; the worst queries and the flips are printed before."""
    with tempfile.TemporaryDirectory() as made:
        home = options.home or Path(made)
        if options.home is None:
            refresh(SOURCES, home)
        with open_engine(home) as engine:
            figures = measured(engine, queries())
    before = frozen()
    for text, figure in sorted(figures.items(), key=lambda one: one[1]):
        if figure < 1:
            print(f"{figure:.3f} {text}")
    for line in flips(figures, before):
        print(line)
    if options.freeze:
        freeze(figures)
    return [
        {
            "queries": len(figures),
            "NDCG@10": round(sum(figures.values()) / len(figures), 4),
            "without any relevant": sum(figure == 0 for figure in figures.values()),
            "perfect": sum(figure == 1 for figure in figures.values()),
            "flips": len(flips(figures, before)),
        }
    ]


def queries() -> list[Query]:
    """Every written query."""
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return [
            Query(
                row.pop("text"),
                **{name: [one for one in cell.split("; ") if one] for name, cell in row.items()},
            )
            for row in csv.DictReader(file)
        ]


def measured(engine: Engine, asked: Sequence[Query]) -> dict[str, float]:
    """NDCG@10 of each query that means anybody, by its text."""
    people = build().people
    known = {identifier: truth for truth in people for identifier in _identifiers_of(truth)}
    figures = {}
    for query in asked:
        ideal = sorted((query.grade(truth) for truth in people), reverse=True)[:TOP]
        if ideal[0] == 0:
            raise ValueError(f"{query.text!r}: nobody of the truth is meant; mend {QUERIES.name}")
        filters = engine.understand(query.text).filters
        page = engine.search_people(filters, limit=TOP).results if filters else []
        found = [_truth_of(one.person, known) for one in page]
        grades = [query.grade(one) if one and one not in found[:i] else 0 for i, one in enumerate(found)]
        figures[query.text] = round(gain(grades) / gain(ideal), 3)
    return figures


def gain(grades: Sequence[int]) -> float:
    """Discounted cumulative gain.

    Source: Burges et al., Learning to rank using gradient descent (2005): (2^grade - 1) / log2(1 + place).

    >>> gain([3, 0, 1])
    7.5
    """
    return sum(((1 << grade) - 1) / math.log2(place + 1) for place, grade in enumerate(grades, start=1))


def flips(figures: dict[str, float], before: dict[str, float]) -> list[str]:
    """A line for each query whose figure is not that of the frozen run."""
    return [
        f"{'better' if figure > before[text] else 'worse'} {before[text]:.3f} -> {figure:.3f}: {text}"
        for text, figure in figures.items()
        if abs(before.get(text, figure) - figure) > _MOVED
    ]


def frozen() -> dict[str, float]:
    """The committed run: text -> NDCG@10."""
    if not FROZEN.is_file():
        return {}
    with FROZEN.open(encoding="utf-8", newline="") as file:
        return {row["text"]: float(row["ndcg"]) for row in csv.DictReader(file)}


def freeze(figures: dict[str, float]) -> None:
    """Write this run, in the order of the queries."""
    with FROZEN.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["text", "ndcg"])
        writer.writerows((text, f"{figure:.3f}") for text, figure in figures.items())


def _identifiers_of(truth: Truth) -> set[str]:
    """What only this person of the truth has."""
    jobs = [job for job in (truth.job, truth.earlier) if job is not None]
    phone = "" if truth.phone is None else truth.phone.international.replace(" ", "")
    return {*(job.email for job in jobs), truth.private_email, phone, truth.linkedin or ""} - {""}


def _truth_of(person: Person, known: dict[str, Truth]) -> Truth | None:
    """The person of the truth that a result is; None when no identifier tells."""
    listed = [
        *(entry.address for entry in person.emails),
        *([person.linkedin] if person.linkedin else []),
        *(entry.number for entry in person.phones),
    ]
    return next((known[one] for one in listed if one in known), None)

"""Synthetic contact data of any size, with its truth: ``python -m datasets.synthetic --people N --out DIR``.

What is drawn and how it suffers stands in ``parameters``; the README beside this file shows the same numbers.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

from datasets.synthetic import files
from datasets.synthetic.companies import companies
from datasets.synthetic.parameters import PARAMETERS, SOURCES, VERSION
from datasets.synthetic.people import Firms, firms_of
from datasets.synthetic.people import people as people_of
from datasets.synthetic.records import records, spoiled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from datasets.synthetic.files import Format

__all__ = ["Made", "generate"]

_PART = 250_000
"""People of one part of each file: two parts side by side take about 750 MB while they are made."""

_AT_ONCE = 2
"""Parts made side by side: the steps that run on one core alone (files, sorting, names) overlap."""


class Made(Struct, frozen=True):
    """How many of each were made; ``records`` by source."""

    version: int
    seed: int
    people: int
    companies: int
    records: dict[str, int]


def generate(people: int, out: Path, *, seed: int = 1, kind: Format = "parquet") -> Made:
    """Write sources, ``sources.toml``, ``synthetic.json`` and ``truth/`` for that many people into ``out``.

    The same size and seed give the same bytes, on any number of threads.
    """
    everyone = companies(max(3, people // PARAMETERS.people_per_company), people, seed, PARAMETERS)
    counts = dict.fromkeys((*SOURCES, "companies", "technologies"), 0)
    for source, frame in _company_files(everyone, seed):
        counts[source] += frame.height
        files.write(frame.drop("company"), out / source / "part-0000", kind)
        files.write(files.truth_of_companies(source, frame), out / "truth" / "companies" / source, kind)
    firms = firms_of(everyone)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        frames = (_person_files(firms, stretch, seed) for stretch in _stretches(everyone))
        for written in pool.map(partial(_write_people, out, kind), count(), frames):
            for source, height in written.items():
                counts[source] += height
    made = Made(VERSION, seed, people, everyone.height, counts)
    (out / "sources.toml").write_text(files.declaration(kind), encoding="utf-8")
    (out / "synthetic.json").write_text(json.dumps(_facts(made), indent=2) + "\n", encoding="utf-8")
    return made


def _write_people(
    out: Path, kind: Format, number: int, frames: Iterator[tuple[str, pl.DataFrame]]
) -> dict[str, int]:
    """Write one part of each source of people and of the truth; how many records each source got."""
    heights = {}
    for source, frame in frames:
        heights[source] = frame.height
        part = f"part-{number:04}"
        files.write(frame.drop("person", "company"), out / source / part, kind)
        files.write(files.truth_of_people(source, frame), out / "truth" / "people" / f"{source}-{part}", kind)
    return heights


def _company_files(everyone: pl.DataFrame, seed: int) -> Iterator[tuple[str, pl.DataFrame]]:
    """The two sources of companies."""
    yield "companies", files.company_list(everyone, seed, PARAMETERS)
    yield "technologies", files.technology_list(everyone, seed, PARAMETERS)


def _person_files(firms: Firms, stretch: pl.DataFrame, seed: int) -> Iterator[tuple[str, pl.DataFrame]]:
    """The four sources of people, for the people of a stretch of companies."""
    every = records(people_of(firms, stretch, seed, PARAMETERS), seed, PARAMETERS)
    for place, source in enumerate(SOURCES):
        habit = getattr(PARAMETERS, source)
        part = spoiled(every.filter(pl.col("source") == place), firms, habit, seed, PARAMETERS)
        yield source, files.person_file(source, part)


def _stretches(everyone: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The companies in stretches of about ``_PART`` people."""
    yield from everyone.with_columns((pl.col("first_person") // _PART).alias("part")).partition_by(
        "part", maintain_order=True, include_key=False
    )


def _facts(made: Made) -> dict[str, object]:
    """What ``synthetic.json`` says."""
    return {
        "version": made.version,
        "seed": made.seed,
        "people": made.people,
        "companies": made.companies,
        "records": made.records,
    }

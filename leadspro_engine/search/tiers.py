"""Records that were found, parted into tiers by the rank that a plan sorts by, the best first.

The numbers of records stand in the order of ``gaps`` and id already, so within a tier they are in order, and
a page is cut from the first few tiers without looking at the others: for relevance the records with no word
that nobody asked for, with one, two …; for completeness the same of those that lack no detail, one …; for
recency those of the last day, of the day before …
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pyroaring import BitMap

from leadspro_engine.dataset.searchable import NEVER, RANKED_BY
from leadspro_engine.dataset.words import STOP_WORDS
from leadspro_engine.search.compile import asked_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from leadspro_engine.dataset.search_index import Records
    from leadspro_engine.search.cursor import Place
    from leadspro_engine.search.plan import Plan

Rank = tuple[int, ...]
"""``(extra,)`` for relevance, ``(gaps, extra)`` for completeness, ``(age,)`` for recency; see ``compile``."""


def parted(records: Records, plan: Plan, numbers: BitMap) -> Iterator[tuple[Rank, BitMap]]:
    """The tiers of some records in the plan's order; some may be empty."""
    if plan.sort == "recency":
        yield from (((age,), tier) for age, tier in _by_age(records, numbers))
        return
    asked = asked_words(plan)
    by_extra = _by_extra(records, numbers, asked - STOP_WORDS) if asked else iter([numbers])
    if plan.sort == "relevance":
        yield from (((extra,), tier) for extra, tier in enumerate(by_extra))
        return
    every = list(by_extra)
    for gaps, lacking in enumerate(records.lacking):
        yield from (((gaps, extra), tier & lacking) for extra, tier in enumerate(every))


def number_behind(records: Records, plan: Plan, place: Place) -> int:
    """The least number that stands behind a place of its tier."""
    return records.before(place.first if plan.sort == "completeness" else place.second, place.id)


def _by_extra(records: Records, numbers: BitMap, asked: Iterable[str]) -> Iterator[BitMap]:
    """Parted by how many different words of the ranked text nobody asked for: 0, 1, 2 and so on."""
    present = [numbers]  # parted by how many of the asked words they have
    for word in sorted(asked):
        having = numbers & records.having(RANKED_BY[records.kind], [word])
        if len(having) == len(numbers):
            present = [BitMap(), *present]
        elif having:
            others = [*(tier - having for tier in present), BitMap()]
            counted = [BitMap(), *(tier & having for tier in present)]
            present = [one | more for one, more in zip(others, counted, strict=True)]
    for extra in range(max(records.sizes, default=-1) + 1):
        sizes = ((tier, records.sizes.get(extra + had)) for had, tier in enumerate(present))
        yield BitMap.union(BitMap(), *(tier & size for tier, size in sizes if size is not None))


def _by_age(records: Records, numbers: BitMap) -> Iterator[tuple[int, BitMap]]:
    """Parted by the day of the last update, each with its age; what has no day comes last.

    Years and months in which nothing was found are passed over.
    """
    for year, month, within in _months(records, numbers):
        for day in range(31, 0, -1):
            tier = within & records.having("updated_at", [f"d{year:04}-{month:02}-{day:02}"])
            if tier:
                yield (dt.date.max - dt.date(year, month, day)).days, tier
    yield NEVER, numbers - BitMap.union(BitMap(), *records.years.values())


def _months(records: Records, numbers: BitMap) -> Iterator[tuple[int, int, BitMap]]:
    """The months in which something was last updated, the latest first, each with what it was."""
    for year, of_year in sorted(records.years.items(), reverse=True):
        within = numbers & of_year
        for month in range(12, 0, -1) if within else ():
            here = within & records.having("updated_at", [f"m{year:04}-{month:02}"])
            if here:
                yield year, month, here

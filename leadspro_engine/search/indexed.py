"""A ``Plan`` over the search index: the same records in the same order as ``compile`` finds by SQL.

Every condition is a set of numbers, see ``dataset.search_index``: sets are united (OR), intersected (AND) and
taken away (exclude), and the total is the size of what is left. A page is cut from them by ``tiers``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pyarrow.compute as pc
from pyroaring import BitMap

from leadspro_engine.dataset.search_index import DIGITS, array_of, first, set_of
from leadspro_engine.dataset.searchable import HEADCOUNTS
from leadspro_engine.search import facets, slips, tiers
from leadspro_engine.search.asking import Answer
from leadspro_engine.search.compile import at_most
from leadspro_engine.search.plan import (
    AllOf,
    AnyOf,
    Employs,
    FoundedIn,
    HasWords,
    HeadcountIn,
    IsOneOf,
    IsThere,
    UpdatedSince,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from leadspro_engine.dataset.search_index import Records, SearchIndex
    from leadspro_engine.search.asking import Snapshot, Wanted
    from leadspro_engine.search.plan import Condition, Phrase, Plan

_MOST = 10**DIGITS - 1  # a headcount that no company exceeds
_LAST_YEAR = 9999


def answer(dataset: Snapshot, wanted: Wanted) -> Answer:
    """What a search finds, in a snapshot that has an index."""
    index, plan = dataset.index, wanted.plan
    assert index is not None
    numbers = _found(index, plan) - wanted.hidden.numbers
    return Answer(
        len(numbers),
        _page(index.records(plan.kind), plan, numbers, wanted),
        facets.by_index(index, plan.kind, numbers, wanted.facets) if wanted.facets else None,
    )


class TitleWords:
    """The words of job titles, see ``corrections.TitleWords``."""

    def __init__(self, index: SearchIndex) -> None:
        self._people = index.records("people")

    def number(self, word: str) -> int:
        """How many people have a title with this word."""
        return len(self._people.having("job_title", [word]))

    def near(self, word: str) -> set[str]:
        """The words one slip away."""
        return slips.entries(word, partial(self._people.first_from, "job_title"))


def _found(index: SearchIndex, plan: Plan) -> BitMap:
    """The numbers of the records that fit a plan."""
    wanted = _every(_holds(index, plan.kind, one) for one in plan.must)
    unwanted = _either(_holds(index, plan.kind, one) for one in plan.must_not)
    return wanted - unwanted


def _page(records: Records, plan: Plan, numbers: BitMap, wanted: Wanted) -> list[str]:
    """The ids wanted of the records that were found, in the plan's order."""
    taken: list[int] = []
    behind = wanted.behind
    for rank, tier in tiers.parted(records, plan, numbers):
        reached = () if behind is None else (behind.first, behind.second)[: len(rank)]
        if rank >= reached:
            here = behind is not None and rank == reached
            after = tiers.number_behind(records, plan, behind) if behind and here else 0
            taken += first(tier, after=after, limit=wanted.limit - len(taken))
        if len(taken) == wanted.limit:
            break
    return records.ids(taken)


def _holds(  # noqa: PLR0911 - one case for each kind of condition
    index: SearchIndex, kind: str, condition: Condition
) -> BitMap:
    """The records for which a condition holds."""
    records = index.records(kind)
    match condition:
        case HasWords(text, phrases):
            return _either(_fits(records, text, phrase) for phrase in phrases)
        case IsOneOf(column, values):
            return records.having(column, values)
        case IsThere(detail):
            return records.having("there", [detail])
        case HeadcountIn(intervals):
            return _either(_within(records, low, high) for low, high in intervals)
        case FoundedIn(intervals):
            return _either(
                records.between("founded", f"{low or 0:04}", f"{high or _LAST_YEAR:04}")
                for low, high in intervals
            )
        case UpdatedSince(day):
            return _since(records, day)
        case Employs(phrases):
            return _employers(index.records("people"), phrases)
        case AllOf(conditions):
            return _every(_holds(index, kind, one) for one in conditions)
        case AnyOf(conditions):
            return _either(_holds(index, kind, one) for one in conditions)


def _fits(records: Records, text: str, phrase: Phrase) -> BitMap:
    """Every term of a phrase is there, in one of its alternatives."""
    return _every(
        _either(_every(records.having(text, [word]) for word in alternative) for alternative in term)
        for term in phrase
    )


def _within(records: Records, low: int, high: int | None) -> BitMap:
    """The headcount lies in a closed interval; where only the range is known, the whole range does."""
    inside = [name for name, (least, most) in HEADCOUNTS.items() if least >= low and at_most(most, high)]
    edges = [
        records.between("headcount", _digits(max(low, least)), _digits(min(high or _MOST, most or _MOST)))
        for name, (least, most) in {"none": (0, 0), **HEADCOUNTS}.items()
        if name not in inside and at_most(least, high) and at_most(low, most)
    ]
    return _either([records.having("headcount_range", inside), *edges])


def _digits(headcount: int) -> str:
    return f"{min(headcount, _MOST):0{DIGITS}}"


def _since(records: Records, day: dt.date) -> BitMap:
    """Last seen on a day or later: the rest of its month, of its year, and all years after."""
    months = [f"m{day.year:04}-{month:02}" for month in range(day.month + 1, 13)]
    return _either(
        [
            records.between("updated_at", f"d{day.isoformat()}", f"d{day.year:04}-{day.month:02}-31"),
            records.having("updated_at", months),
            records.between("updated_at", f"y{day.year + 1:04}", f"y{_LAST_YEAR}"),
        ]
    )


def _employers(people: Records, phrases: Iterable[Phrase]) -> BitMap:
    """The companies that somebody works at whose job title fits."""
    staff = _either(_fits(people, "job_title", phrase) for phrase in phrases)
    return set_of(pc.unique(pc.take(people.column["employer"], array_of(staff))).drop_null())


def _every(sets: Iterable[BitMap]) -> BitMap:
    """What is in each of the sets; the smallest are intersected first."""
    ordered = sorted(sets, key=len)
    common = ordered[0]
    for one in ordered[1:]:
        common = common & one
    return common


def _either(sets: Iterable[BitMap]) -> BitMap:
    """What is in one of the sets."""
    listed = list(sets)
    return listed[0] if len(listed) == 1 else BitMap.union(BitMap(), *listed)

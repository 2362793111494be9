"""Pages of people and companies out of a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypedDict, TypeVar, Unpack

from leadspro_engine.answer_fields import Shown
from leadspro_engine.dataset import NOBODY
from leadspro_engine.errors import InvalidInput
from leadspro_engine.records import (
    CompanyPage,
    CompanyResult,
    Facets,
    PeoplePage,
    PersonResult,
    Suppressions,
    Total,
)
from leadspro_engine.search import by_tables, complete, facets, indexed, rank
from leadspro_engine.search import cursor as cursors
from leadspro_engine.search.asking import Wanted
from leadspro_engine.search.compile import asked_words
from leadspro_engine.search.filters import SORTS, company_plan, people_plan
from leadspro_engine.search.hiding import SHOWN, hidden_in
from leadspro_engine.search.rank import Ranked

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from leadspro_engine.dataset.stored import StoredPerson
    from leadspro_engine.records import Company, ValueCount
    from leadspro_engine.search.asking import Snapshot
    from leadspro_engine.search.corrections import TitleWords
    from leadspro_engine.search.filters import Filters
    from leadspro_engine.search.plan import Plan

LARGEST_PAGE = 100
"""Results a page may hold."""


class Options(TypedDict, total=False):
    """How a result is shown.

    Attributes:
        sort: one of ``filters.SORTS``.
        limit: results of this page, 1-100; 10 when not given.
        cursor: ``next_cursor`` of the page before, for the same filters and order.
        facets: fields whose commonest values are counted over the whole result, see ``facets``.
        fields: dotted names of the fields to show; the others are null. All when none is named.
        suppressions: people with one of these identifiers are neither shown nor counted.
    """

    sort: str
    limit: int
    cursor: str | None
    facets: Sequence[str]
    fields: Sequence[str]
    suppressions: Suppressions


def search_people(
    dataset: Snapshot, filters: Filters, *, exclude: Filters | None = None, **options: Unpack[Options]
) -> PeoplePage:
    """One page of the people who fit all filters and none of ``exclude``.

    Args:
        dataset: an open snapshot.
        filters: a ``PeopleFilters`` or a mapping of its fields; at least one must have a value.
        exclude: fields of the same shape; who fits any of them is left out.
        options: see ``Options``.

    Returns:
        The page, best first (see ``compile``), with the exact total; ``next_cursor`` is None on the last one.

    Raises:
        InvalidInput: a filter, the limit or the cursor cannot be used; names the field.
        CursorExpired: the cursor was made on another version of the dataset.
    """
    plan = people_plan(filters, exclude, options.get("sort", SORTS[0]), titles=_titles(dataset))
    shown, asked = Shown(options.get("fields", ())), asked_words(plan)
    found = _find(dataset, plan, options, lambda ids: _people(dataset, ids, asked))
    employers = {one.company_id for one in found.records if one.company_id is not None}
    companies = dataset.keys.companies(employers)
    results = [
        PersonResult(*shown.cut(one.person, companies.get(one.company_id or "")), ranked.shown)
        for one, ranked in zip(found.records, found.ranks, strict=True)
    ]
    return PeoplePage(results, Total(found.total), found.following, found.facets)


def search_companies(
    dataset: Snapshot, filters: Filters, *, exclude: Filters | None = None, **options: Unpack[Options]
) -> CompanyPage:
    """One page of the companies that fit all filters and none of ``exclude``.

    Arguments, order and errors as for ``search_people``; the suppressions of people hide no company.
    """
    plan = company_plan(filters, exclude, options.get("sort", SORTS[0]), titles=_titles(dataset))
    shown, asked = Shown(options.get("fields", ()), of="company"), asked_words(plan)
    found = _find(dataset, plan, options, lambda ids: _companies(dataset, ids, asked))
    results = [
        CompanyResult(shown.cut_company(one), ranked.shown)
        for one, ranked in zip(found.records, found.ranks, strict=True)
    ]
    return CompanyPage(results, Total(found.total), found.following, found.facets)


def autocomplete(
    dataset: Snapshot, field: str, prefix: str, *, limit: int = 10, suppressions: Suppressions = NOBODY
) -> list[ValueCount]:
    """The values of a field that begin as what was typed, the commonest first; see ``complete``.

    Raises:
        InvalidInput: an argument is out of range; names it.
    """
    typed = complete.Typed(field, prefix, limit)
    hidden = hidden_in(dataset, suppressions)
    offered = None
    if dataset.index is not None:
        offered = complete.by_index(dataset.index, typed, hidden.values.get(field, {}))
    return offered if offered is not None else complete.by_tables(dataset.cursor(), typed, hidden.ids)


Record = TypeVar("Record")
_Read = Callable[[Sequence[str]], list[tuple[str, Record, Ranked]]]
"""Ids -> each with its stored record and rank, in the order of the ids."""


class _Found(Generic[Record]):
    """What a search found.

    Attributes:
        total: how many records fit.
        records, ranks: of those on the page.
        following: the cursor of the next page; None when this is the last.
        facets: None when none was asked for.
    """

    def __init__(
        self, total: int, rows: list[tuple[str, Record, Ranked]], following: str | None, facets: Facets | None
    ) -> None:
        self.total = total
        self.records = [record for _, record, _ in rows]
        self.ranks = [ranked for _, _, ranked in rows]
        self.following = following
        self.facets = facets


def _people(
    dataset: Snapshot, ids: Sequence[str], asked: AbstractSet[str]
) -> list[tuple[str, StoredPerson, Ranked]]:
    stored = dataset.keys.people(ids)
    return [(one, stored[one], rank.of_person(stored[one], asked)) for one in ids]


def _companies(
    dataset: Snapshot, ids: Sequence[str], asked: AbstractSet[str]
) -> list[tuple[str, Company, Ranked]]:
    stored = dataset.keys.companies(ids)
    return [(one, stored[one], rank.of_company(stored[one], asked)) for one in ids]


def _titles(dataset: Snapshot) -> TitleWords:
    """The words of the job titles of a snapshot."""
    if dataset.index is None:
        return by_tables.TitleWords(dataset.cursor())
    return indexed.TitleWords(dataset.index)


def _find(dataset: Snapshot, plan: Plan, options: Options, read: _Read[Record]) -> _Found[Record]:
    """The records of a plan that stand on the page asked for."""
    limit, cursor = options.get("limit", 10), options.get("cursor")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= LARGEST_PAGE:
        raise InvalidInput("/limit", limit, f"a whole number from 1 to {LARGEST_PAGE}")
    named = facets.asked_for(plan.kind, options.get("facets", ()))
    digest = plan.digest()
    behind = None if cursor is None else cursors.decode(cursor, version=dataset.version, query=digest)
    hidden = hidden_in(dataset, options.get("suppressions", NOBODY)) if plan.kind == "people" else SHOWN
    wanted = Wanted(plan, limit + 1, behind, hidden, named)
    total, ids, counted = (by_tables.answer if dataset.index is None else indexed.answer)(dataset, wanted)
    rows = read(ids)
    following = None
    if len(rows) > limit:
        last, _, ranked = rows[limit - 1]
        place = cursors.Place(*ranked.by(plan), last)
        following = cursors.encode(place, version=dataset.version, query=digest)
    return _Found(total, rows[:limit], following, counted)

"""Pages of people and companies out of a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypedDict, Unpack
from weakref import WeakKeyDictionary

from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.answer_fields import Shown
from leadspro_engine.dataset import NOBODY, hidden_ids
from leadspro_engine.errors import InvalidInput
from leadspro_engine.records import (
    CompanyPage,
    CompanyResult,
    Facets,
    PeoplePage,
    PersonResult,
    Rank,
    Suppressions,
    Total,
)
from leadspro_engine.search import cursor as cursors
from leadspro_engine.search import facets
from leadspro_engine.search.compile import ORDERS, Parameters, found
from leadspro_engine.search.complete import complete
from leadspro_engine.search.filters import SORTS, company_plan, people_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from leadspro_engine.dataset.stored import StoredPerson
    from leadspro_engine.records import Company, ValueCount
    from leadspro_engine.search.filters import Filters
    from leadspro_engine.search.plan import Plan

LARGEST_PAGE = 100
"""Results a page may hold."""

_PAGE = """
with {found}, page as (
  select id, extra, gaps, {first} as first, {second} as second
  from found{behind} order by first, second, id limit {limit}
)
select counted.total, page.first, page.second, page.id, page.extra, page.gaps
from (select count(*) as total from found) as counted left join page on true
order by page.first, page.second, page.id"""


class Stored(Protocol):
    """Where stored answers are read by id."""

    def people(self, ids: Iterable[str]) -> Mapping[str, StoredPerson]:
        """The people with these ids."""

    def companies(self, ids: Iterable[str]) -> Mapping[str, Company]:
        """The companies with these ids."""


class Snapshot(Protocol):
    """What a search needs of an open dataset."""

    @property
    def version(self) -> str:
        """The version, which never changes while it is open."""

    @property
    def keys(self) -> Stored:
        """The key index."""

    def cursor(self) -> DuckDBPyConnection:
        """This thread's DuckDB cursor over the tables ``people`` and ``companies``."""


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


_read_for: WeakKeyDictionary[Snapshot, tuple[Suppressions, list[str]]] = WeakKeyDictionary()
"""Who is hidden in a snapshot under the suppressions that it was last searched with."""


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
    plan = people_plan(filters, exclude, options.get("sort", SORTS[0]))
    shown = Shown(options.get("fields", ()))
    found = _find(dataset, plan, options)
    stored = dataset.keys.people([one.place.id for one in found.rows])
    employers = {one.company_id for one in stored.values() if one.company_id is not None}
    companies = dataset.keys.companies(employers)
    results = []
    for one in found.rows:
        who = stored[one.place.id]
        results.append(PersonResult(*shown.cut(who.person, companies.get(who.company_id or "")), one.rank))
    return PeoplePage(results, Total(found.total), found.following, found.facets)


def search_companies(
    dataset: Snapshot, filters: Filters, *, exclude: Filters | None = None, **options: Unpack[Options]
) -> CompanyPage:
    """One page of the companies that fit all filters and none of ``exclude``.

    Arguments, order and errors as for ``search_people``; the suppressions of people hide no company.
    """
    plan = company_plan(filters, exclude, options.get("sort", SORTS[0]))
    shown = Shown(options.get("fields", ()), of="company")
    found = _find(dataset, plan, options)
    stored = dataset.keys.companies([one.place.id for one in found.rows])
    results = [CompanyResult(shown.cut_company(stored[one.place.id]), one.rank) for one in found.rows]
    return CompanyPage(results, Total(found.total), found.following, found.facets)


def autocomplete(
    dataset: Snapshot, field: str, prefix: str, *, limit: int = 10, suppressions: Suppressions = NOBODY
) -> list[ValueCount]:
    """The values of a field that begin as what was typed, the commonest first; see ``complete``.

    Raises:
        InvalidInput: an argument is out of range; names it.
    """
    return complete(dataset.cursor(), field, prefix, limit=limit, hidden=hidden_in(dataset, suppressions))


class _Row(Struct, frozen=True):
    """One result: where it stands and why."""

    place: cursors.Place
    rank: Rank


class _Found(Struct, frozen=True):
    """What a search found.

    Attributes:
        total: how many records fit.
        rows: those on the page.
        following: the cursor of the next page; None when this is the last.
        facets: None when none was asked for.
    """

    total: int
    rows: list[_Row]
    following: str | None
    facets: Facets | None


def _find(dataset: Snapshot, plan: Plan, options: Options) -> _Found:
    """The records of a plan that stand on the page asked for."""
    limit, cursor = options.get("limit", 10), options.get("cursor")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= LARGEST_PAGE:
        raise InvalidInput("/limit", limit, f"a whole number from 1 to {LARGEST_PAGE}")
    asked = facets.asked_for(plan.kind, options.get("facets", ()))
    digest = plan.digest()
    behind = None if cursor is None else cursors.decode(cursor, version=dataset.version, query=digest)
    hidden = hidden_in(dataset, options.get("suppressions", NOBODY)) if plan.kind == "people" else []
    total, rows = _rows(dataset.cursor(), plan, limit + 1, behind, hidden)
    more = len(rows) > limit
    following = cursors.encode(rows[limit - 1].place, version=dataset.version, query=digest) if more else None
    counted = facets.count(dataset.cursor(), plan, asked, hidden) if asked else None
    return _Found(total, rows[:limit], following, counted)


def _rows(
    con: DuckDBPyConnection, plan: Plan, limit: int, behind: cursors.Place | None, hidden: list[str]
) -> tuple[int, list[_Row]]:
    """The total, and up to ``limit`` rows from a place on."""
    parameters = Parameters()
    first, second = ORDERS[plan.sort]
    text = _PAGE.format(
        found=found(plan, parameters, hidden=hidden),
        first=first,
        second=second,
        behind=_behind(behind, (first, second), parameters),
        limit=parameters.bind(limit),
    )
    rows = sql.run(con, f"search {plan.kind}", text, parameters).fetchall()
    placed = [
        _Row(cursors.Place(one, two, entity), Rank(extra, gaps))
        for _, one, two, entity, extra, gaps in rows
        if entity is not None
    ]
    return rows[0][0], placed


def hidden_in(dataset: Snapshot, suppressions: Suppressions) -> list[str]:
    """The ids that must not be found, read once for each change of the suppressions."""
    read = _read_for.get(dataset)
    if read is None or read[0] != suppressions:
        read = _read_for[dataset] = (suppressions, hidden_ids(dataset.cursor(), suppressions))
    return read[1]


def _behind(place: cursors.Place | None, order: tuple[str, str], parameters: Parameters) -> str:
    """The condition that rows stand behind a place."""
    if place is None:
        return ""
    first, second, entity = (parameters.bind(value) for value in (place.first, place.second, place.id))
    return f"\n  where ({order[0]}, {order[1]}, id) > ({first}, {second}, {entity})"

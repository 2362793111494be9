"""Pages of people and companies out of a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from leadspro_engine import sql
from leadspro_engine.dataset import NOBODY, hidden_ids
from leadspro_engine.errors import InvalidInput
from leadspro_engine.records import CompanyPage, CompanyResult, PeoplePage, PersonResult, Total
from leadspro_engine.search import cursor as cursors
from leadspro_engine.search.compile import Parameters, found
from leadspro_engine.search.filters import company_plan, people_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from duckdb import DuckDBPyConnection

    from leadspro_engine.dataset.stored import StoredPerson
    from leadspro_engine.records import Company, Suppressions
    from leadspro_engine.search.filters import Filters
    from leadspro_engine.search.plan import Plan

LARGEST_PAGE = 100
"""Results a page may hold."""

_PAGE = """
with {found}, page as (
  select id, extra, gaps from found{behind} order by extra, gaps, id limit {limit}
)
select counted.total, page.extra, page.gaps, page.id
from (select count(*) as total from found) as counted left join page on true
order by page.extra, page.gaps, page.id"""


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


_read_for: WeakKeyDictionary[Snapshot, tuple[Suppressions, list[str]]] = WeakKeyDictionary()
"""Who is hidden in a snapshot under the suppressions that it was last searched with."""


def search_people(  # noqa: PLR0913  # the door: each argument is a part of the question
    dataset: Snapshot,
    filters: Filters,
    *,
    exclude: Filters | None = None,
    limit: int = 10,
    cursor: str | None = None,
    suppressions: Suppressions = NOBODY,
) -> PeoplePage:
    """One page of the people who fit all filters and none of ``exclude``.

    Args:
        dataset: an open snapshot.
        filters: a ``PeopleFilters`` or a mapping of its fields; at least one must have a value.
        exclude: fields of the same shape; who fits any of them is left out.
        limit: results of this page, 1-100.
        cursor: ``next_cursor`` of the page before, for the same filters.
        suppressions: people with one of these identifiers are neither shown nor counted.

    Returns:
        The page, best first (see ``compile``), with the exact total; ``next_cursor`` is None on the last one.

    Raises:
        InvalidInput: a filter, the limit or the cursor cannot be used; names the field.
        CursorExpired: the cursor was made on another version of the dataset.
    """
    plan = people_plan(filters, exclude)
    total, places, following = _page(dataset, plan, limit, cursor, suppressions)
    stored = dataset.keys.people([place.id for place in places])
    people = [stored[place.id] for place in places]
    companies = dataset.keys.companies({one.company_id for one in people if one.company_id is not None})
    results = [PersonResult(one.person, companies.get(one.company_id or "")) for one in people]
    return PeoplePage(results, Total(total), following)


def search_companies(
    dataset: Snapshot,
    filters: Filters,
    *,
    exclude: Filters | None = None,
    limit: int = 10,
    cursor: str | None = None,
) -> CompanyPage:
    """One page of the companies that fit all filters and none of ``exclude``.

    Arguments, order and errors as for ``search_people``.
    """
    plan = company_plan(filters, exclude)
    total, places, following = _page(dataset, plan, limit, cursor, NOBODY)
    stored = dataset.keys.companies([place.id for place in places])
    return CompanyPage([CompanyResult(stored[place.id]) for place in places], Total(total), following)


def _page(
    dataset: Snapshot, plan: Plan, limit: int, cursor: str | None, suppressions: Suppressions
) -> tuple[int, list[cursors.Place], str | None]:
    """How many records fit, the places of those on the page, and the cursor of the next one."""
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= LARGEST_PAGE:
        raise InvalidInput("/limit", limit, f"a whole number from 1 to {LARGEST_PAGE}")
    digest = plan.digest()
    behind = None if cursor is None else cursors.decode(cursor, version=dataset.version, query=digest)
    rows = _rows(dataset.cursor(), plan, limit + 1, behind, _hidden(dataset, suppressions))
    places = [cursors.Place(extra, gaps, entity) for _, extra, gaps, entity in rows if entity is not None]
    more = len(places) > limit
    following = cursors.encode(places[limit - 1], version=dataset.version, query=digest) if more else None
    return rows[0][0], places[:limit], following


def _rows(
    con: DuckDBPyConnection, plan: Plan, limit: int, behind: cursors.Place | None, hidden: list[str]
) -> list[tuple[int, int, int, str | None]]:
    """Total and rank of up to ``limit`` rows; one row without an id when there are none."""
    parameters = Parameters()
    unseen = f"select unnest({parameters.bind(hidden)}::varchar[])" if hidden else None
    fitting = found(plan, parameters, hidden=unseen)
    text = _PAGE.format(found=fitting, behind=_behind(behind, parameters), limit=parameters.bind(limit))
    return sql.run(con, f"search {plan.kind}", text, parameters).fetchall()


def _hidden(dataset: Snapshot, suppressions: Suppressions) -> list[str]:
    """The ids that must not be found, read once for each change of the suppressions."""
    read = _read_for.get(dataset)
    if read is None or read[0] != suppressions:
        read = _read_for[dataset] = (suppressions, hidden_ids(dataset.cursor(), suppressions))
    return read[1]


def _behind(place: cursors.Place | None, parameters: Parameters) -> str:
    """The condition that rows stand behind a place."""
    if place is None:
        return ""
    extra, gaps, entity = (parameters.bind(value) for value in (place.extra, place.gaps, place.id))
    return f"\n  where (extra, gaps, id) > ({extra}, {gaps}, {entity})"

"""What passes between a search and what answers it: the tables or the search index of a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from leadspro_engine.dataset.search_index import SearchIndex
    from leadspro_engine.dataset.stored import StoredPerson
    from leadspro_engine.records import Company, Facets
    from leadspro_engine.search.cursor import Place
    from leadspro_engine.search.hiding import Hidden
    from leadspro_engine.search.plan import Plan


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

    @property
    def index(self) -> SearchIndex | None:
        """The search index; without one the tables answer."""

    def cursor(self) -> DuckDBPyConnection:
        """This thread's DuckDB cursor over the tables ``people`` and ``companies``."""


class Wanted(Struct, frozen=True):
    """What is wanted of a search.

    Attributes:
        plan: which records, in which order.
        limit: ids at the most.
        behind: the place behind which they begin; None is the start.
        hidden: who must be neither found nor counted.
        facets: names of ``facets.FACETS``.
    """

    plan: Plan
    limit: int
    behind: Place | None
    hidden: Hidden
    facets: Sequence[str]


class Answer(NamedTuple):
    """What a search found: how many records in all, the ids wanted of them, and the facets if any."""

    total: int
    ids: list[str]
    facets: Facets | None

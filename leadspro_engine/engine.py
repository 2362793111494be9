"""The face of an open snapshot: enrich, search, and the versions that come and go under a running server."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from leadspro_engine import analysis, match, search
from leadspro_engine.dataset import NOBODY, Dataset, current_version, hides, home_folder
from leadspro_engine.errors import InvalidInput, LeadsProError
from leadspro_engine.lineage import with_lineage
from leadspro_engine.records import IdentifyAnswer, PersonResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType

    import polars as pl

    from leadspro_engine.dataset import Manifest
    from leadspro_engine.lineage import Answered
    from leadspro_engine.records import (
        BatchAnswer,
        CompanyFilters,
        CompanyPage,
        EnrichAnswer,
        PeopleFilters,
        PeoplePage,
        PersonQuery,
        Sort,
        Suppressions,
        ValueCount,
    )

Asked = TypeVar("Asked")
LOOK_EVERY_S = 1.0
"""How often a live engine looks for a new snapshot: one stat call a second costs nothing."""


def open_engine(
    home: str | Path | None = None, *, verify: bool = False, suppressions: Suppressions = NOBODY
) -> Engine:
    """Open the current snapshot of a data folder, or the snapshot whose folder is given.

    Args:
        home: the folder; ``$LEADSPRO_HOME``, else ``./leadspro-data``, when not given.
        verify: read every byte and compare checksums first.
        suppressions: people who are never answered or found.

    Raises:
        DatasetMissing: there is no published snapshot.
        DatasetCorrupt: a file is not what was published; the error names it.
    """
    return Engine(Dataset.open(home_folder(home), verify=verify), suppressions=suppressions)


class Engine:
    """Answers from one snapshot, in any number of threads; the same question always has the same answer.

    Works as a context manager, which closes the snapshot.
    """

    def __init__(self, dataset: Dataset, *, suppressions: Suppressions = NOBODY) -> None:
        self._dataset = dataset
        self._suppressions = suppressions

    @property
    def version(self) -> str:
        """The name of the snapshot, ``v-<utc>-<hash>``."""
        return self._dataset.version

    @property
    def manifest(self) -> Manifest:
        """What the snapshot says of itself: counts, sources, weights, checksums."""
        return self._dataset.manifest

    def hiding(self, suppressions: Suppressions) -> Engine:
        """The same open snapshot, from which these people are never answered or found."""
        return Engine(self._dataset, suppressions=suppressions)

    def enrich(  # noqa: PLR0913 - the public door: each option is named by its caller
        self,
        query: PersonQuery | Mapping[str, Any] | None = None,
        *,
        min_likelihood: float = match.DEFAULT_MIN_LIKELIHOOD,
        required: Sequence[str] = (),
        fields: Sequence[str] = (),
        explain: bool = False,
        preview: bool = False,
        **given: str | list[str] | None,
    ) -> EnrichAnswer:
        """The person whom a query means, with their company and the reasons; or no match.

        Give a ``PersonQuery``, a mapping of its fields, or the fields as keywords:
        ``engine.enrich(email="amanda@northpeak.io", company="North Peak")``. The options are
        ``leadspro_engine.match.answer.AnswerOptions``; ``explain`` also gives the answer's lineage.

        Raises:
            InvalidInput: the query identifies nobody, is given in two forms, or an option is out of range;
                names the field.
        """
        found = match.Matcher(
            self._dataset,
            min_likelihood=min_likelihood,
            required=required,
            fields=fields,
            explain=explain,
            preview=preview,
            suppressions=self._suppressions,
        ).answer(_asked("query", query, given))
        return self._explained([found], fields)[0] if explain else found

    def enrich_batch(  # noqa: PLR0913 - the same options as one query has
        self,
        items: Iterable[PersonQuery | Mapping[str, Any]],
        *,
        min_likelihood: float = match.DEFAULT_MIN_LIKELIHOOD,
        required: Sequence[str] = (),
        fields: Sequence[str] = (),
        explain: bool = False,
        preview: bool = False,
    ) -> list[BatchAnswer]:
        """The answers to many queries, in their order, one for each; a bad item has the status ``invalid``.

        Raises:
            InvalidInput: an option is out of range.
        """
        found = match.enrich_batch(
            self._dataset,
            items,
            min_likelihood=min_likelihood,
            required=required,
            fields=fields,
            explain=explain,
            preview=preview,
            suppressions=self._suppressions,
        )
        return self._explained(found, fields) if explain else found

    def identify(
        self,
        query: PersonQuery | Mapping[str, Any] | None = None,
        *,
        limit: int = match.MOST_IDENTIFIED,
        explain: bool = False,
        **given: str | list[str] | None,
    ) -> IdentifyAnswer:
        """Everybody whom a query may mean with their likelihood and score, the likeliest first.

        The query is given as to ``enrich``; the options are those of ``leadspro_engine.match.identify``.

        Raises:
            InvalidInput: the query identifies nobody, is given in two forms, or ``limit`` is not in 1..20.
        """
        found = match.identify(
            self._dataset,
            _asked("query", query, given),
            limit=limit,
            explain=explain,
            suppressions=self._suppressions,
        )
        return IdentifyAnswer(self._explained(found.candidates, ())) if explain else found

    def _explained(self, answers: Sequence[Answered], fields: Sequence[str]) -> list[Answered]:
        """The answers with their lineage."""
        return with_lineage(self._dataset, answers, fields=fields, suppressions=self._suppressions)

    def enrich_table(
        self,
        given: str | Path,
        out: str | Path,
        *,
        columns: Mapping[str, str] | None = None,
        min_likelihood: float = match.DEFAULT_MIN_LIKELIHOOD,
        progress: Callable[[int], None] = lambda _: None,
    ) -> match.TableCounts:
        """Write the rows of a CSV, JSON lines or Parquet file to ``out``, each with its answer beside it.

        The options are those of ``leadspro_engine.match.enrich_table``. A run that was killed goes on where
        it was.

        Raises:
            InvalidInput: ``out`` has an unknown ending, or no column can be asked by.
            SourceError: the file cannot be read.
        """
        return match.enrich_table(
            self._dataset,
            Path(given),
            Path(out),
            columns=columns,
            min_likelihood=min_likelihood,
            suppressions=self._suppressions,
            progress=progress,
        )

    def enrich_frame(
        self,
        frame: pl.DataFrame,
        *,
        columns: Mapping[str, str] | None = None,
        min_likelihood: float = match.DEFAULT_MIN_LIKELIHOOD,
    ) -> pl.DataFrame:
        """The frame with the columns of the answers beside it, row by row.

        The options are those of ``leadspro_engine.match.enrich_frame``.

        Raises:
            InvalidInput: no column can be asked by, or ``columns`` names one that is not there.
        """
        return match.enrich_frame(
            self._dataset,
            frame,
            columns=columns,
            min_likelihood=min_likelihood,
            suppressions=self._suppressions,
        )

    def search_people(  # noqa: PLR0913 - the public door: each option is named by its caller
        self,
        filters: PeopleFilters | Mapping[str, Any] | None = None,
        *,
        exclude: PeopleFilters | Mapping[str, Any] | None = None,
        sort: Sort = "relevance",
        limit: int = 10,
        cursor: str | None = None,
        facets: Sequence[str] = (),
        fields: Sequence[str] = (),
        **given: str | list[str] | None,
    ) -> PeoplePage:
        """One page of the people who fit all filters and none of ``exclude``.

        Give ``PeopleFilters``, a mapping of its fields, or the fields as keywords:
        ``engine.search_people(job_title="Revenue Operations", country="United States")``. The options are
        ``leadspro_engine.search.page.Options``.

        Raises:
            InvalidInput: a filter or an option is unknown or has no usable value; names the field.
            CursorExpired: the cursor was made on another version of the dataset.
        """
        return search.search_people(
            self._dataset,
            _asked("filters", filters, given),
            exclude=exclude,
            sort=sort,
            limit=limit,
            cursor=cursor,
            facets=facets,
            fields=fields,
            suppressions=self._suppressions,
        )

    def search_companies(  # noqa: PLR0913 - the same options as people have
        self,
        filters: CompanyFilters | Mapping[str, Any] | None = None,
        *,
        exclude: CompanyFilters | Mapping[str, Any] | None = None,
        sort: Sort = "relevance",
        limit: int = 10,
        cursor: str | None = None,
        facets: Sequence[str] = (),
        fields: Sequence[str] = (),
        **given: str | list[str] | None,
    ) -> CompanyPage:
        """One page of the companies that fit all filters and none of ``exclude``, as ``search_people``.

        Raises:
            InvalidInput: a filter or an option is unknown or has no usable value; names the field.
            CursorExpired: the cursor was made on another version of the dataset.
        """
        return search.search_companies(
            self._dataset,
            _asked("filters", filters, given),
            exclude=exclude,
            sort=sort,
            limit=limit,
            cursor=cursor,
            facets=facets,
            fields=fields,
        )

    def autocomplete(self, field: str, prefix: str, *, limit: int = 10) -> list[ValueCount]:
        """The values of a field that begin as what was typed, the commonest first.

        ``engine.autocomplete("job_title", "rev")``; see ``leadspro_engine.search.complete``.

        Raises:
            InvalidInput: there is no such field, or an argument is out of range.
        """
        return search.autocomplete(self._dataset, field, prefix, limit=limit, suppressions=self._suppressions)

    def understand(self, text: str, kind: Literal["people", "companies"] = "people") -> search.Understood:
        """The filters that a plain text asks for, and what each of its words was taken for.

        ``engine.search_people(engine.understand("revops leaders in berlin").filters)`` finds them.

        Raises:
            InvalidInput: the text is longer than 200 characters, or the kind is neither of the two.
        """
        return search.understand(text, kind)

    def sql(
        self, query: str, *, limit: int = analysis.ROWS, timeout_s: float = analysis.SECONDS
    ) -> analysis.Table:
        """The rows of one select statement over the views of ``docs/sql.md``, without anybody who is hidden.

        The options are those of ``leadspro_engine.analysis.query``.

        Raises:
            InvalidInput: it is no select statement over the views, is wrong SQL, or a limit is out of range.
            QueryStopped: it took longer than ``timeout_s`` or more memory than it may.
        """
        return analysis.query(
            self._dataset, query, limit=limit, timeout_s=timeout_s, suppressions=self._suppressions
        )

    def people(self, ids: Iterable[str]) -> dict[str, PersonResult]:
        """The people with these ids and their companies; unknown and hidden ones are left out."""
        found = {
            one: stored
            for one, stored in self._dataset.keys.people(ids).items()
            if not hides(self._suppressions, stored.person)
        }
        companies = self._dataset.keys.companies({one.company_id for one in found.values() if one.company_id})
        return {
            one: PersonResult(stored.person, companies.get(stored.company_id or ""))
            for one, stored in found.items()
        }

    def successors(self, ids: Sequence[str]) -> dict[str, list[str]]:
        """The ids that took the place of ids of earlier snapshots, see ``Dataset.successors``."""
        return self._dataset.successors(ids)

    def holders(self, query: PersonQuery) -> tuple[str, ...]:
        """The ids of all to whom an identifier of the query leads, sorted; hidden people too.

        Raises:
            InvalidInput: the query has no identifier.
        """
        keys = match.ask(query).keys
        found = (self._dataset.keys.lookup(kind, listed).values() for kind, listed in keys.items())
        return tuple(sorted({one for lists in found for ids in lists for one in ids}))

    def close(self) -> None:
        """Let go of the snapshot. Nothing may be asked afterwards."""
        self._dataset.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _asked(name: str, whole: Asked | None, fields: Mapping[str, Any]) -> Asked | Mapping[str, Any]:
    """What a caller asks, given as a whole or as keywords.

    Raises:
        InvalidInput: it is given in both forms, one of which would go unheard.
    """
    if whole is None:
        return fields
    if fields:
        raise InvalidInput(name, whole, f"either that or the keywords {', '.join(fields)}, not both")
    return whole


class LiveEngine:
    """The current snapshot of a data folder, replaced by a newer one while it is in use.

    A caller takes ``current()`` once and works with that engine: everything it is asked comes from one
    snapshot. An engine that was replaced is let go when its last user is done. A new snapshot is checked in
    full before it is used; one that is damaged is left aside, and ``problem`` says what is wrong with it.

    Attributes:
        problem: why the newest version is not in use; None when it is.
    """

    def __init__(
        self, home: str | Path | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Open the current snapshot, every byte checked.

        Raises:
            DatasetMissing: there is no published snapshot.
            DatasetCorrupt: a file is not what was published; the error names it.
        """
        self.problem: LeadsProError | None = None
        self._home = home_folder(home)
        self._clock = clock
        self._looked = clock()
        self._looking = threading.Lock()
        self._refused: str | None = None
        self._engine = open_engine(self._home, verify=True)

    def current(self) -> Engine:
        """The engine to answer the next request from; looks for a newer snapshot once a second.

        A new one is opened aside, so that no request waits for it.
        """
        if self._clock() - self._looked >= LOOK_EVERY_S:
            self._looked = self._clock()
            if self._looking.locked():
                return self._engine  # a large snapshot takes longer to check than the time between two looks
            if current_version(self._home) not in (None, self._engine.version, self._refused):
                threading.Thread(target=self.look, name="leadspro-new-snapshot", daemon=True).start()
        return self._engine

    def look(self) -> Engine:
        """Take up the version that CURRENT names now, and return when that is done or refused."""
        with self._looking:
            version = current_version(self._home)
            if version is not None and version != self._engine.version:
                try:
                    self._engine = open_engine(self._home, verify=True)
                except LeadsProError as problem:
                    self.problem, self._refused = problem, version
                else:
                    self.problem, self._refused = None, None
            return self._engine

    def close(self) -> None:
        """Let go of the snapshot. Nothing may be asked afterwards."""
        self._engine.close()

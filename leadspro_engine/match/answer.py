"""From a query to its answer: one at a time, and many with the same answers.

A person is answered when their likelihood (see ``leadspro_engine.match.weigh``) reaches ``min_likelihood``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from leadspro_engine.answer_fields import Required, Shown, available
from leadspro_engine.dataset import NOBODY, hides
from leadspro_engine.errors import InvalidInput
from leadspro_engine.match.candidates import candidates
from leadspro_engine.match.employers import widened
from leadspro_engine.match.exact import NOWHERE, may_be_remembered, sole
from leadspro_engine.match.nearest import near_miss
from leadspro_engine.match.question import ask, query_of
from leadspro_engine.match.reasons import reasons
from leadspro_engine.match.weigh import likelihoods, scales_of, weigh
from leadspro_engine.records import (
    BatchAnswer,
    EnrichAnswer,
    IdentifiedPerson,
    IdentifyAnswer,
    ItemError,
    Match,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from leadspro_engine.dataset import Dataset, StoredPerson
    from leadspro_engine.match.exact import Shape
    from leadspro_engine.match.question import Question
    from leadspro_engine.match.weigh import Weighed
    from leadspro_engine.records import Company, NearMiss, Person, PersonQuery, Suppressions

DEFAULT_MIN_LIKELIHOOD = 0.5
"""From here on a person is answered: more likely right than wrong."""

MOST_IDENTIFIED = 20
"""People whom ``identify`` gives at the most: a longer list identifies nobody."""

MOST_NEAR = 3
"""Near misses that an answer tells of."""


_NO_MATCH = EnrichAnswer("no_match")


class AnswerOptions(TypedDict, total=False):
    """What an answer must fulfil and shows.

    Attributes:
        min_likelihood: the least likelihood of an answer, in [0, 1].
        required: dotted names of fields that the person must have, such as ``"email"``, ``"location.city"``
            or ``"company.domain"``.
        fields: dotted names of the fields to show; the others are null. All when none is named.
        explain: whether to list what each field said, and who came near when nobody is answered.
        preview: whether to tell only which fields the answer has.
        suppressions: people who are never answered.
    """

    min_likelihood: float
    required: Sequence[str]
    fields: Sequence[str]
    explain: bool
    preview: bool
    suppressions: Suppressions


def enrich(
    dataset: Dataset, query: PersonQuery | Mapping[str, Any], **options: Unpack[AnswerOptions]
) -> EnrichAnswer:
    """The person whom a query means, with their company and the reasons; or no match.

    Args:
        dataset: an open snapshot.
        query: a ``PersonQuery`` or a mapping of its fields.
        options: see ``AnswerOptions``.

    Raises:
        InvalidInput: the query identifies nobody, or an option is out of range; names the field.
    """
    return Matcher(dataset, **options).answer(query)


def enrich_batch(
    dataset: Dataset, items: Iterable[PersonQuery | Mapping[str, Any]], **options: Unpack[AnswerOptions]
) -> list[BatchAnswer]:
    """The answers of ``enrich`` to many queries, in their order, one for each.

    An item that ``enrich`` would refuse gets the status ``invalid`` and the reason; it never fails the batch.

    Raises:
        InvalidInput: an option is out of range.
    """
    matcher = Matcher(dataset, **options)
    return [matcher.item(index, item) for index, item in enumerate(items)]


def identify(
    dataset: Dataset,
    query: PersonQuery | Mapping[str, Any],
    *,
    limit: int = MOST_IDENTIFIED,
    explain: bool = False,
    suppressions: Suppressions = NOBODY,
) -> IdentifyAnswer:
    """Everybody whom a query may mean with their likelihood, the likeliest first, of equal ones by id.

    Args:
        dataset: an open snapshot.
        query: a ``PersonQuery`` or a mapping of its fields.
        limit: how many at the most, 1..20.
        explain: whether to list what each field said of each.
        suppressions: people who are never given.

    Raises:
        InvalidInput: the query identifies nobody, or ``limit`` is out of range; names the field.
    """
    if not 1 <= limit <= MOST_IDENTIFIED:
        raise InvalidInput("limit", limit, f"a number from 1 to {MOST_IDENTIFIED}")
    matcher = Matcher(dataset, explain=explain, suppressions=suppressions)
    return IdentifyAnswer(matcher.identified(query_of(query), limit))


class Matcher:
    """Answers queries from one snapshot under one set of options, see ``AnswerOptions``."""

    def __init__(  # noqa: PLR0913 - the options of an answer, named by the caller
        self,
        dataset: Dataset,
        *,
        min_likelihood: float = DEFAULT_MIN_LIKELIHOOD,
        required: Sequence[str] = (),
        fields: Sequence[str] = (),
        explain: bool = False,
        preview: bool = False,
        suppressions: Suppressions = NOBODY,
    ) -> None:
        if not 0 <= min_likelihood <= 1:
            raise InvalidInput("min_likelihood", min_likelihood, "a number from 0 to 1")
        self._index = dataset.keys
        self._scales = scales_of(dataset)
        self._min_likelihood = min_likelihood
        self._required = Required(required) if required else None
        self._shown = Shown(fields) if fields else None
        self._explain, self._preview = explain, preview
        self._suppressions = suppressions
        self._as_it_is = not (required or fields or preview or suppressions.hashes)

    def answer(self, query: PersonQuery | Mapping[str, Any]) -> EnrichAnswer:
        """The answer to one query.

        Raises:
            InvalidInput: the query identifies nobody; names the field.
        """
        found = None if self._explain else sole(self._index, query)
        if found is NOWHERE:
            return _NO_MATCH
        likelihood = None if found is None else self._likelihood(found.shape, query)
        if found is None or likelihood is None:
            return self.answer_in_full(query_of(query))
        if likelihood < self._min_likelihood:
            return _NO_MATCH
        person, company = self._index.shown(found.id)
        if self._as_it_is:
            return EnrichAnswer("matched", person, company, Match(likelihood, found.fields, []))
        if hides(self._suppressions, person) or self._lacking(person, company):
            return _NO_MATCH
        return self._matched(person, company, Match(likelihood, found.fields, []))

    def answer_in_full(self, query: PersonQuery) -> EnrichAnswer:
        """The answer to one query, with every candidate weighed: what ``answer`` gives too, found slowly."""
        question = widened(self._index, ask(query))
        ranked = self._ranked(question)
        if not ranked or not self._answerable(*ranked[0]):
            return EnrichAnswer("no_match", nearest=self._nearest(question, ranked))
        likelihood, best = ranked[0]
        match = reasons(question, best, likelihood, explain=self._explain, values=not self._preview)
        return self._matched(best.stored.person, self._employer(best.stored), match)

    def item(self, index: int, item: PersonQuery | Mapping[str, Any]) -> BatchAnswer:
        """The answer to one item of a batch."""
        try:
            found = self.answer(item)
        except InvalidInput as exc:
            return BatchAnswer(index, "invalid", error=ItemError(exc.code, str(exc), exc.field))
        return BatchAnswer(
            index, found.status, found.person, found.company, found.match, found.available, found.nearest
        )

    def _matched(self, person: Person, company: Company | None, match: Match) -> EnrichAnswer:
        """The answer with as much of person and company as is to be shown."""
        if self._preview:
            return EnrichAnswer("matched", match=match, available=available(person, company))
        if self._shown is not None:
            person, company = self._shown.cut(person, company)
        return EnrichAnswer("matched", person, company, match)

    def _likelihood(self, shape: Shape, query: PersonQuery | Mapping[str, Any]) -> float | None:
        """The likelihood that holds for all queries of this one's shape; None when it takes more to tell."""
        known = self._scales.likelihoods
        if shape not in known:
            likelihood, best = self._ranked(widened(self._index, ask(query_of(query))))[0]
            known[shape] = likelihood if may_be_remembered(best) else None
        return known[shape]

    def identified(self, query: PersonQuery, limit: int) -> list[IdentifiedPerson]:
        """The first ``limit`` of those whom a query may mean and who may be shown."""
        question = widened(self._index, ask(query))
        ranked = [pair for pair in self._ranked(question) if not self._hides(pair[1])]
        return [
            IdentifiedPerson(
                found.stored.person,
                self._employer(found.stored),
                reasons(question, found, likelihood, explain=self._explain, values=True),
                found.bits,
            )
            for likelihood, found in ranked[:limit]
        ]

    def _ranked(self, question: Question) -> list[tuple[float, Weighed]]:
        """All candidates with their likelihood, the likeliest first, of equal ones by id."""
        named = candidates(self._index, question)
        stored = self._index.people(one.id for one in named)
        weighed = [weigh(self._scales, question, one, stored[one.id]) for one in named]
        return sorted(zip(likelihoods(weighed), weighed, strict=True), key=lambda pair: -pair[0])

    def _answerable(self, likelihood: float, found: Weighed) -> bool:
        """Whether a candidate is likely enough, may be shown, and has what is required."""
        if likelihood < self._min_likelihood or self._hides(found):
            return False
        return not self._lacking(found.stored.person, self._employer(found.stored))

    def _nearest(self, question: Question, ranked: Sequence[tuple[float, Weighed]]) -> list[NearMiss] | None:
        """Who came near, without anybody who may not be shown; None when no reasons were asked for."""
        if not self._explain:
            return None
        may_be_told = [pair for pair in ranked if not self._hides(pair[1])]
        return [self._near_miss(question, *pair) for pair in may_be_told[:MOST_NEAR]]

    def _near_miss(self, question: Question, likelihood: float, found: Weighed) -> NearMiss:
        """What can be told of one candidate who was not answered."""
        match = reasons(question, found, likelihood, explain=True, values=False)
        person, company = found.stored.person, self._employer(found.stored)
        return near_miss(question, match, self._lacking(person, company), available(person, company))

    def _hides(self, found: Weighed) -> bool:
        """Whether somebody asked for this candidate not to be shown."""
        return hides(self._suppressions, found.stored.person)

    def _lacking(self, person: Person, company: Company | None) -> list[str]:
        """The required fields that somebody does not have."""
        return [] if self._required is None else self._required.lacking(person, company)

    def _employer(self, stored: StoredPerson) -> Company | None:
        """The company that a person works for."""
        company_id = stored.company_id
        return None if company_id is None else self._index.companies([company_id]).get(company_id)

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
from leadspro_engine.match.nearest import near_miss
from leadspro_engine.match.question import ask, query_of
from leadspro_engine.match.reasons import reasons
from leadspro_engine.match.weigh import Scales, likelihoods, weigh
from leadspro_engine.records import BatchAnswer, EnrichAnswer, IdentifiedPerson, IdentifyAnswer, ItemError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from leadspro_engine.dataset import Dataset, StoredPerson
    from leadspro_engine.match.question import Question
    from leadspro_engine.match.weigh import Weighed
    from leadspro_engine.records import Company, NearMiss, PersonQuery, Suppressions

DEFAULT_MIN_LIKELIHOOD = 0.5
"""From here on a person is answered: more likely right than wrong."""

MOST_IDENTIFIED = 20
"""People whom ``identify`` gives at the most: a longer list identifies nobody."""

MOST_NEAR = 3
"""Near misses that an answer tells of."""


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
    return Matcher(dataset, **options).answer(query_of(query))


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
        people = dataset.manifest.counts["people"]
        self._index = dataset.keys
        self._scales = Scales(
            dataset.weights["people"], dataset.keys.frequency, people, dataset.learned_fields
        )
        self._min_likelihood = min_likelihood
        self._required, self._shown = Required(required), Shown(fields)
        self._explain, self._preview = explain, preview
        self._suppressions = suppressions

    def answer(self, query: PersonQuery) -> EnrichAnswer:
        """The answer to one query."""
        question = widened(self._index, ask(query))
        ranked = self._ranked(question)
        if not ranked or not self._answerable(*ranked[0]):
            return EnrichAnswer("no_match", nearest=self._nearest(question, ranked))
        likelihood, best = ranked[0]
        person, company = best.stored.person, self._employer(best.stored)
        match = reasons(question, best, likelihood, explain=self._explain, values=not self._preview)
        if self._preview:
            return EnrichAnswer("matched", match=match, available=available(person, company))
        return EnrichAnswer("matched", *self._shown.cut(person, company), match)

    def item(self, index: int, item: PersonQuery | Mapping[str, Any]) -> BatchAnswer:
        """The answer to one item of a batch."""
        try:
            found = self.answer(query_of(item))
        except InvalidInput as exc:
            return BatchAnswer(index, "invalid", error=ItemError(exc.code, str(exc), exc.field))
        return BatchAnswer(
            index, found.status, found.person, found.company, found.match, found.available, found.nearest
        )

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
        return likelihood >= self._min_likelihood and not self._hides(found) and not self._lacking(found)

    def _nearest(self, question: Question, ranked: Sequence[tuple[float, Weighed]]) -> list[NearMiss] | None:
        """Who came near, without anybody who may not be shown; None when no reasons were asked for."""
        if not self._explain:
            return None
        may_be_told = [pair for pair in ranked if not self._hides(pair[1])]
        return [self._near_miss(question, *pair) for pair in may_be_told[:MOST_NEAR]]

    def _near_miss(self, question: Question, likelihood: float, found: Weighed) -> NearMiss:
        """What can be told of one candidate who was not answered."""
        match = reasons(question, found, likelihood, explain=True, values=False)
        has = available(found.stored.person, self._employer(found.stored))
        return near_miss(question, match, self._lacking(found), has)

    def _hides(self, found: Weighed) -> bool:
        """Whether somebody asked for this candidate not to be shown."""
        return hides(self._suppressions, found.stored.person)

    def _lacking(self, found: Weighed) -> list[str]:
        """The required fields that a candidate does not have."""
        if not self._required:
            return []
        return self._required.lacking(found.stored.person, self._employer(found.stored))

    def _employer(self, stored: StoredPerson) -> Company | None:
        """The company that a person works for."""
        company_id = stored.company_id
        return None if company_id is None else self._index.companies([company_id]).get(company_id)

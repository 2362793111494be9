"""From a query to its answer: one at a time, and many with the same answers.

A person is answered when their likelihood (see ``leadspro_engine.match.weigh``) reaches ``min_likelihood``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from leadspro_engine.compare import DIFFERS
from leadspro_engine.dataset import NOBODY, hides
from leadspro_engine.errors import InvalidInput
from leadspro_engine.match.candidates import candidates
from leadspro_engine.match.employers import widened
from leadspro_engine.match.question import ask, query_of
from leadspro_engine.match.required import Required
from leadspro_engine.match.weigh import ELSEWHERE, Scales, likelihoods, weigh
from leadspro_engine.records import BatchAnswer, EnrichAnswer, FieldEvidence, ItemError, Match

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from leadspro_engine.compare import Evidence
    from leadspro_engine.dataset import Dataset, StoredPerson
    from leadspro_engine.match.question import Question
    from leadspro_engine.match.weigh import Weighed
    from leadspro_engine.records import Company, PersonQuery, Suppressions

DEFAULT_MIN_LIKELIHOOD = 0.5
"""From here on a person is answered: more likely right than wrong."""

_NO_MATCH = EnrichAnswer("no_match")

_JUDGES: dict[str, tuple[str, ...]] = {
    "email": ("email",),
    "phone": ("phone",),
    "linkedin": ("linkedin",),
    "name": ("given_name", "middle_name", "family_name"),
    "first_name": ("given_name",),
    "last_name": ("family_name",),
    "company": ("company",),
    "domain": ("company",),
    "title": ("title",),
    "country": ("city", "city_of_colleagues"),
    "region": ("city", "city_of_colleagues"),
    "city": ("city", "city_of_colleagues"),
}
"""For each field of a query the comparisons that judge it."""


def enrich(  # noqa: PLR0913 - the public door: each option is named by its caller
    dataset: Dataset,
    query: PersonQuery | Mapping[str, Any],
    *,
    min_likelihood: float = DEFAULT_MIN_LIKELIHOOD,
    required: Sequence[str] = (),
    explain: bool = False,
    suppressions: Suppressions = NOBODY,
) -> EnrichAnswer:
    """The person whom a query means, with their company and the reasons; or no match.

    Args:
        dataset: an open snapshot.
        query: a ``PersonQuery`` or a mapping of its fields.
        min_likelihood: the least likelihood of an answer, in [0, 1].
        required: dotted names of fields that the person must have, such as ``"email"``, ``"location.city"``
            or ``"company.domain"``.
        explain: whether to list what each field said.
        suppressions: people who are never answered.

    Raises:
        InvalidInput: the query identifies nobody, or an option is out of range; names the field.
    """
    options = Options(min_likelihood, Required(required), explain, suppressions)
    return Matcher(dataset, options).answer(query_of(query))


def enrich_batch(  # noqa: PLR0913 - the same options as one query has
    dataset: Dataset,
    items: Iterable[PersonQuery | Mapping[str, Any]],
    *,
    min_likelihood: float = DEFAULT_MIN_LIKELIHOOD,
    required: Sequence[str] = (),
    explain: bool = False,
    suppressions: Suppressions = NOBODY,
) -> list[BatchAnswer]:
    """The answers of ``enrich`` to many queries, in their order, one for each.

    An item that ``enrich`` would refuse gets the status ``invalid`` and the reason; it never fails the batch.

    Raises:
        InvalidInput: an option is out of range.
    """
    options = Options(min_likelihood, Required(required), explain, suppressions)
    matcher = Matcher(dataset, options)
    return [matcher.item(index, item) for index, item in enumerate(items)]


class Options(Struct, frozen=True):
    """What an answer must fulfil; see ``enrich``."""

    min_likelihood: float
    required: Required
    explain: bool
    suppressions: Suppressions

    def __post_init__(self) -> None:
        if not 0 <= self.min_likelihood <= 1:
            raise InvalidInput("min_likelihood", self.min_likelihood, "a number from 0 to 1")


class Matcher:
    """Answers queries from one snapshot under one set of options."""

    def __init__(self, dataset: Dataset, options: Options) -> None:
        people = dataset.manifest.counts["people"]
        self._index = dataset.keys
        self._scales = Scales(
            dataset.weights["people"], dataset.keys.frequency, people, dataset.learned_fields
        )
        self._options = options

    def answer(self, query: PersonQuery) -> EnrichAnswer:
        """The answer to one query."""
        question = widened(self._index, ask(query))
        best, likelihood = self._best(question)
        if best is None or likelihood < self._options.min_likelihood:
            return _NO_MATCH
        person, company = best.stored.person, self._employer(best.stored)
        if hides(self._options.suppressions, person) or not self._options.required.met(person, company):
            return _NO_MATCH
        return EnrichAnswer("matched", person, company, self._match(question, best, likelihood))

    def item(self, index: int, item: PersonQuery | Mapping[str, Any]) -> BatchAnswer:
        """The answer to one item of a batch."""
        try:
            found = self.answer(query_of(item))
        except InvalidInput as exc:
            return BatchAnswer(index, "invalid", error=ItemError(exc.code, str(exc), exc.field))
        return BatchAnswer(index, found.status, found.person, found.company, found.match)

    def _best(self, question: Question) -> tuple[Weighed | None, float]:
        """The likeliest candidate, of equal ones the first by id, with their likelihood."""
        named = candidates(self._index, question)
        stored = self._index.people(one.id for one in named)
        weighed = [weigh(self._scales, question, one, stored[one.id]) for one in named]
        ranked = sorted(zip(likelihoods(weighed), weighed, strict=True), key=lambda pair: -pair[0])
        return (ranked[0][1], ranked[0][0]) if ranked else (None, 0.0)

    def _employer(self, stored: StoredPerson) -> Company | None:
        """The company that a person works for."""
        company_id = stored.company_id
        return None if company_id is None else self._index.companies([company_id]).get(company_id)

    def _match(self, question: Question, best: Weighed, likelihood: float) -> Match:
        """Why the best candidate is answered."""
        verdicts = {field: _verdict(field, best) for field in question.given}
        return Match(
            likelihood,
            matched_on=[field for field, verdict in verdicts.items() if verdict == "agrees"],
            conflicts=[field for field, verdict in verdicts.items() if verdict == "speaks against"],
            explain=[_shown(one) for one in best.evidence] if self._options.explain else None,
        )


def _verdict(field: str, best: Weighed) -> Literal["agrees", "speaks against", "silent"]:
    """What a field of the query said of the person who is answered."""
    if any(kind == field or kind.startswith(f"{field}_") for kind in best.candidate.holders):
        return "agrees"
    said = [one for one in best.evidence if one.field in _JUDGES[field]]
    if any(one.level in {DIFFERS, ELSEWHERE} and one.bits < 0 for one in said):
        return "speaks against"
    return "agrees" if sum(one.bits for one in said) > 0 else "silent"


def _shown(one: Evidence) -> FieldEvidence:
    """Evidence as answers show it."""
    return FieldEvidence(one.field, _text(one.left), _text(one.right), one.level, one.bits)


def _text(value: object) -> str | None:
    """A canonical value as text; the members of a list side by side."""
    if value is None:
        return None
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)

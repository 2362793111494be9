"""Where each field of an answer comes from: the claims of source records, losing ones with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from leadspro_engine.answer_fields import Shown
from leadspro_engine.dataset import NOBODY, hides_identifier
from leadspro_engine.records import BatchAnswer, EnrichAnswer, IdentifiedPerson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from leadspro_engine.answer_fields import Extent
    from leadspro_engine.dataset import Dataset
    from leadspro_engine.records import Claim, Lineage, Suppressions

Answered = TypeVar("Answered", EnrichAnswer, BatchAnswer, IdentifiedPerson)
_Claims = list[tuple[str, "Claim"]]

_OF_PERSON = {
    "name": ("full_name", "first_name", "last_name"),
    "job_title": ("job_title", "department", "management_level"),
    "company": ("company",),
    "email": ("emails",),
    "phone": ("phones",),
    "linkedin": ("linkedin", "linkedin_url"),
    "location": ("location",),
    "skill": ("skills",),
}
_OF_COMPANY = {
    "name": ("company.name",),
    "domain": ("company.domain",),
    "website": ("company.website",),
    "industry": ("company.industry",),
    "headcount": ("company.headcount", "company.headcount_range"),
    "technology": ("company.technologies",),
    "location": ("company.location",),
    "company_status": ("company.status",),
    "linkedin": ("company.linkedin",),
    "founded": ("company.founded",),
}
"""What a claim decides, by the field of the lineage table: the first name is the one that it is told under.
Other fields of the table, a company's telephone, are in no answer."""


def with_lineage(
    dataset: Dataset,
    answers: Sequence[Answered],
    *,
    fields: Sequence[str] = (),
    suppressions: Suppressions = NOBODY,
) -> list[Answered]:
    """The answers, each that shows a person with its lineage.

    Args:
        dataset: what they were answered from.
        answers: of ``match``, cut to ``fields`` already.
        fields: dotted names of the fields that are shown; all when none is named.
        suppressions: identifiers that are in no claim.
    """
    shown = Shown(fields)
    claims = dataset.lineage(_ids(answers))
    names = _employers(dataset, claims)
    return [
        msgspec.structs.replace(one, lineage=_lineage(one, claims, names, shown, suppressions))
        if one.person is not None
        else one
        for one in answers
    ]


def _ids(answers: Iterable[Answered]) -> set[str]:
    """The people and companies of some answers."""
    return {
        shown.id for one in answers if one.person is not None for shown in (one.person, one.company) if shown
    }


def _employers(dataset: Dataset, claims: Mapping[str, _Claims]) -> dict[str, str]:
    """The names of the companies that are claimed to be an employer, by id."""
    ids = {claim.value for listed in claims.values() for field, claim in listed if field == "company"}
    companies = dataset.keys.companies(one for one in ids if one is not None)
    return {one: company.name or one for one, company in companies.items()}


def _lineage(
    answer: Answered,
    claims: Mapping[str, _Claims],
    employers: Mapping[str, str],
    shown: Shown,
    suppressions: Suppressions,
) -> Lineage:
    """The lineage of one answer."""
    told: Lineage = {}
    for entity, decided in ((answer.person, _OF_PERSON), (answer.company, _OF_COMPANY)):
        listed = [] if entity is None else list(_shown(claims.get(entity.id, []), suppressions))
        for field, (name, *parts) in decided.items():
            if (extent := _extent(shown, name, parts)) == "nothing":
                continue
            names = employers if field == "company" else {}
            if ours := [_told(claim, extent, names) for other, claim in listed if other == field]:
                told[name] = ours
    return told


def _extent(shown: Shown, name: str, parts: Sequence[str]) -> Extent:
    """How much is shown of a field and of what else its claims decide."""
    whole, *others = (shown.extent(one.split(".")) for one in (name, *parts))
    return "part" if whole == "nothing" and set(others) - {"nothing"} else whole


def _told(claim: Claim, extent: Extent, names: Mapping[str, str]) -> Claim:
    """A claim as it is told: without its value where only a part of that is shown, with the name of an id."""
    value = None if claim.value is None or extent == "part" else names.get(claim.value, claim.value)
    return msgspec.structs.replace(claim, value=value)


def _shown(claims: _Claims, suppressions: Suppressions) -> Iterator[tuple[str, Claim]]:
    """The claims without those that hold an identifier whose owner asked not to be shown."""
    for field, claim in claims:
        if claim.value is None or not hides_identifier(suppressions, field, claim.value):
            yield field, claim

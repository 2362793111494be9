"""Near misses: what somebody who was almost answered has in common with a query, and nothing of theirs.

For each it says which fields agree and which speak against, which required field is lacking, and which
further input would be compared. No value is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.records import NearMiss

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from leadspro_engine.match.question import Question
    from leadspro_engine.records import Match

_SETTLING = {
    "email": "emails",
    "phone": "phones",
    "linkedin": "linkedin",
    "name": "full_name",
    "company": "company.name",
    "title": "job_title",
    "city": "location.city",
}
"""Inputs of a query, the most telling first, and the field of an answer that each is compared with."""

_SAY_THE_SAME = {
    "name": {"name", "first_name", "last_name"},
    "company": {"company", "domain"},
}


def near_miss(question: Question, match: Match, lacks: list[str], has: Mapping[str, bool]) -> NearMiss:
    """What can be told of a candidate who was not answered.

    Args:
        question: what was asked.
        match: why they came near, without the values compared.
        lacks: the required fields in which they have no value.
        has: for each field of an answer whether they have a value, see ``available``.
    """
    given = set(question.given)
    settling = [one for one, field in _SETTLING.items() if has[field] and given.isdisjoint(_alike(one))]
    return NearMiss(match, lacks, settling)


def _alike(one: str) -> Collection[str]:
    """The fields of a query that say what this one says."""
    return _SAY_THE_SAME.get(one, {one})

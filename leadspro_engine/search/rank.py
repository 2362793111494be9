"""Why a result stands where it does, worked out from the record that is shown.

``compile`` states the order and the same three numbers in SQL; a property test holds them equal.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from msgspec import Struct

from leadspro_engine.dataset.searchable import NEVER
from leadspro_engine.dataset.words import STOP_WORDS, words
from leadspro_engine.records import Rank
from leadspro_engine.search.compile import ORDERS

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from leadspro_engine.dataset.stored import StoredPerson
    from leadspro_engine.records import Company
    from leadspro_engine.search.plan import Plan

_LAST_DAY = dt.date(9999, 12, 31)


class Ranked(Struct, frozen=True):
    """The three numbers that orders are made of; of each, less is better."""

    extra: int
    gaps: int
    age: int

    def by(self, plan: Plan) -> tuple[int, int]:
        """The two numbers that a plan sorts by."""
        first, second = ORDERS[plan.sort]
        return getattr(self, first), getattr(self, second)

    @property
    def shown(self) -> Rank:
        """As results show it."""
        return Rank(self.extra, self.gaps)


def of_person(stored: StoredPerson, asked: AbstractSet[str]) -> Ranked:
    """The rank of a person in a search that asks for these words of the job title."""
    one = stored.person
    details = (
        one.full_name, one.job_title, one.emails or None, one.phones or None, one.linkedin, stored.company_id,
        one.location.country_code,
    )  # fmt: skip
    return Ranked(_extra(one.job_title, asked), _lacking(details), _age(one.updated_at))


def of_company(one: Company, asked: AbstractSet[str]) -> Ranked:
    """The rank of a company in a search that asks for these words of its name."""
    details = (
        one.name, one.domain, one.industry, one.headcount_range, one.technologies or None,
        one.location.country_code,
    )  # fmt: skip
    return Ranked(_extra(one.name, asked), _lacking(details), _age(one.updated_at))


def _extra(text: str | None, asked: AbstractSet[str]) -> int:
    """How many different words of a text nobody asked for; 0 when no words were asked for."""
    return len(set(words(text or "")) - asked - STOP_WORDS) if asked else 0


def _lacking(details: tuple[object, ...]) -> int:
    return sum(detail is None for detail in details)


def _age(day: dt.date | None) -> int:
    return NEVER if day is None else (_LAST_DAY - day).days

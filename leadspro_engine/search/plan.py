"""What a search asks for, parsed and normalized once: typed conditions that any engine can answer.

A ``Plan`` is the joint between what callers write and what answers it, the tables or the search index: equal
plans have equal answers, and the digest of a plan binds a cursor to its query.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
import hashlib
from typing import Literal

import msgspec
from msgspec import Struct

from leadspro_engine.records import Sort  # noqa: TC001 - msgspec reads the annotations
from leadspro_engine.search.synonyms import Term

Phrase = tuple[Term, ...]
"""What one value asks of a text: every term must be present in one of its alternatives."""

TextName = Literal["job_title", "company_name", "industry", "everything"]
"""The texts that can be searched by words."""
ColumnName = Literal[
    "department", "management_level", "country_code", "region", "city", "city_of_country", "domain", "status",
    "skills", "technologies",
]  # fmt: skip
"""The columns that can be compared with values; a column of lists fits when one of its elements does."""
Detail = Literal["email", "phone", "linkedin", "job_title", "company", "skills"]
"""What can be asked to be there."""


class HasWords(Struct, frozen=True, tag="words"):
    """The text fits one of the phrases."""

    text: TextName
    phrases: tuple[Phrase, ...]


class IsOneOf(Struct, frozen=True, tag="values"):
    """The column, folded as by ``words.fold``, is (or holds) one of the folded values."""

    column: ColumnName
    values: tuple[str, ...]


class HeadcountIn(Struct, frozen=True, tag="headcount"):
    """The headcount lies within one of the closed intervals; a high end of None is open.

    A company of which only the range is known fits when its whole range lies within an interval.
    """

    intervals: tuple[tuple[int, int | None], ...]


class FoundedIn(Struct, frozen=True, tag="founded"):
    """The year of founding lies within one of the closed intervals; an end of None is open."""

    intervals: tuple[tuple[int | None, int | None], ...]


class UpdatedSince(Struct, frozen=True, tag="since"):
    """The record was last seen on this day or later."""

    day: dt.date


class IsThere(Struct, frozen=True, tag="there"):
    """The record of a person has this detail."""

    detail: Detail


class Employs(Struct, frozen=True, tag="employs"):
    """Somebody works at the company whose job title fits one of the phrases."""

    phrases: tuple[Phrase, ...]


class AllOf(Struct, frozen=True, tag="all"):
    """Each of the conditions holds."""

    conditions: tuple[Condition, ...]


class AnyOf(Struct, frozen=True, tag="any"):
    """One of the conditions holds."""

    conditions: tuple[Condition, ...]


Condition = HasWords | IsOneOf | HeadcountIn | FoundedIn | UpdatedSince | IsThere | Employs | AllOf | AnyOf


class Plan(Struct, frozen=True):
    """A search: all conditions of ``must`` hold and none of ``must_not`` does; and in which order."""

    kind: Literal["people", "companies"]
    must: tuple[Condition, ...]
    must_not: tuple[Condition, ...] = ()
    sort: Sort = "relevance"

    def digest(self) -> str:
        """Sixteen hex digits that differ between plans that ask for different things."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:16]

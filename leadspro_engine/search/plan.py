"""What a search asks for, parsed and normalized once: typed conditions that any engine can answer.

A ``Plan`` is the joint between what callers write and what answers it (DuckDB now; a text index beside it
later): equal plans have equal answers, and the digest of a plan binds a cursor to its query.
"""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec
from msgspec import Struct

from leadspro_engine.search.synonyms import Term

Phrase = tuple[Term, ...]
"""What one value asks of a text: every term must be present in one of its alternatives."""

TextName = Literal["job_title", "company_name", "industry", "everything"]
"""The texts that can be searched by words."""
ColumnName = Literal[
    "department", "management_level", "country_code", "region", "city", "domain", "status", "skills",
    "technologies",
]  # fmt: skip
"""The columns that can be compared with values; a column of lists fits when one of its elements does."""


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


class AnyOf(Struct, frozen=True, tag="any"):
    """One of the conditions holds."""

    conditions: tuple[Condition, ...]


Condition = HasWords | IsOneOf | HeadcountIn | AnyOf


class Plan(Struct, frozen=True):
    """A search: all conditions of ``must`` hold and none of ``must_not`` does."""

    kind: Literal["people", "companies"]
    must: tuple[Condition, ...]
    must_not: tuple[Condition, ...] = ()

    def digest(self) -> str:
        """Sixteen hex digits that differ between plans that ask for different things."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:16]

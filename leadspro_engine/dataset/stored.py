"""What a snapshot keeps of one person: the answer, the employer, and what matching compares.

The table form reads DuckDB rows into these values; the key index keeps the same values as MessagePack.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from leadspro_engine.compare import PEOPLE
from leadspro_engine.records import Company, Person

_COMPARED = PEOPLE.columns


class StoredPerson(Struct, frozen=True, array_like=True):
    """One person of a snapshot.

    Attributes:
        person: the golden record, as answers show it.
        company_id: the employer's id; None when the employer is unknown.
        features: what the people model compares, by column of ``PERSON_SCHEMA``; missing values are absent.
    """

    person: Person
    company_id: str | None
    features: dict[str, Any]


class Shown(Struct, frozen=True, array_like=True, gc=False):
    """What an answer shows of a ``StoredPerson``: its first fields, so that the rest is never decoded."""

    person: Person
    company_id: str | None


def person_from(row: dict[str, Any], features: dict[str, Any]) -> StoredPerson:
    """A person from their rows in the tables ``people`` and ``people_features``."""
    company_id = row.pop("company_id")
    given = {column: features[column] for column in _COMPARED if features[column] not in (None, [])}
    return StoredPerson(msgspec.convert(filled(row), Person), company_id, given)


def company_from(row: dict[str, Any]) -> Company:
    """A company from its row in the table ``companies``."""
    return msgspec.convert(filled(row), Company)


def filled(row: dict[str, Any]) -> dict[str, Any]:
    """A row without its nulls, so that a list that is null becomes the struct's empty list."""
    return {column: value for column, value in row.items() if value is not None}

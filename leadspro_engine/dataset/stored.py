"""What a snapshot keeps of one person: the answer, the employer, and what matching compares.

The table form reads DuckDB rows into these values. The key index keeps the same values as JSON, which DuckDB
writes a hundred times faster than a loop over rows would, and which is read as fast as any other form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from leadspro_engine.compare import PEOPLE
from leadspro_engine.dataset.tables import FEATURES
from leadspro_engine.records import Company, Person, table_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def people_json() -> str:
    """A query of the id and the JSON of every ``StoredPerson``, in the order of their ids."""
    features = {column: FEATURES[column] for column in _COMPARED}
    return f"""
        select id, concat('[', {_object("p", table_columns(Person))}, ',',
            coalesce(to_json(company_id)::varchar, 'null'), ',', {_object("f", features)}, ']')
        from people as p join people_features as f using (id) order by id"""


def companies_json() -> str:
    """A query of the id and the JSON of every company, in the order of their ids."""
    return f"select id, {_object('c', table_columns(Company))} from companies as c order by id"


def _object(row: str, columns: Mapping[str, str]) -> str:
    """An expression for the JSON object of some columns (name -> type) of a row, without missing values."""
    entries = (
        f"case when {_has(f'{row}.{name}', kind)} then '\"{name}\":' || to_json({row}.{name})::varchar end"
        for name, kind in columns.items()
    )
    return f"concat('{{', concat_ws(',', {', '.join(entries)}), '}}')"


def _has(column: str, kind: str) -> str:
    """Whether a column of a type has a value: a list must not be empty."""
    return f"len({column}) > 0" if kind.endswith("[]") else f"{column} is not null"

"""Fields that an answer must have, by their dotted names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.errors import InvalidInput
from leadspro_engine.records import Company, Location, Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    import msgspec

_ALIASES = {"email": "emails", "phone": "phones", "name": "full_name", "title": "job_title"}


def _names() -> list[str]:
    """Every dotted name that may be required."""
    place = [f"location.{one}" for one in Location.__struct_fields__]
    company = [*Company.__struct_fields__, *place]
    return [*_ALIASES, *Person.__struct_fields__, *place, "company", *(f"company.{one}" for one in company)]


NAMES = frozenset(_names())
"""What may be required: fields of a person, of their company (``company.domain``), and short names."""


class Required:
    """Some fields that must be there.

    >>> Required(["email", "company.domain"]).met(Person(id="p"), None)
    False
    """

    def __init__(self, names: Sequence[str]) -> None:
        for name in names:
            if name not in NAMES:
                raise InvalidInput("required", name, f"some of {', '.join(sorted(NAMES))}")
        self._paths = [_ALIASES.get(name, name).split(".") for name in names]

    def met(self, person: Person, company: Company | None) -> bool:
        """Whether person and company together have a value in every required field."""
        return all(
            _present(company, path[1:]) if path[0] == "company" else _present(person, path)
            for path in self._paths
        )


def _present(record: msgspec.Struct | None, path: list[str]) -> bool:
    """Whether there is a value at the end of a path of attributes."""
    value: object = record
    for name in path:
        value = getattr(value, name, None)
    if isinstance(value, Location):
        return value != Location()
    return value not in (None, "", [])

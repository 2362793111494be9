"""Fields of an answer by their dotted names: which it must have, which it shows, and which there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec

from leadspro_engine.errors import InvalidInput
from leadspro_engine.records import Company, Location, Person

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Record = TypeVar("Record", bound=msgspec.Struct)
Extent = Literal["whole", "part", "nothing"]
"""How much of a field is shown."""

_ALIASES = {"email": "emails", "phone": "phones", "name": "full_name", "title": "job_title"}

_PLACE = tuple(f"location.{one}" for one in Location.__struct_fields__)
_COMPANY = tuple(f"company.{one}" for one in (*Company.__struct_fields__, *_PLACE))
_ALL = (*Person.__struct_fields__, *_PLACE, "company", *_COMPANY)

NAMES = frozenset((*_ALIASES, *_ALL))
"""What may be named: fields of a person, of their company (``company.domain``), and short names."""


COMPANY_NAMES = frozenset(name.removeprefix("company.") for name in _COMPANY)
"""What may be named of a company alone."""


class Required:
    """Some fields that must be there.

    >>> Required(["email", "company.domain"]).lacking(Person(id="p"), None)
    ['email', 'company.domain']
    """

    def __init__(self, names: Sequence[str]) -> None:
        """Raises InvalidInput for a name that no answer has."""
        self._paths = {name: _path("required", name) for name in names}

    def __bool__(self) -> bool:
        """Whether any field is required."""
        return bool(self._paths)

    def lacking(self, person: Person, company: Company | None) -> list[str]:
        """The required fields in which person and company have no value, as they were named."""
        return [name for name, path in self._paths.items() if not _present(person, company, path)]


class Shown:
    """The fields that an answer is to show; all of them when none is named. The ids always stay.

    >>> ada, _ = Shown(["name"]).cut(Person(id="p", full_name="Ada", job_title="CTO"), None)
    >>> ada.full_name, ada.job_title
    ('Ada', None)
    """

    def __init__(self, names: Sequence[str], *, of: Literal["person", "company"] = "person") -> None:
        """Of a company alone, its fields are named without ``company.`` in front.

        Raises:
            InvalidInput: no answer has a field of that name.
        """
        self._paths = [_path("fields", name, of=of) for name in names]

    def cut(self, person: Person, company: Company | None) -> tuple[Person, Company | None]:
        """Person and company with a value in these fields alone; the others are null or empty."""
        if not self._paths:
            return person, company
        ours = [path for path in self._paths if path[0] != "company"]
        theirs = [path[1:] for path in self._paths if path[0] == "company"]
        return _only(person, ours), _only(company, theirs) if company is not None and theirs else None

    def extent(self, path: Sequence[str]) -> Extent:
        """How much of the field at the end of a path of attributes is shown.

        >>> Shown(["location.city"]).extent(["location"])
        'part'
        """
        wanted = tuple(path)
        if not self._paths or any(wanted[: len(one)] == one for one in self._paths):
            return "whole"
        return "part" if any(one[: len(wanted)] == wanted for one in self._paths) else "nothing"

    def cut_company(self, company: Company) -> Company:
        """The company with a value in these fields alone; the others are null or empty."""
        return _only(company, [path[1:] for path in self._paths]) if self._paths else company


def available(person: Person, company: Company | None) -> dict[str, bool]:
    """For each field of an answer by its dotted name, whether there is a value.

    >>> [name for name, there in available(Person(id="p", first_name="Ada"), None).items() if there]
    ['id', 'first_name']
    """
    return {name: _present(person, company, tuple(name.split("."))) for name in _ALL}


def _path(option: str, name: str, *, of: Literal["person", "company"] = "person") -> tuple[str, ...]:
    """The attributes that lead to a field.

    Raises:
        InvalidInput: there is no such field.
    """
    known = NAMES if of == "person" else COMPANY_NAMES
    if name not in known:
        raise InvalidInput(option, name, f"some of {', '.join(sorted(known))}")
    if of == "company":
        return ("company", *name.split("."))
    return tuple(_ALIASES.get(name, name).split("."))


def _present(person: Person, company: Company | None, path: tuple[str, ...]) -> bool:
    """Whether there is a value at the end of a path of attributes."""
    value: object = person if path[0] != "company" else company
    for name in path[path[0] == "company" :]:
        value = getattr(value, name, None)
    if isinstance(value, Location):
        return value != Location()
    return value not in (None, "", [])


def _only(record: Record, paths: Sequence[tuple[str, ...]]) -> Record:
    """A record with the values at the end of these paths; the whole of it for an empty path."""
    if () in paths:
        return record
    return type(record)(**dict(_kept(record, paths)))


def _kept(record: msgspec.Struct, paths: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, Any]]:
    """The fields of a record to which a path leads, with their values, and its id."""
    for field in record.__struct_fields__:
        inner = [path[1:] for path in paths if path[0] == field]
        value = getattr(record, field)
        if inner and isinstance(value, msgspec.Struct):
            yield field, _only(value, inner)
        elif inner or field == "id":
            yield field, value

"""What each field of a question means, for the OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.records import CompanyFilters, PeopleFilters, PersonQuery
from leadspro_engine.search import fields

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from msgspec import Struct

_QUERY = {
    "email": "E-mail address, or its SHA-256 or MD5 in hexadecimal.",
    "phone": "Telephone number in international form, such as +1 415 555 0106.",
    "linkedin": "Address or slug of a personal LinkedIn profile.",
    "name": "Whole name, in any order; identifies together with a company or a domain.",
    "first_name": "First name; identifies together with a last name and a company or a domain.",
    "last_name": "Last name; identifies together with a first name and a company or a domain.",
    "company": "Name of the employer, with its legal form or without.",
    "domain": "Domain of the employer; a URL does as well.",
    "title": "Job title: makes the match surer, or speaks against it.",
    "country": "Country by name or ISO 3166 code: makes the match surer, or speaks against it.",
    "region": "State or province: makes the match surer, or speaks against it.",
    "city": "City: makes the match surer, or speaks against it.",
}


def meanings(request: type[Struct]) -> Mapping[str, str]:
    """What the fields of a request type mean, by name: those that are a query or filters."""
    if issubclass(request, PersonQuery):
        return _QUERY
    if issubclass(request, PeopleFilters):
        return _first_lines(fields.PEOPLE)
    return _first_lines(fields.COMPANIES) if issubclass(request, CompanyFilters) else {}


def _first_lines(readers: Mapping[str, Callable[..., object]]) -> dict[str, str]:
    """The first line that is said of each reader of a field."""
    return {name: (reader.__doc__ or "").splitlines()[0] for name, reader in readers.items()}

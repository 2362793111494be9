"""Filters as callers write them -> a ``Plan``.

A list means OR, several fields mean AND. ``exclude`` has the same shape and leaves out every record that
fits *any* of its fields. A blank value counts as not given, and at least one filter must be given: listing
a whole dataset is an export, not a search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast, get_args

import msgspec

from leadspro_engine.errors import InvalidInput
from leadspro_engine.records import CompanyFilters, PeopleFilters, Sort
from leadspro_engine.search import fields
from leadspro_engine.search.corrections import TitleWords, corrected
from leadspro_engine.search.plan import Condition, Plan
from leadspro_engine.search.suggest import unknown

SORTS: tuple[str, ...] = get_args(Sort)
"""What results can be sorted by, the default first."""
MAX_VALUES = 100
"""Values a field may list; the time of a scan grows with them."""
MAX_CHARACTERS = 200
"""Characters a value may have: more than any job title or company name worth searching for."""
_HALVES = re.compile(r"[\ud800-\udfff]")
"""Halves of a character, which Python allows in a text and no other program does."""

Filters = PeopleFilters | CompanyFilters | Mapping[str, Any]
"""Filters as a struct, or as the mapping that JSON gives."""
_Meanings = dict[str, Callable[[fields.Asked], Condition]]


def people_plan(
    filters: Filters,
    exclude: Filters | None = None,
    sort: str = SORTS[0],
    *,
    titles: TitleWords | None = None,
) -> Plan:
    """The plan of a search for people.

    ``sort`` is one of ``SORTS``; slips in job titles are mended when the words of ``titles`` are given.

    >>> people_plan({"job_title": "VP"}).must[0].phrases
    (((('v', 'p'), ('vice', 'president'), ('vp',)),),)

    Raises:
        InvalidInput: an unknown field or word, a value of another type, or no filter at all.
    """
    return _plan("people", fields.PEOPLE, (filters, exclude), sort, titles)


def company_plan(
    filters: Filters,
    exclude: Filters | None = None,
    sort: str = SORTS[0],
    *,
    titles: TitleWords | None = None,
) -> Plan:
    """The plan of a search for companies; arguments as for ``people_plan``.

    Raises:
        InvalidInput: an unknown field or word, a value of another type, or no filter at all.
    """
    return _plan("companies", fields.COMPANIES, (filters, exclude), sort, titles)


def _plan(
    kind: Any,
    meanings: _Meanings,
    given: tuple[Filters, Filters | None],
    sort: str,
    titles: TitleWords | None,
) -> Plan:
    """The plan of a search, which must ask for something."""
    if sort not in SORTS:
        raise unknown("/sort", sort, SORTS, what=f"one of {', '.join(SORTS)}")
    must, must_not = (
        _conditions(meanings, filters, path, titles)
        for filters, path in zip(given, ("", "/exclude"), strict=True)
    )
    if not must:
        raise InvalidInput("/", {}, f"at least one filter with a value: {', '.join(meanings)}")
    return Plan(kind, must, must_not, cast("Sort", sort))


def _conditions(
    meanings: _Meanings, filters: Filters | None, path: str, titles: TitleWords | None
) -> tuple[Condition, ...]:
    """One condition for each field that has a value, in the order of the table of meanings."""
    given = _given(meanings, filters, path)
    countries = tuple(fields.country_code(f"{path}/country", value) for value in given.get("country", ()))
    mended = str if titles is None else partial(corrected, titles=titles)
    return tuple(
        condition(fields.Asked(f"{path}/{field}", given[field], countries, mended))
        for field, condition in meanings.items()
        if field in given
    )


def _given(meanings: _Meanings, filters: Filters | None, path: str) -> dict[str, tuple[str, ...]]:
    """The values of each field that has any."""
    if isinstance(filters, msgspec.Struct):
        filters = msgspec.structs.asdict(filters)
    if not isinstance(filters, Mapping | None):
        raise InvalidInput(path or "/", filters, "an object of filters")
    found = {}
    for field, value in (filters or {}).items():
        if field not in meanings:
            raise unknown(f"{path}/{field}", field, meanings, what=f"one of the fields {', '.join(meanings)}")
        values = _values(f"{path}/{field}", value)
        if values:
            found[field] = values
    return found


def _values(path: str, given: object) -> tuple[str, ...]:
    """One value or a list of them, checked, without the blank ones."""
    many = [] if given is None else [given] if isinstance(given, str) else given
    if not isinstance(many, list | tuple):
        raise InvalidInput(path, given, "a text or a list of texts")
    if len(many) > MAX_VALUES:
        raise InvalidInput(path, f"{len(many)} values", f"at most {MAX_VALUES} values")
    for position, value in enumerate(many):
        if not isinstance(value, str) or len(value) > MAX_CHARACTERS or _HALVES.search(value):
            raise InvalidInput(f"{path}/{position}", value, f"a text of at most {MAX_CHARACTERS} characters")
    return tuple(value for value in many if value.strip())

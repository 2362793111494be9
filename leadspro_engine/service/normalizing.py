"""What does each input become, and why? The canonical value of every kind, with the remarks on it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec

from leadspro_engine.errors import InvalidInput
from leadspro_engine.normalize import place
from leadspro_engine.records import values
from leadspro_engine.service.answers import Normalized, NormalizeResponse
from leadspro_engine.service.desk import Offer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadspro_engine.normalize.note import Note
    from leadspro_engine.service.desk import Desk
    from leadspro_engine.service.requests import NormalizeRequest

MOST_VALUES = 100
"""Values of one request; each takes well below a millisecond."""

_KINDS = (
    "email", "phone", "linkedin", "name", "company", "domain", "title", "industry", "headcount",
    "technology", "skill", "date",
)  # fmt: skip
_PLACE = ("city", "region", "country", "place")


def normalize(_desk: Desk, request: NormalizeRequest) -> Offer:
    """Each value in the order of the fields; the place's fields are read together, as one value.

    Raises:
        InvalidInput: there is no value, or there are too many.
    """
    given = {kind: values(getattr(request, kind)) for kind in _KINDS}
    located = {field: text for field in _PLACE if (text := getattr(request, field)) is not None}
    count = sum(map(len, given.values())) + bool(located)
    if not 1 <= count <= MOST_VALUES:
        raise InvalidInput("query", f"{count} values", f"1 to {MOST_VALUES} values")
    results = [
        *(one for kind, texts in given.items() for one in _each(kind, texts, request.phone_region)),
        *([_place(located)] if located else []),
    ]
    return Offer(answer=lambda meta: NormalizeResponse(results=results, meta=meta))


def _each(kind: str, texts: list[str], region: str | None) -> Iterator[Normalized]:
    """The values of one kind."""
    doors = import_module(f"leadspro_engine.normalize.{kind}")
    context = (region,) if kind == "phone" else ()
    for text in texts:
        yield _result(kind, text, doors.parse(text, *context), doors.why(text, *context))


def _place(located: dict[str, str]) -> Normalized:
    """City, region and country, each of which says something of the others."""
    shown = ", ".join(located.values())
    return _result("place", shown, place.parse(**located), place.why(**located))


def _result(field: str, text: str, value: Any, notes: tuple[Note, ...]) -> Normalized:
    """One value as callers see it."""
    plain = msgspec.to_builtins(value)
    if plain is not None and not isinstance(plain, dict):
        plain = {field: plain}
    return Normalized(field=field, input=text, value=plain, notes=list(notes))

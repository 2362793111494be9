"""Queries of personal identifiers alone that lead to one person: answered by what was said the first time.

Most queries give an e-mail address, a telephone number or a profile and nothing else, and nearly every such
key is *plain* (``dataset.plain``): the person has the value that is compared, and nobody else has it. Then
each identifier agrees at its strongest level and without a frequency, and all that the score is made of
follows from the *shape* of the query: which identifiers were given, and whether the address is at a company
(addresses of colleagues are compared by weights of their own). So the first query of each shape is weighed in
full, and its likelihood holds for all others of the snapshot.

A shape is remembered only when its score has no other part than the prior and the identifiers: anything else,
such as how frequent a company is, would hold for that query alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct

from leadspro_engine.dataset.keys import SEVERAL
from leadspro_engine.match.question import hashed
from leadspro_engine.normalize import email, linkedin, phone, phone_plan
from leadspro_engine.records import PersonQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from leadspro_engine.dataset.keys import KeyIndex
    from leadspro_engine.match.weigh import Weighed
    from leadspro_engine.records import IdentifierKind

Shape = tuple[str, ...]
"""The kinds of identifier given, in the order of ``PersonQuery``; an address at a company is ``_AT_WORK``."""

_PERSONAL = ("email", "phone", "linkedin")
_NOTHING_ELSE = (None,) * (len(PersonQuery.__struct_fields__) - len(_PERSONAL))
_BLANK = (None, "")
_AT_WORK = "email at a company"
_SPEAKING = frozenset({"prior", "identifier", *_PERSONAL})

_Read = tuple["IdentifierKind", str, str]
"""The kind of a key, the key, and what it adds to the shape."""

_SHARED: Final[_Read] = ("email", "", "")
"""A mailbox of a function or a throw-away one, which is nobody's key."""


class Sole(Struct, frozen=True, gc=False):
    """The one person to whom every key of a query leads, the fields that were given, and their shape."""

    id: bytes
    fields: list[str]
    shape: Shape


NOWHERE: Final = Sole(b"", [], ())
"""None of the keys leads anywhere."""


def sole(index: KeyIndex, query: PersonQuery | Mapping[str, Any]) -> Sole | None:
    """Whom a query of plain keys means, or ``NOWHERE``; None when it takes more to tell."""
    found: bytes | None = SEVERAL
    fields: list[str] = []
    shape: Shape = ()
    given = _given(query)
    for field, text in given:
        read = _READERS[field](text)
        if read is None:
            return None
        if read is _SHARED:
            return NOWHERE if len(given) == 1 else None
        kind, key, said = read
        led = index.sole(kind, key)
        if led == SEVERAL or (fields and led != found):
            return None
        found = led
        fields.append(field)
        shape += (said,)
    if found is None:
        return NOWHERE
    return Sole(found, fields, shape) if fields else None


def may_be_remembered(found: Weighed) -> bool:
    """Whether a score follows from the shape of the query alone."""
    return all(one.field in _SPEAKING for one in found.evidence)


def _given(query: PersonQuery | Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """The personal identifiers of a query and their texts; none when it gives anything else."""
    if type(query) is dict:
        said = [(field, query[field]) for field in _PERSONAL if field in query]
        if len(said) < len(query):
            return ()
    elif isinstance(query, PersonQuery):
        values = msgspec.structs.astuple(query)
        if values[len(_PERSONAL) :] != _NOTHING_ELSE:
            return ()
        said = list(zip(_PERSONAL, values, strict=False))
    else:
        return ()
    given = [one for one in said if one[1] not in _BLANK]
    return given if all([type(text) is str for _, text in given]) else ()  # noqa: C419 - a list is faster


def _email(text: str) -> _Read | None:
    """The mailbox of one person, or the hash of one."""
    found = email.parse(text)
    if found is None:
        digest = hashed(text)
        return None if digest is None else (*digest, digest[0])
    if found.role or found.disposable:
        return _SHARED
    if email.company_domain(found) is None:
        return "email", found.key, "email"
    return ("email", found.key, _AT_WORK) if found.key == found.address else None


def _phone(text: str) -> _Read | None:
    """The one number in a text."""
    settled = phone_plan.settle(text, None)
    if not isinstance(settled, str):
        return None if settled is None else ("phone", settled.number, "phone")
    found = phone.parse_all(text)
    return ("phone", found[0].number, "phone") if len(found) == 1 else None


def _linkedin(text: str) -> _Read | None:
    """The slug of a profile."""
    slug = linkedin.person(text)
    return None if slug is None else ("linkedin", slug, "linkedin")


_READERS: dict[str, Callable[[str], _Read | None]] = {
    "email": _email,
    "phone": _phone,
    "linkedin": _linkedin,
}
"""How each personal identifier is read, as ``normalize`` reads it for a record."""

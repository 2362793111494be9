"""Where the next page begins, as an opaque text.

A cursor is base64url of a small JSON array: the dataset version, the digest of the query, and the place of
the last row shown. It is bound to both, so that a page never mixes two datasets or two queries.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from leadspro_engine.errors import CursorExpired, InvalidInput

_LONGEST = 1_000
"""Characters of a cursor beyond which it is not ours; ids are far shorter."""


_Count = Annotated[int, Meta(ge=0, lt=2**31)]


class Place(Struct, frozen=True, array_like=True):
    """The place of a row: rows are sorted by ``first``, ``second`` and ``id``, see ``compile.ORDERS``."""

    first: _Count
    second: _Count
    id: str


class _Cursor(Struct, frozen=True, array_like=True):
    version: str
    query: str
    place: Place


def encode(place: Place, *, version: str, query: str) -> str:
    """The cursor of the page that begins behind ``place``."""
    return base64.urlsafe_b64encode(msgspec.json.encode(_Cursor(version, query, place))).decode().rstrip("=")


def decode(text: str, *, version: str, query: str) -> Place:
    """The place behind which the page begins.

    Args:
        text: the cursor.
        version: the version of the dataset that is searched.
        query: the digest of the plan that is searched for.

    Raises:
        InvalidInput: the text is no cursor, or one of another query.
        CursorExpired: it is one of another version of the dataset.
    """
    cursor = _decoded(text)
    if cursor.query != query:
        raise InvalidInput("/cursor", text, "the next_cursor of the same filters, or none to begin anew")
    if cursor.version != version:
        raise CursorExpired(cursor.version, version)
    return cursor.place


def _decoded(text: str) -> _Cursor:
    """The parts of a cursor."""
    refusal = InvalidInput("/cursor", text, "a next_cursor exactly as it was answered")
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise refusal
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(raw, type=_Cursor)
    except (binascii.Error, ValueError, msgspec.DecodeError) as exc:
        raise refusal from exc

"""What was asked and answered before: the history, and answers shown again; never who asked to be hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from leadspro_engine.accounts import Wanted
from leadspro_engine.normalize import email, linkedin, phone
from leadspro_engine.privacy import identifier_hash
from leadspro_engine.service.answers import (
    HistoryEntryResponse,
    HistoryResponse,
)
from leadspro_engine.service.desk import Offer
from leadspro_engine.service.requests import instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from leadspro_engine.accounts import Entry
    from leadspro_engine.service.desk import Desk
    from leadspro_engine.service.requests import Empty, HistoryRequest


def history(desk: Desk, request: HistoryRequest) -> Offer:
    """A page of the workspace's requests, the newest first.

    Raises:
        InvalidInput: ``since`` or ``until`` is a day or an hour that there is not.
    """
    before = None if request.cursor is None else int(request.cursor)
    wanted = Wanted(
        endpoint=request.endpoint,
        key_id=request.key_id,
        status=request.status,
        since=instant("since", request.since),
        until=instant("until", request.until),
    )
    page = desk.accounts.history(desk.caller, wanted, limit=request.limit, before=before)
    following = None if page.next_before is None else str(page.next_before)
    entries = without_hidden(desk, page.entries)
    return Offer(answer=lambda meta: HistoryResponse(results=entries, next_cursor=following, meta=meta))


def history_entry(desk: Desk, _request: Empty, request_id: str) -> Offer:
    """One request of the workspace.

    Raises:
        NotFound: the workspace made no such request.
    """
    (entry,) = without_hidden(desk, [desk.accounts.request(desk.caller, request_id)])
    return Offer(answer=lambda meta: HistoryEntryResponse(request=entry, meta=meta))


def without_hidden(desk: Desk, entries: Sequence[Entry]) -> list[Entry]:
    """The entries without the ids of hidden people, and without requests that tell who they are."""
    hashes = desk.suppressions.hashes()
    if not hashes:
        return list(entries)
    hidden = desk.hidden({one for entry in entries for one in entry.ids})
    return [_without(entry, hidden, hashes) for entry in entries]


def _without(entry: Entry, hidden: frozenset[str], hashes: frozenset[str]) -> Entry:
    """One entry without them."""
    ids = tuple(one for one in entry.ids if one not in hidden)
    request = entry.request
    if len(ids) < len(entry.ids) or (request is not None and _tells(request, hashes)):
        request = None
    return msgspec.structs.replace(entry, ids=ids, request=request)


def _tells(request: msgspec.Raw, hashes: frozenset[str]) -> bool:
    """Whether a request holds an identifier that is hidden."""
    return any(
        identifier_hash(kind, canonical) in hashes
        for text in _texts(msgspec.json.decode(request))
        for kind, canonical in _identifiers(text)
    )


def _texts(value: Any) -> Iterator[str]:
    """Every text within a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _identifiers(text: str) -> Iterator[tuple[Any, str]]:
    """The identifiers that a text may be, canonical, with their kind."""
    if (address := email.parse(text)) is not None:
        yield "email", address.address
    if (number := phone.parse(text)) is not None:
        yield "phone", number.number
    if (slug := linkedin.person(text)) is not None:
        yield "linkedin", slug

"""Who received this person? The requests of the workspace whose answers showed them, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.accounts import Wanted
from leadspro_engine.errors import InvalidInput
from leadspro_engine.records import PersonQuery
from leadspro_engine.service.answers import Disclosure, DisclosuresResponse
from leadspro_engine.service.desk import Offer
from leadspro_engine.service.jobs import job_of

if TYPE_CHECKING:
    from leadspro_engine.accounts import Entry
    from leadspro_engine.service.desk import Desk
    from leadspro_engine.service.requests import DisclosuresRequest


def disclosures(desk: Desk, request: DisclosuresRequest) -> Offer:
    """A page of the requests and jobs that showed a person, by id or by an identifier of theirs.

    People who asked not to be shown are told of all the same: whom they were shown to before is theirs to
    know. Only what the history still keeps can be told.

    Raises:
        InvalidInput: neither an id nor an identifier is given.
    """
    ids = _ids(desk, request)
    before = None if request.cursor is None else int(request.cursor)
    page = desk.accounts.history(desk.caller, Wanted(shown=ids), limit=request.limit, before=before)
    following = None if page.next_before is None else str(page.next_before)
    results = [_disclosure(entry, ids) for entry in page.entries]
    return Offer(
        answer=lambda meta: DisclosuresResponse(
            person_ids=list(ids), results=results, next_cursor=following, meta=meta
        )
    )


def _ids(desk: Desk, request: DisclosuresRequest) -> tuple[str, ...]:
    """The ids of whoever is meant."""
    if request.person_id is not None:
        return (request.person_id,)
    query = PersonQuery(email=request.email, phone=request.phone, linkedin=request.linkedin)
    if (request.email, request.phone, request.linkedin) == (None, None, None):
        raise InvalidInput("query", None, "a person_id, email, phone or linkedin")
    return desk.engine.holders(query)


def _disclosure(entry: Entry, ids: tuple[str, ...]) -> Disclosure:
    """One entry of the history, as far as it concerns these people."""
    return Disclosure(
        person_ids=[one for one in entry.ids if one in ids],
        request_id=entry.request_id,
        job_id=job_of(entry),
        key_id=entry.key_id,
        endpoint=entry.endpoint,
        dataset_version=entry.dataset_version,
        created_at=entry.created_at,
    )

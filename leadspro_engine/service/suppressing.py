"""Hide a person: enter an identifier of theirs, and no answer shows them from that instant on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.errors import InvalidInput
from leadspro_engine.normalize import email, linkedin, phone
from leadspro_engine.service.answers import SuppressionResponse
from leadspro_engine.service.desk import Offer

if TYPE_CHECKING:
    from leadspro_engine.privacy import Suppression
    from leadspro_engine.service.desk import Desk
    from leadspro_engine.service.requests import Empty, SuppressionRequest


def suppress(desk: Desk, request: SuppressionRequest) -> Offer:
    """The entry, with the hash that is kept of the identifier.

    Raises:
        InvalidInput: the identifier is not one of its kind.
    """
    canonical = _canonical(request)
    if canonical is None:
        raise InvalidInput("value", request.value, f"a valid identifier of the kind {request.kind}")
    return _told(
        desk.suppressions.add(request.kind, canonical, reason=request.reason, now=desk.accounts.now())
    )


def suppression(desk: Desk, _request: Empty, suppression_id: str) -> Offer:
    """The proof that an identifier was entered, and when.

    Raises:
        NotFound: there is no such entry.
    """
    return _told(desk.suppressions.get(suppression_id))


def _canonical(request: SuppressionRequest) -> str | None:
    """The identifier as golden records have it; None when it is none."""
    if request.kind == "email":
        address = email.parse(request.value)
        return None if address is None else address.address
    if request.kind == "phone":
        number = phone.parse(request.value, request.region)
        return None if number is None else number.number
    return linkedin.person(request.value)


def _told(entry: Suppression) -> Offer:
    """The offer of one entry."""
    return Offer(answer=lambda meta: SuppressionResponse(suppression=entry, meta=meta))

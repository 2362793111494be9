"""Hide a person: enter an identifier of theirs, and no answer shows them from that instant on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.errors import InvalidInput
from leadspro_engine.normalize import email, linkedin, phone
from leadspro_engine.privacy import identifier_hash
from leadspro_engine.service.answers import SuppressionResponse
from leadspro_engine.service.desk import Offer

if TYPE_CHECKING:
    from leadspro_engine.privacy import Kind, Suppression
    from leadspro_engine.service.desk import Desk
    from leadspro_engine.service.requests import Empty, SuppressionRequest


def suppress(desk: Desk, request: SuppressionRequest) -> Offer:
    """The entry, with the hash that is kept of the identifier.

    Raises:
        InvalidInput: the identifier is not one of its kind, or value and hash are both given or both missing.
    """
    if (request.value is None) == (request.hash is None):
        raise InvalidInput("query", None, "either a value or a hash")
    digest = request.hash or _digest(request.kind, request.value or "", request.region)
    entered = desk.suppressions.add_hash(request.kind, digest, reason=request.reason, now=desk.accounts.now())
    return _told(entered)


def suppression(desk: Desk, _request: Empty, suppression_id: str) -> Offer:
    """The proof that an identifier was entered, and when.

    Raises:
        NotFound: there is no such entry.
    """
    return _told(desk.suppressions.get(suppression_id))


def _digest(kind: Kind, value: str, region: str | None) -> str:
    """The hash of an identifier in the form that golden records have it in."""
    canonical = _canonical(kind, value, region)
    if canonical is None:
        raise InvalidInput("value", value, f"a valid identifier of the kind {kind}")
    return identifier_hash(kind, canonical)


def _canonical(kind: Kind, value: str, region: str | None) -> str | None:
    """The identifier as golden records have it; None when it is none."""
    if kind == "email":
        address = email.parse(value)
        return None if address is None else address.address
    if kind == "phone":
        number = phone.parse(value, region)
        return None if number is None else number.number
    return linkedin.person(value)


def _told(entry: Suppression) -> Offer:
    """The offer of one entry."""
    return Offer(answer=lambda meta: SuppressionResponse(suppression=entry, meta=meta))

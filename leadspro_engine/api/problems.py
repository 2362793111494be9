"""Every refusal as a problem document (RFC 9457): one table from the code of an error to its HTTP status.

The names of the codes are the contract with callers; the statuses are those of the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec
from msgspec import Meta, Struct

from leadspro_engine.api.response import Response
from leadspro_engine.errors import InvalidInput, LeadsProError, NoMatch, RateLimited
from leadspro_engine.records import NearMiss
from leadspro_engine.service import WHOLE
from leadspro_engine.service.answers import AnswerMeta  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
"""What 503 advises: a swap of datasets or a busy disk is over by then."""


class Refusal(Struct, frozen=True):
    """How a code is told over HTTP.

    Attributes:
        status: HTTP status.
        title: the same for every occurrence.
        retryable: whether the same request may succeed later without any change.
    """

    status: int
    title: str
    retryable: bool = False


REFUSALS: dict[str, Refusal] = {
    "invalid_request": Refusal(400, "Missing or invalid parameters"),
    "unauthorized": Refusal(401, "Missing or invalid API key"),
    "quota_exceeded": Refusal(403, "Monthly credit limit reached"),
    "batch_not_available": Refusal(403, "Batch access is not enabled on the current plan"),
    "insufficient_scope": Refusal(403, "The key may not do this"),
    "no_match": Refusal(404, "No enrichment record matched the input"),
    "not_found": Refusal(404, "There is nothing here"),
    "method_not_allowed": Refusal(405, "The method is not supported here"),
    "idempotency_in_progress": Refusal(409, "The first request with this key is running", retryable=True),
    "job_not_finished": Refusal(409, "The job has no result yet", retryable=True),
    "cursor_expired": Refusal(410, "The cursor belongs to another search or dataset"),
    "payload_too_large": Refusal(413, "The body is too large"),
    "unsupported_media_type": Refusal(415, "The body is of a type that is not taken here"),
    "idempotency_mismatch": Refusal(422, "The idempotency key was used with another request"),
    "rate_limited": Refusal(429, "Rate limit exceeded for the current key", retryable=True),
    "internal_error": Refusal(500, "Something went wrong on our side", retryable=True),
    "unavailable": Refusal(503, "The service cannot answer at present", retryable=True),
}
"""Every code that a caller can meet."""

_CODES = {
    "invalid_input": "invalid_request",
    "dataset_missing": "unavailable",
    "dataset_corrupt": "unavailable",
}
"""Codes of the engine that callers know by another name; any other unknown code is an internal error."""


class BadRequest(LeadsProError):
    """The request cannot be read at all, or in several places at once.

    Attributes:
        errors: each bad place as a JSON pointer with a sentence.
    """

    code = "invalid_request"

    def __init__(self, detail: str, errors: Sequence[tuple[str, str]] = ()) -> None:
        self.errors = tuple(errors)
        super().__init__(detail)


class MethodNotAllowed(LeadsProError):
    """The path exists, the method does not.

    Attributes:
        allowed: the methods that do.
    """

    code = "method_not_allowed"

    def __init__(self, allowed: Sequence[str]) -> None:
        self.allowed = tuple(allowed)
        super().__init__(f"Use {' or '.join(allowed)} here.")


class PayloadTooLarge(LeadsProError):
    """The body is larger than the endpoint takes.

    Attributes:
        limit: in bytes.
    """

    code = "payload_too_large"

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"The body may have {limit} bytes here. Split it into several requests.")


class UnsupportedMediaType(LeadsProError):
    """The body is declared to be of a type that the endpoint does not take.

    Attributes:
        accepted: the types that it takes.
    """

    code = "unsupported_media_type"

    def __init__(self, given: str, accepted: Sequence[str]) -> None:
        self.given = given
        self.accepted = tuple(accepted)
        super().__init__(f"Content-Type {given!r} is not accepted; send {' or '.join(accepted)}.")


class FieldProblem(Struct, frozen=True):
    """One bad place: ``pointer`` is a JSON pointer (RFC 6901) into the request, empty for all of it."""

    pointer: str
    detail: str


class Problem(Struct, frozen=True, kw_only=True):
    """What every refusal answers, as ``application/problem+json``."""

    schema_name: ClassVar[str] = "Problem"

    type: Annotated[str, Meta(description="Where the code is explained.")]
    title: str
    status: int
    code: str
    detail: str
    retryable: bool
    errors: list[FieldProblem]
    nearest: Annotated[
        list[NearMiss] | None, Meta(description="Of `no_match` with `explain`: who came near.")
    ] = None
    meta: AnswerMeta


def code_of(error: Exception) -> str:
    """The public code of an error; ``internal_error`` for everything that was not raised on purpose."""
    code = error.code if isinstance(error, LeadsProError) else "internal_error"
    code = _CODES.get(code, code)
    return code if code in REFUSALS else "internal_error"


def response(error: Exception, meta: AnswerMeta) -> Response:
    """The problem document of an error, with the headers that its status asks for."""
    code = code_of(error)
    told = REFUSALS[code]
    problem = Problem(
        type=f"/docs#{code}",
        title=told.title,
        status=told.status,
        code=code,
        detail=_detail(error, code),
        retryable=told.retryable,
        errors=_field_problems(error),
        nearest=_nearest(error),
        meta=meta,
    )
    return Response(told.status, CONTENT_TYPE, msgspec.json.encode(problem), _headers(error, told.status))


def _nearest(error: Exception) -> list[NearMiss] | None:
    """Who came near, when nobody matched and reasons were asked for."""
    if not isinstance(error, NoMatch) or error.nearest is None:
        return None
    return [one for one in error.nearest if isinstance(one, NearMiss)]


def _detail(error: Exception, code: str) -> str:
    """The sentence for the caller; errors that were not meant for callers say nothing of themselves."""
    if code == "internal_error":
        return "The request id helps to find the cause in the log. Nothing was charged."
    if code == "unavailable":
        return "There is no dataset to answer from, or a part of the service is busy. Try again soon."
    return str(error).encode(errors="replace").decode()


def _field_problems(error: Exception) -> list[FieldProblem]:
    """The bad places that an error knows of."""
    if isinstance(error, BadRequest):
        return [FieldProblem(pointer=pointer, detail=detail) for pointer, detail in error.errors]
    if isinstance(error, InvalidInput):
        pointer = error.field if error.field.startswith("/") else f"/{error.field}"
        pointer = "" if error.field == WHOLE else pointer
        return [FieldProblem(pointer=pointer, detail=f"give {error.accepted}")]
    return []


def _headers(error: Exception, status: int) -> tuple[tuple[str, str], ...]:
    """The headers that belong to a status: how to authenticate, what is allowed, when to come back."""
    if status == 401:
        return (("WWW-Authenticate", 'Bearer realm="leadspro"'),)
    if isinstance(error, MethodNotAllowed):
        return (("Allow", ", ".join(error.allowed)),)
    if isinstance(error, RateLimited):
        return (("Retry-After", str(error.retry_after_s)),)
    if status == 503:
        return (("Retry-After", str(RETRY_AFTER_S)),)
    return ()

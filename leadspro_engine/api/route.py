"""One operation of the API, as the table of routes describes it."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from leadspro_engine.accounts import Scope  # noqa: TC001 - msgspec reads the annotations
from leadspro_engine.service import answers

if TYPE_CHECKING:
    from leadspro_engine import service

Method = Literal["GET", "POST", "PATCH", "DELETE"]
Capability = Literal["enrich", "search", "workspace", "jobs", "keys", "privacy", "service"]

SMALL_BODY = 64 * 1024  # one query with every field as a list
BATCH_BODY = 2 * 1024 * 1024  # a thousand items of 2 KiB
UPLOAD_BODY = 256 * 1024 * 1024  # a million rows of 256 bytes
NOTHING = "Free."
JSON = "application/json"


class Route(Struct, frozen=True, kw_only=True):
    """One operation.

    Attributes:
        path: with the names of its variable segments in braces.
        operation: its stable name: operationId in OpenAPI, endpoint in the history.
        capability: which skill file describes it.
        scope: what the key must hold; None when no key is asked for.
        price: in words; ``charges`` says whether there is one.
        batch: the plan must have batches.
        media: types of the body: JSON, or those of a file that is uploaded (the plan must have jobs then).
        key_required: whether an Idempotency-Key must come with it.
        download: the types of the file that it answers with instead of JSON.
        request: read from the JSON body of POST and PATCH, else from the query.
        handler: called with the desk, the request, and the variable segments in order.
        examples: requests by name.
    """

    method: Method
    path: str
    operation: str
    capability: Capability
    summary: str
    description: str
    scope: Scope | None
    request: type[Struct]
    answer: type[Struct]
    handler: Callable[..., service.Offer | service.Download]
    price: str = NOTHING
    charges: bool = False
    batch: bool = False
    media: tuple[str, ...] = (JSON,)
    key_required: bool = False
    download: tuple[str, ...] = ()
    status: int = 200
    max_body: int = SMALL_BODY
    examples: dict[str, dict[str, Any]] = {}

    @property
    def has_body(self) -> bool:
        """Whether there is one."""
        return self.method in ("POST", "PATCH")

    @property
    def uploads(self) -> bool:
        """Whether the body is a file, and the request the query."""
        return self.media != (JSON,)

    @property
    def remembered(self) -> bool:
        """Whether the history keeps what was asked: only where that is a question about people."""
        return self.capability in ("enrich", "search")

    @property
    def replayable(self) -> bool:
        """Whether an Idempotency-Key stores the answer: where it charges or creates something.

        Not where the answer is a key's text, which is never stored.
        """
        creates = self.status == 201 and self.answer is not answers.NewKeyResponse
        return self.method == "POST" and (self.charges or creates)

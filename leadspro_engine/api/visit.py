"""One request on its way through the checks: what is known of it so far, and how its parts are read."""

from __future__ import annotations

import hashlib
import random
import re
from typing import TYPE_CHECKING, Any

import msgspec

from leadspro_engine.accounts import Claim
from leadspro_engine.api.problems import BadRequest, UnsupportedMediaType
from leadspro_engine.api.request import blocks, read_body
from leadspro_engine.errors import Unauthorized
from leadspro_engine.service import field_of

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from leadspro_engine.accounts import Allowance, Asked, Caller
    from leadspro_engine.api.request import Request, Stream
    from leadspro_engine.api.route import Route
    from leadspro_engine.engine import Engine

ENDINGS = {"text/csv": ".csv", "text/tab-separated-values": ".tsv", "application/x-ndjson": ".jsonl"}
"""How a file of each type that can be uploaded is called."""

_KEPT_BYTES = 64 * 1024  # larger requests are told of in the history, not kept
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_BEARER = re.compile(r"bearer +(\S+) *", re.IGNORECASE)
_IDEMPOTENCY_KEY = re.compile(r'[\x21\x23-\x5b\x5d-\x7e]{1,255}|"([\x21\x23-\x5b\x5d-\x7e]{1,255})"')


class Visit:
    """What is known of one request so far; the application fills it in as the checks are passed.

    Attributes:
        request_id: the caller's own when it is a good one, else a new one.
        engine: over the snapshot that this request pins; None when there is none.
        caller: once the key was accepted.
        allowance: once the request was counted.
        asked: once the request is one that the history tells of.
        charged: credits, once the answer is paid for.
        remaining: credits left in the month, once they were read.
    """

    engine: Engine | None = None
    caller: Caller | None = None
    allowance: Allowance | None = None
    asked: Asked | None = None
    charged: int = 0
    remaining: int | None = None

    def __init__(self, request: Request, stream: Stream, started_at: dt.datetime) -> None:
        self.request = request
        self.started_at = started_at
        given = request.header("X-Request-Id") or ""
        self.request_id = given if _REQUEST_ID.fullmatch(given) else _new_id(started_at)
        self._stream = stream

    @property
    def dataset_version(self) -> str | None:
        """The snapshot that this request pins."""
        return None if self.engine is None else self.engine.version

    def token(self) -> str:
        """The key that came with the request.

        Raises:
            Unauthorized: none did.
        """
        bearer = _BEARER.fullmatch(self.request.header("Authorization") or "")
        token = bearer[1] if bearer else (self.request.header("X-Api-Key") or "").strip()
        if not token:
            raise Unauthorized
        return token

    def content(self, route: Route) -> bytes:
        """The JSON text of the request: its body, or an empty object when it has none."""
        return read_body(self.request, self._stream, route.max_body) or b"{}"

    def store(self, route: Route, path: Path) -> bytes:
        """Write the body to a file, block by block; returns what identifies it: the query and a SHA-256.

        Raises:
            BadRequest: it ends before its declared length.
            PayloadTooLarge: it is, or goes on, beyond what the route and the caller's plan take.
        """
        content = hashlib.sha256()
        most = route.max_body if self.caller is None else min(route.max_body, self.caller.plan.upload_bytes)
        self.request.expect_body(most)
        with path.open("xb") as file:
            for block in blocks(self.request, self._stream, most):
                content.update(block)
                file.write(block)
        return f"{self.request.query}\n{content.hexdigest()}".encode()

    def claim(self, content: bytes, *, required: bool) -> Claim | None:
        """The idempotency key that came with the request, bound to what is asked; None when none came.

        Raises:
            BadRequest: the header's value cannot be a key, or none came where one is required.
        """
        given = self.request.header("Idempotency-Key")
        if given is None:
            if required:
                raise BadRequest(
                    "Send an Idempotency-Key with this request, the same one when you repeat it."
                )
            return None
        found = _IDEMPOTENCY_KEY.fullmatch(given.strip())
        if found is None:
            raise BadRequest(
                "Idempotency-Key must be 1 to 255 visible ASCII characters without quotes inside."
            )
        asked = f"{self.request.method} {self.request.path}\n".encode() + content
        return Claim(key=found[1] or found[0], fingerprint=hashlib.sha256(asked).hexdigest())


def _new_id(now: dt.datetime) -> str:
    """An id for a request: the time in milliseconds and 48 random bits, in hex.

    Ids of one time stand together, so that the history's index grows at its end.
    """
    return f"req_{int(now.timestamp() * 1000):012x}{random.getrandbits(48):012x}"


def expect(request: Request, route: Route) -> None:
    """Refuse a body by what its headers say, before reading it.

    Raises:
        BadRequest: the declared length is no number.
        PayloadTooLarge: it is beyond what the route takes.
        UnsupportedMediaType: there is a body and it is not of a type that the route takes.
    """
    if not route.has_body:
        return
    request.expect_body(route.max_body)
    given = request.header("Content-Type") or ""
    media, _, parameters = given.partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    known = media.strip().lower() in route.media and (route.uploads or charset in ("", "utf-8"))
    if request.has_body and not known:
        raise UnsupportedMediaType(given, route.media)


def media_of(request: Request) -> str:
    """The type of the body, without parameters; empty when there is none."""
    return (request.header("Content-Type") or "").partition(";")[0].strip().lower()


def kept(content: bytes) -> bytes | None:
    """What the history keeps of a request: all of it, unless it is large or a part of it is no JSON.

    The items of a batch are read one by one, so the whole may hold one that nobody can read.
    """
    if len(content) > _KEPT_BYTES:
        return None
    try:
        msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return content


def decoded(request: Request, route: Route, content: bytes) -> Any:
    """The typed request: from the body or, for routes without one, from the query.

    Raises:
        BadRequest: it is not what the route asks for; names the place.
    """
    try:
        if route.has_body and not route.uploads:
            return msgspec.json.decode(content, type=route.request)
        return msgspec.convert(request.parameters(), route.request, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        pointer, detail = field_of(exc)
        raise BadRequest(f"{pointer or 'The request'}: {detail}.", [(pointer, detail)]) from exc

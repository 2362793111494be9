"""A request as a value, made from a WSGI ``environ``; and its body, read within limits.

Three facts of WSGI (PEP 3333) are dealt with here and nowhere else: ``PATH_INFO`` is bytes shown as
Latin-1; a declared length may be no number or may lie; a body without a length may be read only when the
server says that it ends the stream itself (``wsgi.input_terminated``).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl

from msgspec import Struct

from leadspro_engine.api.problems import BadRequest, PayloadTooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DIGITS = re.compile(r"[0-9]{1,18}")
_BLOCK = 64 * 1024  # read in blocks, so that a length that lies reserves no memory
_PARAMETERS = 50  # more query parameters than any endpoint has


class Stream(Protocol):
    """Where a body is read from: ``wsgi.input``."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; empty at the end."""


class Request(Struct, frozen=True):
    """What was asked, without the body.

    Attributes:
        method: as it came, upper case by convention.
        path: decoded; None when it is not UTF-8, and then no route can match.
        query: undecoded.
        length: the declared length in bytes; None when none was declared.
        streamed: the body has no length and the server marks its end.
        secure: it came over TLS, as far as the server knows.
    """

    method: str
    path: str | None
    query: str
    environ: Mapping[str, Any]
    length: int | None
    streamed: bool
    secure: bool

    @classmethod
    def from_environ(cls, environ: Mapping[str, Any]) -> Request:
        """The request that an ``environ`` describes.

        A length that is not made of digits alone counts as a negative one, which ``expect_body`` refuses: the
        route is looked up first.
        """
        declared = str(environ.get("CONTENT_LENGTH") or "")
        length = (int(declared) if _DIGITS.fullmatch(declared) else -1) if declared else None
        return cls(
            method=environ["REQUEST_METHOD"],
            path=_path(environ.get("PATH_INFO", "")),
            query=environ.get("QUERY_STRING", ""),
            environ=environ,
            length=length,
            streamed=length is None and bool(environ.get("wsgi.input_terminated")),
            secure=environ.get("wsgi.url_scheme") == "https",
        )

    def header(self, name: str) -> str | None:
        """The value of a header; None when it did not come."""
        value: str | None = self.environ.get(_variable(name))
        return value

    @property
    def has_body(self) -> bool:
        """Whether a body of at least one byte is to be expected."""
        return self.streamed or bool(self.length)

    def expect_body(self, limit: int) -> None:
        """Refuse by the declared length alone, before a byte is read.

        Raises:
            BadRequest: the length is no number.
            PayloadTooLarge: it is beyond ``limit`` bytes.
        """
        if self.length is not None and self.length < 0:
            raise BadRequest("Content-Length must be made of digits alone.")
        if self.length is not None and self.length > limit:
            raise PayloadTooLarge(limit)

    def parameters(self) -> dict[str, str]:
        """The query's parameters.

        Raises:
            BadRequest: the query cannot be read, or names one parameter twice.
        """
        try:
            pairs = parse_qsl(
                self.query,
                keep_blank_values=True,
                strict_parsing=True,
                errors="strict",
                max_num_fields=_PARAMETERS,
            )
        except ValueError as exc:
            if not self.query:
                return {}
            raise BadRequest("The query string cannot be read; give name=value pairs in UTF-8.") from exc
        if len({name for name, _ in pairs}) < len(pairs):
            raise BadRequest("A query parameter is given twice; give each once.")
        return dict(pairs)


def read_body(request: Request, stream: Stream, limit: int) -> bytes:
    """The whole body, at most ``limit`` bytes; what it raises, ``blocks`` says."""
    return b"".join(blocks(request, stream, limit))


def blocks(request: Request, stream: Stream, limit: int) -> Iterator[bytes]:
    """The body a block at a time, at most ``limit`` bytes; nothing when there is none.

    Raises:
        BadRequest: it ends before its declared length.
        PayloadTooLarge: a body without a length goes on beyond the limit.
    """
    if not request.has_body:
        return
    read, wanted = 0, limit + 1 if request.length is None else request.length
    while read < wanted and (block := stream.read(min(wanted - read, _BLOCK))):
        read += len(block)
        if read > limit:
            raise PayloadTooLarge(limit)
        yield block
    if request.length is not None and read < wanted:
        raise BadRequest(f"The body ends after {read} bytes; Content-Length says {request.length}.")


def _path(raw: str) -> str | None:
    """The path as text; None when its bytes are not UTF-8."""
    try:
        return raw.encode("latin-1").decode()
    except UnicodeError:
        return None


@cache
def _variable(name: str) -> str:
    """How WSGI calls a header."""
    variable = name.upper().replace("-", "_")
    return variable if variable == "CONTENT_TYPE" else f"HTTP_{variable}"

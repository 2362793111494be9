"""A response as a value, and how it is handed to a WSGI server.

The body is whole before the first byte is sent, so its length is always right. Header values are checked
here: some servers would send a line break on as it is, and so let a value start headers of its own.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from wsgiref.types import StartResponse

_FIELD_VALUE = re.compile(r"[\x20-\x7e\x80-\xff]*")  # what RFC 9110 5.5 allows, without the tab
_NO_BODY = (204, 304)


class Response(Struct, frozen=True):
    """A status, headers and a body.

    Attributes:
        content_type: of the body.
        headers: beside Content-Type and Content-Length; a header given twice is sent twice.
    """

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    def with_headers(self, *headers: tuple[str, str]) -> Response:
        """The same response with more headers."""
        return Response(self.status, self.content_type, self.body, (*self.headers, *headers))


def send(response: Response, start_response: StartResponse, *, head: bool) -> list[bytes]:
    """Start the response and return its body, which is empty for HEAD and for statuses that have none.

    Raises:
        ValueError: a header's value has characters that would break out of its line. A mistake of ours, never
            a caller's: what callers send is checked before it is sent back.
    """
    bare = response.status in _NO_BODY
    headers = (
        [] if bare else [("Content-Type", response.content_type), ("Content-Length", str(len(response.body)))]
    )
    headers.extend(response.headers)
    for name, value in headers:
        if not _FIELD_VALUE.fullmatch(value):
            raise ValueError(f"header {name} has a value that cannot be sent: {value!r}")
    start_response(f"{response.status} {HTTPStatus(response.status).phrase}", headers)
    return [] if head or bare else [response.body]

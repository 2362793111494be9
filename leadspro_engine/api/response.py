"""A response as a value, and how it is handed to a WSGI server.

Body or file is whole before the first byte is sent, so its length is always right. Header values are
checked here: some servers would send a line break on as it is, and so let a value start headers of its own.
"""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse

_can_be_sent = re.compile(r"[\x20-\x7e\x80-\xff]*").fullmatch  # RFC 9110 5.5, without the tab
_NO_BODY = (204, 304)
_BLOCK = 64 * 1024


class Response(Struct, frozen=True):
    """A status, headers and a body.

    Attributes:
        content_type: of the body.
        headers: beside Content-Type and Content-Length; a header given twice is sent twice.
        file: sent instead of the body, and closed then; ``file_bytes`` is its size.
    """

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    file: BinaryIO | None = None
    file_bytes: int = 0

    @property
    def size(self) -> int:
        """Bytes of the body or file."""
        return len(self.body) if self.file is None else self.file_bytes

    def with_headers(self, *headers: tuple[str, str]) -> Response:
        """The same response with more headers."""
        return replace(self, headers=(*self.headers, *headers))


class _Blocks:
    """A file in blocks, which the server iterates over and closes (PEP 3333)."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._file.read(_BLOCK), b"")

    def close(self) -> None:
        """Let go of the file, which removes it."""
        self._file.close()


def send(response: Response, start_response: StartResponse, *, head: bool) -> Iterable[bytes]:
    """Start the response and return its body, which is empty for HEAD and for statuses that have none.

    Raises:
        ValueError: a header's value has characters that would break out of its line. A mistake of ours, never
            a caller's: what callers send is checked before it is sent back.
    """
    bare = response.status in _NO_BODY
    headers = (
        [] if bare else [("Content-Type", response.content_type), ("Content-Length", str(response.size))]
    )
    headers.extend(response.headers)
    for name, value in headers:
        if not _can_be_sent(value):
            raise ValueError(f"header {name} has a value that cannot be sent: {value!r}")
    start_response(_line(response.status), headers)
    if response.file is not None:
        blocks = _Blocks(response.file)
        if not head:
            return blocks
        blocks.close()
    return [] if head or bare else [response.body]


@cache
def _line(status: int) -> str:
    """A status as WSGI wants it, such as ``404 Not Found``."""
    return f"{status} {HTTPStatus(status).phrase}"

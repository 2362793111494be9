"""The files of the dashboard as values: what stands at a path, with the headers it must be sent with."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing inline, nothing from elsewhere: data shown by the page can never become a program."""

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
_PREFIX = "/static/"
_PAGE = "index.html"


class Asset(Struct, frozen=True):
    """One file of the dashboard.

    Attributes:
        body: the bytes of the file.
        content_type: of the body.
        headers: to be sent with it, ``ETag`` among them; a browser asks each time whether it changed.
    """

    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...]


def asset(path: str) -> Asset | None:
    """The file at a path of the site: the page at ``/``, everything else below ``/static/``; None elsewhere.

    >>> asset("/").content_type
    'text/html; charset=utf-8'
    >>> asset("/static/../assets.py") is None
    True
    """
    return _assets().get(path)


@cache
def _assets() -> Mapping[str, Asset]:
    """Every file by its path, read once."""
    root = files(__package__).joinpath("static")
    found = {f"{_PREFIX}{name}": _asset(name, file.read_bytes()) for name, file in _files(root, "")}
    found["/"] = found.pop(f"{_PREFIX}{_PAGE}")
    return found


def _files(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    """The files below a folder whose type is known, with their relative names, sorted."""
    found = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _files(entry, f"{prefix}{entry.name}/")
        elif _suffix(entry.name) in _TYPES:
            found.append((f"{prefix}{entry.name}", entry))
    return found


def _asset(name: str, body: bytes) -> Asset:
    """A file with its headers."""
    headers = (
        ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
        ("Cache-Control", "no-cache"),
        ("ETag", f'"{hashlib.sha256(body).hexdigest()[:16]}"'),
    )
    return Asset(body, _TYPES[_suffix(name)], headers)


def _suffix(name: str) -> str:
    """The part of a name from its last dot."""
    return name[name.rfind(".") :]

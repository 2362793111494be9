"""The files of the dashboard as values: what stands at a path, with the headers it must be sent with.

The page at ``/`` is asked for each time. All other files lie in a folder that is named after what they all
contain, so a browser keeps them for good: when one changes, the page names another folder. Scripts name each
other relatively and stay within theirs.
"""

from __future__ import annotations

import gzip
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
_FOLDER = "/static/"
_PAGE = "index.html"
_ASK_EACH_TIME = "no-cache"
_FOR_GOOD = "public, max-age=31536000, immutable"


class Asset(Struct, frozen=True):
    """One file of the dashboard.

    Attributes:
        body: the bytes of the file.
        packed: the same as gzip, for a browser that takes it.
        content_type: of the body.
        headers: to be sent with it, ``ETag`` among them.
    """

    body: bytes
    packed: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...]


def asset(path: str) -> Asset | None:
    """The file at a path of the site: the page at ``/``, all else in ``assets_folder()``; None elsewhere.

    >>> asset("/").content_type
    'text/html; charset=utf-8'
    >>> asset(f"{assets_folder()}../assets.py") is None
    True
    """
    return _assets().get(path)


@cache
def assets_folder() -> str:
    """The path of the folder of all files but the page, with a slash at both ends."""
    content = hashlib.sha256()
    for name, body in _files().items():
        content.update(f"{name} {len(body)}\n".encode() + body)
    return f"{_FOLDER}{content.hexdigest()[:12]}/"


@cache
def _assets() -> Mapping[str, Asset]:
    """Every file by its path, read once."""
    folder = assets_folder()
    found = {
        f"{folder}{name}": _asset(name, body, _FOR_GOOD) for name, body in _files().items() if name != _PAGE
    }
    page = _files()[_PAGE].replace(_FOLDER.encode(), folder.encode())
    return {"/": _asset(_PAGE, page, _ASK_EACH_TIME), **found}


@cache
def _files() -> Mapping[str, bytes]:
    """The bytes of every file whose type is known, by its relative name, sorted."""
    return dict(_below(files(__package__).joinpath("static"), ""))


def _below(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    """The files below a folder, sorted."""
    found = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _below(entry, f"{prefix}{entry.name}/")
        elif _suffix(entry.name) in _TYPES:
            found.append((f"{prefix}{entry.name}", entry.read_bytes()))
    return found


def _asset(name: str, body: bytes, caching: str) -> Asset:
    """A file with its headers."""
    headers = (
        ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
        ("Cache-Control", caching),
        ("ETag", f'"{hashlib.sha256(body).hexdigest()[:16]}"'),
        ("Vary", "Accept-Encoding"),
    )
    return Asset(body, gzip.compress(body, mtime=0), _TYPES[_suffix(name)], headers)


def _suffix(name: str) -> str:
    """The part of a name from its last dot."""
    return name[name.rfind(".") :]

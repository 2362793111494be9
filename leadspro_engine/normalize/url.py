"""A web address in any wrapping -> its canonical form, so that two spellings of one page are equal.

1. What surrounds it is taken off: brackets, quotes, punctuation at the ends, what follows a blank.
2. The scheme is ``http`` or ``https``, in lower case; ``https`` where none was written. Other schemes
   are refused. User names, default ports and fragments are left out.
3. The host is as ``domain`` judges it, in its ASCII form, and must be under a known public suffix.
4. In path and query, ``%7E`` and ``~`` are one, hexadecimal digits are capitals, and what is not ASCII is
   encoded; ``.`` and ``..`` are resolved; the bare path ``/`` is left out.
5. Parameters that only say who sent the visitor (``utm_source``, ``gclid``, …) are left out.

Source: RFC 3986, sections 5.2.4 (dots) and 6.2.2 and 6.2.3 (normalization); the parameters are those of
Google Analytics, Google Ads, Meta, Microsoft Advertising, LinkedIn, Mailchimp and HubSpot.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

from leadspro_engine.normalize import columns, domain
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean, without_joiners

if TYPE_CHECKING:
    import polars as pl

MAX_URL = 2048
"""Longest address that is read, in characters: what browsers and crawlers agree to take."""

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,31}):(?![0-9])", re.IGNORECASE)
_AUTHORITY = re.compile(r"[^/?#\\]*")
_PORT = re.compile(r":([0-9]{0,5})\Z")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset((string.ascii_letters + string.digits + "-._~").encode())
_KEPT = string.punctuation  # what may stand in path and query as it is, the percent sign among it
_NEVER_PLAIN = str.maketrans({character: f"%{ord(character):02X}" for character in '"<>\\^`{|}'})
_TRACKING = re.compile(
    r"(?:utm_\w+|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid|li_fat_id|trk|mc_cid|mc_eid|_hs\w+|hsctatracking"
    r"|igshid|yclid)(?:=|\Z)",
    re.IGNORECASE,
)
_EDGES = " .,;:'\"<>()[]{}*"
_OPENED = {")": "(", "]": "[", "}": "{", ">": "<"}
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def parse(value: object) -> str | None:
    """The canonical form of a web address, or None when the cell is not one.

    >>> parse("HTTP://www.NorthPeak.io:80/a/../Team%7e?utm_source=x&id=1#top")
    'http://www.northpeak.io/Team~?id=1'
    >>> parse("münchen.de/"), parse("ftp://acme.com"), parse("ada@acme.com")
    ('https://xn--mnchen-3ya.de', None, None)
    """
    text = clean(value)
    if text is None or len(text) > MAX_URL:
        return None
    address = _trimmed(without_joiners(text).lstrip(_EDGES).split(" ", 1)[0].partition("#")[0])
    scheme, rest = _scheme_and_rest(address)
    if scheme is None:
        return None
    authority = _AUTHORITY.match(rest)
    end = authority.end() if authority else 0
    host = _host(rest[:end], scheme, bare=scheme not in address[:5].lower())
    if host is None:
        return None
    found = f"{scheme}://{host}{_behind(rest[end:])}"
    return found if _trimmed(found) == found else parse(_trimmed(found))


def column(values: pl.Series) -> pl.Series:
    """A text column of canonical addresses, one row for each cell; equal to ``parse``."""
    return columns.text_column(values, parse)


def why(value: object) -> tuple[Note, ...]:
    """What was wrong with a cell, or mended in it.

    >>> why("ftp://acme.com")[0].code, why("https://acme.com/a"), why("acme.com")[0].detail
    ('refused', (), 'read as https://acme.com')
    """
    text = clean(value)
    if text is None:
        return (Note("blank", "there is no text"),)
    found = parse(text)
    if found is None:
        return (Note("refused", "it is no http or https address of a host under a known public suffix"),)
    return () if found == text else (Note("repaired", f"read as {found}"),)


def _scheme_and_rest(address: str) -> tuple[str | None, str]:
    """The scheme, None if it is not one of the web's, and what stands behind it and its slashes."""
    found = _SCHEME.match(address)
    scheme = "https" if found is None else found[1].lower()
    rest = address[found.end() if found else 0 :].lstrip("/\\")
    return (scheme if scheme in _DEFAULT_PORTS else None), rest


def _trimmed(address: str) -> str:
    """The address without the punctuation of a sentence behind it; brackets stay when they were opened."""
    while address:
        last = address[-1]
        closed = _OPENED.get(last)
        if (
            last not in _EDGES
            or (last == "." and address.endswith(("/.", "/..")))
            or (closed or " ") in address
        ):
            break
        address = address[:-1]
    return address


def _host(authority: str, scheme: str, *, bare: bool) -> str | None:
    """Host and port of an authority; a bare one with a user name is a mail address."""
    user, at, place = authority.rpartition("@")
    port = _PORT.search(place)
    host = domain.judge(place[: port.start()] if port else place) if len(place) <= domain.MAX_HOST else None
    if host is None or domain.placed(host) is None or (at and bare and user):
        return None
    number = port[1].lstrip("0") if port else ""
    if number in {"", _DEFAULT_PORTS[scheme]}:
        return domain.to_ascii(host)
    return f"{domain.to_ascii(host)}:{number}" if int(number) < 2**16 else None


def _behind(rest: str) -> str:
    """Path and query in canonical form."""
    path, _, query = rest.partition("?")
    resolved = _without_dots(_encoded(path.replace("\\", "/")))
    kept = [part for part in _encoded(query).split("&") if part and not _TRACKING.match(part)]
    return resolved + ("?" + "&".join(kept) if kept else "")


def _encoded(text: str) -> str:
    """Percent-encoding as RFC 3986 wants it: only what must be, in capitals."""
    text = _ENCODED.sub(lambda found: _plain(found.group()), text)
    return quote(text.translate(_NEVER_PLAIN), safe=_KEPT)


def _plain(encoded: str) -> str:
    byte = unquote_to_bytes(encoded)
    return byte.decode("ascii") if byte[0] in _UNRESERVED else encoded.upper()


def _without_dots(path: str) -> str:
    """The path with ``.`` and ``..`` resolved; empty for the root."""
    *before, last = path.split("/")
    kept: list[str] = []
    for piece in (*before, last):
        if piece == "..":
            del kept[max(len(kept) - 1, 1) :]
        elif piece != ".":
            kept.append(piece)
    if last in {".", ".."}:
        kept.append("")
    resolved = "/".join(kept)
    return "" if resolved.strip("/") == "" else resolved

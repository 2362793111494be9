"""A LinkedIn address in any form -> the person's or the company's slug, the part that names them.

Accepted are addresses of any LinkedIn host (country and mobile subdomains, ``linkedin.cn``), with or
without a scheme, with a label or other words around them, with what LinkedIn puts in front of the path
(``/mwlite``, ``/comm``, ``/sales``, ``/talent``) and any query, language or junk behind; the address inside
a login, redirect or archive address; paths alone (``in/priya-shah``); and, by ``person`` and ``company``,
bare slugs with or without ``@``. Old ``/pub/name/a/b/c`` addresses become the slug that LinkedIn redirects
them to. Slugs are lower case, except the opaque ids of Sales Navigator and Recruiter (``ACwAA…``), which
tell case apart.

Refused: numbers of members (they name nobody outside a login), posts, groups, jobs, search pages, short links
(``lnkd.in``), and hosts that merely look like LinkedIn.

Source: www.linkedin.com/help/linkedin/answer/a542685 (custom profile URLs: 3 to 100 letters or digits); for
``/pub/``, the redirects that github.com/dwyl/linkedin-canonical-url records.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

from msgspec import Struct

from leadspro_engine.normalize import columns
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean, without_joiners

if TYPE_CHECKING:
    import polars as pl

Kind = Literal["person", "company"]

MAX_URL = 2048
"""Longest address that is looked at, in characters; the slug of a real one ends long before."""

MAX_SLUG = 100
"""Longest slug, in characters."""

_HOST = r"(?:[a-z0-9-]{1,20}\.){0,3}linkedin\.(?:com|cn)\.?(?::[0-9]{1,5})?"
_ADDRESS = re.compile(
    rf"(?:\A(?:[a-z]{{2,8}}[:;]?)?[/\\]*|[\s\"'(<\[,;|>:]|https?:[/\\]{{0,3}}){_HOST}(?=[/\\?#]|\Z)",
    re.IGNORECASE,
)
_HOST_ALONE = re.compile(_HOST, re.IGNORECASE)
_END = re.compile(r"[\s\"<>|]")
_PLAIN = re.compile(
    r"(?:https?://)?(?:www\.|[a-z]{2}\.)?linkedin\.com/(in|company)/([a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?)/?"
)
_PLAIN_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,98}[a-z0-9]")
_VIEW = re.compile(r"[/\\]profile[/\\]view[^?]*\?(?:[^#]*&)?id=([^&#]+)", re.IGNORECASE)
_FRONT = frozenset({"mwlite", "comm", "m", "mobile", "touch", "organization-guest", "profile"})
_TOOLS = frozenset({"sales", "talent", "recruiter"})
_TOOL_PERSON = frozenset({"lead", "people", "profile"})
_COMPANY = frozenset({"company", "companies", "company-beta", "organization", "school", "showcase"})
_ALONE = frozenset({"in", "pub", "company", "school", "showcase"})
_OPAQUE = re.compile(r"A[A-Z][A-Za-z]AA[A-Za-z0-9_-]{30,36}")
_PUB_NUMBER = re.compile(r"[0-9a-f]{1,3}")
_NOT_IN_SLUGS = re.compile(r"[\s/?#\\<>\"@:;,|%\x00-\x1f\ufffd]")
_BARE = re.compile(r"@?((?:[A-Za-z0-9_-]|[^\x00-\x7f\s]){3,100})")
_EDGES = " .,;:!'\"’”»<>()[]{}|*…"
_NOBODY = frozenset({
    "me", "unknown", "none", "null", "nil", "nan", "n-a", "test", "linkedin", "in", "company", "profile",
    "dir", "edit", "feed", "setup", "http", "https",
})  # fmt: skip


class LinkedIn(Struct, frozen=True, gc=False):
    """Whose page it is: a person's or a company's (schools and showcases too), and the slug that names it."""

    kind: Kind
    slug: str


def parse(value: object) -> LinkedIn | None:
    """Whose page a LinkedIn address is, or None.

    >>> parse("https://uk.linkedin.com/in/Priya-Shah-Growth/de?trk=x")
    LinkedIn(kind='person', slug='priya-shah-growth')
    >>> parse("linkedin.com/company/north-peak/about/").slug
    'north-peak'
    >>> parse("https://www.linkedin.com/feed/") is parse("priya-shah-growth") is None
    True
    """
    return _plain(value) or parse_slowly(value)


def parse_slowly(value: object) -> LinkedIn | None:
    """``parse`` without the short way that plain addresses take."""
    text = clean(value)
    return None if text is None else _page(without_joiners(text)[:MAX_URL])


def person(value: object) -> str | None:
    """The slug of a person, from an address or a bare slug; None for anything else.

    >>> person("@priya-shah-growth"), person("linkedin.com/company/acme"), person("Priya Shah")
    ('priya-shah-growth', None, None)
    """
    return _of_kind(value, "person")


def company(value: object) -> str | None:
    """The slug of a company, from an address or a bare slug; None for anything else.

    >>> company("northpeak"), company("https://www.linkedin.com/school/mit/")
    ('northpeak', 'mit')
    """
    return _of_kind(value, "company")


def column(values: pl.Series) -> pl.Series:
    """A struct column of ``LinkedIn``, one row for each cell; equal to ``parse``."""
    return columns.struct_column(values, parse, LinkedIn)


def person_column(values: pl.Series) -> pl.Series:
    """A text column of person slugs, one row for each cell; equal to ``person``."""
    return columns.text_column(values, person)


def company_column(values: pl.Series) -> pl.Series:
    """A text column of company slugs, one row for each cell; equal to ``company``."""
    return columns.text_column(values, company)


def why(value: object) -> tuple[Note, ...]:
    """What was wrong with a cell.

    >>> why("https://lnkd.in/abc")[0].code, why("https://www.linkedin.com/in/ada")
    ('refused', ())
    """
    text = clean(value)
    if text is None:
        return (Note("blank", "there is no text"),)
    if parse(text) is not None:
        return ()
    if person(text) is not None:
        return (Note("repaired", "a slug alone may be a person's or a company's"),)
    if _ADDRESS.search(text) is None:
        return (Note("refused", "it is neither a LinkedIn address nor a slug"),)
    return (Note("refused", "this LinkedIn address is not the page of a person or a company"),)


def _plain(value: object) -> LinkedIn | None:
    """Whose page a plain address is; None sends it the long way."""
    found = _PLAIN.fullmatch(value) if type(value) is str else None
    if found is None or found[2] in _NOBODY or found[2].isdecimal():
        return None
    return LinkedIn("person" if found[1] == "in" else "company", found[2])


def _of_kind(value: object, wanted: Kind) -> str | None:
    plain = _plain(value)
    if plain is not None:
        return plain.slug if plain.kind == wanted else None
    if type(value) is str and _PLAIN_SLUG.fullmatch(value) and value not in _NOBODY and not value.isdecimal():
        return value
    text = clean(value)
    if text is None:
        return None
    text = without_joiners(text)[:MAX_URL]
    found = _page(text)
    if found is not None:
        return found.slug if found.kind == wanted else None
    bare = _BARE.fullmatch(_decoded(text.strip(_EDGES + "/")))
    slug = None if bare is None else _slug(bare[1])
    return None if slug is None or (wanted == "person" and slug.isdecimal()) else slug


def _page(text: str) -> LinkedIn | None:
    """The first page of a person or company in a text."""
    for shown in (text, unquote(text)) if "%" in text else (text,):
        for address in _ADDRESS.finditer(shown):
            found = _of_path(_END.split(shown[address.end() :], maxsplit=1)[0])
            if found is not None:
                return found
    path = text.strip(_EDGES).lstrip("/")
    return _of_path("/" + path) if path.partition("/")[0].lower() in _ALONE else None


def _of_path(path: str) -> LinkedIn | None:
    """Whose page a path (with query and fragment) of LinkedIn is."""
    view = _VIEW.match(path)
    if view is not None:
        return _opaque(view[1])
    path = path.partition("?")[0].partition("#")[0].replace("\\", "/")
    pieces = [piece for piece in path.split("/") if piece]
    while len(pieces) > 2 and pieces[0].lower() in _FRONT:
        pieces = pieces[1:]
    while len(pieces) > 2 and _HOST_ALONE.fullmatch(pieces[1]):
        pieces = pieces[2:]
    return _of_pieces(pieces[0].lower(), pieces[1:]) if len(pieces) > 1 else None


def _of_pieces(section: str, names: list[str]) -> LinkedIn | None:
    if section in _TOOLS and len(names) > 1:
        if names[0].lower() in _TOOL_PERSON:
            return _opaque(names[1].partition(",")[0])
        section, names = names[0].lower(), names[1:]
    slug = _slug(names[0])
    if slug is None or "linkedin.com" in slug:
        return None
    if section == "pub":
        return LinkedIn("person", _renamed(slug, [name.lower() for name in names[1:4]]))
    if section == "in" and not slug.isdecimal():
        return LinkedIn("person", slug)
    return LinkedIn("company", slug) if section in _COMPANY else None


def _opaque(piece: str) -> LinkedIn | None:
    identity = _decoded(piece).strip(_EDGES)
    return LinkedIn("person", identity) if _OPAQUE.fullmatch(identity) else None


def _renamed(name: str, numbers: list[str]) -> str:
    """``/pub/jane-doe/5/7a2/b31`` is now ``/in/jane-doe-b317a25``: reversed, lost zeros restored."""
    if len(numbers) != 3 or not all(_PUB_NUMBER.fullmatch(number) for number in numbers):
        return name
    first, second, third = numbers
    return f"{name}-{third.zfill(3)}{second.zfill(3)}{first}"


def _slug(piece: str) -> str | None:
    decoded = _decoded(piece).strip(_EDGES)
    if _OPAQUE.fullmatch(decoded):
        return decoded
    slug = unicodedata.normalize("NFC", without_joiners(clean(decoded) or "").lower())
    if not 0 < len(slug) <= MAX_SLUG or slug in _NOBODY or _NOT_IN_SLUGS.search(slug):
        return None
    return slug if any(character.isalnum() for character in slug) else None


def _decoded(piece: str) -> str:
    """Percent-encoding taken off, twice if need be; bytes that are not UTF-8 are read as Latin-1."""
    for _ in range(2):
        if "%" in piece:
            try:
                piece = unquote(piece, errors="strict")
            except UnicodeDecodeError:
                piece = unquote(piece, encoding="latin-1")
    return piece

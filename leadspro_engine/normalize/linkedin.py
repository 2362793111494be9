"""A LinkedIn address in any form -> the person's or the company's slug, the part that names them.

Accepted are full URLs of any LinkedIn host (country and mobile subdomains, ``linkedin.cn``), with anything in
front of the path that LinkedIn puts there (``/mwlite``, ``/comm``, ``/sales``, ``/talent``) and any query,
language or junk behind; paths alone (``in/priya-shah``); and, by ``person`` and ``company``, bare slugs
with or without ``@``. Old ``/pub/name/a/b/c`` addresses become the slug that LinkedIn redirects them to.
Slugs are lower case, except the opaque ids of Sales Navigator and Recruiter (``ACwAA…``), which tell case
apart.

Refused: numbers of members (they name nobody outside a login), posts, groups, jobs, search pages, short links
(``lnkd.in``), and hosts that merely look like LinkedIn.

Source: https://www.linkedin.com/help/linkedin/answer/a542685 (custom profile URLs: 3 to 100 letters or
digits).
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

_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,15}:)?[/\\]*(?:[a-z0-9-]{1,20}\.){0,3}linkedin\.(?:com|cn)\.?(?::\d{1,5})?(?=[/\\?#]|\Z)",
    re.IGNORECASE,
)
_FRONT = frozenset({"mwlite", "comm", "m", "sales", "talent", "recruiter", "mobile", "touch", "authwall"})
_PERSON = frozenset({"in", "lead", "people", "profile"})
_COMPANY = frozenset({"company", "school", "showcase", "company-beta", "organization", "companies"})
_OPAQUE = re.compile(r"A[A-Za-z][A-Za-z0-9]AA[A-Za-z0-9_-]{10,60}")
_SLUG = re.compile(r"[^\W_](?:[\w\u200c\u200d.'’&+!·-]|[^\x00-\x7f])*")
_BARE = re.compile(r"@?([^\W_](?:[\w-]|[^\x00-\x7f\s])*)")
_EDGES = " .,;:!'\"’”»<>()[]{}|*…"
_NOBODY = frozenset(
    {
        "me",
        "unknown",
        "none",
        "null",
        "nan",
        "na",
        "n-a",
        "linkedin",
        "in",
        "company",
        "profile",
        "edit",
        "feed",
        "setup",
    }
)


class LinkedIn(Struct, frozen=True):
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
    text = clean(value)
    if text is None:
        return None
    return _of_path(_segments(without_joiners(text)[:MAX_URL]))


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
    if _HOST.match(text) is None:
        return (Note("refused", "it is neither a LinkedIn address nor a slug"),)
    return (Note("refused", "this LinkedIn address is not the page of a person or a company"),)


def _of_kind(value: object, wanted: Kind) -> str | None:
    text = clean(value)
    if text is None:
        return None
    text = without_joiners(text)[:MAX_URL]
    found = _of_path(_segments(text))
    if found is not None:
        return found.slug if found.kind == wanted else None
    bare = _BARE.fullmatch(unquote(text.strip(_EDGES + "/")))
    return None if bare is None else _slug(bare[1])


def _segments(text: str) -> list[str]:
    """The path of a LinkedIn address in pieces; empty when the text is no such address."""
    text = text.strip(_EDGES)
    host = _HOST.match(text)
    path = text[host.end() :] if host else text.lstrip("/")
    if not host and path.partition("/")[0].lower() not in _PERSON | _COMPANY | {"pub"}:
        return []
    if path.lower().startswith("/profile/view"):
        return ["in", *re.findall(r"[?&]id=([^&#]+)", path)[:1]]
    path = re.split(r"[?#]", path, maxsplit=1)[0]
    return [piece for piece in re.split(r"[/\\]+", path) if piece]


def _of_path(pieces: list[str]) -> LinkedIn | None:
    while pieces and pieces[0].lower() in _FRONT and len(pieces) > 1:
        pieces = pieces[1:]
    if len(pieces) < 2:
        return None
    section, name = pieces[0].lower(), pieces[1]
    if section == "pub":
        return _of_pub(pieces[1:])
    slug = _slug(name.partition(",")[0] if section in {"lead", "people"} else name)
    if slug is None:
        return None
    if section in _COMPANY:
        return LinkedIn("company", slug)
    return LinkedIn("person", slug) if section in _PERSON and not slug.isdecimal() else None


def _of_pub(pieces: list[str]) -> LinkedIn | None:
    """The renamed slug: ``/pub/jane-doe/5/7a2/b31`` is now ``/in/jane-doe-b317a25``, the pieces reversed."""
    name = _slug(pieces[0])
    numbers = [piece.lower() for piece in pieces[1:4]]
    if name is None or name == "dir":
        return None
    if len(numbers) == 3 and all(re.fullmatch(r"[0-9a-f]{1,3}", number) for number in numbers):
        first, second, third = numbers
        return LinkedIn("person", f"{name}-{third.zfill(3)}{second.zfill(3)}{first}")
    return LinkedIn("person", name)


def _slug(piece: str) -> str | None:
    decoded = unquote(unquote(piece)).strip(_EDGES)
    if _OPAQUE.fullmatch(decoded):
        return decoded
    slug = unicodedata.normalize("NFC", (clean(decoded) or "").lower())
    if not _SLUG.fullmatch(slug) or slug in _NOBODY or len(slug) > 200:
        return None
    return slug

"""A URL, host name or e-mail address -> the host, and the domain that somebody registered.

1. The host is cut out of whatever surrounds it: scheme, user, port, path, query, e-mail local part.
2. email-validator is the judge of host names: lower case, IDNA 2008 with UTS 46 mapping, label lengths, no
   reserved names such as ``.local``. The canonical form is the Unicode one; ``to_ascii`` gives the other.
3. The Public Suffix List as packaged with tldextract says where the registrable domain begins. Private
   suffixes count, so that ``acme.myshopify.com`` and ``zenith.myshopify.com`` are two companies; the
   operator of a private suffix (``myshopify.com`` itself) keeps the domain it registered.
4. A host under no known suffix is not a domain, except ``.example`` (RFC 2606, section 2), which
   demonstrations use.

``company_domain`` also refuses hosts that say nothing about an employer (table ``hosts.tsv``): mail
providers, social networks, page builders and short links, parking services.

Source: https://publicsuffix.org/list/ (snapshot of the tldextract package); RFC 5891; UTS 46.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Literal

import idna
import tldextract
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailSyntaxError
from email_validator.syntax import validate_email_domain_name
from msgspec import Struct

from leadspro_engine.normalize import columns, tables
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean, without_joiners

if TYPE_CHECKING:
    import polars as pl

HostKind = Literal["free", "disposable", "social", "shared", "parked"]

MAX_HOST = 253
"""Longest host name, in characters (RFC 1035, section 2.3.4)."""

_SCHEME = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]{0,31}:(?=[/@])|mailto:)?[/\\]*", re.IGNORECASE)
_END_OF_HOST = re.compile(r"[/?#\\\s,;|<>\"')\]}]")
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_PLAIN_HOST = re.compile(rf"(?:{_LABEL}\.)+(?:[a-zA-Z0-9][a-zA-Z0-9-]{{0,61}})?[a-zA-Z]")
_SPECIAL = tuple(f".{name}" for name in SPECIAL_USE_DOMAIN_NAMES)
_PORT = re.compile(r":\d*\Z")
_EDGES = " .,;:'\"<>()[]{}*"


class Domain(Struct, frozen=True):
    """Where a host belongs: ``host`` in full, the ``registrable`` domain in it, and the public ``suffix``."""

    host: str
    registrable: str
    suffix: str


def parse(value: object) -> Domain | None:
    """The domain that a URL, host or e-mail address leads to, or None.

    >>> parse("https://www.NorthPeak.io:443/about?x=1")
    Domain(host='www.northpeak.io', registrable='northpeak.io', suffix='io')
    >>> parse("xn--mnchen-3ya.de").host, parse("acme.myshopify.com").registrable
    ('münchen.de', 'acme.myshopify.com')
    >>> parse("192.168.0.1") is parse("co.uk") is parse("Acme Inc") is None
    True
    """
    host = _host_in(value)
    judged = None if host is None else judge(host)
    return None if judged is None else placed(judged)


def column(values: pl.Series) -> pl.Series:
    """A struct column of ``Domain``, one row for each cell; equal to ``parse``."""
    return columns.struct_column(values, parse, Domain)


def company_domain(value: object) -> str | None:
    """The registrable domain of a company, or None when the host says nothing about one.

    >>> [company_domain(v) for v in ("jobs.acme.co.uk", "ada@gmail.com", "facebook.com/acme")]
    ['acme.co.uk', None, None]
    """
    found = parse(value)
    return None if found is None or kind(found) is not None else found.registrable


def company_column(values: pl.Series) -> pl.Series:
    """A text column of company domains, one row for each cell; equal to ``company_domain``."""
    return columns.text_column(values, company_domain)


def kind(domain: Domain) -> HostKind | None:
    """Why a host says nothing about a company, or None when it does.

    >>> kind(parse("yahoo.co.uk")), kind(parse("sites.google.com/acme")), kind(parse("google.com"))
    ('free', 'shared', None)
    """
    known = _host_kinds()
    host = domain.host
    while len(host) >= len(domain.registrable):
        if host in known:
            return known[host]
        host = host.partition(".")[2]
    return known.get(domain.registrable.removesuffix(domain.suffix) + "*")


def to_ascii(host: str) -> str:
    """The form of a canonical host that goes over the wire.

    >>> to_ascii("münchen.de")
    'xn--mnchen-3ya.de'
    """
    return host if host.isascii() else idna.encode(host).decode("ascii")


def why(value: object) -> tuple[Note, ...]:
    """What was wrong with a cell, or what its host is.

    >>> why("facebook.com/acme")[0].code, why("co.uk")[0].code, why("acme.com")
    ('social', 'refused', ())
    """
    text = clean(value)
    if text is None:
        return (Note("blank", "there is no text"),)
    found = parse(text)
    if found is None:
        return (Note("refused", "there is no host under a known public suffix in it"),)
    reason = kind(found)
    return () if reason is None else (Note(reason, f"{found.registrable} {_REASONS[reason]}"),)


_REASONS: dict[HostKind, str] = {
    "free": "is a mail provider that anybody can use",
    "disposable": "gives out throw-away mailboxes",
    "social": "is a social network or directory",
    "shared": "holds the pages of many parties",
    "parked": "is a parking or domain trading service",
}


@functools.lru_cache(maxsize=65536)
def judge(host: str) -> str | None:
    """The canonical Unicode form of a host name by email-validator's rules, or None when it is not one.

    Plain ASCII hosts are settled by a pattern, tested to agree with the library; it settles the others.

    >>> judge("NorthPeak.IO"), judge("xn--mnchen-3ya.de"), judge("printer.local")
    ('northpeak.io', 'münchen.de', None)
    """
    if _PLAIN_HOST.fullmatch(host) and "--" not in host and len(host) <= MAX_HOST:
        plain = host.lower()
        return None if plain.endswith(_SPECIAL) else plain
    return judge_slowly(host)


def judge_slowly(host: str) -> str | None:
    """``judge`` by the library alone."""
    try:
        return validate_email_domain_name(host)["domain"]
    except (EmailSyntaxError, UnicodeError):
        return None


@functools.lru_cache(maxsize=65536)
def placed(host: str) -> Domain | None:
    """Where a canonical host belongs, or None when it is under no known suffix or is one itself.

    >>> placed("blog.acme.co.uk").registrable, placed("myshopify.com").registrable, placed("co.uk")
    ('acme.co.uk', 'myshopify.com', None)
    """
    for suffix in (_suffix(host, private=True), _suffix(host, private=False)):
        label = host.removesuffix(suffix).removesuffix(".").rpartition(".")[2] if suffix else ""
        if label:
            return Domain(host, f"{label}.{suffix}", suffix)
    return None


def _suffix(host: str, *, private: bool) -> str:
    """The public suffix of a canonical host by the list's own algorithm; empty under no known suffix.

    Source: https://github.com/publicsuffix/list/wiki/Format#algorithm, without its default rule ``*``.
    """
    rules, parents, exceptions = _rules(private=private)
    name = host
    while name:
        parent = name.partition(".")[2]
        if parent in parents:
            return parent if name in exceptions else name
        if name in rules:
            return name
        name = parent
    return ""


def _host_in(value: object) -> str | None:
    text = clean(value)
    if text is None:
        return None
    scheme = _SCHEME.match(text)
    rest = without_joiners(text[scheme.end() if scheme else 0 :].lstrip(_EDGES))
    end = _END_OF_HOST.search(rest)
    rest = rest[: end.start()] if end else rest
    host = _PORT.sub("", rest.rpartition("@")[2]).strip(_EDGES)
    return host if 0 < len(host) <= MAX_HOST else None


@functools.cache
def _rules(*, private: bool) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The rules of tldextract's packaged list: suffixes, parents of ``*.`` rules, and ``!`` exceptions."""
    extract = tldextract.TLDExtract(
        suffix_list_urls=(),
        fallback_to_snapshot=True,
        cache_dir=None,
        include_psl_private_domains=private,
        extra_suffixes=("example",),
    )
    rules = extract.tlds
    return (
        frozenset(rule for rule in rules if not rule.startswith(("*.", "!"))),
        frozenset(rule.removeprefix("*.") for rule in rules if rule.startswith("*.")),
        frozenset(rule.removeprefix("!") for rule in rules if rule.startswith("!")),
    )


@functools.cache
def _host_kinds() -> dict[str, HostKind]:
    known: dict[str, HostKind] = {}
    for reason, hosts in tables.rows("hosts.tsv"):
        assert reason in _REASONS
        known.update(dict.fromkeys((h.strip() for h in hosts.split(",")), reason))
    return known

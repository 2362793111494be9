"""An e-mail address in any wrapping -> its canonical form, what kind of mailbox it is, and its match key.

1. Wrapping is taken off: invisible characters, ``mailto:``, a display name with angle brackets, quotes and
   punctuation at the ends, a query behind the address. Of several addresses the first is read.
2. email-validator is the judge (syntax only, nothing is looked up): no quoted local parts, no bracketed
   hosts, host names by IDNA 2008.
3. The canonical form is the judge's, in lower case throughout: no provider tells ``Ada@`` from ``ada@``,
   though RFC 5321 (section 2.4) would let it.
4. The match key also folds what the provider itself folds (table ``mail_providers.tsv``, each row with its
   source): tags behind a plus sign, dots, several domains of one mailbox. Nowhere else.

A *role* mailbox belongs to a function (``info@``, ``sales-emea@``; table ``mailboxes.tsv``), a *free* one
to a provider open to anybody, a *disposable* one to a throw-away service (table ``hosts.tsv``).
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING, Literal

from email_validator import EmailNotValidError, validate_email
from msgspec import Struct

from leadspro_engine.normalize import columns, domain, tables
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean, without_joiners

if TYPE_CHECKING:
    import polars as pl

Kind = Literal["professional", "personal", "role", "disposable"]

MAX_ADDRESS = 254
"""Longest address, in bytes of UTF-8 (RFC 3696, erratum 1690)."""

_EDGES = " \t.,;:'\"<>()[]{}|`*"
_SEVERAL = re.compile(r"[\s,;|<>()\[\]\"]+")
_MAILTO = re.compile(r"mailto:", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"[^a-z]+")


class Email(Struct, frozen=True):
    """One mailbox.

    Attributes:
        address: canonical form.
        local, domain: its two halves; the domain in Unicode.
        registrable_domain: None under no known public suffix.
        key: equal for two spellings of one mailbox.
        role, free, disposable: what kind of mailbox it is.
    """

    address: str
    local: str
    domain: str
    registrable_domain: str | None
    key: str
    role: bool
    free: bool
    disposable: bool


def parse(value: object) -> Email | None:
    """The mailbox that a cell names, or None.

    >>> parse("Amanda Reyes <Amanda@NorthPeak.io>").address
    'amanda@northpeak.io'
    >>> parse("a.d.a+list@googlemail.com").key, parse("info@acme.com").role
    ('ada@gmail.com', True)
    >>> parse("amanda at northpeak.io") is parse("n/a") is parse(None) is None
    True
    """
    text = unwrapped(value)
    canonical = None if text is None else judge(text)
    return None if canonical is None else _described(*canonical)


def column(values: pl.Series) -> pl.Series:
    """A struct column of ``Email``, one row for each cell; equal to ``parse``."""
    return columns.struct_column(values, parse, Email)


def why(value: object) -> tuple[Note, ...]:
    """What was wrong with a cell, or what is to be known of its mailbox.

    >>> [note.code for note in why("<info@gmail.com>")]
    ['repaired', 'role', 'free']
    >>> why("ada@@acme.com")[0].code, why("ada@acme.com")
    ('refused', ())
    """
    text = clean(value)
    if text is None:
        return (Note("blank", "there is no text"),)
    email = parse(text)
    if email is None:
        return (Note("refused", _complaint(unwrapped(text) or text)),)
    remarks = (
        ("repaired", text.lower() != email.address and text != email.address, f"read as {email.address}"),
        ("role", email.role, f"{email.local}@ belongs to a function, not to a person"),
        ("free", email.free, f"{email.domain} is a mail provider that anybody can use"),
        ("disposable", email.disposable, f"{email.domain} gives out throw-away mailboxes"),
    )
    return tuple(Note(code, detail) for code, holds, detail in remarks if holds)


def kind(email: Email) -> Kind:
    """The type that answers show: disposable before role before personal before professional.

    >>> kind(parse("ada@gmail.com")), kind(parse("ada@acme.com"))
    ('personal', 'professional')
    """
    if email.disposable:
        return "disposable"
    if email.role:
        return "role"
    return "personal" if email.free else "professional"


def sha256(address: str) -> str:
    """SHA-256 of a canonical address, in lower-case hexadecimal: what hashed contact lists hold.

    >>> sha256("ada@acme.com")[:16]
    '154e1e0a1872533d'
    """
    return hashlib.sha256(address.encode()).hexdigest()


def md5(address: str) -> str:
    """MD5 of a canonical address, in lower-case hexadecimal."""
    return hashlib.md5(address.encode(), usedforsecurity=False).hexdigest()


def unwrapped(value: object) -> str | None:
    """The address in a cell without its wrapping, not yet judged; None when the cell holds no ``@``."""
    text = clean(value)
    if text is None or "@" not in text:
        return None
    text = without_joiners(text)
    pieces = _SEVERAL.split(_MAILTO.sub("", text)) if not _is_bare(text) else [text]
    first = next((piece for piece in pieces if "@" in piece.strip("@")), "")
    return first.partition("?")[0].strip(_EDGES) or None if len(pieces) > 1 or first != text else text


def judge(text: str) -> tuple[str, str] | None:
    """Local part and domain of an address by email-validator's rules, in lower case, or None."""
    if len(text) > MAX_ADDRESS:
        return None
    try:
        judged = validate_email(text, check_deliverability=False)
        local = unicodedata.normalize("NFC", judged.local_part.lower())
        if local != judged.local_part:
            validate_email(f"{local}@{judged.domain}", check_deliverability=False)
    except (EmailNotValidError, UnicodeError):
        return None
    return local, judged.domain


def _is_bare(text: str) -> bool:
    return _SEVERAL.search(text) is None and ":" not in text


def _complaint(text: str) -> str:
    if "@" not in text:
        return "An e-mail address must have an @-sign."
    if len(text) > MAX_ADDRESS:
        return f"The e-mail address is longer than {MAX_ADDRESS} bytes."
    try:
        validate_email(text, check_deliverability=False)
    except (EmailNotValidError, UnicodeError) as problem:
        return str(problem)
    return "The e-mail address has no lower-case form."


def _described(local: str, host: str) -> Email:
    place = domain.registrable(host)
    reason = None if place is None else domain.kind(domain.Domain(host, *place))
    return Email(
        address=f"{local}@{host}",
        local=local,
        domain=host,
        registrable_domain=None if place is None else place[0],
        key=_key(local, host),
        role=_is_role(local),
        free=reason == "free",
        disposable=reason == "disposable",
    )


def _key(local: str, host: str) -> str:
    provider = _providers().get(host)
    if provider is None:
        return f"{local}@{host}"
    main, tag, ignored = provider
    folded = local.partition(tag)[0] if tag else local
    for character in ignored:
        folded = folded.replace(character, "")
    return f"{folded or local}@{main}"


@functools.lru_cache(maxsize=65536)
def _is_role(local: str) -> bool:
    words = [word for word in _NOT_IN_NAMES.split(local.partition("+")[0]) if word]
    roles, qualifiers = _mailboxes()
    if not words:
        return False
    if "".join(words) in roles:
        return True
    return any(word in roles for word in words) and all(word in roles or word in qualifiers for word in words)


@functools.cache
def _providers() -> dict[str, tuple[str, str, str]]:
    """Domain -> main domain, tag sign, characters that the provider ignores."""
    providers: dict[str, tuple[str, str, str]] = {}
    for domains, main, tag, ignored, _source in tables.rows("mail_providers.tsv"):
        for host in domains.split(","):
            providers[host.strip()] = (
                main.replace("=", host.strip()),
                tag.strip("-"),
                ignored.replace("none", ""),
            )
    return providers


@functools.cache
def _mailboxes() -> tuple[frozenset[str], frozenset[str]]:
    words: dict[str, set[str]] = {"role": set(), "qualifier": set()}
    for role, listed in tables.rows("mailboxes.tsv"):
        words[role].update(word.strip() for word in listed.split(","))
    return frozenset(words["role"]), frozenset(words["qualifier"])

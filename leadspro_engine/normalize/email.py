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
from typing import Literal

import polars as pl
from email_validator import EmailNotValidError, validate_email
from msgspec import Struct

from leadspro_engine.normalize import columns, domain, tables
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean, without_joiners

Kind = Literal["professional", "personal", "role", "disposable"]

MAX_ADDRESS = 254
"""Longest address, in bytes of UTF-8 (RFC 3696, erratum 1690)."""

_EDGES = " \t.,;:'\"<>()[]{}|`*"
_AROUND = re.compile(r"[\s,;|<>()\[\]\"]+")
_ATOM = r"[a-zA-Z0-9_!#$%&'*+\-/=?^`{|}~]+"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@([a-zA-Z0-9.-]+)")
_MAILTO = re.compile(r"mailto:", re.IGNORECASE)
_WORDS = re.compile(r"[a-z]+")


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
    plain = _PLAIN.fullmatch(value) if type(value) is str and len(value) <= MAX_ADDRESS else None
    if plain is not None:
        host = _host(plain[2])
        if host is not None and host.plain:
            return _described(plain[1].lower(), host)
    return parse_slowly(value)


def parse_slowly(value: object) -> Email | None:
    """``parse`` by the library alone, without the short way that plain addresses take."""
    text = clean(value)
    if text is None or "@" not in text:
        return None
    judged = judge(text) or judge(unwrapped(text))
    host = None if judged is None else _host(judged[1])
    return None if judged is None or host is None else _described(judged[0], host)


def column(values: pl.Series) -> pl.Series:
    """A struct column of ``Email``, one row for each cell; equal to ``parse``."""
    distinct, places = columns.encoded(values)
    plain = _plain_columns(distinct)
    settled = plain.get_column("settled")
    quick = plain.filter("settled").select(pl.struct(Email.__struct_fields__)).to_series()
    rest = columns.structs((parse_slowly(cell) for cell in distinct.filter(~settled)), Email)
    return columns.pieced(settled, quick, rest).gather(places).alias(values.name)


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


def company_domain(email: Email) -> str | None:
    """The registrable domain of whoever gave somebody the mailbox; None when anybody can have one there.

    >>> company_domain(parse("ada@mail.acme.com")), company_domain(parse("ada@gmail.com"))
    ('acme.com', None)
    """
    return None if email.free or email.disposable else email.registrable_domain


def sha256(address: str) -> str:
    """SHA-256 of a canonical address, in lower-case hexadecimal: what hashed contact lists hold.

    >>> sha256("ada@acme.com")[:16]
    '154e1e0a1872533d'
    """
    return hashlib.sha256(address.encode()).hexdigest()


def md5(address: str) -> str:
    """MD5 of a canonical address, in lower-case hexadecimal."""
    return hashlib.md5(address.encode(), usedforsecurity=False).hexdigest()


def unwrapped(text: str) -> str:
    """The first thing with an ``@`` in a text, without what may stand around an address.

    >>> unwrapped("Ada Lovelace <mailto:ada@acme.com?subject=Hi>; bob@acme.com")
    'ada@acme.com'
    """
    pieces = (piece.strip(_EDGES) for piece in _AROUND.split(_MAILTO.sub(" ", without_joiners(text))))
    return next((piece for piece in pieces if "@" in piece.strip("@")), "").partition("?")[0]


def judge(text: str) -> tuple[str, str] | None:
    """Local part and domain of an address by email-validator's rules, in lower case, or None."""
    if len(text) > MAX_ADDRESS:
        return None
    try:
        judged = validate_email(text, check_deliverability=False)
        local = unicodedata.normalize("NFC", judged.local_part.lower())
        if local != judged.local_part and not local.isascii():
            validate_email(f"{local}@{judged.domain}", check_deliverability=False)
    except (EmailNotValidError, UnicodeError):
        return None
    return local, judged.domain


def _plain_columns(cells: pl.Series) -> pl.DataFrame:
    """The fields of ``Email`` where an address is as ``_PLAIN`` says under a plain host, and ``settled``."""
    short = cells.to_frame("cell").select(pl.when(pl.col("cell").str.len_bytes() <= MAX_ADDRESS).then("cell"))
    groups = short.to_series().str.extract_groups(rf"^{_PLAIN.pattern}$").struct.unnest()
    hosts, places = columns.encoded(groups.get_column("2").alias("host"))
    known = columns.structs((None if host is None else _host(host) for host in hosts), _Host)
    local, key = pl.col("local"), _folded_column(pl.col("local"))
    settled = pl.col("plain").fill_null(value=False)
    return (
        known.struct.unnest().gather(places)
        .with_columns(groups.get_column("1").str.to_lowercase().alias("local"), settled.alias("settled"))
        .with_columns(key.alias("key"), _role_column(pl.col("local")).alias("role"))
        .select(
            pl.concat_str(local, pl.lit("@"), "name").alias("address"),
            "local",
            pl.col("name").alias("domain"),
            pl.col("registrable").alias("registrable_domain"),
            pl.concat_str("key", pl.lit("@"), "main").alias("key"),
            "role", "free", "disposable", "settled",
        )
    )  # fmt: skip


def _folded_column(local: pl.Expr) -> pl.Expr:
    """``_folded`` of each local part, by the columns ``tag`` and ``ignored`` of its host."""
    folded = local
    for tag in sorted({tag for _, tag, _ in _providers().values() if tag}):
        before = folded.str.split(tag).list.first()
        folded = pl.when(pl.col("tag") == tag).then(before).otherwise(folded)
    for character in sorted({c for _, _, ignored in _providers().values() for c in ignored}):
        without = folded.str.replace_all(character, "", literal=True)
        folded = (
            pl.when(pl.col("ignored").str.contains(character, literal=True)).then(without).otherwise(folded)
        )
    return pl.when(folded == "").then(local).otherwise(folded)


def _role_column(local: pl.Expr) -> pl.Expr:
    """``_is_role`` of each local part, asked only of those whose first word is known of mailboxes."""
    _, known = _mailboxes()
    asked = local.str.extract(f"({_WORDS.pattern})", 1).is_in(list(known))
    return pl.when(asked).then(local).map_elements(_is_role, return_dtype=pl.Boolean()).fill_null(value=False)


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


class _Host(Struct, frozen=True):
    """What is to be known of a mail host, once for all of its addresses."""

    name: str
    plain: bool
    registrable: str | None
    free: bool
    disposable: bool
    main: str
    tag: str
    ignored: str


@functools.lru_cache(maxsize=65536)
def _host(text: str) -> _Host | None:
    name = domain.judge(text)
    if name is None:
        return None
    place = domain.placed(name)
    kind_ = None if place is None else domain.kind(place)
    main, tag, ignored = _providers().get(name, (name, "", ""))
    return _Host(
        name=name,
        plain=name == text.lower() and name.isascii(),
        registrable=None if place is None else place.registrable,
        free=kind_ == "free",
        disposable=kind_ == "disposable",
        main=main,
        tag=tag,
        ignored=ignored,
    )


def _described(local: str, host: _Host) -> Email:
    address = f"{local}@{host.name}"
    return Email(
        address,
        local,
        host.name,
        host.registrable,
        f"{_folded(local, host)}@{host.main}" if host.tag or host.ignored else address,
        _is_role(local),
        host.free,
        host.disposable,
    )


def _folded(local: str, host: _Host) -> str:
    folded = local.partition(host.tag)[0] if host.tag else local
    for character in host.ignored:
        folded = folded.replace(character, "")
    return folded or local


def _is_role(local: str) -> bool:
    """Whether every word of a local part is known of mailboxes, and one of them makes it a function's."""
    roles, known = _mailboxes()
    first = _WORDS.search(local)
    if first is None or first[0] not in known:
        return False
    words = _WORDS.findall(local.partition("+")[0])
    return "".join(words) in roles or (known.issuperset(words) and not roles.isdisjoint(words))


@functools.cache
def _providers() -> dict[str, tuple[str, str, str]]:
    """Domain -> the domain of the match key, tag sign, characters that the provider ignores."""
    providers: dict[str, tuple[str, str, str]] = {}
    for domains, main, tag, ignored, _source in tables.rows("mail_providers.tsv"):
        for host in (listed.strip() for listed in domains.split(",")):
            key_host = host if main == "=" else main
            providers[host] = (key_host, tag.replace("none", ""), ignored.replace("none", ""))
    return providers


@functools.cache
def _mailboxes() -> tuple[frozenset[str], frozenset[str]]:
    """Words that make a mailbox one of a function, and those and the words that may stand beside them."""
    words: dict[str, set[str]] = {"role": set(), "qualifier": set()}
    for role, listed in tables.rows("mailboxes.tsv"):
        words[role].update(word.strip() for word in listed.split(","))
    return frozenset(words["role"]), frozenset(words["role"] | words["qualifier"])

"""A query in canonical form: the values that are compared, and the keys under which to look.

A query goes through the same normalization as a record of a source, so that both have the same features.
Of a field with several values, those that a record holds as a list (e-mails, phones) are one feature;
the others give one *reading* of the query each, and a candidate is compared with all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import islice, product
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from leadspro_engine.errors import InvalidInput
from leadspro_engine.normalize.parts import PERSON_PARTS
from leadspro_engine.normalize.record import LIST_ROLES
from leadspro_engine.records import PersonQuery, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadspro_engine.normalize.parts import Part
    from leadspro_engine.records import IdentifierKind

MOST_READINGS = 16
"""Readings of one query that are compared; enough for two values of each of four fields."""

ROLES = {
    "email": "email", "phone": "phone", "linkedin": "linkedin",
    "name": "full_name", "first_name": "given_name", "last_name": "family_name",
    "company": "company", "domain": "domain", "title": "title",
    "country": "country", "region": "region", "city": "city",
}  # fmt: skip
"""The role in a raw record that each field of a query plays."""

_HASHES: tuple[tuple[IdentifierKind, re.Pattern[str]], ...] = (
    ("email_sha256", re.compile(r"[0-9a-f]{64}")),
    ("email_md5", re.compile(r"[0-9a-f]{32}")),
)
_INITIAL_IN_FRONT = re.compile(r"\s*(\w)\.\s*(.*)", re.DOTALL)
_HASH_KINDS = frozenset(kind for kind, _ in _HASHES)
_ACCEPTED = {
    "email": "an e-mail address such as ada@example.com, or its SHA-256 or MD5 in hexadecimal",
    "phone": "a telephone number in international form such as +1 415 555 0100",
    "linkedin": "the address or the slug of a personal LinkedIn profile",
    "name": "a name together with a company or a domain",
    "first_name": "a first and a last name together with a company or a domain",
    "last_name": "a first and a last name together with a company or a domain",
    "company": "a company together with a name",
    "domain": "a company's domain together with a name",
}
_NOTHING = "an e-mail address, a phone number, a LinkedIn profile, or a name with a company or a domain"


class Question(Struct, frozen=True):
    """A query in canonical form.

    Attributes:
        given: the fields that the query has a value for, in the order of ``PersonQuery``.
        readings: canonical values by column of ``PERSON_SCHEMA``, missing ones absent; at least one.
        keys: for each kind of identifier the keys under which the person may be found.
    """

    given: tuple[str, ...]
    readings: tuple[dict[str, Any], ...]
    keys: dict[IdentifierKind, tuple[str, ...]]


def ask(query: PersonQuery) -> Question:
    """The canonical form of a query.

    Raises:
        InvalidInput: nothing in it identifies anybody; the error names the field and says what is accepted.
    """
    said = ((field, getattr(query, field)) for field in ROLES)
    given = {field: listed for field, value in said if value is not None and (listed := values(value))}
    hashes, addresses = _split(given.get("email", []))
    if addresses:
        raw = given | {"email": addresses}
    else:
        raw = {field: listed for field, listed in given.items() if field != "email"}
    readings = tuple(islice(_readings(raw), MOST_READINGS))
    keys = hashes | _keys(readings)
    shared_mailbox = any("emails" in reading for reading in readings)  # has no key, but is no mistake either
    if not keys and not shared_mailbox:
        raise _complaint(given)
    return Question(tuple(given), readings, keys)


def with_keys(question: Question, readings: tuple[dict[str, Any], ...]) -> Question:
    """The question with other readings, and the keys that follow from them."""
    hashes = {kind: keys for kind, keys in question.keys.items() if kind in _HASH_KINDS}
    return msgspec.structs.replace(question, readings=readings, keys=hashes | _keys(readings))


def _split(emails: list[str]) -> tuple[dict[IdentifierKind, tuple[str, ...]], list[str]]:
    """The hashed addresses among the e-mails by kind, and the others."""
    hashes: dict[IdentifierKind, tuple[str, ...]] = {}
    others = []
    for one in emails:
        read = hashed(one)
        if read is None:
            others.append(one)
        else:
            kind, digest = read
            hashes[kind] = (*hashes.get(kind, ()), digest)
    return hashes, others


def hashed(text: str) -> tuple[IdentifierKind, str] | None:
    """The kind and the key of a hashed address; None for any other text.

    >>> hashed("1B1F5F1D1D7B0C7A6D8E9F0A1B2C3D4E "), hashed("ada@acme.com")
    (('email_md5', '1b1f5f1d1d7b0c7a6d8e9f0a1b2c3d4e'), None)
    """
    digest = text.strip().lower()
    kind = next((kind for kind, pattern in _HASHES if pattern.fullmatch(digest)), None)
    return None if kind is None else (kind, digest)


def _combinations(given: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    """Raw records, one for each choice among the values of the fields of which a record holds one."""
    choices = [[listed] if ROLES[field] in LIST_ROLES else listed for field, listed in given.items()]
    for chosen in product(*choices):
        yield {ROLES[field]: value for field, value in zip(given, chosen, strict=True)}


def _readings(given: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    """What a query may say: for each choice of its values, and for each way to part the name.

    "Antonio Díaz Ponce" is Mr Ponce in one country and Mr Díaz Ponce in another; "M. Martin" is Monsieur
    Martin or somebody whose given name begins with an M.
    """
    for raw in _combinations(given):
        reading = _canonical(raw)
        yield reading
        middle, family = reading.get("middle_key"), reading.get("family_key")
        if middle is not None and family is not None and len(middle) > 1:
            yield {column: value for column, value in reading.items() if column != "middle_key"} | {
                "family_key": f"{middle} {family}"
            }
        initial = _INITIAL_IN_FRONT.match(raw.get("full_name", ""))
        if initial is not None and family is not None and "given_key" not in reading:
            yield _canonical({**raw, "full_name": initial.expand(r"\1 \2")})


def _canonical(raw: Mapping[str, Any]) -> dict[str, Any]:
    """One reading: ``record.person_values`` without missing values.

    Reads only the parts of a record of which the query has a role; the others have nothing to say.
    """
    made: dict[str, Any] = {}
    for part in _parts_of(frozenset(raw)):
        read = [*map(raw.get, part.roles), *map(made.get, part.made)]
        made |= msgspec.structs.asdict(part.read(*read))
    return {column: value for column, value in made.items() if value not in (None, [])}


@cache
def _parts_of(roles: frozenset[str]) -> tuple[Part, ...]:
    """The parts of a record that read any of these roles."""
    return tuple(part for part in PERSON_PARTS if not roles.isdisjoint(part.roles))


def _keys(readings: tuple[dict[str, Any], ...]) -> dict[IdentifierKind, tuple[str, ...]]:
    """The keys of all readings, by kind of identifier."""
    found: dict[IdentifierKind, tuple[str, ...]] = {}
    for reading in readings:
        for kind, keys in _keys_of(reading):
            found[kind] = tuple(dict.fromkeys((*found.get(kind, ()), *keys)))
    return {kind: keys for kind, keys in found.items() if keys}


def _keys_of(reading: Mapping[str, Any]) -> Iterator[tuple[IdentifierKind, list[str]]]:
    """The keys of one reading, by kind of identifier; names under each of their nicknames."""
    if "email_keys" in reading:
        yield "email", reading["email_keys"]
    if "phones" in reading:
        yield "phone", reading["phones"]
    if "linkedin" in reading:
        yield "linkedin", [reading["linkedin"]]
    names = _names(reading)
    yield "name_domain", [f"{name}|{domain}" for name in names for domain in reading.get("domains", ())]
    yield "name_company", [f"{name}|{key}" for name in names for key in reading.get("company_keys", ())]


def _names(reading: Mapping[str, Any]) -> list[str]:
    """Given and family name as identifier keys have them: as given, with each nickname, and swapped."""
    given, family = reading.get("given_key"), reading.get("family_key")
    if given is None or family is None:
        return []
    spelled = (given, *reading.get("given_variants", ()))
    return list(dict.fromkeys([*(f"{one} {family}" for one in spelled), f"{family} {given}"]))


def _complaint(given: Mapping[str, list[str]]) -> InvalidInput:
    """Why nothing in a query identifies anybody."""
    for field, accepted in _ACCEPTED.items():
        if field in given:
            return InvalidInput(field, given[field][0], accepted)
    return InvalidInput("query", {field: listed[0] for field, listed in given.items()}, _NOTHING)


def query_of(given: PersonQuery | Mapping[str, Any]) -> PersonQuery:
    """A query from the mapping that a caller wrote.

    Raises:
        InvalidInput: it is no mapping, a field is unknown, or is neither text nor a list of texts.
    """
    if isinstance(given, PersonQuery):
        return given
    if not isinstance(given, Mapping):
        raise InvalidInput("query", given, f"a mapping of the fields {', '.join(ROLES)}")
    for field, value in given.items():
        if field not in ROLES:
            raise InvalidInput(str(field), value, f"one of the fields {', '.join(ROLES)}")
    try:
        return msgspec.convert(dict(given), PersonQuery)
    except msgspec.ValidationError as exc:
        field = next((name for name in given if f"$.{name}" in str(exc)), "query")
        raise InvalidInput(field, given.get(field), "text or a list of texts") from exc

"""The scalar forms of a record's parts: from the values of some roles to canonical columns.

Each function takes the values that ``parts`` names for it and gives a struct whose fields are columns of the
canonical schema.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from msgspec import Struct

from leadspro_engine.normalize import (
    address,
    company,
    date,
    domain,
    email,
    headcount,
    identifier,
    industry,
    linkedin,
    name,
    phone,
    place,
    skill,
    technology,
    title,
)
from leadspro_engine.normalize.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NOT_DIGIT = re.compile(r"\D+")
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)")
_STATUSES = {
    "active": ("active", "live", "operating", "in business", "open", "verified", "registered", "aktiv"),
    "inactive": (
        *("inactive", "closed", "defunct", "dissolved", "out of business", "liquidation", "in liquidation"),
        *("bankrupt", "ceased", "struck off", "dead", "shut down", "acquired", "merged", "deregistered"),
    ),
}
_STATUS_OF = {word: status for status, words in _STATUSES.items() for word in words}


class Where(Struct, frozen=True):
    """Place columns, in display and compare form."""

    city: str | None = None
    city_key: str | None = None
    region: str | None = None
    region_key: str | None = None
    country: str | None = None


class Street(Struct, frozen=True):
    """Address columns."""

    street_number: str | None = None
    street_key: str | None = None
    unit: str | None = None
    postal_code: str | None = None


class Name(Struct, frozen=True):
    """Name columns of a person."""

    full_name: str | None = None
    given_name: str | None = None
    middle_name: str | None = None
    family_name: str | None = None
    name_suffix: str | None = None
    given_key: str | None = None
    middle_key: str | None = None
    family_key: str | None = None
    name_key: str | None = None
    given_variants: list[str] = []


class Mail(Struct, frozen=True):
    """E-mail columns of a person."""

    emails: list[str] = []
    email_keys: list[str] = []
    email_locals: list[str] = []
    email_texts: list[str] = []


class Phones(Struct, frozen=True):
    """Telephone columns."""

    phones: list[str] = []
    phone_texts: list[str] = []


class Job(Struct, frozen=True):
    """Job columns of a person."""

    title: str | None = None
    department: str | None = None
    management_level: str | None = None


class Employer(Struct, frozen=True):
    """Columns of a person that say where they work."""

    company: str | None = None
    company_keys: list[str] = []
    domains: list[str] = []
    company_record_id: str | None = None


class Profile(Struct, frozen=True):
    """What else identifies a person."""

    linkedin: str | None = None
    birth_date: str | None = None


class Identifiers(Struct, frozen=True):
    """Identifier column."""

    identifiers: list[str] = []


class Skills(Struct, frozen=True):
    """Skill column of a person."""

    skills: list[str] = []


class Identity(Struct, frozen=True):
    """Name and domain columns of a company."""

    name: str | None = None
    name_key: str | None = None
    acronym: str | None = None
    domains: list[str] = []
    website: str | None = None


class Page(Struct, frozen=True):
    """LinkedIn column of a company."""

    linkedin: str | None = None


class Facts(Struct, frozen=True):
    """What a source says about a company."""

    industry: str | None = None
    headcount_low: int | None = None
    headcount_high: int | None = None
    founded: int | None = None
    company_status: str | None = None


class Technologies(Struct, frozen=True):
    """Technology column of a company."""

    technologies: list[str] = []


def where(city: str | None, region: str | None, country: str | None, free: str | None) -> Where:
    """Where somebody is; country is ISO 3166-1 alpha-2."""
    found = place.parse(city=city, region=region, country=country, place=free)
    if found is None:
        return Where()
    return Where(found.city, name.key(found.city), found.region, name.key(found.region), found.country_code)


def street(
    free: str | None, number: str | None, line: str | None, unit: str | None, postal_code: str | None
) -> Street:
    """The comparable parts of an address."""
    found = address.parse(address=free, street_number=number, street=line, unit=unit, postal_code=postal_code)
    if found is None:
        return Street()
    return Street(found.street_number, found.street_key, found.unit, found.postal_code)


def names(full: str | None, *parts: str | None) -> Name:
    """A person's name, from its parts when given and family name are both there, else from the whole.

    Args:
        full: the whole name.
        parts: form of address, given, middle and family name, suffix.

    >>> names("Ignored", None, "Ada", None, "Lovelace", None).name_key
    'ada lovelace'
    """
    prefix, given, middle, family, suffix = parts
    whole = None if given and family else name.parse(full)
    found = whole or name.from_parts(given, middle, family, prefix=prefix, suffix=suffix) or name.parse(full)
    if found is None:
        return Name()
    given_key = name.key(found.given)
    return Name(
        full_name=found.full,
        given_name=found.given,
        middle_name=found.middle,
        family_name=found.family,
        name_suffix=found.suffix,
        given_key=given_key,
        middle_key=name.key(found.middle),
        family_key=name.key(found.family),
        name_key=name.sorted_key(found),
        given_variants=[] if given_key is None else list(name.variants(given_key)),
    )


def mail(
    cells: Sequence[str | None] | None, given_key: str | None = None, family_key: str | None = None
) -> Mail:
    """All addresses; keys, mailbox names and compare forms of those that belong to one person.

    A mailbox name that is nothing but the person's name is left out of ``email_locals``: that it is equal
    for namesakes is no evidence beside the name.

    >>> mail(["Ada+x@gmail.com", "info@acme.com", "ada @ acme,com"])
    Mail(emails=['ada+x@gmail.com', 'info@acme.com'], email_keys=['ada@gmail.com'], email_locals=['ada'], \
email_texts=['ada@gmail.com', 'ada@acme,com'])
    >>> mail(["alovelace@acme.com", "ada1815@acme.com"], "ada", "lovelace").email_locals
    ['ada1815']
    """
    parsed = [(cell, email.parse(cell)) for cell in cells or () if cell]
    own = [(cell, found) for cell, found in parsed if found is None or not (found.role or found.disposable)]
    keys = _distinct(found.key for _, found in own if found is not None)
    return Mail(
        emails=_distinct(found.address for _, found in parsed if found is not None),
        email_keys=keys,
        email_locals=_distinct(_own_mailbox(key, given_key, family_key) for key in keys),
        email_texts=_distinct(
            mail_text(cell) if found is None else _untagged(found.key) for cell, found in own
        ),
    )


def phones(cells: Sequence[str | None] | None, region_hint: str | None, country: str | None) -> Phones:
    """All numbers; national forms are read by the record's country, else by the source's region.

    >>> phones(["(415) 555-0106", "x 555 12"], "US", None)
    Phones(phones=['+14155550106'], phone_texts=['4155550106', '55512'])
    """
    parsed = [(cell, phone.parse_all(cell, country or region_hint)) for cell in cells or () if cell]
    texts = (
        [phone.national(found.number) for found in several] if several else [digits(cell)]
        for cell, several in parsed
    )
    return Phones(
        phones=_distinct(found.number for _, several in parsed for found in several),
        phone_texts=_distinct(text for several in texts for text in several),
    )


def job(cell: str | None, department: str | None, seniority: str | None) -> Job:
    """The title, and department and level: the source's own word where there is one, else from the title."""
    found = title.parse(cell)
    return Job(
        title=None if found is None else found.display,
        department=title.department(department) or (None if found is None else found.department),
        management_level=title.level(seniority) or (None if found is None else found.level),
    )


def employer(
    cell: str | None,
    web: str | None,
    company_linkedin: str | None,
    mails: Sequence[str | None] | None,
) -> Employer:
    """Where a person works: the name, its own domain, the domains of professional mailboxes."""
    found = company.parse(cell)
    key = None if found is None else found.key
    domains = _distinct([domain.company_domain(web), *_mail_domains(mails)])
    return Employer(
        company=None if found is None else found.display,
        company_keys=[] if key is None else [key],
        domains=domains,
        company_record_id=mention_id(
            key, domains[0] if domains else None, linkedin.company(company_linkedin)
        ),
    )


def mention_id(key: str | None, web: str | None, company_linkedin: str | None) -> str | None:
    """The record id of a company that is known only from its people; None when nothing names it.

    Args:
        key: the company's compare key.
        web: its registrable domain.
        company_linkedin: its slug.

    >>> mention_id("acme", None, None)
    'mention:f3bdb0a9bb8f8604'
    """
    if not (key or web or company_linkedin):
        return None
    text = f"{key or ''}|{web or ''}|{company_linkedin or ''}"
    return f"mention:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def profile(page: str | None, born: str | None) -> Profile:
    """LinkedIn slug and birth date."""
    return Profile(linkedin.person(page), birth_date(born))


def birth_date(born: str | None) -> str | None:
    """The date in ISO 8601, else its digits."""
    return date.parse(born) or digits(born, least=4)


def identifiers(cells: Sequence[str | None] | None) -> Identifiers:
    """The canonical characters of each identifier."""
    return Identifiers(_distinct(identifier.parse(cell) for cell in cells or ()))


def skills(cells: Sequence[str | None] | None) -> Skills:
    """Each skill by its one name."""
    return Skills(_distinct(skill.parse(cell) for cell in cells or ()))


def identity(
    cell: str | None, full: str | None, web: str | None, mails: Sequence[str | None] | None
) -> Identity:
    """What names a company; its name stands under ``company``, else under ``full_name``."""
    found = company.parse(cell) or company.parse(full)
    return Identity(
        name=None if found is None else found.display,
        name_key=None if found is None else found.key,
        acronym=None if found is None else found.acronym,
        domains=_distinct([domain.company_domain(web), *_mail_domains(mails)]),
        website=website(web),
    )


def website(web: str | None) -> str | None:
    """The address of a company's own site; None when the host says nothing about a company.

    >>> website("www.acme.com/about"), website("facebook.com/acme")
    ('https://www.acme.com', None)
    """
    site = domain.parse(web)
    return None if site is None or domain.kind(site) is not None else f"https://{site.host}"


def page(company_linkedin: str | None, own: str | None) -> Page:
    """The company's LinkedIn slug, whichever of the two roles holds it."""
    return Page(linkedin.company(company_linkedin) or linkedin.company(own))


def facts(sector: str | None, size: str | None, founded: str | None, status: str | None) -> Facts:
    """Industry, headcount as a closed interval, year of foundation, and whether it still is."""
    span = headcount.parse(size)
    year = _YEAR.search(clean(founded) or "")
    return Facts(
        industry=industry.parse(sector),
        headcount_low=None if span is None else span.low,
        headcount_high=None if span is None else span.high,
        founded=None if year is None else int(year[1]),
        company_status=_STATUS_OF.get((clean(status) or "").lower()),
    )


def technologies(cells: Sequence[str | None] | None) -> Technologies:
    """Each technology by its one name."""
    return Technologies(_distinct(technology.parse(cell) for cell in cells or ()))


def _mail_domains(cells: Sequence[str | None] | None) -> list[str | None]:
    parsed = (email.parse(cell) for cell in cells or ())
    return [email.company_domain(found) for found in parsed if found is not None]


def _own_mailbox(key: str, given_key: str | None, family_key: str | None) -> str | None:
    """Letters and digits of a mailbox name that says more than its holder's name and initials."""
    local = letters(_untagged(key).rpartition("@")[0])
    rest = local or ""
    for part in (family_key, given_key):
        rest = rest.replace(part.replace(" ", ""), "") if part else rest
    return local if len(rest) > 1 or not (given_key or family_key) else None


def _untagged(key: str) -> str:
    """The address without a plus tag: for comparing, tags are folded at every provider."""
    local, _, host = key.rpartition("@")
    return f"{local.split('+')[0] or local}@{host}"


def mail_text(cell: str) -> str | None:
    """The compare form of what should be an address and is not valid."""
    text = "".join((clean(cell) or "").lower().split())
    return text if "@" in text or ("." in text and len(text) > 5) else None


def digits(cell: str | None, *, least: int = 5) -> str | None:
    """The digits of a cell, if there are ``least`` to 40 of them."""
    found = _NOT_DIGIT.sub("", clean(cell) or "")
    return found if least <= len(found) <= 40 and found.isascii() else None


def letters(local: str) -> str | None:
    """The letters and digits of a mailbox name; None when there are none."""
    return "".join(character for character in local if character.isalnum()) or None


def _distinct(values: Iterable[str | None]) -> list[str]:
    """The values that are there, each once, in their order."""
    return list(dict.fromkeys(value for value in values if value is not None))

"""What a person, a company, a query and an answer are.

The one schema that JSON answers, DuckDB tables and OpenAPI come from: the structs below are decoded and
encoded by msgspec, and ``table_columns`` turns a struct into the columns of its table. A missing value is
``null`` in JSON and ``None`` here, never an absent key.
"""

from __future__ import annotations

import datetime as dt
import types
import typing
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

EmailType = Literal["professional", "personal", "role", "disposable"]
PhoneType = Literal["mobile", "fixed_line", "fixed_line_or_mobile", "toll_free", "voip", "other"]
CompanyStatus = Literal["verified", "unverified", "inactive"]
IdentifierKind = Literal[
    "email", "email_sha256", "email_md5", "phone", "linkedin", "name_domain", "name_company",
    "company_domain", "company_linkedin", "company_name",
]  # fmt: skip
Likelihood = Annotated[float, Meta(ge=0.0, le=1.0, description="Probability that this is the right person.")]
OneOrMany = str | list[str]


class Location(Struct, frozen=True, gc=False):
    """Where somebody is: display names in English, and the ISO 3166-1 alpha-2 code of the country."""

    city: str | None = None
    region: str | None = None
    country: str | None = None
    country_code: str | None = None


class EmailEntry(Struct, frozen=True, gc=False):
    """One e-mail address of a person, with the days on which sources first and last had it."""

    address: str
    type: EmailType
    first_seen: dt.date | None = None
    last_seen: dt.date | None = None


class PhoneEntry(Struct, frozen=True, gc=False):
    """One telephone number of a person in E.164."""

    number: str
    type: PhoneType
    first_seen: dt.date | None = None
    last_seen: dt.date | None = None


class Person(Struct, frozen=True, gc=False):
    """A person's golden record, as every answer shows it."""

    id: str
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    job_title: str | None = None
    department: str | None = None
    management_level: str | None = None
    emails: list[EmailEntry] = []
    phones: list[PhoneEntry] = []
    linkedin: str | None = None
    linkedin_url: str | None = None
    location: Location = Location()
    skills: list[str] = []
    updated_at: dt.date | None = None


class Company(Struct, frozen=True, gc=False):
    """A company's golden record, as every answer shows it."""

    id: str
    name: str | None = None
    domain: str | None = None
    website: str | None = None
    industry: str | None = None
    headcount: int | None = None
    headcount_range: str | None = None
    technologies: list[str] = []
    location: Location = Location()
    status: CompanyStatus = "unverified"
    linkedin: str | None = None
    founded: int | None = None
    updated_at: dt.date | None = None


class PersonQuery(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Who is asked for: every field is optional, and each may be one value or a list of values.

    At least one identifier must be given: an e-mail address (or its SHA-256 or MD5), a phone number, a
    LinkedIn slug or URL, or a name together with a company or domain.
    """

    email: OneOrMany | None = None
    phone: OneOrMany | None = None
    linkedin: OneOrMany | None = None
    name: OneOrMany | None = None
    first_name: OneOrMany | None = None
    last_name: OneOrMany | None = None
    company: OneOrMany | None = None
    domain: OneOrMany | None = None
    title: OneOrMany | None = None
    country: OneOrMany | None = None
    region: OneOrMany | None = None
    city: OneOrMany | None = None


class FieldEvidence(Struct, frozen=True, gc=False):
    """What one field said for or against a match.

    ``weight`` is in bits (log2 of the Bayes factor); the weights of all entries, the prior's included, sum
    to the score of the match.
    """

    field: str
    query: str | None
    record: str | None
    level: str
    weight: float


class Match(Struct, frozen=True, gc=False):
    """Why this person was answered."""

    likelihood: Likelihood
    matched_on: list[str]
    conflicts: list[str] = []
    explain: list[FieldEvidence] | None = None


class NearMiss(Struct, frozen=True):
    """Somebody who was not answered: what spoke for and against them, and nothing of theirs.

    Attributes:
        match: why they came near; its ``explain`` has levels and weights, no values.
        lacks: the required fields in which they have no value.
        would_settle: further inputs that would be compared with them, the most telling first.
    """

    match: Match
    lacks: list[str] = []
    would_settle: list[str] = []


class Claim(Struct, frozen=True):
    """What one source record says of a field, and whether the answer has it.

    Attributes:
        value: canonical, of an employer the name; None where the answer shows only a part of it.
        source: the name of the source; ``mentions`` are records of people that name a company.
        record_id: of the source record; begins with the name of the source.
        chosen: whether the answer has the value from this record.
        reason: why it was chosen, or on which criterion it lost.
    """

    value: str | None
    source: str
    record_id: str
    observed_at: dt.date | None
    chosen: bool
    reason: str


Lineage = dict[str, list[Claim]]
"""Where an answer comes from: by the dotted name of a field every claim, chosen ones first, then those that
say the same, then the others, the newest first. ``full_name`` stands for the parts of the name too,
``job_title`` for department and level, ``company.headcount`` for the range."""


class EnrichAnswer(Struct, frozen=True, gc=False):
    """The answer to one query: the person with their company, or no match.

    Attributes:
        lineage: which source records each field comes from; None when no reasons were asked for.
        available: for a preview, which fields the answer would have; person and company are then null.
        nearest: who came near when nobody is answered and reasons were asked for, the likeliest first.
    """

    status: Literal["matched", "no_match"]
    person: Person | None = None
    company: Company | None = None
    match: Match | None = None
    available: dict[str, bool] | None = None
    nearest: list[NearMiss] | None = None
    lineage: Lineage | None = None


class IdentifiedPerson(Struct, frozen=True):
    """One person whom a query may mean; ``score`` is in bits, the likelihood is a function of all scores."""

    person: Person
    company: Company | None
    match: Match
    score: float
    lineage: Lineage | None = None


class IdentifyAnswer(Struct, frozen=True):
    """Everybody whom a query may mean, the likeliest first."""

    candidates: list[IdentifiedPerson]


class ItemError(Struct, frozen=True):
    """Why one item of a batch could not be asked."""

    code: str
    detail: str
    field: str | None = None


class BatchAnswer(Struct, frozen=True, gc=False):
    """The answer to one item of a batch, at the place where the item stood."""

    index: int
    status: Literal["matched", "no_match", "invalid"]
    person: Person | None = None
    company: Company | None = None
    match: Match | None = None
    available: dict[str, bool] | None = None
    nearest: list[NearMiss] | None = None
    error: ItemError | None = None
    lineage: Lineage | None = None


PageSize = Annotated[int, Meta(ge=1, le=100, description="How many results a page holds.")]


class PeopleFilters(Struct, frozen=True, forbid_unknown_fields=True):
    """Which people are looked for: AND between fields, OR within a list.

    ``technology`` is what the employer uses. Of ``technology_all``, ``skills_all`` and ``has`` all members
    must be there. ``near`` is a city, perhaps with a distance ("Berlin 30 km", 50 km when none is given);
    ``updated_since`` is an ISO 8601 date.
    """

    job_title: OneOrMany | None = None
    seniority: OneOrMany | None = None
    department: OneOrMany | None = None
    company: OneOrMany | None = None
    domain: OneOrMany | None = None
    country: OneOrMany | None = None
    region: OneOrMany | None = None
    city: OneOrMany | None = None
    near: OneOrMany | None = None
    industry: OneOrMany | None = None
    headcount: OneOrMany | None = None
    technology: OneOrMany | None = None
    technology_all: OneOrMany | None = None
    skills: OneOrMany | None = None
    skills_all: OneOrMany | None = None
    keywords: OneOrMany | None = None
    has: OneOrMany | None = None
    updated_since: OneOrMany | None = None


class CompanyFilters(Struct, frozen=True, forbid_unknown_fields=True):
    """Which companies are looked for: AND between fields, OR within a list.

    Of ``technology_all`` all members must be used. ``job_title`` asks for companies that employ somebody with
    such a title; ``founded`` is a year or a range of years ("2010-2015", "2015+"); ``near`` is as for people.
    """

    name: OneOrMany | None = None
    domain: OneOrMany | None = None
    industry: OneOrMany | None = None
    headcount: OneOrMany | None = None
    technology: OneOrMany | None = None
    technology_all: OneOrMany | None = None
    country: OneOrMany | None = None
    region: OneOrMany | None = None
    city: OneOrMany | None = None
    near: OneOrMany | None = None
    status: OneOrMany | None = None
    founded: OneOrMany | None = None
    job_title: OneOrMany | None = None
    updated_since: OneOrMany | None = None


class Total(Struct, frozen=True):
    """How many records match a search; ``eq`` says that the value is exact."""

    value: int
    relation: Literal["eq"] = "eq"


Sort = Literal["relevance", "completeness", "recency"]


class Rank(Struct, frozen=True):
    """Why a result stands where it does: fewer of both are better.

    Attributes:
        extra_words: words of the job title (of a company: the name) that nobody asked for.
        missing_details: how many of the basic details the record lacks.
    """

    extra_words: int
    missing_details: int


class PersonResult(Struct, frozen=True):
    """One person found, with the company they work for; outside a search there is no rank."""

    person: Person
    company: Company | None = None
    rank: Rank | None = None


class CompanyResult(Struct, frozen=True):
    """One company found."""

    company: Company
    rank: Rank


class ValueCount(Struct, frozen=True):
    """One value of a field, and how many records have it."""

    value: str
    count: int


Facets = dict[str, list[ValueCount]]
"""The commonest values of each facet over the whole result, the commonest first, ties by value."""


class PeoplePage(Struct, frozen=True):
    """One page of people; ``next_cursor`` is None on the last one, ``facets`` when none was asked for."""

    results: list[PersonResult]
    total: Total
    next_cursor: str | None = None
    facets: Facets | None = None


class CompanyPage(Struct, frozen=True):
    """One page of companies; ``next_cursor`` is None on the last one, ``facets`` when none was asked for."""

    results: list[CompanyResult]
    total: Total
    next_cursor: str | None = None
    facets: Facets | None = None


class Suppressions(Struct, frozen=True):
    """The identifiers whose owners asked not to be shown, as SHA-256 of ``kind:canonical value``."""

    hashes: frozenset[str] = frozenset()


_SCALARS: dict[Any, str] = {
    str: "varchar",
    int: "bigint",
    float: "double",
    bool: "boolean",
    dt.date: "date",
    dt.datetime: "timestamp",
}


def table_columns(struct: type[Struct]) -> dict[str, str]:
    """The DuckDB column type of each field of a struct, in the struct's order.

    >>> table_columns(PhoneEntry)
    {'number': 'varchar', 'type': 'varchar', 'first_seen': 'date', 'last_seen': 'date'}
    """
    return {field.name: _column_type(field.type) for field in msgspec.structs.fields(struct)}


def values(given: OneOrMany | None) -> list[str]:
    """A field that may be one value, a list or nothing, as a list of its non-blank values."""
    many = [] if given is None else [given] if isinstance(given, str) else given
    return [value for value in many if value.strip()]


def _column_type(annotation: Any) -> str:
    """The DuckDB type that holds values of a Python type annotation."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (arg for arg in args if arg is not type(None))
        return _column_type(inner)
    if origin is Annotated:
        return _column_type(args[0])
    if origin is Literal:
        return "varchar"
    if origin is list:
        return f"{_column_type(args[0])}[]"
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        inner = ", ".join(f"{name} {kind}" for name, kind in table_columns(annotation).items())
        return f"struct({inner})"
    return _SCALARS[annotation]

"""What the truth of the demo consists of: companies, jobs and people, as values."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from datasets.names import Culture, Gender, Name
    from datasets.places import City, Country

TODAY = dt.date(2026, 6, 1)
"""The day on which the files were exported."""


class Number(Struct, frozen=True):
    """One telephone number, as dialled from abroad and at home."""

    international: str
    national: str


class Company(Struct, frozen=True):
    """One invented company."""

    id: str
    name: str
    legal_name: str
    native_name: str | None
    domain: str
    email_pattern: str
    industry: str
    headcount: int
    country: Country
    city: City
    street: str
    switchboard: Number
    linkedin: str
    founded: int
    active: bool
    technologies: tuple[str, ...]


class Job(Struct, frozen=True):
    """What a person did at a company from one day to another, with the mailbox that came with it."""

    company: Company
    department: str
    title: str
    email: str
    since: dt.date
    until: dt.date


class Called(Struct, frozen=True):
    """What a person is called: in Latin letters, in the script of the culture, and among friends."""

    culture: Culture
    gender: Gender
    given: Name
    family: Name
    nickname: str | None = None


class Person(Struct, frozen=True):
    """One invented person; ``earlier`` is the job before, where there was one."""

    id: str
    called: Called
    job: Job
    earlier: Job | None
    private_email: str
    phone: Number | None
    linkedin: str | None
    country: Country
    city: City
    skills: tuple[str, ...]


class World(Struct, frozen=True):
    """All companies and people of the demo."""

    companies: list[Company]
    people: list[Person]

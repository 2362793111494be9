"""The truth behind the demo files: about 300 invented companies and 1,200 invented people.

Everything is drawn from ``random.Random`` seeded with a text, one generator for each person and company, so
that the draws of one do not depend on those of another.
"""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from datasets import words
from datasets.demo.ledger import Ledger
from datasets.demo.values import TODAY, Called, Company, Job, Number, Person, World
from datasets.names import Name, ascii_fold, names
from datasets.places import countries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets.names import Gender
    from datasets.places import Country

COMPANIES = 300
PEOPLE = 1200

_FREE_MAIL = ("gmail.com", "gmail.com", "gmail.com", "outlook.com", "yahoo.com", "icloud.com", "proton.me")
_FREE_MAIL_OF = {
    "DE": ("gmx.de", "web.de"), "FR": ("orange.fr",), "IT": ("libero.it",), "CN": ("163.com",),
    "UA": ("ukr.net",),
}  # fmt: skip
_EMAIL_PATTERNS = (
    "{given}.{family}", "{given}.{family}", "{g}{family}", "{given}", "{given}_{family}", "{family}.{given}",
)  # fmt: skip
_DEPARTMENT_WEIGHTS = (14, 20, 12, 22, 8, 7, 9, 8, 8, 9, 3)
_GENDERS: tuple[Gender, ...] = ("m", "f")


def build() -> World:
    """The world of the demo, always the same."""
    ledger = Ledger(["+1 415 555 0106", "priya-shah-growth", "northpeak.io", "amanda@northpeak.io"])
    companies = _companies(ledger)
    town = _Town(companies, ledger)
    people = _people_of_the_reference(town)
    while len(people) < PEOPLE:
        people.append(town.person(f"p{len(people) + 1:04}"))
        if len(people) % 90 == 0:
            people.append(town.namesake(f"p{len(people) + 1:04}", people[-1]))
    return World(companies, people[:PEOPLE])


def _companies(ledger: Ledger) -> list[Company]:
    """North Peak, two companies easily taken for it, the ones named in their own script, and the rest."""
    companies = [_company(f"c{number:03}", ledger, known) for number, known in enumerate(_known(), start=1)]
    while len(companies) < COMPANIES:
        companies.append(_company(f"c{len(companies) + 1:03}", ledger, None))
    peak, _, _, harborlight, bluepath = companies[:5]
    companies[0] = replace(
        peak, legal_name="North Peak, Inc.", city=peak.country.cities[0], email_pattern="{given}",
        industry="Computer Software", headcount=240, active=True,
        technologies=("AWS", "Salesforce", "Snowflake", "HubSpot"),
        switchboard=ledger.number(Random("North Peak"), peak.country.office, "415"),
    )  # fmt: skip
    companies[3] = replace(harborlight, active=True, technologies=("AWS", "Kubernetes", "PostgreSQL"))
    companies[4] = replace(bluepath, active=True)
    return companies


class _Known(Struct, frozen=True):
    """What is laid down of a company before the rest of it is drawn."""

    name: str
    native: str | None
    domain: str
    country: Country


def _known() -> list[_Known]:
    """The companies of which something is laid down: first the five around the reference's examples."""
    by_code = {country.code: country for country in countries()}
    return [
        _Known("North Peak", None, "northpeak.io", by_code["US"]),
        _Known("Northpeak Capital", None, "northpeakcapital.co.uk", by_code["GB"]),
        _Known("North Park Media", None, "northparkmedia.com", by_code["US"]),
        _Known("Harborlight Systems", None, "harborlight.com", by_code["US"]),
        _Known("Bluepath Growth", None, "bluepath.io", by_code["US"]),
        *(
            _Known(row.name, row.native, f"{row.label}.{by_code[row.country].tlds[0]}", by_code[row.country])
            for row in words.native_companies()
        ),
    ]


def _company(company_id: str, ledger: Ledger, known: _Known | None) -> Company:
    """One company; what is not known of it is drawn."""
    random = Random(f"demo company {company_id}")
    country = known.country if known else _pick_country(random)
    city = random.choice(country.cities)
    industry = random.choice(words.INDUSTRIES)
    name = known.name if known else _brand(random, ledger, industry)
    label = "".join(ascii_fold(name).split()) if random.random() < 0.6 else ascii_fold(name.split()[0])
    return Company(
        id=company_id,
        name=name,
        legal_name=f"{name} {random.choice(country.legal_forms)}",
        native_name=known.native if known else None,
        domain=known.domain if known else ledger.claim(label, f".{random.choice(country.tlds)}"),
        email_pattern=random.choice(_EMAIL_PATTERNS),
        industry=industry.name,
        headcount=max(2, int(random.lognormvariate(4.2, 1.6))),
        country=country,
        city=city,
        street=_fill(random, random.choice(country.streets)),
        switchboard=ledger.number(random, country.office, city.area),
        linkedin=ledger.claim("-".join(ascii_fold(name).split())),
        founded=random.randint(1952, 2023),
        active=random.random() > 0.07,
        technologies=tuple(random.sample(words.TECHNOLOGIES, random.randint(1, 6))),
    )


def _brand(random: Random, ledger: Ledger, industry: words.Industry) -> str:
    """A brand that nobody has, mostly with a word of the industry behind it."""
    brand = ledger.coin(random, words.BRAND_FIRST, words.BRAND_SECOND)
    return f"{brand} {random.choice(industry.words)}" if random.random() < 0.75 else brand


def _pick_country(random: Random) -> Country:
    """A country by its share of the people."""
    return random.choices(countries(), weights=[country.share for country in countries()])[0]


def _fill(random: Random, pattern: str) -> str:
    """The pattern with each ``#`` replaced by a digit from 1 to 9."""
    return "".join(str(random.randint(1, 9)) if mark == "#" else mark for mark in pattern)


class _Town(Struct, frozen=True):
    """Where people are made: the companies that employ them, and the ledger of what is taken."""

    companies: list[Company]
    ledger: Ledger

    def person(self, person_id: str) -> Person:
        """One person, at a company that is the likelier the larger it is."""
        random = Random(f"demo person {person_id}")
        weights = [2 + company.headcount**0.4 for company in self.companies]
        company = random.choices(self.companies, weights=weights)[0]
        called = _called(random, company.country)
        while not self.ledger.first(f"{called.given.latin} {called.family.latin} at {company.id}"):
            called = _called(random, company.country)
        return self.employed(random, person_id, called, company)

    def namesake(self, person_id: str, person: Person) -> Person:
        """Somebody else of the same name in the same country, employed elsewhere: a trap."""
        random = Random(f"demo namesake {person_id}")
        elsewhere = [other for other in self._companies_of(person.country) if other != person.job.company]
        company = random.choice(elsewhere or self.companies)
        return self.employed(random, person_id, replace(person.called, nickname=None), company)

    def employed(self, random: Random, person_id: str, called: Called, company: Company) -> Person:
        """A person of that name at that company, with jobs, mailboxes, a number and a place."""
        department = random.choices(list(words.titles()), weights=_DEPARTMENT_WEIGHTS)[0]
        job = self._job(random, company, department, called)
        earlier = self._earlier(random, job, called) if random.random() < 0.25 else None
        city = company.city if random.random() < 0.85 else random.choice(company.country.cities)
        slug = "-".join(f"{ascii_fold(called.given.latin)} {ascii_fold(called.family.latin)}".split())
        ending = random.choice(("", "", f"-{random.randrange(16**6):06x}"))
        provider = random.choice((*_FREE_MAIL, *_FREE_MAIL_OF.get(company.country.code, ()) * 2))
        private = f"{slug.replace('-', '.')}{random.randint(60, 99)}"
        return Person(
            id=person_id,
            called=called,
            job=job,
            earlier=earlier,
            private_email=self.ledger.claim(private, f"@{provider}"),
            phone=self.ledger.number(random, company.country.direct, city.area)
            if random.random() < 0.8
            else None,
            linkedin=self.ledger.claim(slug + ending) if random.random() < 0.75 else None,
            country=company.country,
            city=city,
            skills=tuple(random.sample(words.SKILLS, random.randint(1, 5))),
        )

    def _companies_of(self, country: Country) -> list[Company]:
        """The companies of a country."""
        return [company for company in self.companies if company.country == country]

    def _earlier(self, random: Random, job: Job, called: Called) -> Job:
        """The job before, at another company of the country where there is one."""
        others = [other for other in self._companies_of(job.company.country) if other != job.company]
        before = self._job(random, random.choice(others or [job.company]), job.department, called)
        return replace(before, since=job.since - dt.timedelta(days=900), until=job.since)

    def _job(self, random: Random, company: Company, department: str, called: Called) -> Job:
        """A job in that department of the company, held until today."""
        given, family = (
            ascii_fold(name.latin).replace(" ", "").replace("-", "") for name in (called.given, called.family)
        )
        local = company.email_pattern.format(given=given, family=family, g=given[0])
        since = TODAY - dt.timedelta(days=random.randint(120, 1500))
        title = random.choice(words.titles()[department])
        return Job(company, department, title, self.ledger.claim(local, f"@{company.domain}"), since, TODAY)


def _called(random: Random, country: Country) -> Called:
    """A name as people of the country have it, with a nickname for some of those whose name has one."""
    culture = random.choice(country.cultures)
    gender = random.choice(_GENDERS)
    pool = names(culture)
    given, family = _early(random, pool.given[gender]), _early(random, pool.family[gender])
    nicknames = pool.nicknames.get(given.latin, [])
    return Called(
        culture,
        gender,
        given,
        family,
        random.choice(nicknames) if nicknames and random.random() < 0.7 else None,
    )


def _early(random: Random, pool: Sequence[Name]) -> Name:
    """A name of the pool, one of the front far likelier than one of the end."""
    return pool[int(len(pool) * random.random() ** 2.5)]


def _people_of_the_reference(town: _Town) -> list[Person]:
    """The three people whom the examples of the API reference ask for."""
    peak, harborlight, bluepath = town.companies[0], town.companies[3], town.companies[4]
    amanda = _laid_down(town, "p0001", Called("en", "f", Name("Amanda"), Name("Reeves"), "Mandy"), peak)
    marcus = _laid_down(town, "p0002", Called("en", "m", Name("Marcus"), Name("Bell")), harborlight)
    priya = _laid_down(town, "p0003", Called("in", "f", Name("Priya"), Name("Shah")), bluepath)
    return [
        replace(
            amanda,
            job=replace(amanda.job, title="VP Revenue Operations", email="amanda@northpeak.io"),
            linkedin="amanda-reeves-revops",
            phone=town.ledger.number(Random("Amanda"), peak.country.direct, "415"),
        ),
        replace(
            marcus,
            job=replace(marcus.job, title="Regional Sales Director"),
            phone=Number("+1 415 555 0106", "(415) 555-0106"),
        ),
        replace(priya, job=replace(priya.job, title="Head of Growth"), linkedin="priya-shah-growth"),
    ]


def _laid_down(town: _Town, person_id: str, called: Called, company: Company) -> Person:
    """A person of the reference: in one job since 2022, at the seat of the company."""
    person = town.employed(Random(f"demo reference {person_id}"), person_id, called, company)
    return replace(
        person, job=replace(person.job, since=dt.date(2022, 3, 1)), earlier=None, city=company.city
    )

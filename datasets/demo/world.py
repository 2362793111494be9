"""The truth behind the demo files: about 300 invented companies and 1,200 invented people.

Everything is drawn from ``random.Random`` seeded with a text, one generator for each person and company, so
that adding one leaves the others as they were.
"""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from datasets.demo import places, vocabulary
from datasets.names import Culture, Gender, Name, ascii_fold, names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets.demo.places import City, Country, Line

COMPANIES = 300
PEOPLE = 1200
TODAY = dt.date(2026, 6, 1)
"""The day on which the files were exported."""

FREE_MAIL = ("gmail.com", "gmail.com", "gmail.com", "outlook.com", "yahoo.com", "icloud.com", "proton.me")
_FREE_MAIL_OF = {
    "DE": ("gmx.de", "web.de"),
    "FR": ("orange.fr",),
    "IT": ("libero.it",),
    "CN": ("163.com",),
    "UA": ("ukr.net",),
}


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


class Person(Struct, frozen=True):
    """One invented person; ``earlier`` is the job before, where there was one."""

    id: str
    culture: Culture
    gender: Gender
    given: Name
    family: Name
    nickname: str | None
    job: Job
    earlier: Job | None
    private_email: str
    phone: Number | None
    linkedin: str | None
    country: Country
    city: City
    skills: tuple[str, ...]


class Ledger:
    """Texts that may be given out once only: addresses, numbers, slugs, domains."""

    def __init__(self, taken: Sequence[str] = ()) -> None:
        self._taken = set(taken)

    def claim(self, stem: str, ending: str = "") -> str:
        """``stem + ending``, with the lowest number between them that makes it new."""
        for number in range(1, 1000):
            text = f"{stem}{number if number > 1 else ''}{ending}"
            if text not in self._taken:
                self._taken.add(text)
                return text
        raise ValueError(f"more than 999 claims of {stem}{ending}; widen the vocabulary")

    def coin(self, random: Random, first: Sequence[str], second: Sequence[str]) -> str:
        """A word of one part of each list that nobody has yet."""
        for _ in range(1000):
            word = random.choice(first) + random.choice(second)
            if word not in self._taken:
                self._taken.add(word)
                return word
        raise ValueError("every pair of words is taken; widen the vocabulary")

    def number(self, random: Random, line: Line, area: str) -> Number:
        """A number of the block that nobody has yet."""
        for _ in range(1000):
            digits = [str(random.randrange(10)) for _ in range(line.international.count("#"))]
            drawn = _dial(line.international, area, digits)
            if drawn not in self._taken:
                self._taken.add(drawn)
                return Number(drawn, _dial(line.national, area, digits))
        raise ValueError(f"the block {line.international} of area {area} is used up; add a city or a block")


class World(Struct, frozen=True):
    """All companies and people of the demo."""

    companies: list[Company]
    people: list[Person]


def build() -> World:
    """The world of the demo, always the same."""
    ledger = Ledger(["+1 415 555 0106", "priya-shah-growth", "northpeak.io", "amanda@northpeak.io"])
    companies = _companies(ledger)
    people = [*_people_of_the_reference(companies, ledger)]
    while len(people) < PEOPLE:
        person = _person(f"p{len(people) + 1:04}", companies, ledger)
        people.append(person)
        if len(people) % 90 == 0:
            people.append(_namesake(f"p{len(people) + 1:04}", person, companies, ledger))
    return World(companies, people[:PEOPLE])


def fill(pattern: str, random: Random) -> str:
    """The pattern with each ``#`` replaced by a digit from 1 to 9."""
    return "".join(str(random.randint(1, 9)) if mark == "#" else mark for mark in pattern)


def _dial(pattern: str, area: str, digits: Sequence[str]) -> str:
    """The pattern with the area code and the digits in their places."""
    left = iter(digits)
    return "".join(next(left) if mark == "#" else area if mark == "@" else mark for mark in pattern)


def _pick_country(random: Random) -> Country:
    """A country by its share of the people."""
    return random.choices(places.COUNTRIES, weights=[country.share for country in places.COUNTRIES])[0]


def _companies(ledger: Ledger) -> list[Company]:
    """North Peak, two companies that are easily taken for it, the ones named in their own script, and the rest."""
    by_code = {country.code: country for country in places.COUNTRIES}
    specials: list[tuple[str, str | None, str, str]] = [
        ("North Peak", None, "northpeak.io", "US"),
        ("Northpeak Capital", None, "northpeakcapital.co.uk", "GB"),
        ("North Park Media", None, "northparkmedia.com", "US"),
        ("Harborlight Systems", None, "harborlight.com", "US"),
        ("Bluepath Growth", None, "bluepath.io", "US"),
    ]
    for code, rows in vocabulary.NATIVE_COMPANIES.items():
        specials += [
            (latin, native, f"{label}.{by_code[code].tlds[0]}", code) for latin, native, label in rows
        ]
    companies = [
        _company(f"c{number:03}", ledger, by_code[code], name=name, native=native, domain=domain)
        for number, (name, native, domain, code) in enumerate(specials, start=1)
    ]
    while len(companies) < COMPANIES:
        companies.append(_company(f"c{len(companies) + 1:03}", ledger))
    companies[0] = replace(
        companies[0], legal_name="North Peak, Inc.", city=companies[0].country.cities[0], email_pattern="{given}",
        industry="Computer Software", headcount=240, technologies=("AWS", "Salesforce", "Snowflake", "HubSpot"),
        active=True, switchboard=ledger.number(Random("North Peak"), companies[0].country.office, "415"),
    )  # fmt: skip
    companies[3] = replace(companies[3], active=True, technologies=("AWS", "Kubernetes", "PostgreSQL"))
    companies[4] = replace(companies[4], active=True)
    return companies


def _company(
    company_id: str,
    ledger: Ledger,
    country: Country | None = None,
    *,
    name: str | None = None,
    native: str | None = None,
    domain: str | None = None,
) -> Company:
    """One company; its country, name and domain are drawn unless they are given."""
    random = Random(f"demo company {company_id}")
    country = country or _pick_country(random)
    city = random.choice(country.cities)
    industry = random.choice(vocabulary.INDUSTRIES)
    if name is None:
        brand = ledger.coin(random, vocabulary.BRAND_FIRST, vocabulary.BRAND_SECOND)
        name = f"{brand} {random.choice(industry.words)}" if random.random() < 0.75 else brand
    label = "".join(ascii_fold(name).split()) if random.random() < 0.6 else ascii_fold(name.split()[0])
    domain = domain or ledger.claim(label, f".{random.choice(country.tlds)}")
    return Company(
        id=company_id,
        name=name,
        legal_name=f"{name} {random.choice(country.legal_forms)}",
        native_name=native,
        domain=domain,
        email_pattern=random.choice(
            (
                "{given}.{family}",
                "{given}.{family}",
                "{g}{family}",
                "{given}",
                "{given}_{family}",
                "{family}.{given}",
            )
        ),
        industry=industry.name,
        headcount=max(2, int(random.lognormvariate(4.2, 1.6))),
        country=country,
        city=city,
        street=fill(random.choice(country.streets), random),
        switchboard=ledger.number(random, country.office, city.area),
        linkedin=ledger.claim("-".join(ascii_fold(name).split())),
        founded=random.randint(1952, 2023),
        active=random.random() > 0.07,
        technologies=tuple(random.sample(vocabulary.TECHNOLOGIES, random.randint(1, 6))),
    )


def _person(person_id: str, companies: Sequence[Company], ledger: Ledger) -> Person:
    """One person, at a company that is the likelier the larger it is."""
    random = Random(f"demo person {person_id}")
    company = random.choices(companies, weights=[2 + company.headcount**0.4 for company in companies])[0]
    culture = random.choice(company.country.cultures)
    gender = random.choice(("m", "f"))
    pool = names(culture)
    given = pool.given[gender][_early(random, len(pool.given[gender]))]
    family = pool.family[gender][_early(random, len(pool.family[gender]))]
    nickname = (
        random.choice(pool.nicknames[given.latin])
        if given.latin in pool.nicknames and random.random() < 0.7
        else None
    )
    return _employed(
        random, person_id, company, (culture, gender, given, family, nickname), companies, ledger
    )


def _employed(
    random: Random,
    person_id: str,
    company: Company,
    called: tuple[Culture, Gender, Name, Name, str | None],
    companies: Sequence[Company],
    ledger: Ledger,
) -> Person:
    """A person of that name at that company, with jobs, mailboxes, a number and a place."""
    culture, gender, given, family, nickname = called
    department = random.choices(list(vocabulary.TITLES), weights=[14, 20, 12, 22, 8, 7, 9, 8, 8, 9, 3])[0]
    job = _job(random, company, department, given, family, ledger)
    earlier = None
    if random.random() < 0.25:
        before = random.choice(
            [other for other in companies if other.country == company.country and other != company]
            or [company]
        )
        earlier = replace(
            _job(random, before, department, given, family, ledger),
            since=job.since - dt.timedelta(days=900),
            until=job.since,
        )
    city = company.city if random.random() < 0.85 else random.choice(company.country.cities)
    latin = "-".join(f"{ascii_fold(given.latin)} {ascii_fold(family.latin)}".split())
    provider = random.choice((*FREE_MAIL, *_FREE_MAIL_OF.get(company.country.code, ()) * 2))
    return Person(
        id=person_id, culture=culture, gender=gender, given=given, family=family, nickname=nickname, job=job, earlier=earlier,
        private_email=ledger.claim(f"{latin.replace('-', '.')}{random.randint(60, 99)}", f"@{provider}"),
        phone=ledger.number(random, company.country.direct, city.area) if random.random() < 0.8 else None,
        linkedin=ledger.claim(latin + random.choice(("", "", f"-{random.randrange(16**6):06x}"))) if random.random() < 0.75 else None,
        country=company.country, city=city, skills=tuple(random.sample(vocabulary.SKILLS, random.randint(1, 5))),
    )  # fmt: skip


def _early(random: Random, size: int) -> int:
    """A place in a list of that size, the front far likelier than the end."""
    return int(size * random.random() ** 2.5)


def _job(random: Random, company: Company, department: str, given: Name, family: Name, ledger: Ledger) -> Job:
    """A job in that department of the company."""
    first, last = (ascii_fold(name.latin).replace(" ", "").replace("-", "") for name in (given, family))
    local = company.email_pattern.format(given=first, family=last, g=first[0])
    since = TODAY - dt.timedelta(days=random.randint(120, 1500))
    return Job(
        company,
        department,
        random.choice(vocabulary.TITLES[department]),
        ledger.claim(local, f"@{company.domain}"),
        since,
        TODAY,
    )


def _namesake(person_id: str, person: Person, companies: Sequence[Company], ledger: Ledger) -> Person:
    """Somebody else of the same name in the same country, elsewhere employed: the trap for a hasty matcher."""
    random = Random(f"demo namesake {person_id}")
    elsewhere = [
        other for other in companies if other.country == person.country and other != person.job.company
    ]
    called = (person.culture, person.gender, person.given, person.family, None)
    return _employed(random, person_id, random.choice(elsewhere or companies), called, companies, ledger)


def _people_of_the_reference(companies: Sequence[Company], ledger: Ledger) -> list[Person]:
    """The three people whom the examples of the API reference ask for."""
    peak, harborlight, bluepath = companies[0], companies[3], companies[4]

    def someone(
        person_id: str, company: Company, given: str, family: str, title: tuple[str, str], email: str
    ) -> Person:
        person = _employed(
            Random(f"demo reference {person_id}"),
            person_id,
            company,
            ("en", "f", Name(given), Name(family), None),
            companies,
            ledger,
        )
        job = replace(person.job, department=title[0], title=title[1], email=email, since=dt.date(2022, 3, 1))
        return replace(person, job=job, earlier=None, city=company.city)

    amanda = someone(
        "p0001",
        peak,
        "Amanda",
        "Reeves",
        ("Revenue Operations", "VP Revenue Operations"),
        "amanda@northpeak.io",
    )
    marcus = someone(
        "p0002",
        harborlight,
        "Marcus",
        "Bell",
        ("Sales", "Regional Sales Director"),
        f"marcus.bell@{harborlight.domain}",
    )
    priya = someone(
        "p0003", bluepath, "Priya", "Shah", ("Marketing", "Head of Growth"), f"priya@{bluepath.domain}"
    )
    return [
        replace(
            amanda,
            nickname="Mandy",
            linkedin="amanda-reeves-revops",
            phone=ledger.number(Random("Amanda"), peak.country.direct, "415"),
        ),
        replace(marcus, gender="m", phone=Number("+1 415 555 0106", "(415) 555-0106")),
        replace(priya, linkedin="priya-shah-growth"),
    ]

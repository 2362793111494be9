"""The SQL gives what a slow and obvious filter over all rows gives: same people, same order, same total."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.dataset.words import STOP_WORDS, fold, words
from leadspro_engine.normalize import headcount
from leadspro_engine.records import Company, Location, Rank, ValueCount
from leadspro_engine.search import search_companies, search_people
from leadspro_engine.search.filters import SORTS
from leadspro_engine.search.synonyms import terms
from tests.search.small_snapshot import SmallSnapshot, person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from leadspro_engine.dataset.stored import StoredPerson
    from leadspro_engine.records import Person

TITLES = [
    None, "", "VP", "Vice President", "V.P., Sales", "Sales Vice President", "RevOps Lead",
    "Head of Revenue Operations", "Sales Manager", "sales manager", "SALES", "Développeur",
    "developpeur senior", "Sr. Engineer", "Senior Engineer C++", "R&D Engineer", "Research and Development",
    "Sales and Sales Lead Lead", "Straßenmeister", "strassenmeister", "営業部長", "Łukasz' %_ job",
]  # fmt: skip
NAMES = [
    None,
    "North Peak",
    "NORTH PEAK",
    "Peak",
    "Müller Logistik",
    "Muller",
    "Ærø Shipping",
    "Aeroe",
    "C++ House",
]
PLACES = [
    (None, None, None, None),
    ("Berlin", "Berlin", "Germany", "DE"),
    ("São Paulo", "São Paulo", "Brazil", "BR"),
    ("Sao Paulo", None, "Brazil", "BR"),
    ("San Francisco", "California", "United States", "US"),
    ("Potsdam", "Brandenburg", "Germany", "DE"),
    (None, "California", "United States", "US"),
]
SKILLS = ["SQL", "sql", "Naïve Bayes", "naive bayes", "C++", "Negotiation"]
LEVELS = [None, "vp", "manager", "director"]
DEPARTMENTS = [None, "sales", "engineering", "operations"]
DOMAINS = [None, "northpeak.io", "peak.com", "mueller.de"]
RANGES = {None: None, 5: "1-10", 51: "51-200", 200: "51-200", 300: "201-500", 20_000: "10001+"}
DAYS = [None, dt.date(2024, 2, 29), dt.date(2025, 1, 1), dt.date(2026, 5, 5)]
STATUSES = ["verified", "unverified", "inactive"]


def random_rows(seed: int) -> tuple[list[StoredPerson], list[Company]]:
    draw = random.Random(seed)
    companies = [
        Company(
            f"c{number:02}", draw.choice(NAMES), draw.choice(DOMAINS), None,
            draw.choice([None, "computer software", "banking"]), *_headcount(draw),
            draw.sample(SKILLS, draw.randrange(3)), Location(*draw.choice(PLACES)), draw.choice(STATUSES),  # type: ignore[arg-type]  # one of the three
            founded=draw.choice([None, 1999, 2010, 2015]), updated_at=draw.choice(DAYS),
        )
        for number in range(30)
    ]  # fmt: skip
    people = [
        person(
            f"p{number:03}", draw.choice(TITLES), draw.choice([None, *(one.id for one in companies)]),
            full_name=draw.choice([None, "Ann Lee", "José Peak"]), department=draw.choice(DEPARTMENTS),
            management_level=draw.choice(LEVELS), skills=draw.sample(SKILLS, draw.randrange(3)),
            where=draw.choice(PLACES), emails=draw.choice([[], ["a@b.co"]]),
            linkedin=draw.choice([None, "slug"]), phones=draw.choice([[], ["+14155550106"]]),
            updated_at=draw.choice(DAYS),
        )
        for number in range(150)
    ]  # fmt: skip
    return people, companies


def _headcount(draw: random.Random) -> tuple[int | None, str | None]:
    number, known = draw.choice(list(RANGES.items()))
    return draw.choice([(number, known), (None, known)])


DATA = [random_rows(seed) for seed in range(3)]
SNAPSHOTS = [SmallSnapshot(*rows) for rows in DATA]
FOLDER = TemporaryDirectory()
INDEXED = [
    SmallSnapshot(*rows).with_index(Path(FOLDER.name) / f"text-{number}") for number, rows in enumerate(DATA)
]
BOTH = {"tables": SNAPSHOTS, "index": INDEXED}


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3)


TITLE_WORDS = [
    "vp",
    "vice president",
    "sales",
    "manager",
    "of sales",
    "revenue operations",
    "developpeur",
    "r&d",
    "c++",
    "%",
]
MEANT = {"slaes": "sales", "mangaer": "manager", "revenue operatoins": "revenue operations"}
PEOPLE_FIELDS = {
    "job_title": some([word for word in TITLE_WORDS if word != "%"] + list(MEANT)),
    "seniority": some(["vp", "manager", "director", "owner"]),
    "department": some(["sales", "engineering"]),
    "company": some(["north peak", "Peak", "muller", "aero"]),
    "domain": some(["northpeak.io", "peak.com"]),
    "country": some(["DE", "Brazil", "US"]),
    "region": some(["california", "SAO PAULO"]),
    "city": some(["são paulo", "berlin"]),
    "skills": some(["Sql", "c++", "naive bayes"]),
    "keywords": some(["ann", "peak", "sales berlin", "sql", "software", "jose"]),
    "near": some(["Berlin", "Potsdam 10 km", "berlin, germany 100km", "San Francisco within 1 km"]),
    "industry": some(["banking", "software"]),
    "headcount": some(["1-50", "51-200", "201+"]),
    "technology": some(["Sql", "c++", "naive bayes"]),
    "technology_all": some(["Sql", "c++", "naive bayes"]),
    "skills_all": some(["Sql", "c++", "naive bayes"]),
    "has": some(["email", "Phone", "linkedin", "title", "company", "skills"]),
    "updated_since": some(["2024-02-29", "2025-01-02", "2027-01-01"]),
}
COMPANY_FIELDS = {
    "name": some(["north peak", "Peak", "muller", "aero"]),
    "domain": PEOPLE_FIELDS["domain"],
    "industry": some(["banking", "software"]),
    "headcount": some(["1-50", "51-200", "60-400", "201+", "5"]),
    "technology": PEOPLE_FIELDS["skills"],
    "country": PEOPLE_FIELDS["country"],
    "region": PEOPLE_FIELDS["region"],
    "city": PEOPLE_FIELDS["city"],
    "status": some(STATUSES),
    "technology_all": PEOPLE_FIELDS["skills_all"],
    "near": PEOPLE_FIELDS["near"],
    "founded": some(["2010", "2000-2012", "2011+"]),
    "job_title": PEOPLE_FIELDS["job_title"],
    "updated_since": PEOPLE_FIELDS["updated_since"],
}
FOUNDED = {"2010": (2010, 2010), "2000-2012": (2000, 2012), "2011+": (2011, 9999)}
NEAR = {  # Potsdam lies 27 km from Berlin
    "Berlin": {"Berlin", "Potsdam"},
    "Potsdam 10 km": {"Potsdam"},
    "berlin, germany 100km": {"Berlin", "Potsdam"},
    "San Francisco within 1 km": {"San Francisco"},
}
EVERY = frozenset({"skills_all", "technology_all", "has"})
"""Fields of which every value must fit."""
CODES = {"DE": "DE", "Brazil": "BR", "US": "US"}


def some_of(fields: dict[str, st.SearchStrategy[list[str]]], least: int) -> st.SearchStrategy[dict[str, Any]]:
    chosen = st.lists(st.sampled_from(sorted(fields)), min_size=least, max_size=3, unique=True)
    return chosen.flatmap(lambda names: st.fixed_dictionaries({name: fields[name] for name in names}))


def has_words(text: str | None, value: str) -> bool:
    present = set(words(text or ""))
    return all(any(present.issuperset(alternative) for alternative in term) for term in terms(value))


def has_plain_words(text: str | None, value: str) -> bool:
    return set(words(value)) <= set(words(text or ""))


def same(left: str | None, right: str) -> bool:
    return left is not None and fold(left) == fold(right)


def headcount_fits(company: Company, value: str) -> bool:
    asked = headcount.parse(value)
    assert asked is not None
    if company.headcount is None and company.headcount_range is None:
        return False
    known = headcount.parse(company.headcount_range or "")
    low, high = (company.headcount,) * 2 if company.headcount is not None else (known.low, known.high)  # type: ignore[union-attr]
    if low is None or low < asked.low:
        return False
    return asked.high is None or (high is not None and high <= asked.high)


def there(one: Person, detail: str, company: Company) -> bool:
    known = {
        "email": one.emails, "phone": one.phones, "linkedin": one.linkedin is not None,
        "title": one.job_title is not None, "company": company.id, "skills": one.skills,
    }  # fmt: skip
    return bool(known[detail.casefold()])


def since(day: dt.date | None, value: str) -> bool:
    return day is not None and day.isoformat() >= value


def person_fits(one: Person, company: Company, field: str, value: str) -> bool:
    where = one.location
    everything = [
        one.full_name, one.job_title, one.department, *one.skills, where.city, where.region, where.country,
        company.name, company.domain, company.industry, *company.technologies,
    ]  # fmt: skip
    return {
        "job_title": lambda: has_words(one.job_title, MEANT.get(value, value)),
        "seniority": lambda: one.management_level == value,
        "department": lambda: one.department == value,
        "company": lambda: has_plain_words(company.name, value),
        "domain": lambda: company.domain == value,
        "country": lambda: where.country_code == CODES[value],
        "region": lambda: same(where.region, value),
        "city": lambda: same(where.city, value),
        "skills": lambda: any(same(skill, value) for skill in one.skills),
        "keywords": lambda: has_words(" ".join(filter(None, everything)), value),
        "near": lambda: where.city in NEAR[value],
        "industry": lambda: has_plain_words(company.industry, value),
        "headcount": lambda: headcount_fits(company, value),
        "skills_all": lambda: any(same(skill, value) for skill in one.skills),
        "technology": lambda: any(same(technology, value) for technology in company.technologies),
        "technology_all": lambda: any(same(technology, value) for technology in company.technologies),
        "has": lambda: there(one, value, company),
        "updated_since": lambda: since(one.updated_at, value),
    }[field]()


def company_fits(one: Company, staff: list[Person], field: str, value: str) -> bool:
    return {
        "name": lambda: has_plain_words(one.name, value),
        "domain": lambda: one.domain == value,
        "industry": lambda: has_plain_words(one.industry, value),
        "headcount": lambda: headcount_fits(one, value),
        "technology": lambda: any(same(technology, value) for technology in one.technologies),
        "country": lambda: one.location.country_code == CODES[value],
        "region": lambda: same(one.location.region, value),
        "city": lambda: same(one.location.city, value),
        "status": lambda: one.status == value,
        "technology_all": lambda: any(same(technology, value) for technology in one.technologies),
        "near": lambda: one.location.city in NEAR[value],
        "founded": lambda: one.founded is not None and FOUNDED[value][0] <= one.founded <= FOUNDED[value][1],
        "job_title": lambda: any(has_words(person.job_title, MEANT.get(value, value)) for person in staff),
        "updated_since": lambda: since(one.updated_at, value),
    }[field]()


def every_or_any(field: str) -> Callable[[Iterable[bool]], bool]:
    return all if field in EVERY else any


def age(day: dt.date | None) -> int:
    return 10_000_000 if day is None else (dt.date(9999, 12, 31) - day).days


def in_order(sort: str, extra: int, gaps: int, day: dt.date | None) -> tuple[int, int]:
    return {"relevance": (extra, gaps), "completeness": (gaps, extra), "recency": (age(day), gaps)}[sort]


def counts_of(values: Iterable[str | None]) -> list[ValueCount]:
    counted = Counter(value for value in values if value is not None)
    return [ValueCount(*one) for one in sorted(counted.items(), key=lambda one: (-one[1], one[0]))][:20]


def extra_words(text: str | None, asked: list[str], *, synonyms: bool) -> int:
    if not asked:
        return 0
    if synonyms:
        asked = [*asked, *(MEANT.get(value, value) for value in asked)]
        known = {word for value in asked for term in terms(value) for one in term for word in one}
    else:
        known = {word for value in asked for word in words(value)}
    return len(set(words(text or "")) - known - STOP_WORDS)


def person_gaps(stored: StoredPerson) -> int:
    one = stored.person
    details = [
        one.full_name, one.job_title, *one.emails[:1], *one.phones[:1], one.linkedin, stored.company_id,
        one.location.country_code,
    ]  # fmt: skip
    return 7 - sum(detail is not None for detail in details)


def company_gaps(one: Company) -> int:
    details = [
        one.name, one.domain, one.industry, one.headcount_range, *one.technologies[:1],
        one.location.country_code,
    ]  # fmt: skip
    return 6 - sum(detail is not None for detail in details)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 2),
    some_of(PEOPLE_FIELDS, 1),
    some_of(PEOPLE_FIELDS, 0),
    st.integers(1, 100),
    st.sampled_from(SORTS),
)
def test_people_equal_the_slow_filter(
    which: int, filters: dict[str, list[str]], exclude: dict[str, list[str]], limit: int, sort: str
) -> None:
    people, companies = DATA[which]
    employers = {one.id: one for one in companies}
    nobody = Company("")

    def extra(one: Person) -> int:
        return extra_words(one.job_title, filters.get("job_title", []), synonyms=True)

    def fits(stored: StoredPerson, field: str, values: list[str]) -> bool:
        company = employers.get(stored.company_id or "", nobody)
        return every_or_any(field)(person_fits(stored.person, company, field, value) for value in values)

    expected = [
        one
        for one in people
        if all(fits(one, *item) for item in filters.items())
        and not any(fits(one, *item) for item in exclude.items())
    ]
    expected.sort(
        key=lambda one: (
            in_order(sort, extra(one.person), person_gaps(one), one.person.updated_at),
            one.person.id,
        )
    )
    names = ["seniority", "company", "technology", "skills", "city"]
    page, page_of_index = (
        search_people(made[which], filters, exclude=exclude, limit=limit, sort=sort, facets=names)
        for made in BOTH.values()
    )
    assert page == page_of_index
    works_at = [employers.get(one.company_id or "", nobody) for one in expected]
    assert page.facets == {
        "seniority": counts_of(one.person.management_level for one in expected),
        "company": counts_of(one.name for one in works_at),
        "technology": counts_of(used for one in works_at for used in one.technologies),
        "skills": counts_of(skill for one in expected for skill in one.person.skills),
        "city": counts_of(one.person.location.city for one in expected),
    }
    assert [one.rank for one in page.results] == [
        Rank(extra(one.person), person_gaps(one)) for one in expected[:limit]
    ]
    assert page.total.value == len(expected)
    assert [one.person.id for one in page.results] == [one.person.id for one in expected[:limit]]
    assert (page.next_cursor is None) == (len(expected) <= limit)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2), some_of(COMPANY_FIELDS, 1), some_of(COMPANY_FIELDS, 0), st.sampled_from(SORTS))
def test_companies_equal_the_slow_filter(
    which: int, filters: dict[str, list[str]], exclude: dict[str, list[str]], sort: str
) -> None:
    staff: dict[str, list[Person]] = {}
    for stored in DATA[which][0]:
        staff.setdefault(stored.company_id or "", []).append(stored.person)

    def fits(one: Company, field: str, values: list[str]) -> bool:
        return every_or_any(field)(company_fits(one, staff.get(one.id, []), field, value) for value in values)

    expected = [
        one
        for one in DATA[which][1]
        if all(fits(one, *item) for item in filters.items())
        and not any(fits(one, *item) for item in exclude.items())
    ]
    expected.sort(
        key=lambda one: (
            in_order(
                sort,
                extra_words(one.name, filters.get("name", []), synonyms=False),
                company_gaps(one),
                one.updated_at,
            ),
            one.id,
        )
    )
    page, page_of_index = (
        search_companies(
            made[which], filters, exclude=exclude, limit=100, sort=sort, facets=["status", "headcount"]
        )
        for made in BOTH.values()
    )
    assert page == page_of_index
    assert page.facets == {
        "status": counts_of(one.status for one in expected),
        "headcount": counts_of(one.headcount_range for one in expected),
    }
    assert [one.company.id for one in page.results] == [one.id for one in expected]
    assert page.total.value == len(expected)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("by", BOTH)
@pytest.mark.parametrize("which", range(3))
def test_deep_paging_gives_every_row_once(which: int, by: str, sort: str) -> None:
    snapshot = BOTH[by][which]
    filters = {"country": ["US", "DE", "BR"]}
    whole = search_people(snapshot, filters, limit=100, sort=sort)
    seen: list[str] = []
    cursor = None
    while cursor is not None or not seen:
        page = search_people(snapshot, filters, limit=7, cursor=cursor, sort=sort)
        seen += [one.person.id for one in page.results]
        cursor = page.next_cursor
    assert len(seen) == len(set(seen)) == whole.total.value
    assert seen[:100] == [one.person.id for one in whole.results]

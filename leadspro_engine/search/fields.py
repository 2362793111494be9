"""What each field of a search means: the values of one field -> the condition a record must meet.

``PEOPLE`` and ``COMPANIES`` are the whole list. Words outside a closed vocabulary (seniority, department,
country, status, headcount) are refused with "did you mean"; open ones (titles, names, skills, cities) are
searched for as they stand.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, cast, get_args

import msgspec
from msgspec import Struct

from leadspro_engine.dataset.words import fold
from leadspro_engine.errors import InvalidInput
from leadspro_engine.normalize import company, domain, headcount, industry, place, skill, technology, title
from leadspro_engine.records import CompanyStatus
from leadspro_engine.search.plan import (
    AllOf,
    AnyOf,
    Detail,
    Employs,
    FoundedIn,
    HasWords,
    HeadcountIn,
    IsOneOf,
    IsThere,
    UpdatedSince,
)
from leadspro_engine.search.suggest import unknown
from leadspro_engine.search.synonyms import plain_terms, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from leadspro_engine.search.plan import ColumnName, Condition, Phrase

_NEAR_KM, _MOST_KM = 50, 1000
_YEARS = re.compile(r"(?P<first>\d{4})(?:\s*[-–]\s*(?P<second>\d{4})|\s*(?P<open>\+))?")
_DISTANCE = re.compile(r"(?P<place>.*?)[\s,]+(?:within\s+)?(?P<km>\d{1,6})\s*km", re.IGNORECASE)


class Asked(Struct, frozen=True):
    """One field as it was given.

    Attributes:
        path: JSON pointer of the field.
        values: its non-blank values, at least one.
        countries: alpha-2 codes of the countries asked for beside it.
        corrected: gives a title with its misspelt words mended, see ``corrections``.
    """

    path: str
    values: tuple[str, ...]
    countries: tuple[str, ...] = ()
    corrected: Callable[[str], str] = str


def _titles(asked: Asked) -> Condition:
    """Words all present in the job title, in any order; abbreviations and synonyms both ways, slips too."""
    return HasWords("job_title", _title_phrases(asked))


def _keywords(asked: Asked) -> Condition:
    """Words all present anywhere in the record; abbreviations and synonyms both ways."""
    return HasWords("everything", _phrases(asked, terms))


def _names(asked: Asked) -> Condition:
    """Words all present in the company's name, with its legal form or without."""
    whole = _phrases(asked, plain_terms)
    parsed = [company.parse(value) for value in asked.values]
    keys = [plain_terms(one.key) for one in parsed if one is not None and one.key]
    return HasWords("company_name", tuple(dict.fromkeys([*whole, *keys])))


def _employers(asked: Asked) -> Condition:
    """A company by its name or by its domain."""
    hosts = {one.registrable for value in asked.values if "." in value and (one := domain.parse(value))}
    names = _names(asked)
    return AnyOf((names, IsOneOf("domain", tuple(sorted(hosts))))) if hosts else names


def _domains(asked: Asked) -> Condition:
    """The company's registrable domain; a URL or a host below it does as well."""
    return IsOneOf("domain", _each(asked, _domain))


def _seniorities(asked: Asked) -> Condition:
    """Management levels, in any vendor's words."""
    return IsOneOf("management_level", _each(asked, _seniority))


def _departments(asked: Asked) -> Condition:
    """Departments, in any vendor's words."""
    return IsOneOf("department", _each(asked, _department))


def _skills(asked: Asked) -> Condition:
    """One of the skills is listed."""
    return _listed("skills", asked, skill.parse)


def _all_skills(asked: Asked) -> Condition:
    """Each of the skills is listed."""
    return AllOf(tuple(_skills(one) for one in _one_by_one(asked)))


def _technologies(asked: Asked) -> Condition:
    """One of the technologies is used, of people by their employer."""
    return _listed("technologies", asked, technology.parse)


def _all_technologies(asked: Asked) -> Condition:
    """Each of the technologies is used."""
    return AllOf(tuple(_technologies(one) for one in _one_by_one(asked)))


def _details(asked: Asked) -> Condition:
    """Each of the details is there."""
    return AllOf(tuple(IsThere(_detail(one.path, one.values[0])) for one in _one_by_one(asked)))


def _since(asked: Asked) -> Condition:
    """The record was last seen on this day (ISO 8601) or later; of several days the first counts."""
    return UpdatedSince(min(_day(asked.path, value) for value in asked.values))


def _founded(asked: Asked) -> Condition:
    """Years of founding: a year (2015), a range (2010-2015) or an open one (2015+)."""
    return FoundedIn(tuple(sorted({_years(asked.path, value) for value in asked.values}, key=str)))


def _employs(asked: Asked) -> Condition:
    """Somebody works there whose job title has the words, as in a search for people."""
    return Employs(_title_phrases(asked))


def _near(asked: Asked) -> Condition:
    """Cities at most so many kilometers from one: "Berlin 30 km"; 50 when no distance is given."""
    found = {city for value in asked.values for city in _around(asked.path, value)}
    return IsOneOf("city_of_country", tuple(sorted(fold(f"{name}|{code}") for name, code in found)))


def _industries(asked: Asked) -> Condition:
    """Words all present in the industry, as given or by its canonical name."""
    canonical = [plain_terms(name) for value in asked.values if (name := industry.parse(value))]
    return HasWords("industry", tuple(dict.fromkeys([*_phrases(asked, plain_terms), *canonical])))


def _headcounts(asked: Asked) -> Condition:
    """Numbers of employees: a range (51-200), an open one (201+) or a number."""
    return HeadcountIn(tuple(sorted({_interval(asked.path, value) for value in asked.values}, key=str)))


def _statuses(asked: Asked) -> Condition:
    """What is known of the company."""
    return IsOneOf("status", _each(asked, _status))


def _countries(asked: Asked) -> Condition:
    """Countries, by name or ISO 3166 code."""
    return IsOneOf("country_code", tuple(sorted(set(asked.countries))))


def _regions(asked: Asked) -> Condition:
    """States and provinces, by name or by the code they have in the countries asked for."""
    codes = asked.countries or (None,)
    named = [place.region(value, code) for value in asked.values for code in codes]
    return IsOneOf("region", tuple(sorted({fold(name) for name in (*named, *asked.values) if name})))


def _cities(asked: Asked) -> Condition:
    """Cities, by their English name or any other ("Köln" finds Cologne)."""
    read = {fold(place.city(value) or value.strip()) for value in asked.values}
    return IsOneOf("city", tuple(sorted(read | {fold(value.strip()) for value in asked.values})))


_WHERE = {"country": _countries, "region": _regions, "city": _cities}

PEOPLE: dict[str, Callable[[Asked], Condition]] = {
    "job_title": _titles,
    "seniority": _seniorities,
    "department": _departments,
    "company": _employers,
    "domain": _domains,
    **_WHERE,
    "near": _near,
    "industry": _industries,
    "headcount": _headcounts,
    "technology": _technologies,
    "technology_all": _all_technologies,
    "skills": _skills,
    "skills_all": _all_skills,
    "keywords": _keywords,
    "has": _details,
    "updated_since": _since,
}
"""Every field of ``records.PeopleFilters`` and what it means."""

COMPANIES: dict[str, Callable[[Asked], Condition]] = {
    "name": _names,
    "domain": _domains,
    "industry": _industries,
    "headcount": _headcounts,
    "technology": _technologies,
    "technology_all": _all_technologies,
    **_WHERE,
    "near": _near,
    "status": _statuses,
    "founded": _founded,
    "job_title": _employs,
    "updated_since": _since,
}
"""Every field of ``records.CompanyFilters`` and what it means."""


def country_code(path: str, value: str) -> str:
    """The ISO 3166 alpha-2 code of a country given by name or code.

    Raises:
        InvalidInput: nobody knows the country.
    """
    code = place.country(value)
    if code is None:
        raise unknown(path, value, place.country_names(), what="a country's name or ISO 3166 code")
    return code


def _domain(path: str, value: str) -> str:
    parsed = domain.parse(value)
    if parsed is None:
        raise InvalidInput(path, value, "a domain such as northpeak.io")
    return parsed.registrable


def _seniority(path: str, value: str) -> str:
    level = title.level(value)
    if level is None:
        raise unknown(path, value, title.LEVELS, what=f"a seniority: {', '.join(title.LEVELS)}")
    return level


def _department(path: str, value: str) -> str:
    department = title.department(value)
    if department is None:
        raise unknown(path, value, title.DEPARTMENTS, what=f"a department: {', '.join(title.DEPARTMENTS)}")
    return department


def _status(path: str, value: str) -> str:
    statuses, word = get_args(CompanyStatus), value.strip().casefold()
    if word not in statuses:
        raise unknown(path, value, statuses, what=f"a status: {', '.join(statuses)}")
    return word


def _interval(path: str, value: str) -> tuple[int, int | None]:
    parsed = headcount.parse(value)
    if parsed is None:
        raise InvalidInput(path, value, "a number of employees: 51-200, 201+ or 75")
    return parsed.low, parsed.high


def _detail(path: str, value: str) -> Detail:
    details = {**{one: one for one in get_args(Detail)}, "title": "job_title"}
    word = value.strip().casefold().replace(" ", "_")
    if word not in details:
        raise unknown(path, value, get_args(Detail), what=f"some of {', '.join(get_args(Detail))}")
    return cast("Detail", details[word])


def _day(path: str, value: str) -> dt.date:
    try:
        return dt.date.fromisoformat(value.strip())
    except ValueError as exc:
        raise InvalidInput(path, value, "a day as in 2026-01-31") from exc


def _years(path: str, value: str) -> tuple[int | None, int | None]:
    read = _YEARS.fullmatch(value.strip())
    if read is None:
        raise InvalidInput(path, value, "a year or years: 2015, 2010-2015, 2015+")
    first, second, open_end = read["first"], read["second"], read["open"]
    low = int(first)
    return low, None if open_end else int(second or first)


def _around(path: str, value: str) -> Sequence[tuple[str, str]]:
    """The cities around the one that a text names."""
    read = _DISTANCE.fullmatch(value.strip())
    named, km = (read["place"], int(read["km"])) if read else (value, _NEAR_KM)
    where = place.parse(place=named)
    center = None if where is None else place.coordinates(where.city, where.region, where.country_code)
    if center is None or not 1 <= km <= _MOST_KM:
        accepted = f"a city that is known, and perhaps 1 to {_MOST_KM} km: Berlin 30 km"
        raise InvalidInput(path, value, accepted)
    return place.cities_within(km, *center)


def _title_phrases(asked: Asked) -> tuple[Phrase, ...]:
    """The phrases of titles as they were asked for and as they were meant."""
    meant = (terms(asked.corrected(value)) for value in asked.values)
    return tuple(dict.fromkeys([*_phrases(asked, terms), *meant]))


def _one_by_one(asked: Asked) -> Iterator[Asked]:
    """One question for each value."""
    return (msgspec.structs.replace(asked, values=(value,)) for value in asked.values)


def _listed(column: ColumnName, asked: Asked, canonical: Callable[[str], str | None]) -> Condition:
    """One of the values, in its canonical spelling or as it stands, is an element of the list."""
    spelled = {fold(canonical(value) or value.strip()) for value in asked.values}
    return IsOneOf(column, tuple(sorted(spelled)))


def _each(asked: Asked, read: Callable[[str, str], str]) -> tuple[str, ...]:
    """Every value read, once each, sorted."""
    return tuple(sorted({read(asked.path, value) for value in asked.values}))


def _phrases(asked: Asked, cut: Callable[[str], Phrase]) -> tuple[Phrase, ...]:
    """The phrase of each value, once each; a value without words is refused."""
    phrases = []
    for value in asked.values:
        phrase = cut(value)
        if not phrase:
            raise InvalidInput(asked.path, value, "at least one letter or digit")
        phrases.append(phrase)
    return tuple(dict.fromkeys(phrases))

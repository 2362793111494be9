"""What each field of a search means: the values of one field -> the condition a record must meet.

``PEOPLE`` and ``COMPANIES`` are the whole list. Words outside a closed vocabulary (seniority, department,
country, status, headcount) are refused with "did you mean"; open ones (titles, names, skills, cities) are
searched for as they stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from msgspec import Struct

from leadspro_engine.errors import InvalidInput
from leadspro_engine.normalize import company, domain, headcount, industry, place, skill, technology, title
from leadspro_engine.records import CompanyStatus
from leadspro_engine.search.plan import AnyOf, HasWords, HeadcountIn, IsOneOf
from leadspro_engine.search.suggest import unknown
from leadspro_engine.search.synonyms import plain_terms, terms
from leadspro_engine.search.words import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadspro_engine.search.plan import ColumnName, Condition, Phrase


class Asked(Struct, frozen=True):
    """One field as it was given.

    Attributes:
        path: JSON pointer of the field.
        values: its non-blank values, at least one.
        countries: alpha-2 codes of the countries asked for beside it.
    """

    path: str
    values: tuple[str, ...]
    countries: tuple[str, ...] = ()


def _titles(asked: Asked) -> Condition:
    """Words all present in the job title, in any order; abbreviations and synonyms both ways."""
    return HasWords("job_title", _phrases(asked, terms))


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


def _technologies(asked: Asked) -> Condition:
    """One of the technologies is used."""
    return _listed("technologies", asked, technology.parse)


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
    "skills": _skills,
    "keywords": _keywords,
}
"""Every field of ``records.PeopleFilters`` and what it means."""

COMPANIES: dict[str, Callable[[Asked], Condition]] = {
    "name": _names,
    "domain": _domains,
    "industry": _industries,
    "headcount": _headcounts,
    "technology": _technologies,
    **_WHERE,
    "status": _statuses,
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

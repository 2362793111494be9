"""What of a snapshot can be searched: each text, column and detail as an expression over its tables.

One definition for the SQL that answers a search and for the search index that answers the same faster. ``p``
is a person, ``c`` the company that they work for, or the company itself.
"""

from __future__ import annotations

from leadspro_engine.dataset.words import fold_sql

SOURCES = {
    "people": "people as p left join companies as c on c.id = p.company_id",
    "companies": "companies as c",
}
_EVERYTHING = """concat_ws(' ', p.full_name, p.job_title, p.department, array_to_string(p.skills, ' '),
    p.location.city, p.location.region, p.location.country, c.name, c.domain, c.industry,
    array_to_string(c.technologies, ' '))"""
TEXTS = {
    "job_title": "p.job_title",
    "company_name": "c.name",
    "industry": "c.industry",
    "everything": _EVERYTHING,
}

_OF_COMPANIES = {
    "domain": "c.domain",
    "status": "c.status",
    "technologies": "c.technologies",
    "country_code": "c.location.country_code",
    "region": "c.location.region",
    "city": "c.location.city",
    "city_of_country": "c.location.city || '|' || c.location.country_code",
    "updated_at": "c.updated_at",
}
_OF_PEOPLE = {
    "domain": "c.domain",
    "technologies": "c.technologies",
    "country_code": "p.location.country_code",
    "region": "p.location.region",
    "city": "p.location.city",
    "city_of_country": "p.location.city || '|' || p.location.country_code",
    "department": "p.department",
    "management_level": "p.management_level",
    "skills": "p.skills",
    "updated_at": "p.updated_at",
}
COLUMNS = {"people": _OF_PEOPLE, "companies": _OF_COMPANIES}
LISTS = frozenset({"skills", "technologies", "technology"})
"""Columns and counts that hold lists."""
FOLDED = frozenset({"region", "city", "city_of_country", "skills", "technologies"})
"""Columns whose values are compared folded; those of the others are canonical as they are stored."""

IDS = {"people": "p.id", "companies": "c.id"}
NEVER = 10_000_000  # days; more than any record is old
THERE: dict[str, str] = {
    "email": "len(p.emails) > 0",
    "phone": "len(p.phones) > 0",
    "linkedin": "p.linkedin is not null",
    "job_title": "p.job_title is not null",
    "company": "p.company_id is not null",
    "skills": "len(p.skills) > 0",
}
DETAILS = {
    "people": (
        "p.full_name", "p.job_title", "p.emails[1]", "p.phones[1]", "p.linkedin", "p.company_id",
        "p.location.country_code",
    ),
    "companies": (
        "c.name", "c.domain", "c.industry", "c.headcount_range", "c.technologies[1]",
        "c.location.country_code",
    ),
}  # fmt: skip
HEADCOUNTS = {
    "1-10": (1, 10), "11-50": (11, 50), "51-200": (51, 200), "201-500": (201, 500), "501-1000": (501, 1000),
    "1001-5000": (1001, 5000), "5001-10000": (5001, 10000), "10001+": (10001, None),
}  # fmt: skip
"""The eight ranges of ``headcount_range`` as closed intervals."""

VALUES = {
    "people": {
        "seniority": "p.management_level",
        "department": "p.department",
        "country": "p.location.country",
        "region": "p.location.region",
        "city": "p.location.city",
        "skills": "p.skills",
    },
    "companies": {
        "company": "c.name",
        "industry": "c.industry",
        "headcount": "c.headcount_range",
        "technology": "c.technologies",
        "country": "c.location.country",
        "region": "c.location.region",
        "city": "c.location.city",
        "status": "c.status",
    },
}
"""Whose values are counted, by the name of the count: of a record itself, as they are written."""

_PEOPLE = "people as p"
_EMPLOYED = "people as p join companies as c on c.id = p.company_id"
COMPLETED: dict[str, tuple[str, str]] = {
    "job_title": ("p.job_title", _PEOPLE),
    "company": ("c.name", _EMPLOYED),
    "skill": ("unnest(p.skills)", _PEOPLE),
    "technology": ("unnest(c.technologies)", "companies as c"),
    "industry": ("c.industry", "companies as c"),
    "city": ("p.location.city", _PEOPLE),
    "region": ("p.location.region", _PEOPLE),
    "country": ("p.location.country", _PEOPLE),
}
"""Each field that autocomplete knows, with its value and where it comes from: technologies and industries
count companies, the others people."""

RANKED_BY = {"people": "job_title", "companies": "company_name"}
"""The text whose words that nobody asked for are counted."""


def gaps_sql(kind: str) -> str:
    """An SQL expression: how many of the basic details a record lacks."""
    return " + ".join(f"({detail} is null)::int" for detail in DETAILS[kind])


def age_sql(kind: str) -> str:
    """An SQL expression: days from a record's last update to the end of the year 9999."""
    return f"coalesce(date_diff('day', {COLUMNS[kind]['updated_at']}, date '9999-12-31'), {NEVER})"


def compared_sql(column: str, expression: str) -> str:
    """The value of an expression for a column as it is compared: folded where ``FOLDED`` says so."""
    if column not in FOLDED:
        return expression
    if column in LISTS:
        return f"list_transform({expression}, lambda one: {fold_sql('one')})"
    return fold_sql(expression)

"""Facets: the commonest values of a field over everything that a search finds, with their counts.

A list (skills, technologies) counts a record once for each of its values. People count under the industry,
size and technologies of their employer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine import sql
from leadspro_engine.dataset.searchable import IDS, SOURCES
from leadspro_engine.errors import InvalidInput
from leadspro_engine.records import Facets, ValueCount
from leadspro_engine.search.compile import Parameters, found
from leadspro_engine.search.suggest import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from leadspro_engine.search.plan import Plan

MOST_VALUES = 20
"""Values that a facet lists."""

_OF_COMPANIES = {
    "industry": "c.industry",
    "headcount": "c.headcount_range",
    "technology": "unnest(c.technologies)",
}
FACETS: dict[str, dict[str, str]] = {
    "people": {
        "seniority": "p.management_level",
        "department": "p.department",
        "company": "c.name",
        **_OF_COMPANIES,
        "country": "p.location.country",
        "region": "p.location.region",
        "city": "p.location.city",
        "skills": "unnest(p.skills)",
    },
    "companies": {
        **_OF_COMPANIES,
        "country": "c.location.country",
        "region": "c.location.region",
        "city": "c.location.city",
        "status": "c.status",
    },
}
"""The facets of each kind of search, and the value that each counts."""

_COUNT = """(
  select {name} as facet, value, count(*) as records
  from (select {value} as value from {source} join found on found.id = {entity})
  where value is not null group by value order by records desc, value limit {most}
)"""


def asked_for(kind: str, names: Sequence[str]) -> tuple[str, ...]:
    """The facets asked for, once each.

    Raises:
        InvalidInput: a search of this kind has no facet of that name.
    """
    known = FACETS[kind]
    if isinstance(names, str):
        raise InvalidInput("/facets", names, "a list of facets")
    for position, name in enumerate(names):
        if name not in known:
            raise unknown(f"/facets/{position}", name, known, what=f"some of {', '.join(known)}")
    return tuple(dict.fromkeys(names))


def count(con: DuckDBPyConnection, plan: Plan, names: Sequence[str], hidden: Sequence[str]) -> Facets:
    """The values of each facet with their counts, the commonest first, ties by value.

    Args:
        con: a cursor over the tables ``people`` and ``companies``.
        plan: what is searched for.
        names: the facets, in the order of the answer.
        hidden: the ids that must not be counted.
    """
    parameters = Parameters()
    known, most = FACETS[plan.kind], parameters.bind(MOST_VALUES)
    steps = found(plan, parameters, hidden=hidden)
    parts = [
        _COUNT.format(
            name=parameters.bind(name),
            value=known[name],
            source=SOURCES[plan.kind],
            entity=IDS[plan.kind],
            most=most,
        )
        for name in names
    ]
    text = f"with {steps} {' union all '.join(parts)}"
    counted: Facets = {name: [] for name in names}
    for facet, value, records in sql.rows(con, f"count facets of {plan.kind}", text, parameters):
        counted[facet].append(ValueCount(value, records))
    return {name: sorted(listed, key=lambda one: (-one.count, one.value)) for name, listed in counted.items()}

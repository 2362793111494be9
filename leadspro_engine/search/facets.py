"""Facets: the commonest values of a field over everything that a search finds, with their counts.

A list (skills, technologies) counts a record once for each of its values. People count under the industry,
size and technologies of their employer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from leadspro_engine import sql
from leadspro_engine.dataset.search_index import array_of
from leadspro_engine.dataset.searchable import IDS, LISTS, SOURCES, VALUES
from leadspro_engine.errors import InvalidInput
from leadspro_engine.records import Facets, ValueCount
from leadspro_engine.search.compile import Parameters, found
from leadspro_engine.search.suggest import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection
    from pyroaring import BitMap

    from leadspro_engine.dataset.search_index import SearchIndex
    from leadspro_engine.search.plan import Plan

MOST_VALUES = 20
"""Values that a facet lists."""

_OF_EMPLOYERS = ("company", "industry", "headcount", "technology")
FACETS: dict[str, dict[str, str]] = {
    "people": VALUES["people"] | {name: VALUES["companies"][name] for name in _OF_EMPLOYERS},
    "companies": {name: value for name, value in VALUES["companies"].items() if name != "company"},
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


def by_tables(con: DuckDBPyConnection, plan: Plan, names: Sequence[str], hidden: Sequence[str]) -> Facets:
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
            value=f"unnest({known[name]})" if name in LISTS else known[name],
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


def by_index(index: SearchIndex, kind: str, numbers: BitMap, names: Sequence[str]) -> Facets:
    """The same from the index: the values of the records with these numbers."""
    found = array_of(numbers)
    return {name: _commonest(_values(index, kind, name, found)) for name in names}


def _values(index: SearchIndex, kind: str, name: str, numbers: Any) -> Any:
    """The values that a facet counts, one entry for each record and value."""
    records = index.records(kind)
    if kind == "people" and name in _OF_EMPLOYERS:
        numbers, records = pc.take(records.column["employer"], numbers), index.records("companies")
    values = pc.take(records.column[name], numbers)
    return values.flatten() if name in LISTS else values


def _commonest(values: Any) -> list[ValueCount]:
    """The commonest values, ties by value; their dictionary is sorted, so its indices sort as they do."""
    counted = pc.value_counts(values.indices.drop_null())
    table = pa.table({"value": counted.field("values"), "records": counted.field("counts")})
    keys = [("records", "descending"), ("value", "ascending")]
    top = table.take(pc.select_k_unstable(table, k=MOST_VALUES, sort_keys=keys))
    shown = pc.take(values.dictionary, top["value"].combine_chunks()).to_pylist()
    return [ValueCount(*one) for one in zip(shown, top["records"].to_pylist(), strict=True)]

"""Autocomplete: the values of a field that begin as what was typed, the commonest first.

1. A value is offered when the typed words, in their order, begin it or begin at one of its words, whatever
   the case and the accents ("oper" offers "Revenue Operations").
2. When there are fewer than asked for, values follow whose beginning is one letter away: one more, one less
   or another one ("slaes" is two away, "sals" is one). What was typed must have four letters or more.

Spellings that differ in case and accents only are one value, shown in the commonest spelling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine import sql
from leadspro_engine.dataset.words import words, words_sql
from leadspro_engine.errors import InvalidInput
from leadspro_engine.records import ValueCount
from leadspro_engine.search.compile import Parameters, unseen
from leadspro_engine.search.suggest import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

MOST_VALUES = 50
LONGEST_PREFIX = 100
_LEAST_FOR_TYPOS = 4

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
"""Each field with its value and where it comes from: technologies and industries count companies, the others
people."""

_VALUES = """
with spelled as (
  select value, count(*) as records from (select {value} as value from {source} where {shown})
  where value is not null group by value
), folded as (
  select {words} as words, arg_max(value, (records, value)) as value, sum(records)::bigint as records
  from spelled group by words
), near as (
  select value, records, case when contains(words, {typed}) then 0 else 1 end as typos
  from folded where contains(words, {typed}) or {alike}
)
select value, records from near order by typos, records desc, value limit {limit}"""


def complete(
    con: DuckDBPyConnection, field: str, prefix: str, *, limit: int = 10, hidden: Sequence[str] = ()
) -> list[ValueCount]:
    """The values of a field that begin so, with the number of records that have each.

    Args:
        con: a cursor over the tables ``people`` and ``companies``.
        field: one of ``COMPLETED``.
        prefix: what was typed, 1-100 characters with at least one letter or digit.
        limit: values at the most, 1-50.
        hidden: ids of people who must not be counted.

    Raises:
        InvalidInput: an argument is out of range; names it.
    """
    if field not in COMPLETED:
        raise unknown("/field", field, COMPLETED, what=f"one of {', '.join(COMPLETED)}")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MOST_VALUES:
        raise InvalidInput("/limit", limit, f"a whole number from 1 to {MOST_VALUES}")
    typed = " ".join(words(prefix)) if isinstance(prefix, str) and len(prefix) <= LONGEST_PREFIX else ""
    if not typed:
        raise InvalidInput("/prefix", prefix, f"1 to {LONGEST_PREFIX} characters with a letter or a digit")
    parameters = Parameters()
    value, source = COMPLETED[field]
    people = "people as p" in source
    text = _VALUES.format(
        value=value,
        source=source,
        shown=unseen("p.id", hidden, parameters) if hidden and people else "true",
        words=words_sql("value"),
        typed=parameters.bind(f" {typed}"),
        alike=_alike(typed, parameters),
        limit=parameters.bind(limit),
    )
    return [ValueCount(*row) for row in sql.rows(con, f"complete {field}", text, parameters)]


def _alike(typed: str, parameters: Parameters) -> str:
    """The condition that a value begins one letter away from what was typed."""
    if len(typed) < _LEAST_FOR_TYPOS:
        return "false"
    asked = parameters.bind(typed)
    beginnings = [f"levenshtein(trim(words)[:{length}], {asked}) <= 1" for length in _lengths(typed)]
    return f"({' or '.join(beginnings)})"


def _lengths(typed: str) -> range:
    """How long a beginning one letter away may be."""
    return range(len(typed) - 1, len(typed) + 2)

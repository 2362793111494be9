"""Autocomplete: the values of a field that begin as what was typed, the commonest first.

1. A value is offered when the typed words, in their order, begin it or begin at one of its words, whatever
   the case and the accents ("oper" offers "Revenue Operations").
2. When there are fewer than asked for, values follow in which such a beginning is one slip away from what was
   typed: a letter more or less, another one, or two swapped ("slaes" and "sals" offer "Sales Manager"). What
   was typed must have four letters or more.

Spellings that differ in case and accents only are one value, shown in the commonest spelling.
``by_tables`` answers by SQL as the rule is written; ``by_index`` answers the same from ``completions``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from leadspro_engine import sql
from leadspro_engine.dataset.completions import Completions
from leadspro_engine.dataset.searchable import COMPLETED
from leadspro_engine.dataset.words import words, words_sql
from leadspro_engine.errors import InvalidInput
from leadspro_engine.records import ValueCount
from leadspro_engine.search import slips
from leadspro_engine.search.compile import Parameters, unseen
from leadspro_engine.search.suggest import unknown

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Sequence

    from duckdb import DuckDBPyConnection

    from leadspro_engine.dataset.search_index import SearchIndex

MOST_VALUES = 50
LONGEST_PREFIX = 100
_LEAST_FOR_TYPOS = 4

Gone = Mapping[str, "Counter[str]"]
"""Of values of people who must not be counted: folded words -> how often each spelling is gone."""

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


class Typed:
    """What was typed, checked.

    Attributes:
        field: one of ``COMPLETED``.
        text: the folded words, 1 to 100 characters.
        limit: values at the most, 1 to 50.

    Raises:
        InvalidInput: an argument is out of range; names it.
    """

    def __init__(self, field: str, prefix: str, limit: int) -> None:
        if field not in COMPLETED:
            raise unknown("/field", field, COMPLETED, what=f"one of {', '.join(COMPLETED)}")
        if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MOST_VALUES:
            raise InvalidInput("/limit", limit, f"a whole number from 1 to {MOST_VALUES}")
        text = " ".join(words(prefix)) if isinstance(prefix, str) and len(prefix) <= LONGEST_PREFIX else ""
        if not 1 <= len(text) <= LONGEST_PREFIX:
            raise InvalidInput(
                "/prefix", prefix, f"1 to {LONGEST_PREFIX} characters with a letter or a digit"
            )
        self.field, self.text, self.limit = field, text, limit

    @property
    def may_slip(self) -> bool:
        """Whether it is long enough for values to be offered that are one slip away."""
        return len(self.text) >= _LEAST_FOR_TYPOS


def by_tables(con: DuckDBPyConnection, typed: Typed, hidden: Sequence[str] = ()) -> list[ValueCount]:
    """The values that are offered, with the number of records that have each, by SQL.

    Args:
        con: a cursor over the tables ``people`` and ``companies``.
        typed: what was typed.
        hidden: ids of people who must not be counted.
    """
    parameters = Parameters()
    value, source = COMPLETED[typed.field]
    people = "people as p" in source
    text = _VALUES.format(
        value=value,
        source=source,
        shown=unseen("p.id", hidden, parameters) if hidden and people else "true",
        words=words_sql("value"),
        typed=parameters.bind(f" {typed.text}"),
        alike=_alike(typed.text, parameters) if typed.may_slip else "false",
        limit=parameters.bind(typed.limit),
    )
    return [ValueCount(*row) for row in sql.rows(con, f"complete {typed.field}", text, parameters)]


def _alike(typed: str, parameters: Parameters) -> str:
    """The condition that a value, from one of its words on, begins one slip away from what was typed."""
    asked = parameters.bind(typed)
    parted = "string_split(trim(words), ' ')"
    lengths = [len(typed) - 1, len(typed), len(typed) + 1]
    near = " or ".join(
        f"damerau_levenshtein(array_to_string({parted}[first:], ' ')[:{length}], {asked}) <= 1"
        for length in lengths
    )
    return f"len(list_filter(range(1, len({parted}) + 1), lambda first: {near})) > 0"


def by_index(index: SearchIndex, typed: Typed, gone: Gone) -> list[ValueCount] | None:
    """The same from the index; None when too many people are hidden to be sure of it.

    Args:
        index: of the snapshot.
        typed: what was typed.
        gone: the values of people who must not be counted.
    """
    completions = Completions(index.mapped, typed.field)
    offered = _offered(completions, [typed.text], typed.limit, gone, but=())
    if offered is None or len(offered) >= typed.limit or not typed.may_slip:
        return offered
    near = slips.beginnings(typed.text, completions.first_from)
    exact = completions.begun(typed.text).numbers
    more = _offered(completions, sorted(near), typed.limit - len(offered), gone, but=exact)
    return None if more is None else offered + more


def _offered(
    completions: Completions, beginnings: Iterable[str], limit: int, gone: Gone, *, but: Iterable[int]
) -> list[ValueCount] | None:
    """The commonest values that begin in one of these ways; None when it is not sure that they are.

    Of a beginning that very many values have, only the commonest are listed; people who are hidden may have
    made one of these less common than one that is not listed.
    """
    lists = [completions.begun(beginning) for beginning in beginnings]
    numbers = sorted({number for one in lists for number in one.numbers} - set(but))
    left = (_left(completions.spellings(number), gone) for number in (numbers if gone else numbers[:limit]))
    values = sorted((one for one in left if one.count), key=lambda one: (-one.count, one.value))
    unlisted = max((_count(completions, one.numbers[-1]) for one in lists if not one.all_of_them), default=0)
    if unlisted and (len(values) < limit or (gone and values[limit - 1].count <= unlisted)):
        return None
    return values[:limit]


def _count(completions: Completions, number: int) -> int:
    """How many records have a value."""
    return sum(records for _, records in completions.spellings(number))


def _left(spellings: Sequence[tuple[str, int]], gone: Gone) -> ValueCount:
    """A value and its count without the people who must not be counted."""
    lost = gone.get(" ".join(words(spellings[0][0]))) if gone else None
    if lost is not None:
        spellings = [(value, records - lost[value]) for value, records in spellings]
    _, shown = max((records, value) for value, records in spellings)
    return ValueCount(shown, sum(records for _, records in spellings))

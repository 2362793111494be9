"""A ``Plan`` as DuckDB SQL: which records fit, and in which order.

What results are sorted by is stated so that it can be checked by hand: ``extra``, how many different words
the job title (of a company: the name) has that nobody asked for, 0 when no words were asked for; ``gaps``,
how many of the basic details the record lacks; ``age``, days from the record's last update to the end of the
year 9999. Of each, less is better; ties go by id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadspro_engine.dataset.searchable import (
    COLUMNS,
    HEADCOUNTS,
    IDS,
    LISTS,
    RANKED_BY,
    SOURCES,
    TEXTS,
    THERE,
    age_sql,
    compared_sql,
    gaps_sql,
)
from leadspro_engine.dataset.words import STOP_WORDS, words_sql
from leadspro_engine.search.plan import (
    AllOf,
    AnyOf,
    Employs,
    FoundedIn,
    HasWords,
    HeadcountIn,
    IsOneOf,
    IsThere,
    UpdatedSince,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from leadspro_engine.records import Sort
    from leadspro_engine.search.plan import Condition, Phrase, Plan, TextName

ORDERS: dict[Sort, tuple[str, str]] = {
    "relevance": ("extra", "gaps"),
    "completeness": ("gaps", "extra"),
    "recency": ("age", "gaps"),
}
"""What each order sorts by first and second."""


class Parameters(list[Any]):
    """The values of a query's numbered parameters."""

    def bind(self, value: Any) -> str:
        """The parameter that stands for a value from now on."""
        self.append(value)
        return f"${len(self)}"


def found(plan: Plan, parameters: Parameters, *, hidden: Sequence[str] = ()) -> str:
    """The steps of a query that find the records of a plan, as the inside of a ``with`` clause.

    The last one is ``found`` with columns ``id, extra, gaps, age``, one row a record. Texts are cut into
    words once, in ``candidate``, for the records that fit everything else: a query that repeated the folding
    of a text for each word asked for took 68 ms instead of 26 ms on the demo data, most of it planning.

    Args:
        plan: what is searched for.
        parameters: receives the values of the query.
        hidden: the ids that must not be found.
    """
    texts = sorted(_texts(plan))
    columns = sorted({column for one in _with_words(plan.must + plan.must_not) for column in _columns(one)})
    shown = [f"{IDS[plan.kind]} as id", f"{gaps_sql(plan.kind)} as gaps", f"{age_sql(plan.kind)} as age"]
    shown += [f"{words_sql(TEXTS[text])} as {text}" for text in texts]
    shown += [f"{COLUMNS[plan.kind][column]} as {column}" for column in columns]
    early = _where(plan, COLUMNS[plan.kind], parameters, words=False)
    early += [unseen(IDS[plan.kind], hidden, parameters)] if hidden else []
    late = _where(plan, {column: column for column in columns}, parameters, words=True)
    return f"""candidate as materialized (
  select {", ".join(shown)}
  from {SOURCES[plan.kind]}
  where {" and ".join(early) or "true"}
), found as materialized (
  select id, {_extra(plan, parameters)} as extra, gaps, age
  from candidate
  where {" and ".join(late) or "true"}
)"""


def unseen(ids: str, hidden: Sequence[str], parameters: Parameters) -> str:
    """The condition that an id is none of the hidden ones."""
    return f"{ids} not in (select unnest({parameters.bind(list(hidden))}::varchar[]))"


def _where(plan: Plan, columns: Mapping[str, str], parameters: Parameters, *, words: bool) -> list[str]:
    """The conditions that look into texts, or those that do not; what is not known fits neither side."""
    wanted, unwanted = (
        [one for one in side if bool(_with_words((one,))) is words] for side in (plan.must, plan.must_not)
    )
    return [
        *(_holds(one, columns, parameters) for one in wanted),
        *(f"not coalesce({_holds(one, columns, parameters)}, false)" for one in unwanted),
    ]


def _with_words(conditions: Iterable[Condition]) -> list[Condition]:
    """The conditions that look into a text."""
    return [one for one in conditions if _texts_of(one)]


def _texts(plan: Plan) -> set[TextName]:
    """The texts that a plan looks into."""
    return {text for one in plan.must + plan.must_not for text in _texts_of(one)}


def _texts_of(condition: Condition) -> set[TextName]:
    """The texts that a condition looks into."""
    match condition:
        case HasWords(text, _):
            return {text}
        case AnyOf(conditions) | AllOf(conditions):
            return {text for one in conditions for text in _texts_of(one)}
        case _:
            return set()


def _columns(condition: Condition) -> set[str]:
    """The columns that a condition compares."""
    match condition:
        case IsOneOf(column, _):
            return {column}
        case UpdatedSince(_):
            return {"updated_at"}
        case AnyOf(conditions) | AllOf(conditions):
            return {column for one in conditions for column in _columns(one)}
        case _:
            return set()


def _holds(  # noqa: PLR0911 - one case for each kind of condition
    condition: Condition, columns: Mapping[str, str], parameters: Parameters
) -> str:
    """A condition as an SQL expression; null when nothing is known.

    Args:
        condition: the condition; the words of a text stand in the column of the text's name.
        columns: the expression of each column.
        parameters: receives the values.
    """
    match condition:
        case HasWords(text, phrases):
            return _either(_fits(text, phrase, parameters) for phrase in phrases)
        case IsOneOf(column, values):
            return _is_one_of(column, columns[column], parameters.bind(list(values)))
        case HeadcountIn(intervals):
            return _either(_within(low, high, parameters) for low, high in intervals)
        case FoundedIn(intervals):
            return _either(_founded(low, high, parameters) for low, high in intervals)
        case UpdatedSince(day):
            return f"{columns['updated_at']} >= {parameters.bind(day)}"
        case IsThere(detail):
            return THERE[detail]
        case Employs(phrases):
            fitting = _either(_fits("words", phrase, parameters) for phrase in phrases)
            titles = f"select company_id, {words_sql('job_title')} as words from people"
            return f"c.id in (select company_id from ({titles}) where {fitting})"
        case AnyOf(conditions) | AllOf(conditions):
            join = _either if isinstance(condition, AnyOf) else _every
            return join(f"coalesce({_holds(one, columns, parameters)}, false)" for one in conditions)


def _fits(present: str, phrase: Phrase, parameters: Parameters) -> str:
    """Every term of a phrase is there, in one of its alternatives."""
    return _every(
        _either(
            _every(f"contains({present}, {parameters.bind(f' {word} ')})" for word in alternative)
            for alternative in term
        )
        for term in phrase
    )


def _is_one_of(column: str, name: str, values: str) -> str:
    """The column is, or holds, one of a list of values."""
    compared = compared_sql(column, name)
    if column in LISTS:
        return f"list_has_any({compared}, {values}::varchar[])"
    return f"list_contains({values}::varchar[], {compared})"


def _within(low: int, high: int | None, parameters: Parameters) -> str:
    """The headcount lies in a closed interval; where only the range is known, the whole range does."""
    inside = [name for name, (least, most) in HEADCOUNTS.items() if least >= low and at_most(most, high)]
    upper = "" if high is None else f" and c.headcount <= {parameters.bind(high)}"
    return (
        f"case when c.headcount is not null then c.headcount >= {parameters.bind(low)}{upper} "
        f"else list_contains({parameters.bind(inside)}::varchar[], c.headcount_range) end"
    )


def _founded(low: int | None, high: int | None, parameters: Parameters) -> str:
    """The year of founding lies in a closed interval; an unknown one in none."""
    ends = [("<=", high), (">=", low)]
    inside = [f"c.founded {sign} {parameters.bind(end)}" for sign, end in ends if end is not None]
    return _every(["c.founded is not null", *inside])


def at_most(most: int | None, high: int | None) -> bool:
    """Whether an upper end lies within another; None is open."""
    return high is None or (most is not None and most <= high)


def _extra(plan: Plan, parameters: Parameters) -> str:
    """How many different words of the ranked text nobody asked for."""
    asked = asked_words(plan)
    if not asked:
        return "0"
    known = parameters.bind(sorted(asked | STOP_WORDS | {""}))
    unasked = f"lambda word: not list_contains({known}::varchar[], word)"
    return f"len(list_filter(list_distinct(string_split({RANKED_BY[plan.kind]}, ' ')), {unasked}))"


def asked_words(plan: Plan) -> set[str]:
    """The words of the ranked text that a plan asks for."""
    return {word for one in plan.must for word in _asked_words(one, RANKED_BY[plan.kind])}


def _asked_words(condition: Condition, text: str) -> set[str]:
    """The words that a condition asks for in a text."""
    match condition:
        case HasWords(name, phrases) if name == text:
            return {
                word for phrase in phrases for term in phrase for alternative in term for word in alternative
            }
        case AnyOf(conditions) | AllOf(conditions):
            return {word for one in conditions for word in _asked_words(one, text)}
        case _:
            return set()


def _every(expressions: Iterable[str]) -> str:
    return f"({' and '.join(expressions)})"


def _either(expressions: Iterable[str]) -> str:
    return f"({' or '.join(expressions)})"

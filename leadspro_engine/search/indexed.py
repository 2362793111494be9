"""A ``Plan`` as a query of the text index: the same records in the same order as ``compile`` finds.

Where the order depends on words (relevance or completeness of a search that asks for words of the ranked
text), every document gets a score of whole numbers, with ``extra`` and ``gaps`` as in ``compile``: for
relevance ``8 * (longest - extra) + (7 - gaps)``, for completeness
``(longest + 1) * (7 - gaps) + (longest - extra)``. It is a sum of constant scores: one for the number of
words of the text, one for each asked word that it has, one for its gaps. Elsewhere a stored number sorts, see
``dataset.text``.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tantivy import FieldType, Occur, Query

from leadspro_engine.dataset.searchable import HEADCOUNTS, RANKED_BY
from leadspro_engine.dataset.text import repeated
from leadspro_engine.dataset.words import STOP_WORDS
from leadspro_engine.search.compile import asked_words, at_most
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
    from collections.abc import Iterable, Iterator, Sequence

    from tantivy import Schema

    from leadspro_engine.dataset.text import Facts, TextIndex
    from leadspro_engine.search.plan import Condition, Phrase, Plan

_MOST_GAPS = 7
_DAY_ZERO = dt.date(1, 1, 1)


def answers(plan: Plan) -> bool:
    """Whether the index can answer a plan: it knows nothing of who works at a company."""
    return not any(isinstance(one, Employs) for one in plan.must + plan.must_not)


def ids(
    index: TextIndex, plan: Plan, *, limit: int, offset: int = 0, hidden: Sequence[str] = ()
) -> tuple[int, list[str]]:
    """How many records fit a plan that ``answers`` accepts, and the ids of some in the plan's order.

    Args:
        index: of the snapshot.
        plan: what is searched for.
        limit: ids at the most.
        offset: how many to pass over.
        hidden: ids that must not be found.
    """
    schema = index.schema(plan.kind)
    asked = asked_words(plan)
    scored = bool(asked) and plan.sort != "recency"
    scores = _scores(schema, plan, asked - STOP_WORDS, index.facts[plan.kind]) if scored else ()
    unwanted = [_holds(schema, one) for one in plan.must_not]
    unwanted += [Query.term_set_query(schema, "id", list(hidden))] if hidden else []
    query = Query.boolean_query(
        [
            *((Occur.Must, Query.const_score_query(_holds(schema, one), 0.0)) for one in plan.must),
            *((Occur.MustNot, one) for one in unwanted),
            *((Occur.Should, one) for one in scores),
        ]
    )
    order = None if scored else "by_age" if plan.sort == "recency" else "by_gaps"
    return index.ids(plan.kind, query, limit=limit, offset=offset, order=order)


def _scores(schema: Schema, plan: Plan, asked: Iterable[str], facts: Facts) -> Iterator[Query]:
    """The parts of the score."""
    text = RANKED_BY[plan.kind]
    extra, gaps = (_MOST_GAPS + 1, 1) if plan.sort == "relevance" else (1, facts.size + 1)
    for size in range(facts.size + 1):
        yield _scored(Query.term_query(schema, "size", str(size)), extra * (facts.size - size))
    for lacking in range(_MOST_GAPS + 1):
        yield _scored(Query.term_query(schema, "gaps", str(lacking)), gaps * (_MOST_GAPS - lacking))
    for word in sorted(asked):
        for time in range(1, facts.repeats + 1):
            present = word if time == 1 else repeated(word, time)
            yield _scored(Query.term_query(schema, text, present), extra)


def _scored(query: Query, score: int) -> Query:
    return Query.const_score_query(query, float(score))


def _holds(  # noqa: PLR0911 - one case for each kind of condition
    schema: Schema, condition: Condition
) -> Query:
    """The documents for which a condition holds."""
    match condition:
        case HasWords(text, phrases):
            return _either(_fits(schema, text, phrase) for phrase in phrases)
        case IsOneOf(column, values):
            return Query.term_set_query(schema, column, list(values))
        case IsThere(detail):
            return Query.term_query(schema, "there", detail)
        case HeadcountIn(intervals):
            return _either(one for low, high in intervals for one in _within(schema, low, high))
        case FoundedIn(intervals):
            return _either(_between(schema, "founded", low, high) for low, high in intervals)
        case UpdatedSince(day):
            return _between(schema, "updated_at", (day - _DAY_ZERO).days, None)
        case AllOf(conditions):
            return _every(_holds(schema, one) for one in conditions)
        case AnyOf(conditions):
            return _either(_holds(schema, one) for one in conditions)
        case Employs():
            raise AssertionError("the index does not answer this, see `answers`")


def _fits(schema: Schema, text: str, phrase: Phrase) -> Query:
    """Every term of a phrase is there, in one of its alternatives."""
    return _every(
        _either(_every(Query.term_query(schema, text, word) for word in alternative) for alternative in term)
        for term in phrase
    )


def _within(schema: Schema, low: int, high: int | None) -> Iterator[Query]:
    """The headcount lies in a closed interval; where only the range is known, the whole range does."""
    yield _between(schema, "headcount", low, high)
    inside = [name for name, (least, most) in HEADCOUNTS.items() if least >= low and at_most(most, high)]
    if inside:
        yield Query.term_set_query(schema, "headcount_range", inside)


def _between(schema: Schema, field: str, low: int | None, high: int | None) -> Query:
    """A number lies in a closed interval; an end of None is open."""
    return Query.range_query(schema, field, FieldType.Unsigned, low or 0, high)


def _every(queries: Iterable[Query]) -> Query:
    return _joined(Occur.Must, queries)


def _either(queries: Iterable[Query]) -> Query:
    return _joined(Occur.Should, queries)


def _joined(occur: Occur, queries: Iterable[Query]) -> Query:
    listed = list(queries)
    return listed[0] if len(listed) == 1 else Query.boolean_query([(occur, one) for one in listed])

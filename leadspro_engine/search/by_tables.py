"""A search answered by SQL over the tables: slow, and the judge of what the search index answers."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from leadspro_engine import sql
from leadspro_engine.dataset.words import words_sql
from leadspro_engine.search import facets
from leadspro_engine.search.asking import Answer
from leadspro_engine.search.compile import ORDERS, Parameters, found

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from leadspro_engine.search.asking import Snapshot, Wanted
    from leadspro_engine.search.cursor import Place

_PAGE = """
with {found}, page as (
  select id, {first} as first, {second} as second
  from found{behind} order by first, second, id limit {limit}
)
select counted.total, page.id
from (select count(*) as total from found) as counted left join page on true
order by page.first, page.second, page.id"""


def answer(dataset: Snapshot, wanted: Wanted) -> Answer:
    """What a search finds."""
    parameters, plan = Parameters(), wanted.plan
    first, second = ORDERS[plan.sort]
    text = _PAGE.format(
        found=found(plan, parameters, hidden=wanted.hidden.ids),
        first=first,
        second=second,
        behind=_behind(wanted.behind, (first, second), parameters),
        limit=parameters.bind(wanted.limit),
    )
    rows = sql.rows(dataset.cursor(), f"search {plan.kind}", text, parameters)
    return Answer(
        rows[0][0],
        [one for _, one in rows if one is not None],
        facets.by_tables(dataset.cursor(), plan, wanted.facets, wanted.hidden.ids) if wanted.facets else None,
    )


class TitleWords:
    """The words of job titles, see ``corrections.TitleWords``."""

    def __init__(self, con: DuckDBPyConnection) -> None:
        self._con = con

    @cached_property
    def _counted(self) -> dict[str, int]:
        """Every word with the number of people who have it in their title."""
        text = f"""
            select word, count(distinct id)
            from (select id, unnest(string_split({words_sql("job_title")}, ' ')) as word from people)
            where word <> '' group by word"""
        return dict(sql.rows(self._con, "count the words of titles", text))

    def number(self, word: str) -> int:
        """How many people have a title with this word."""
        return self._counted.get(word, 0)

    def near(self, word: str) -> list[str]:
        """The words one slip away."""
        return [one for one in self._counted if OSA.distance(word, one, score_cutoff=1) == 1]


def _behind(place: Place | None, order: tuple[str, str], parameters: Parameters) -> str:
    """The condition that rows stand behind a place."""
    if place is None:
        return ""
    first, second, entity = (parameters.bind(value) for value in (place.first, place.second, place.id))
    return f"\n  where ({order[0]}, {order[1]}, id) > ({first}, {second}, {entity})"

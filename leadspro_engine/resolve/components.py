"""Scored pairs as components: which records hang together, and which of them agree among themselves.

Most components are two or three records of which every pair speaks for one entity; they need no weighing
against each other and never leave the engine. What remains is small enough to be clustered record by record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine import sql
from leadspro_engine.resolve.large import LARGE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def make_components(con: DuckDBPyConnection, cut: float) -> None:
    """Make ``edges(a, b, bits)``, bits relative to the cut, and ``components(n, component)`` of positive.

    A component is called by its smallest record; records without a pair above 0 are left out. Pairs that
    somebody called one (``judged(a, b, same)``) hang together whatever they say.
    """
    edges = f"select a, b, bits - ({cut!r}) as bits from evidence where a <> b"
    sql.run(con, "edges", f"create or replace table edges as {edges}")
    sql.run(con, "links", _LINKS)
    sql.run(con, "components", _SINGLE)
    while sql.number(con, "larger components", _UNSETTLED):
        sql.run(con, "components", _JOINED)
        sql.run(con, "components", _JUMPED)


_LINKS = """
create or replace table links as
select a as n, b as other from edges where bits > 0
union all
select b, a from edges where bits > 0
union all
select unnest([a, b]), unnest([b, a]) from judged where same
"""

_SINGLE = "create or replace table components as select distinct n, n as component from links"

_UNSETTLED = """
select count(*) from links l
join components x on x.n = l.n join components y on y.n = l.other where x.component > y.component
"""

_JOINED = """
create or replace table components as
select c.n, least(c.component, min(o.component)) as component
from components c join links l on l.n = c.n join components o on o.n = l.other group by c.n, c.component
"""
"""Each record takes the smallest name among its own and its neighbors'."""

_JUMPED = """
create or replace table components as
select c.n, h.component from components c join components h on h.n = c.component
"""
"""And then the name that the record of that name has now, so that long chains shorten by half."""


def settle(con: DuckDBPyConnection, once: str) -> None:
    """Make ``settled(n, head)``: the records of components of which every pair is seen and speaks for one.

    Components that a verdict touches are left out, and those with two records of one source among the
    records of ``once(n, source)``, of which a cluster may hold one a source.
    """
    sql.run(con, "settled components", _SETTLED.format(once=once))


_SETTLED = """
create or replace table settled as
with sizes as (select component, count(*) as size from components group by component),
seen as (
  select x.component, count(*) as pairs, min(bits) as least
  from edges e join components x on x.n = e.a join components y on y.n = e.b and y.component = x.component
  group by x.component
),
touched as (
  select component from components where n in (select unnest([a, b]) from judged)
  union all
  select component from components join {once} o using (n) group by component, o.source having count(*) > 1
)
select c.n, c.component as head
from components c join sizes using (component) join seen using (component)
where pairs = size * (size - 1) // 2 and least > 0 and component not in (from touched)
"""

OPEN_EDGES = """
select a, b, bits from edges e
join components x on x.n = e.a join components y on y.n = e.b and y.component = x.component
where e.a not in (select n from settled)
order by a, b
"""
"""The pairs, for and against, within the components that are not settled."""

LARGE_COMPONENTS = f"""
select n from components
semi join (select component from components group by component having count(*) > {LARGE}) using (component)
where n not in (select n from settled)
"""
"""The records of components of more than ``LARGE`` records that are not settled."""

"""Which source record's value an entity keeps, field by field, and why the others lost.

A *claim* is one source record's value for one field of an entity. The claims of a field are ranked by the
field's rule; the first one wins, and each loser is written down with the first criterion on which it lost.

| rule | order of criteria |
| --- | --- |
| agreed | most complete, most sources that say the same, most trusted source, newest |
| newest | most complete, newest, most sources that say the same, most trusted source |

Ties are broken by ``record_id``. Of fields with many values all are kept (``keep``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from leadspro_engine import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

RULES: dict[str, tuple[str, ...]] = {
    "agreed": ("completeness", "agreement", "trust", "observed_at"),
    "newest": ("completeness", "observed_at", "agreement", "trust"),
}
"""The criteria of each rule, strongest first; a greater value is better."""

REASONS = {
    "completeness": "less complete",
    "agreement": "fewer sources agree",
    "trust": "less trusted source",
    "observed_at": "older",
}
"""How losing on a criterion is called in the lineage."""


class Field(Struct, frozen=True):
    """One field of an entity that a single source record decides.

    Attributes:
        name: name in the lineage.
        value: SQL expression over a source record; null makes no claim.
        rule: a key of ``RULES``.
        completeness: SQL expression, an integer; how much of the field the record fills.
    """

    name: str
    value: str
    rule: Literal["agreed", "newest"]
    completeness: str = "0"


class Kept(Struct, frozen=True):
    """One field of an entity that keeps the values of all its records.

    Attributes:
        name: name in the lineage.
        values: list column of a source record.
        same: SQL expression over ``value``: values that are equal in it are one, shown in the shortest form.
    """

    name: str
    values: str
    same: str = "value"


def location(rule: Literal["agreed", "newest"]) -> Field:
    """The place of an entity: the record with the most of city, region and country decides."""
    parts = ("city", "region", "country")
    filled = " + ".join(f"({part} is not null)::int" for part in parts)
    return Field("location", f"nullif(concat_ws(', ', {', '.join(parts)}), '')", rule, filled)


def winners_sql(kind: str, fields: Sequence[Field]) -> str:
    """A statement: ``<kind>_winners`` has, for each entity, the record that decided each field."""
    columns = ",\n".join(
        f"  max(case when field = '{field.name}' then record_id end) as {field.name}_record"
        for field in fields
    )
    return f"""
create or replace temp table {kind}_winners as
select entity_id,
{columns}
from {kind}_lineage where chosen group by entity_id;
"""


def keep(con: DuckDBPyConnection, fields: Sequence[Kept], *, records: str, lineage: str) -> None:
    """Add the values of fields that keep all of them to the lineage table, each with the record that has it.

    A value that is shown in another's form (``ada+news@acme.com`` as ``ada@acme.com``) is not chosen.
    """
    for field in fields:
        text = _KEPT.format(name=field.name, values=field.values, same=field.same, records=records)
        sql.run(con, f"keep {field.name}", f"insert into {lineage}\n{text}")


_KEPT = """
select entity_id, '{name}', value, record_id, source, observed_at, value = shown,
  case when value = shown then 'kept: every value' else 'same as ' || shown end
from (
  select *, first(value) over (partition by entity_id, {same} order by len(value), value) as shown
  from (
    select entity_id, record_id, source, observed_at, unnest(list_distinct({values})) as value from {records}
  )
)
"""


def choose(con: DuckDBPyConnection, fields: Sequence[Field], *, records: str, lineage: str) -> None:
    """Make the lineage table: every claim, chosen or not, with the reason.

    Args:
        con: a workbench.
        fields: what to decide.
        records: table of source records with ``entity_id, record_id, source, observed_at, trust``.
        lineage: name of the table to make: ``entity_id, field, value, record_id, source, observed_at, chosen,
            reason``, unique by entity_id, field, record_id.
    """
    claims = "\nunion all\n".join(
        f"select entity_id, '{field.name}' as field, '{field.rule}' as rule, {field.value} as value, "
        f"record_id, source, observed_at, trust, {field.completeness} as completeness from {records}"
        for field in fields
    )
    sql.run(
        con,
        "claims",
        f"create or replace temp table claims as select * from ({claims}) where value is not null",
    )
    sql.run(con, "agreement", _AGREEMENT)
    sql.run(con, "lineage", _lineage_sql(lineage))


_AGREEMENT = """
create or replace temp table agreed_claims as
select c.*, a.agreement
from claims c join (
  select entity_id, field, value, count(distinct source) as agreement
  from claims group by entity_id, field, value
) a using (entity_id, field, value)
"""


def _lineage_sql(table: str) -> str:
    """Rank the claims of each field and say on which criterion each loser lost."""
    order = ", ".join(
        f"case when rule = '{rule}' then {criterion} end desc nulls last"
        for rule, criteria in RULES.items()
        for criterion in criteria
    )
    lost = "\n".join(
        f"    when c.rule = '{rule}' and c.{criterion} is distinct from w.{criterion} "
        f"then '{REASONS[criterion]}'"
        for rule, criteria in RULES.items()
        for criterion in criteria
    )
    return f"""
create or replace table {table} as
with ranked as (
  select *, row_number() over (partition by entity_id, field order by {order}, record_id) as place
  from agreed_claims
)
select c.entity_id, c.field, c.value, c.record_id, c.source, c.observed_at, c.place = 1 as chosen,
  case
    when c.place = 1 then 'chosen: ' || c.rule
    when c.value = w.value then 'same value'
{lost}
    else 'tie, later record id'
  end as reason
from ranked c join ranked w on w.entity_id = c.entity_id and w.field = c.field and w.place = 1
"""

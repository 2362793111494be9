"""Golden people: name, job and place decided field by field; addresses, numbers and employers all kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leadspro_engine import sql
from leadspro_engine.normalize.record import PERSON_SCHEMA
from leadspro_engine.resolve.survivorship import Field, Kept, choose, keep, location, winners_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PERSON_FIELDS = (
    Field(
        "name",
        "full_name",
        "agreed",
        "(len(coalesce(given_key, '')) > 1)::int + (len(coalesce(family_key, '')) > 1)::int",
    ),
    Field("job_title", "title", "newest"),
    Field("company", "company_id", "newest"),
    Field("linkedin", "linkedin", "agreed"),
    location("newest"),
)
"""The fields of a person that one record decides: current job and place by the newest record."""

_UNTAGGED = "regexp_replace(value, '[+][^@]*@', '@')"

KEPT = (Kept("email", "emails", _UNTAGGED), Kept("phone", "phones"), Kept("skill", "skills"))
"""The fields of which a person keeps every value; an address with a tag is one with that without."""


def make_people(con: DuckDBPyConnection) -> None:
    """Make ``people``, ``people_features``, ``employers`` and ``person_lineage`` of ``person_members``."""
    choose(con, PERSON_FIELDS, records="person_members", lineage="person_lineage")
    sql.run(con, "person contacts", _CONTACTS)
    sql.run(con, "people", winners_sql("person", PERSON_FIELDS) + _PEOPLE)
    sql.run(con, "people features", _features_sql())
    sql.run(con, "employers", _EMPLOYERS)
    keep(con, KEPT, records="person_members", lineage="person_lineage")


def _features_sql() -> str:
    """What matching compares.

    Lists are united over a person's records, names are those of the record that gave the golden name, any
    other value is that of the most trusted record that has one.
    """
    names = list(PERSON_SCHEMA)
    columns = names[names.index("given_key") : names.index("company_record_id")]
    parts = []
    for column in columns:
        if PERSON_SCHEMA[column] == pl.List(pl.String()):
            parts.append(f"list_sort(list_distinct(flatten(list({column})))) as {column}")
        elif column in ("given_key", "middle_key", "family_key", "name_key"):
            parts.append(f"max(case when record_id = name_record then {column} end) as {column}")
        else:
            best = "order by trust desc, observed_at desc nulls last, record_id"
            known = f"filter (where {column} is not null)"
            parts.append(f"first({column} {best}) {known} as {column}")
    listed = ",\n  ".join(parts)
    return f"""
create or replace table people_features as
select entity_id as id,
  {listed}
from person_members left join person_winners using (entity_id) group by entity_id
"""


_EMPLOYERS = """
create or replace table employers as
select entity_id as person_id, company_id,
  first(title order by observed_at desc nulls last, record_id) filter (where title is not null) as job_title,
  min(observed_at) as first_seen, max(observed_at) as last_seen, count(*) as records
from person_members where company_id is not null group by entity_id, company_id
"""

_CONTACTS = """
create or replace temp table person_emails as
select entity_id, list(
  struct_pack(address := address, type := type, first_seen := first_seen, last_seen := last_seen)
  order by type <> 'professional', type <> 'personal', last_seen desc nulls last, records desc, address
) as emails
from (
  select entity_id, first(e.address order by len(e.address), e.address) as address,
    first(coalesce(t.name, 'professional') order by len(e.address), e.address) as type,
    min(observed_at) as first_seen, max(observed_at) as last_seen, count(*) as records
  from (select entity_id, unnest(emails) as address, observed_at from person_members) e
  left join email_types t on t.value = e.address
  group by entity_id, regexp_replace(e.address, '[+][^@]*@', '@')
)
group by entity_id;

create or replace temp table person_phones as
select entity_id, list(
  struct_pack(number := number, type := type, first_seen := first_seen, last_seen := last_seen)
  order by last_seen desc nulls last, records desc, number
) as phones
from (
  select entity_id, number, coalesce(t.name, 'other') as type, min(observed_at) as first_seen,
    max(observed_at) as last_seen, count(*) as records
  from (select entity_id, unnest(phones) as number, observed_at from person_members) e
  left join phone_types t on t.value = e.number
  group by entity_id, number, t.name
)
group by entity_id
"""

_PEOPLE = """
create or replace table people as
select m.entity_id as id, n.full_name, n.given_name as first_name, n.family_name as last_name,
  j.title as job_title, j.department, j.management_level,
  coalesce(e.emails, []) as emails, coalesce(p.phones, []) as phones,
  li.linkedin, 'https://www.linkedin.com/in/' || li.linkedin as linkedin_url,
  struct_pack(city := l.city, region := l.region, country := country_names.name, country_code := l.country)
    as location,
  m.skills, m.updated_at, c.company_id
from (
  select entity_id, max(observed_at) as updated_at, list_sort(list_distinct(flatten(list(skills)))) as skills
  from person_members group by entity_id
) m
left join person_winners w using (entity_id)
left join person_members n on n.record_id = w.name_record
left join person_members j on j.record_id = w.job_title_record
left join person_members li on li.record_id = w.linkedin_record
left join person_members l on l.record_id = w.location_record
left join country_names on country_names.value = l.country
left join person_members c on c.record_id = w.company_record
left join person_emails e using (entity_id)
left join person_phones p using (entity_id)
"""

"""Entities from clusters: golden people and companies, the identifiers that lead to them, and their lineage.

Fields that one record decides are chosen by ``survivorship``; e-mails, phones, skills and technologies are
kept from all records, with the first and last day they were seen.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.normalize import email, headcount, phone, place
from leadspro_engine.normalize.record import PERSON_SCHEMA
from leadspro_engine.resolve.survivorship import Field, choose

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

TRUSTED = 0.9
"""From this trust on, one source alone can verify a company's name and domain."""

_LOCATION = "concat_ws(', ', city, region, country)"
_LOCATION_PARTS = "(city is not null)::int + (region is not null)::int + (country is not null)::int"

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
    Field("location", f"nullif({_LOCATION}, '')", "newest", _LOCATION_PARTS),
)
"""The fields of a person that one record decides: current job and place by the newest record."""

COMPANY_FIELDS = (
    Field("name", "name", "agreed", "2 * spelled_so + (name <> upper(name))::int"),
    Field("domain", "domains[1]", "agreed"),
    Field("website", "website", "agreed"),
    Field("linkedin", "linkedin", "agreed"),
    Field("industry", "industry", "agreed"),
    Field("headcount", "headcount_low || '-' || coalesce(headcount_high::varchar, '')", "newest"),
    Field("founded", "founded::varchar", "agreed"),
    Field("company_status", "company_status", "newest"),
    Field("location", f"nullif({_LOCATION}, '')", "agreed", _LOCATION_PARTS),
)
"""The fields of a company that one record decides. Its name is spelled as most rows spell it, mentions by
people included, and rather not in capitals."""


class Merged(Struct, frozen=True):
    """How many rows merging wrote."""

    people: int
    companies: int
    identifiers: int
    lineage: int


def merge(work: Path) -> Merged:
    """Write the entities of a refresh into its work folder.

    Reads ``people_records``, ``company_records``, ``people_clusters`` and ``company_clusters`` (Parquet);
    writes ``companies``, ``people``, ``people_features``, ``identifiers`` and ``lineage``, sorted by key.
    """
    with closing(sql.workbench(spill=work)) as con:
        return _merge(con, work)


def _merge(con: DuckDBPyConnection, work: Path) -> Merged:
    """The steps of ``merge`` in one workbench."""
    for table in ("people_records", "company_records", "people_clusters", "company_clusters"):
        sql.read_parquet(con, table, work / f"{table}.parquet")
    sql.run(con, "company members", _COMPANY_MEMBERS)
    sql.run(con, "person members", _PERSON_MEMBERS)
    choose(con, COMPANY_FIELDS, records="company_members", lineage="company_lineage")
    choose(con, PERSON_FIELDS, records="person_members", lineage="person_lineage")
    _lookups(con)
    sql.run(con, "verified companies", _VERIFIED)
    sql.run(con, "companies", _winners("company", COMPANY_FIELDS) + _COMPANIES)
    sql.run(con, "person contacts", _CONTACTS)
    sql.run(con, "people", _winners("person", PERSON_FIELDS) + _PEOPLE)
    sql.run(con, "people features", _features_sql())
    sql.run(con, "identifiers", _IDENTIFIERS)
    _write(con, work, "people_features", "select * from people_features order by id")
    lineage = "select * from company_lineage union all select * from person_lineage"
    return Merged(
        people=_write(con, work, "people", "select * from people order by id"),
        companies=_write(con, work, "companies", "select * from companies order by id"),
        identifiers=_write(con, work, "identifiers", "select * from identifiers order by kind, key, id"),
        lineage=_write(con, work, "lineage", f"{lineage} order by entity_id, field, record_id"),
    )


def _write(con: DuckDBPyConnection, work: Path, name: str, query: str) -> int:
    """Write a query to the work folder; returns the number of rows."""
    return sql.write_parquet(con, query, work / f"{name}.parquet", step=f"write {name}")


def _winners(kind: str, fields: Sequence[Field]) -> str:
    """The head of a statement: ``winners`` has, for each entity, the record that decided each field."""
    columns = ",\n".join(
        f"  max(case when field = '{field.name}' then record_id end) as {field.name}_record"
        for field in fields
    )
    return f"""
create or replace temp view {kind}_winners as
select entity_id,
{columns}
from {kind}_lineage where chosen group by entity_id;
"""


def _lookups(con: DuckDBPyConnection) -> None:
    """Small tables of what normalization says of the distinct values."""
    countries = "select country from person_members union select country from company_members"
    _lookup(con, "country_names", countries, place.country_name)
    _lookup(con, "email_types", "select distinct unnest(emails) as value from person_members", _email_type)
    _lookup(con, "phone_types", "select distinct unnest(phones) as value from person_members", _phone_type)
    _lookup(
        con,
        "headcount_ranges",
        "select distinct headcount_low as value from company_members",
        lambda low: headcount.bucket(int(low)),
    )


def _lookup(con: DuckDBPyConnection, table: str, query: str, name: Callable[[str], str | None]) -> None:
    """Make ``table(value, name)`` of what a function says of each distinct value of a query."""
    values = [value for (value,) in sql.rows(con, f"values of {table}", query) if value is not None]
    names = pl.Series([name(value) for value in values], dtype=pl.String)
    frame = pl.DataFrame({"value": values, "name": names})
    con.register(f"{table}_frame", frame.to_arrow())
    sql.run(con, table, f"create or replace temp table {table} as select * from {table}_frame")


def _email_type(address: str) -> str | None:
    """The kind of mailbox behind a canonical address."""
    parsed = email.parse(address)
    return email.kind(parsed) if parsed is not None else None


def _phone_type(number: str) -> str | None:
    """The kind of line behind an E.164 number."""
    parsed = phone.parse(number)
    return parsed.type if parsed is not None else None


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


_COMPANY_MEMBERS = """
create or replace temp table company_members as
select c.entity_id, r.*,
  sum(greatest(mentions, 1)) over (partition by c.entity_id, r.name_key) as spelled_so
from company_records r join company_clusters c using (record_id)
"""

_PERSON_MEMBERS = """
create or replace temp table person_members as
select p.entity_id, r.*, c.entity_id as company_id
from people_records r
join people_clusters p using (record_id)
left join company_clusters c on c.record_id = r.company_record_id
"""

_VERIFIED = f"""
create or replace temp table verified as
with says as (
  select entity_id, name_key, unnest(domains) as domain, source, trust
  from company_members where mentions = 0
  union all
  select m.entity_id, m.name_key, unnest(m.domains), p.source, 0
  from company_members m join people_records p on p.company_record_id = m.record_id
  where m.mentions > 0
)
select distinct entity_id
from says where name_key is not null
group by entity_id, name_key, domain
having count(distinct source) >= 2 or max(trust) >= {TRUSTED}
"""

_COMPANIES = """
create or replace table companies as
select w.entity_id as id, n.name, d.domains[1] as domain,
  coalesce(web.website, 'https://' || d.domains[1]) as website,
  ind.industry,
  case when h.headcount_low = h.headcount_high then h.headcount_low end as headcount,
  ranges.name as headcount_range,
  coalesce(t.technologies, []) as technologies,
  struct_pack(city := l.city, region := l.region, country := country_names.name, country_code := l.country)
    as location,
  case
    when s.company_status = 'inactive' then 'inactive'
    when v.entity_id is not null then 'verified'
    else 'unverified'
  end as status,
  li.linkedin, f.founded, m.updated_at
from company_winners w
left join company_records n on n.record_id = w.name_record
left join company_records d on d.record_id = w.domain_record
left join company_records web on web.record_id = w.website_record
left join company_records ind on ind.record_id = w.industry_record
left join company_records h on h.record_id = w.headcount_record
left join headcount_ranges ranges on ranges.value = h.headcount_low
left join company_records l on l.record_id = w.location_record
left join country_names on country_names.value = l.country
left join company_records s on s.record_id = w.company_status_record
left join company_records li on li.record_id = w.linkedin_record
left join company_records f on f.record_id = w.founded_record
left join verified v using (entity_id)
left join (
  select entity_id, list_sort(list_distinct(flatten(list(technologies)))) as technologies
  from company_members group by entity_id
) t using (entity_id)
left join (
  select entity_id, max(observed_at) as updated_at from company_members group by entity_id
) m using (entity_id)
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
left join people_records n on n.record_id = w.name_record
left join people_records j on j.record_id = w.job_title_record
left join people_records li on li.record_id = w.linkedin_record
left join people_records l on l.record_id = w.location_record
left join country_names on country_names.value = l.country
left join person_members c on c.record_id = w.company_record
left join person_emails e using (entity_id)
left join person_phones p using (entity_id)
"""

_IDENTIFIERS = """
create or replace table identifiers as
select kind, key, id, count(distinct record_id) as records
from (
  select 'email' as kind, unnest(email_keys) as key, entity_id as id, record_id from person_members
  union all
  select 'email_sha256', sha256(address), entity_id, record_id
  from (select entity_id, record_id, unnest(emails) as address from person_members)
  union all
  select 'email_md5', md5(address), entity_id, record_id
  from (select entity_id, record_id, unnest(emails) as address from person_members)
  union all
  select 'phone', unnest(phones), entity_id, record_id from person_members
  union all
  select 'linkedin', linkedin, entity_id, record_id from person_members
  union all
  select 'name_domain', given_key || ' ' || family_key || '|' || domain, entity_id, record_id
  from (select *, unnest(domains) as domain from person_members)
  union all
  select 'name_company', given_key || ' ' || family_key || '|' || company_key, entity_id, record_id
  from (select *, unnest(company_keys) as company_key from person_members)
  union all
  select 'company_domain', unnest(domains), entity_id, record_id from company_members
  union all
  select 'company_linkedin', linkedin, entity_id, record_id from company_members
  union all
  select 'company_name', name_key, entity_id, record_id from company_members
)
where key is not null and key <> ''
group by kind, key, id
"""

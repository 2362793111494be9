"""Golden companies: what their rows and the people who name them say, decided field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine import sql
from leadspro_engine.resolve.survivorship import Field, Kept, choose, keep, location, winners_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TRUSTED = 0.9
"""From this trust on, one source alone can verify a company's name and domain."""

COMPANY_FIELDS = (
    Field("name", "name", "agreed", "2 * spelled_so + (name <> upper(name))::int"),
    Field("domain", "domains[1]", "agreed"),
    Field("website", "website", "agreed"),
    Field("linkedin", "linkedin", "agreed"),
    Field("industry", "industry", "agreed"),
    Field("headcount", "headcount_low || '-' || coalesce(headcount_high::varchar, '')", "newest"),
    Field("founded", "founded::varchar", "agreed"),
    Field("company_status", "company_status", "newest"),
    location("agreed"),
)
"""The fields of a company that one record decides. Its name is spelled as most rows spell it, mentions by
people included, and rather not in capitals."""

KEPT = (Kept("technology", "technologies"), Kept("phone", "phones"))
"""The fields of which a company keeps every value."""


def make_companies(con: DuckDBPyConnection) -> None:
    """Make ``companies`` and ``company_lineage`` of ``company_members`` and the look-ups of ``merge``.

    Every company has a row, one of which no more than a telephone number is known too.
    """
    choose(con, COMPANY_FIELDS, records="company_members", lineage="company_lineage")
    sql.run(con, "verified companies", _VERIFIED)
    sql.run(con, "companies", winners_sql("company", COMPANY_FIELDS) + _COMPANIES)
    keep(con, KEPT, records="company_members", lineage="company_lineage")


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
select m.entity_id as id, n.name, d.domains[1] as domain,
  coalesce(web.website, 'https://' || d.domains[1]) as website,
  ind.industry,
  case when h.headcount_low = h.headcount_high then h.headcount_low end as headcount,
  ranges.name as headcount_range,
  m.technologies as technologies,
  struct_pack(city := l.city, region := l.region, country := country_names.name, country_code := l.country)
    as location,
  case
    when s.company_status = 'inactive' then 'inactive'
    when v.entity_id is not null then 'verified'
    else 'unverified'
  end as status,
  li.linkedin, f.founded, m.updated_at
from (
  select entity_id, max(observed_at) as updated_at,
    list_sort(list_distinct(flatten(list(technologies)))) as technologies
  from company_members group by entity_id
) m
left join company_winners w using (entity_id)
left join company_members n on n.record_id = w.name_record
left join company_members d on d.record_id = w.domain_record
left join company_members web on web.record_id = w.website_record
left join company_members ind on ind.record_id = w.industry_record
left join company_members h on h.record_id = w.headcount_record
left join headcount_ranges ranges on ranges.value = h.headcount_low
left join company_members l on l.record_id = w.location_record
left join country_names on country_names.value = l.country
left join company_members s on s.record_id = w.company_status_record
left join company_members li on li.record_id = w.linkedin_record
left join company_members f on f.record_id = w.founded_record
left join verified v using (entity_id)
"""

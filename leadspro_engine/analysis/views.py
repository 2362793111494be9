"""The views that analysts query: flat, without anybody who asked not to be shown, each column explained.

``docs/sql.md`` shows the same table; a test holds the two together. The tables of the snapshot are read under
the name ``snapshot.main``, the ids of hidden people and the hashes they asked for under ``kept.main``: both
are in catalogs that ``admit`` lets no query name.
"""

from __future__ import annotations

from msgspec import Struct


class View(Struct, frozen=True):
    """One view.

    Attributes:
        name: what a query calls it.
        meaning: what one row is.
        columns: name -> SQL expression and meaning, in their order.
        rows: what the expressions are computed over, as the inside of a ``from`` clause and what follows.
    """

    name: str
    meaning: str
    columns: dict[str, tuple[str, str]]
    rows: str

    @property
    def sql(self) -> str:
        """The statement that makes the view."""
        shown = ",\n  ".join(f'{text} as "{name}"' for name, (text, _) in self.columns.items())
        return f"create view {self.name} as select\n  {shown}\nfrom {self.rows}"


_SHOWN = "not exists (from kept.main.hidden as h where h.id = {})"
_PEOPLE = f"(from snapshot.main.people as one where {_SHOWN.format('one.id')}) as p"


def _numbered(column: str) -> str:
    """A row for each element of a list of people: ``id``, ``one`` and its ``place``, counted from 1."""
    return f"""(
  select p.id, unnest(p.{column}) as one, unnest(range(1, len(p.{column}) + 1)) as place
  from {_PEOPLE}
)"""


VIEWS: tuple[View, ...] = (
    View(
        "people",
        "one row a person",
        {
            "id": ("p.id", "stable id of the person"),
            "full_name": ("p.full_name", "as the person is called"),
            "first_name": ("p.first_name", "given name"),
            "last_name": ("p.last_name", "family name"),
            "job_title": ("p.job_title", "present title, tidied"),
            "department": ("p.department", "what the work is about, 24 values"),
            "management_level": ("p.management_level", "how high it stands, 10 values"),
            "email": ("p.emails[1].address", "best e-mail address; all are in `emails`"),
            "email_type": ("p.emails[1].type", "`professional`, `personal`, `role` or `disposable`"),
            "phone": ("p.phones[1].number", "best number in E.164; all are in `phones`"),
            "linkedin_url": ("p.linkedin_url", "address of the profile"),
            "city": ("p.location.city", "English name"),
            "region": ("p.location.region", "state or province"),
            "country": ("p.location.country", "English name"),
            "country_code": ("p.location.country_code", "ISO 3166-1 alpha-2"),
            "company_id": ("p.company_id", "id of the employer, in `companies`"),
            "company_name": ("c.name", "name of the employer"),
            "company_domain": ("c.domain", "domain of the employer"),
            "skill_count": ("len(p.skills)", "how many rows of `skills` are the person's"),
            "updated_at": ("p.updated_at", "latest day on which a source had the person"),
        },
        f"{_PEOPLE} left join snapshot.main.companies as c on c.id = p.company_id",
    ),
    View(
        "companies",
        "one row a company",
        {
            "id": ("c.id", "stable id of the company"),
            "name": ("c.name", "display name"),
            "domain": ("c.domain", "registrable domain"),
            "website": ("c.website", "address of the site"),
            "industry": ("c.industry", "one of 147 names, or the source's words"),
            "headcount": ("c.headcount", "number of employees, where a source tells it"),
            "headcount_range": ("c.headcount_range", "`1-10` to `10001+`"),
            "city": ("c.location.city", "English name"),
            "region": ("c.location.region", "state or province"),
            "country": ("c.location.country", "English name"),
            "country_code": ("c.location.country_code", "ISO 3166-1 alpha-2"),
            "status": ("c.status", "`verified`, `unverified` or `inactive`"),
            "linkedin": ("c.linkedin", "slug of the company's page"),
            "founded": ("c.founded", "year"),
            "technology_count": ("len(c.technologies)", "how many rows of `technologies` are the company's"),
            "updated_at": ("c.updated_at", "latest day on which a source had the company"),
        },
        "snapshot.main.companies as c",
    ),
    View(
        "emails",
        "one row an e-mail address of a person",
        {
            "person_id": ("id", "id of the person"),
            "position": ("place", "1 is the best address"),
            "address": ("one.address", "canonical address"),
            "domain": ("split_part(one.address, '@', 2)", "what stands behind the @"),
            "type": ("one.type", "`professional`, `personal`, `role` or `disposable`"),
            "first_seen": ("one.first_seen", "first day on which a source had it"),
            "last_seen": ("one.last_seen", "last day on which a source had it"),
        },
        _numbered("emails"),
    ),
    View(
        "phones",
        "one row a telephone number of a person",
        {
            "person_id": ("id", "id of the person"),
            "position": ("place", "1 is the best number"),
            "number": ("one.number", "E.164"),
            "type": (
                "one.type",
                "`mobile`, `fixed_line`, `fixed_line_or_mobile`, `toll_free`, `voip`, `other`",
            ),
            "first_seen": ("one.first_seen", "first day on which a source had it"),
            "last_seen": ("one.last_seen", "last day on which a source had it"),
        },
        _numbered("phones"),
    ),
    View(
        "skills",
        "one row a skill of a person",
        {
            "person_id": ("p.id", "id of the person"),
            "skill": ("unnest(p.skills)", "canonical spelling"),
        },
        _PEOPLE,
    ),
    View(
        "technologies",
        "one row a technology that a company uses",
        {
            "company_id": ("c.id", "id of the company"),
            "technology": ("unnest(c.technologies)", "its maker's spelling"),
        },
        "snapshot.main.companies as c",
    ),
    View(
        "employers",
        "one row an employer of a person, present or past",
        {
            "person_id": ("e.person_id", "id of the person"),
            "company_id": ("e.company_id", "id of the company"),
            "job_title": ("e.job_title", "title there"),
            "first_seen": ("e.first_seen", "first day on which a source said so"),
            "last_seen": ("e.last_seen", "last day on which a source said so"),
            "records": ("e.records", "how many source records say so"),
        },
        f"snapshot.main.employers as e where {_SHOWN.format('e.person_id')}",
    ),
    View(
        "lineage",
        "one row a claim of a source about a person or company, those that lost included",
        {
            "entity_id": ("l.entity_id", "id of the person or company"),
            "field": ("l.field", "what the claim is about, such as `job_title`"),
            "value": ("l.value", "what is claimed, canonical"),
            "record_id": ("l.record_id", "source record that claims it"),
            "source": ("l.source", "name of the source"),
            "observed_at": ("l.observed_at", "day of the claim"),
            "chosen": ("l.chosen", "whether the golden record has it"),
            "reason": ("l.reason", "why it won, or the criterion on which it lost"),
        },
        f"""snapshot.main.lineage as l
where {_SHOWN.format("l.entity_id")}
  and (l.field not in ('email', 'phone', 'linkedin')
       or not exists (from kept.main.hashes as h where h.hash = sha256(l.field || ':' || l.value)))""",
    ),
    View(
        "id_changes",
        "one row an id of an earlier snapshot and where its records went",
        {
            "old_id": ("i.old_id", "the former id"),
            "new_id": ("i.new_id", "its successor; null when it is gone"),
            "change": ("i.change", "`merged`, `split` or `gone`"),
            "records": ("i.records", "how many records went there"),
            "last_version": ("i.last_version", "last snapshot that had the former id"),
        },
        f"snapshot.main.id_changes as i where i.new_id is null or {_SHOWN.format('i.new_id')}",
    ),
    View(
        "rejects",
        "one row a line of a source that could not be used (without its text, which may be of anybody)",
        {
            "source": ("r.source", "name of the source"),
            "file": ("r.file", "name of the file"),
            "line": ("r.line", "line on which the row begins, from 1"),
            "reason": ("r.reason", "why it could not be used"),
        },
        "snapshot.main.rejects as r",
    ),
)
"""Every view, in the order in which the documentation shows them."""

"""Small datasets in memory, made of the same tables and answers as a published snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import msgspec

from leadspro_engine.dataset import search_build
from leadspro_engine.dataset.search_index import SearchIndex
from leadspro_engine.dataset.stored import StoredPerson
from leadspro_engine.records import Company, EmailEntry, Location, Person, PhoneEntry, table_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


class Answers:
    """Stored answers by id."""

    def __init__(self, people: Sequence[StoredPerson], companies: Sequence[Company]) -> None:
        self._people = {one.person.id: one for one in people}
        self._companies = {one.id: one for one in companies}

    def people(self, ids: Iterable[str]) -> dict[str, StoredPerson]:
        return {one: self._people[one] for one in ids if one in self._people}

    def companies(self, ids: Iterable[str]) -> dict[str, Company]:
        return {one: self._companies[one] for one in ids if one in self._companies}


class SmallSnapshot:
    """The tables ``people`` and ``companies`` in memory, and the answers to their ids."""

    def __init__(
        self, people: Sequence[StoredPerson], companies: Sequence[Company], *, version: str = "v-1"
    ) -> None:
        self.version = version
        self.index: SearchIndex | None = None
        self.keys = Answers(people, companies)
        self._con = duckdb.connect()
        rows = [{**msgspec.structs.asdict(one.person), "company_id": one.company_id} for one in people]
        self._fill("people", {**table_columns(Person), "company_id": "varchar"}, rows)
        self._fill("companies", table_columns(Company), [msgspec.structs.asdict(one) for one in companies])

    def cursor(self) -> duckdb.DuckDBPyConnection:
        return self._con.cursor()

    def with_index(self, folder: Path) -> SmallSnapshot:
        """The same, with a search index in a new folder."""
        search_build.build(self.cursor(), folder)
        self.index = SearchIndex(folder)
        return self

    def _fill(self, table: str, columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
        self._con.execute(
            f"create table {table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})"
        )
        for row in rows:
            values = [_plain(row[name]) for name in columns]
            self._con.execute(f"insert into {table} values ({', '.join('?' * len(values))})", values)


def _plain(value: Any) -> Any:
    """A value of a struct as DuckDB's parameters take it."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return msgspec.structs.asdict(value) if isinstance(value, msgspec.Struct) else value


def person(key: str, title: str | None = None, company_id: str | None = None, **fields: Any) -> StoredPerson:
    """A person of a test; ``where`` is city, region, country and code."""
    where = Location(*fields.pop("where", ()))
    emails = [EmailEntry(address, "professional") for address in fields.pop("emails", ())]
    phones = [PhoneEntry(number, "mobile") for number in fields.pop("phones", ())]
    return StoredPerson(
        Person(id=key, job_title=title, location=where, emails=emails, phones=phones, **fields),
        company_id,
        {},
    )


SAN_FRANCISCO = ("San Francisco", "California", "United States", "US")
BERLIN = ("Berlin", "Berlin", "Germany", "DE")
SAO_PAULO = ("São Paulo", "São Paulo", "Brazil", "BR")

NEW_YORK = ("New York", "New York", "United States", "US")

COMPANIES = [
    Company(
        "c1", "North Peak", "northpeak.io", "https://northpeak.io", "computer software", 120, "51-200",
        ["AWS", "Salesforce", "C++"], Location(*SAN_FRANCISCO), "verified",
    ),
    Company(
        "c2", "Müller Logistik GmbH", "mueller-logistik.de", None, "logistics and supply chain", None,
        "201-500", ["SAP"], Location(*BERLIN), "unverified",
    ),
    Company("c3", "Peak Partners", status="inactive"),
    Company(
        "c4", "North Peak Capital", "npcapital.com", None, "investment management", 10_400, "10001+", ["aws"],
        Location(*NEW_YORK), "verified",
    ),
]  # fmt: skip

PEOPLE = [
    person(
        "p1", "VP, Revenue Operations", "c1", full_name="Amanda Reyes", department="operations",
        management_level="vp", skills=["Forecasting", "Salesforce"], where=SAN_FRANCISCO,
        emails=["amanda@northpeak.io"], phones=["+14155550106"], linkedin="amanda-reyes",
    ),
    person(
        "p2", "Director of RevOps", "c4", full_name="Jonas Weiß", department="operations",
        management_level="director", where=NEW_YORK, emails=["jonas@npcapital.com"],
    ),
    person("p3", "Leiter Einkauf", "c2", full_name="Jürgen Groß", where=BERLIN, skills=["SAP"]),
    person(
        "p4", "Vice President", "c3", full_name="Priya Shah", management_level="vp",
        linkedin="priya-shah-growth",
    ),
    person(
        "p5", "Gerente de Operações", full_name="João Conceição", department="operations",
        management_level="manager", where=SAO_PAULO,
    ),
    person("p6", None, "c1", full_name="Nobody Known"),
]  # fmt: skip

"""Merging a small work folder made by hand: four companies with rows of their own, mentions, people."""

# ruff: noqa: E501 - rows of tables read better on one line
from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest

from leadspro_engine.normalize.record import COMPANY_SCHEMA, PERSON_SCHEMA
from leadspro_engine.resolve import Merged, merge

if TYPE_CHECKING:
    from pathlib import Path

OLD, MID, NEW = dt.date(2023, 1, 1), dt.date(2024, 6, 1), dt.date(2025, 3, 1)


def ada(record_id: str, source: str, seen: dt.date | None, **more: Any) -> dict[str, Any]:
    names = {"full_name": "Ada O'Neil", "given_name": "Ada", "family_name": "O'Neil", "name_key": "ada oneil"}
    keys = {"given_key": "ada", "family_key": "oneil", "given_variants": ["ada"]}
    return {
        "record_id": record_id,
        "source": source,
        "observed_at": seen,
        "trust": 0.5,
        **names,
        **keys,
        **more,
    }


PEOPLE = [
    ada(
        "crm:1", "crm", OLD, title="Analyst", emails=["ada@acme.com"], email_keys=["ada@acme.com"],
        phones=["+14155550106"], domains=["acme.com"], company_keys=["acme"], company_record_id="mention:acme",
        city="Oslo", country="NO", skills=["SQL", "Excel"],
    ),
    ada(
        "web:1", "web", NEW, title="Head of Data", emails=["ada@beta.io", "ada@acme.com"],
        email_keys=["ada@beta.io", "ada@acme.com"], phones=["+14155550106", "+14155550107"],
        domains=["beta.io"], company_keys=["beta"], company_record_id="mention:beta", linkedin="ada-oneil",
        country="NO", skills=["SQL"],
    ),
    {"record_id": "web:2", "source": "web", "observed_at": MID, "trust": 0.5, "emails": ["x@gmail.com"],
     "email_keys": ["x@gmail.com"], "company_record_id": "mention:acme"},
    {"record_id": "web:3", "source": "web", "trust": 0.5},
    {"record_id": "crm:4", "source": "crm", "trust": 0.5, "full_name": "Eve", "company_record_id": "mention:echo"},
]  # fmt: skip
PEOPLE_CLUSTERS = {"crm:1": "p_ada", "web:1": "p_ada", "web:2": "p_x", "web:3": "p_nothing", "crm:4": "p_eve"}

COMPANIES = [
    {"record_id": "crm:c1", "source": "crm", "observed_at": OLD, "trust": 0.5, "mentions": 0, "name": "Acme Ltd",
     "name_key": "acme", "domains": ["acme.com"], "headcount_low": 51, "headcount_high": 200,
     "technologies": ["Kafka"], "city": "Oslo", "country": "NO"},
    {"record_id": "mention:acme", "source": "mention", "observed_at": NEW, "trust": 0.5, "mentions": 1,
     "name": "ACME", "name_key": "acme", "domains": ["acme.com"]},
    {"record_id": "mention:beta", "source": "mention", "observed_at": NEW, "trust": 0.5, "mentions": 1,
     "name": "Beta", "name_key": "beta", "domains": ["beta.io"], "linkedin": "beta"},
    {"record_id": "reg:c9", "source": "register", "observed_at": NEW, "trust": 0.95, "mentions": 0,
     "name": "Gone GmbH", "name_key": "gone", "domains": ["gone.de"], "company_status": "inactive"},
    {"record_id": "mention:gone", "source": "mention", "observed_at": MID, "trust": 0.5, "mentions": 1,
     "name": "Gone", "name_key": "gone"},
    {"record_id": "reg:c8", "source": "register", "observed_at": NEW, "trust": 0.95, "mentions": 0,
     "name": "Delta AG", "name_key": "delta", "domains": ["delta.ch"], "headcount_low": 7, "headcount_high": 7},
    {"record_id": "crm:c2", "source": "crm", "trust": 0.5, "mentions": 0, "name": "Echo", "name_key": "echo",
     "domains": ["echo.org"]},
    {"record_id": "mention:echo", "source": "mention", "trust": 0.5, "mentions": 1, "name": "Echo",
     "name_key": "echo", "domains": ["echo.org"]},
]  # fmt: skip
COMPANY_CLUSTERS = {
    "crm:c1": "c_acme", "mention:acme": "c_acme", "mention:beta": "c_beta", "reg:c9": "c_gone",
    "mention:gone": "c_gone", "reg:c8": "c_delta", "crm:c2": "c_echo", "mention:echo": "c_echo",
}  # fmt: skip


def write(
    work: Path,
    name: str,
    schema: dict[str, pl.DataType],
    rows: list[dict[str, Any]],
    clusters: dict[str, str],
) -> None:
    lists: dict[str, list[str]] = {column: [] for column, kind in schema.items() if isinstance(kind, pl.List)}
    records = pl.DataFrame([{**dict.fromkeys(schema), **lists, **row} for row in rows], schema=schema)
    records.write_parquet(work / f"{name}_records.parquet")
    pairs = list(clusters.items())
    ids = {"record_id": pl.String, "entity_id": pl.String}
    pl.DataFrame(pairs, schema=ids, orient="row").write_parquet(work / f"{name}_clusters.parquet")


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Merged]:
    work = tmp_path_factory.mktemp("it's a work folder")
    write(work, "people", PERSON_SCHEMA, PEOPLE, PEOPLE_CLUSTERS)
    write(work, "company", COMPANY_SCHEMA, COMPANIES, COMPANY_CLUSTERS)
    return work, merge(work)


def table(merged: tuple[Path, Merged], name: str) -> list[dict[str, Any]]:
    with duckdb.connect() as con:
        found = con.execute("select * from read_parquet(?)", [str(merged[0] / f"{name}.parquet")])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def one(merged: tuple[Path, Merged], name: str, entity: str) -> dict[str, Any]:
    (row,) = (row for row in table(merged, name) if row["id"] == entity)
    return row


def test_the_counts_are_those_of_the_files(merged: tuple[Path, Merged]) -> None:
    counts = merged[1]
    assert (counts.people, counts.companies) == (4, 5)
    assert counts.identifiers == len(table(merged, "identifiers"))
    assert counts.lineage == len(table(merged, "lineage"))


def test_job_and_employer_come_from_the_newest_record(merged: tuple[Path, Merged]) -> None:
    person = one(merged, "people", "p_ada")
    assert (person["full_name"], person["first_name"], person["last_name"]) == ("Ada O'Neil", "Ada", "O'Neil")
    assert (person["job_title"], person["company_id"]) == ("Head of Data", "c_beta")
    assert person["linkedin_url"] == "https://www.linkedin.com/in/ada-oneil"
    assert (person["skills"], person["updated_at"]) == (["Excel", "SQL"], NEW)


def test_the_more_complete_place_wins_over_the_newer_one(merged: tuple[Path, Merged]) -> None:
    place = one(merged, "people", "p_ada")["location"]
    assert place == {"city": "Oslo", "region": None, "country": "Norway", "country_code": "NO"}


def test_addresses_and_numbers_are_kept_with_first_and_last_day(merged: tuple[Path, Merged]) -> None:
    person = one(merged, "people", "p_ada")
    emails = [(each["address"], each["first_seen"], each["last_seen"]) for each in person["emails"]]
    assert emails == [("ada@acme.com", OLD, NEW), ("ada@beta.io", NEW, NEW)]
    phones = [(each["number"], each["first_seen"], each["last_seen"]) for each in person["phones"]]
    assert phones == [("+14155550106", OLD, NEW), ("+14155550107", NEW, NEW)]
    assert {each["type"] for each in person["emails"]} == {"professional"}


def test_a_record_that_says_nothing_is_still_a_person(merged: tuple[Path, Merged]) -> None:
    person = one(merged, "people", "p_nothing")
    assert (person["full_name"], person["company_id"], person["updated_at"]) == (None, None, None)
    assert (person["emails"], person["phones"], person["skills"]) == ([], [], [])


@pytest.mark.parametrize(
    ("company", "status"),
    [
        pytest.param("c_acme", "verified", id="a source's own row and another source's mention agree"),
        pytest.param("c_echo", "unverified", id="one source's own row and its own mention are one source"),
        pytest.param("c_beta", "unverified", id="one mention"),
        pytest.param("c_delta", "verified", id="one trusted source"),
        pytest.param("c_gone", "inactive", id="a trusted source says that it is no longer active"),
    ],
)
def test_the_status_of_a_company(merged: tuple[Path, Merged], company: str, status: str) -> None:
    assert one(merged, "companies", company)["status"] == status


def test_what_a_company_is_called_and_what_its_rows_say(merged: tuple[Path, Merged]) -> None:
    acme, delta = one(merged, "companies", "c_acme"), one(merged, "companies", "c_delta")
    assert (acme["name"], acme["domain"], acme["website"]) == ("Acme Ltd", "acme.com", "https://acme.com")
    assert (acme["headcount"], acme["headcount_range"]) == (None, "51-200")
    assert (delta["headcount"], delta["headcount_range"]) == (7, "1-10")
    assert (acme["technologies"], delta["technologies"]) == (["Kafka"], [])


def test_identifiers_lead_to_entities_and_count_the_records_that_say_so(merged: tuple[Path, Merged]) -> None:
    found = {(row["kind"], row["key"]): (row["id"], row["records"]) for row in table(merged, "identifiers")}
    assert found["email", "ada@acme.com"] == ("p_ada", 2)
    assert found["email", "ada@beta.io"] == ("p_ada", 1)
    assert found["phone", "+14155550106"] == ("p_ada", 2)
    assert found["name_domain", "ada oneil|acme.com"] == ("p_ada", 1)
    assert found["name_company", "ada oneil|beta"] == ("p_ada", 1)
    assert found["company_domain", "acme.com"] == ("c_acme", 2)
    assert found["company_name", "gone"] == ("c_gone", 2)
    hashed = [key for kind, key in found if kind == "email_sha256"]
    assert len(hashed) == 3
    assert {len(key) for key in hashed} == {64}


def test_every_claim_of_every_record_stands_once_in_the_lineage(merged: tuple[Path, Merged]) -> None:
    lineage = table(merged, "lineage")
    keys = [(row["entity_id"], row["field"], row["record_id"], row["value"]) for row in lineage]
    assert len(keys) == len(set(keys))
    decided = [row for row in lineage if row["field"] not in {"email", "phone", "skill", "technology"}]
    fields = {(row["entity_id"], row["field"]) for row in decided}
    chosen = [(row["entity_id"], row["field"]) for row in decided if row["chosen"]]
    assert sorted(chosen) == sorted(fields)
    titles = [(row["value"], row["chosen"], row["reason"]) for row in lineage if row["field"] == "job_title"]
    assert sorted(titles) == [("Analyst", False, "older"), ("Head of Data", True, "chosen: newest")]
    names = {
        row["record_id"]: row["reason"]
        for row in lineage
        if row["entity_id"] == "c_acme" and row["field"] == "name"
    }
    assert names == {"crm:c1": "chosen: agreed", "mention:acme": "less complete"}


def test_every_golden_value_has_the_records_it_came_from(merged: tuple[Path, Merged]) -> None:
    told = {
        (row["entity_id"], row["field"], row["value"]) for row in table(merged, "lineage") if row["chosen"]
    }
    for person in table(merged, "people"):
        said = [
            ("name", person["full_name"]),
            ("job_title", person["job_title"]),
            ("linkedin", person["linkedin"]),
        ]
        said += [("company", person["company_id"])]
        said += [("email", each["address"]) for each in person["emails"]]
        said += [("phone", each["number"]) for each in person["phones"]]
        said += [("skill", each) for each in person["skills"]]
        assert {(person["id"], *one) for one in said if one[1] is not None} <= told
    for company in table(merged, "companies"):
        said = [(field, company[field]) for field in ("name", "domain", "industry", "linkedin")]
        said += [("technology", each) for each in company["technologies"]]
        assert {(company["id"], *one) for one in said if one[1] is not None} <= told


def test_employers_are_kept_with_the_days_on_which_they_were_seen(merged: tuple[Path, Merged]) -> None:
    ada = [row for row in table(merged, "employers") if row["person_id"] == "p_ada"]
    assert [(row["company_id"], row["job_title"], row["first_seen"], row["last_seen"]) for row in ada] == [
        ("c_acme", "Analyst", OLD, OLD),
        ("c_beta", "Head of Data", NEW, NEW),
    ]


def test_a_company_of_which_only_a_phone_is_known_has_a_row(tmp_path: Path) -> None:
    only = {"record_id": "crm:1", "source": "crm", "trust": 0.5, "mentions": 0, "phones": ["+14155550106"]}
    write(tmp_path, "company", COMPANY_SCHEMA, [only], {"crm:1": "c_phone"})
    write(tmp_path, "people", PERSON_SCHEMA, [], {})
    merge(tmp_path)
    found = one((tmp_path, Merged(0, 1, 0, 1)), "companies", "c_phone")
    assert (found["name"], found["status"], found["technologies"]) == (None, "unverified", [])


def test_what_matching_compares_is_united_over_the_records(merged: tuple[Path, Merged]) -> None:
    features = one(merged, "people_features", "p_ada")
    assert features["domains"] == ["acme.com", "beta.io"]
    assert (features["given_key"], features["family_key"], features["city"]) == ("ada", "oneil", "Oslo")


def test_a_company_is_spelled_as_most_rows_spell_it_and_tags_of_one_mailbox_are_one(tmp_path: Path) -> None:
    own = {"record_id": "crm:1", "source": "crm", "trust": 0.9, "mentions": 0, "name": "Oakloom Partnres"}
    mention = {"record_id": "mention:1", "source": "mention", "mentions": 4, "name": "Oakloom Partners"}
    companies = [{**own, "name_key": "oakloom partnres"}, {**mention, "name_key": "oakloom partners"}]
    write(tmp_path, "company", COMPANY_SCHEMA, companies, {"crm:1": "c", "mention:1": "c"})
    mailboxes = ["ada+news@acme.com", "ada@acme.com", "bob+x@acme.com"]
    people = [ada(f"web:{n}", "web", OLD, emails=[mailbox]) for n, mailbox in enumerate(mailboxes)]
    write(tmp_path, "people", PERSON_SCHEMA, people, {person["record_id"]: "p" for person in people})
    found = (tmp_path, merge(tmp_path))
    assert one(found, "companies", "c")["name"] == "Oakloom Partners"
    shown = [each["address"] for each in one(found, "people", "p")["emails"]]
    assert shown == ["ada@acme.com", "bob+x@acme.com"]
    lineage = {row["value"]: row["reason"] for row in table(found, "lineage") if row["field"] == "email"}
    kept = "kept: every value"
    assert lineage == {
        "ada@acme.com": kept, "ada+news@acme.com": "same as ada@acme.com", "bob+x@acme.com": kept,
    }  # fmt: skip


def test_no_records_at_all_give_empty_tables(tmp_path: Path) -> None:
    write(tmp_path, "people", PERSON_SCHEMA, [], {})
    write(tmp_path, "company", COMPANY_SCHEMA, [], {})
    assert merge(tmp_path) == Merged(people=0, companies=0, identifiers=0, lineage=0)


def test_the_same_folder_gives_the_same_rows(merged: tuple[Path, Merged]) -> None:
    names = ("people", "companies", "people_features", "identifiers", "lineage")
    before = {name: sorted(map(repr, table(merged, name))) for name in names}
    merge(merged[0])
    assert {name: sorted(map(repr, table(merged, name))) for name in names} == before

"""Whole records: the column form is the scalar form, row by row; and the rules that join kinds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.normalize import record
from leadspro_engine.normalize.record import COMPANY_SCHEMA, LIST_ROLES, PERSON_SCHEMA, RAW_SCHEMA, ROLES
from leadspro_engine.normalize.text import as_text

CELLS: dict[str, tuple[str | None, ...]] = {
    "full_name": (
        "Ada Lovelace",
        "Ada B. Lovelace",
        "LOVELACE, ADA",
        "王小明",
        "Lovelace, Ada",
        "DR. JAN VAN DER BERG, PHD",
        "山田 太郎",
        "n/a",
        "",
        None,
    ),
    "given_name": ("Ada", "BOB", None, None),
    "family_name": ("Lovelace", "o'neil", None, None),
    "email": (
        "ada@acme.com",
        "Ada+x@gmail.com",
        "info@acme.com",
        "ada@mailinator.com",
        "ada.lovelace@acme.com",
        "alovelace+x@zenith.de",
        "ädä@acme.com",
        "+@acme.com",
        "ada @ acme",
        "-",
        None,
    ),
    "phone": (
        "(415) 555-0106",
        "(415) 555-0106 x12",
        "020 7946 0123",
        "+49 30 901820; +49 30 901821",
        "14155550106.0",
        "12345",
        None,
    ),
    "linkedin": ("linkedin.com/in/ada", "ada-lovelace", "linkedin.com/company/acme", "x y", None),
    "title": ("VP of Sales", "Software Engineer", "", None),
    "seniority": ("director", "C-Level", "zzz", None),
    "company": ("Acme Inc.", "The Acme GmbH", "self-employed", None),
    "domain": ("https://www.acme.com/x", "gmail.com", "acme", None),
    "company_linkedin": ("linkedin.com/company/acme", None),
    "headcount": ("51-200", "about 50", "10001+", "x", None),
    "founded": ("1999", "since 2004", "founded 12", None),
    "company_status": ("Active", "dissolved", "?", None),
    "country": ("US", "Germany", "United Kingdom", "Nowhere", None),
    "region": ("CA", "Bavaria", None),
    "city": ("San Francisco", "München", None),
    "place": ("Greater Boston Area", "Paris, TX", None),
    "street": ("12 Main St.", None),
    "postal_code": ("94105", "SW1A 1AA", None),
    "birth_date": ("1990-12-31", "31/12/1990", "1990", "x", None),
    "identifier": ("DE 123 456 789", "", None),
    "skill": ("python", "SQL", None),
    "technology": ("aws", "Salesforce", None),
    "region_hint": ("US", "GB", None),
}


@st.composite
def raw_records(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for role, cells in CELLS.items():
        cell = st.sampled_from(cells) | st.text(max_size=12)
        found[role] = draw(st.lists(cell, max_size=3) | st.none() if role in LIST_ROLES else cell)
    return found


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {**{role: RAW_SCHEMA[role] for role in ROLES}, "region_hint": pl.String()}
    return pl.DataFrame({name: [row.get(name) for row in rows] for name in schema}, schema=schema)


@settings(max_examples=60, deadline=None)
@given(st.lists(raw_records(), max_size=5))
def test_people_in_columns_are_people_one_by_one(rows: list[dict[str, Any]]) -> None:
    found = record.person_columns(frame(rows + rows))
    assert found.schema == pl.Schema(PERSON_SCHEMA)
    values = [record.person_values(row) for row in rows + rows]
    assert [
        {name: row[name] for name in value} for row, value in zip(found.to_dicts(), values, strict=True)
    ] == values


@settings(max_examples=60, deadline=None)
@given(st.lists(raw_records(), max_size=5))
def test_companies_in_columns_are_companies_one_by_one(rows: list[dict[str, Any]]) -> None:
    found = record.company_columns(frame(rows + rows))
    assert found.schema == pl.Schema(COMPANY_SCHEMA)
    values = [record.company_values(row) for row in rows + rows]
    assert [
        {name: row[name] for name in value} for row, value in zip(found.to_dicts(), values, strict=True)
    ] == values


@settings(deadline=None)
@given(raw_records())
def test_values_are_every_canonical_column_but_provenance(raw: dict[str, Any]) -> None:
    provenance = {"record_id", "source", "source_record_id", "observed_at", "trust", "mentions"}
    assert list(record.person_values(raw)) == [name for name in PERSON_SCHEMA if name not in provenance]
    assert list(record.company_values(raw)) == [name for name in COMPANY_SCHEMA if name not in provenance]


def test_provenance_goes_through_and_missing_roles_are_null() -> None:
    raw = pl.DataFrame(
        {
            "record_id": ["crm:1"],
            "source": ["crm"],
            "source_record_id": ["1"],
            "observed_at": [dt.date(2026, 5, 1)],
            "trust": [0.5],
            "full_name": ["Ada Lovelace"],
        }
    )
    row = record.person_columns(raw).row(0, named=True)
    assert row["record_id"] == "crm:1"
    assert row["observed_at"] == dt.date(2026, 5, 1)
    assert row["given_key"] == "ada"
    assert row["emails"] == []
    assert record.company_columns(raw)["mentions"].to_list() == [0]


@pytest.mark.parametrize(
    ("raw", "numbers"),
    [
        ({"phone": ["(415) 555-0106"], "country": "US", "region_hint": "GB"}, ["+14155550106"]),
        ({"phone": ["(415) 555-0106"], "country": None, "region_hint": "US"}, ["+14155550106"]),
        ({"phone": ["(415) 555-0106"], "country": "Nowhere at all", "region_hint": "US"}, ["+14155550106"]),
        ({"phone": ["020 7946 0123"], "country": "United Kingdom", "region_hint": "US"}, ["+442079460123"]),
        ({"phone": ["(415) 555-0106"]}, []),
    ],
)
def test_national_numbers_are_read_by_country_then_by_the_sources_region(
    raw: dict[str, Any], numbers: list[str]
) -> None:
    assert record.person_values(raw)["phones"] == numbers


def test_shared_mailboxes_stay_addresses_but_are_no_keys() -> None:
    found = record.person_values({"email": ["info@acme.com", "ada@mailinator.com", "Ada.B+x@acme.com"]})
    assert found["emails"] == ["info@acme.com", "ada@mailinator.com", "ada.b+x@acme.com"]
    assert found["email_keys"] == ["ada.b+x@acme.com"]
    assert found["email_locals"] == ["adab"]
    assert found["email_texts"] == ["ada.b@acme.com"]


def test_domains_are_the_companys_own_then_those_of_professional_mailboxes() -> None:
    raw = {"domain": "www.acme.com", "email": ["ada@gmail.com", "ada@mail.zenith.co.uk", "info@acme.com"]}
    assert record.person_values(raw)["domains"] == ["acme.com", "zenith.co.uk"]


def test_the_employers_record_id_depends_on_name_domain_and_page_alone() -> None:
    one = record.person_values({"company": "Acme Inc", "domain": "acme.com", "full_name": "Ada Lovelace"})
    two = record.person_values({"company": "ACME, Inc.", "domain": "http://www.acme.com/", "title": "CTO"})
    assert one["company_record_id"] == two["company_record_id"] != None  # noqa: E711  # chained: equal, and there
    assert record.person_values({"company": "Zenith"})["company_record_id"] != one["company_record_id"]
    assert record.person_values({"full_name": "Ada Lovelace"})["company_record_id"] is None


def test_parts_of_a_name_are_believed_when_given_and_family_name_are_there() -> None:
    raw = {"full_name": "A. King", "given_name": "Ada", "family_name": "Lovelace"}
    assert record.person_values(raw)["full_name"] == "Ada Lovelace"
    assert record.person_values({**raw, "family_name": None})["family_name"] == "King"


def test_what_is_not_valid_is_still_compared() -> None:
    found = record.person_values({"email": ["ada@acme,com"], "phone": ["x 55 12 34"], "birth_date": "19x90"})
    assert found["emails"] == found["phones"] == []
    assert found["email_texts"] == ["ada@acme,com"]
    assert found["phone_texts"] == ["551234"]
    assert found["birth_date"] == "1990"


def test_company_facts() -> None:
    found = record.company_values(
        {"company": "Acme", "headcount": "51-200", "founded": "since 1999", "company_status": "Dissolved"}
    )
    assert (found["headcount_low"], found["headcount_high"]) == (51, 200)
    assert (found["founded"], found["company_status"]) == (1999, "inactive")


@pytest.mark.parametrize(
    ("role", "cells"),
    [
        ("full_name", pl.Series([b"Ada Lovelace", b"\xff", None])),
        ("full_name", pl.Series(["Ada Lovelace", "Ada Lovelace", None], dtype=pl.Categorical)),
        ("family_name", pl.Series([1.0, float("nan"), None])),
        ("phone", pl.Series([14155550106.0, 1.5, None])),
        ("phone", pl.Series([[14155550106], [None], None])),
        ("email", pl.Series(["ada@acme.com", "info@acme.com", None])),
        ("skill", pl.Series(["python", "SQL", None])),
        ("region_hint", pl.Series(["US", "US", None], dtype=pl.Categorical)),
        ("birth_date", pl.Series([dt.date(1990, 12, 31), None, None])),
        ("company", pl.Series([None, None, None])),
    ],
)
def test_columns_of_any_type_are_read_as_their_texts(role: str, cells: pl.Series) -> None:
    people = record.person_columns(cells.alias(role).to_frame())
    assert people.schema == pl.Schema(PERSON_SCHEMA)
    values = [record.person_values({role: _as_raw(role, cell)}) for cell in cells.to_list()]
    assert people.select(values[0].keys()).to_dicts() == values
    assert record.company_columns(cells.alias(role).to_frame()).height == 3


def _as_raw(role: str, cell: object) -> object:
    """A cell of any type as the scalar form is given it."""
    if role not in LIST_ROLES:
        return as_text(cell)
    return [as_text(value) for value in (cell if isinstance(cell, list) else [cell])]

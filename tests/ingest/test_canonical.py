"""Canonical records, employers as company records, and records in which nothing is left."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

import polars as pl
from polars.testing import assert_frame_equal

from leadspro_engine.ingest import Source, read_source, write_source
from leadspro_engine.ingest.canonical import (
    canonical_companies,
    canonical_people,
    write_companies,
    write_people,
)
from leadspro_engine.normalize.record import COMPANY_SCHEMA, PERSON_SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = """name,email,company,website,employees
Ada Lovelace,ada@acme.com,Acme Inc.,acme.com,51-200
Bob Ray,bob@acme.com,ACME,acme.com,
Cy Young,cy@gmail.com,,,
not a name?,not-an-address,-,,
n/a,none,n/a,,
Dee Dee,,Beta GmbH,,11-50
"""
COMPANIES = "company,domain\nAcme Incorporated,acme.com\nn/a,-\n"


def declared(folder: Path, name: str, text: str) -> Source:
    (folder / f"{name}.csv").write_text(text)
    record: Literal["company", "person"] = "company" if name == "companies" else "person"
    return Source(
        name=name, path=f"{name}.csv", folder=folder, record=record, observed_at=dt.date(2026, 5, 1)
    )


def test_people_of_whom_nothing_is_left_are_not_passed_on(tmp_path: Path) -> None:
    raw = read_source(declared(tmp_path, "people", PEOPLE)).records
    people = canonical_people(raw)
    assert dict(people.schema) == PERSON_SCHEMA
    assert "n/a" not in people.get_column("source_record_id").to_list()
    assert {"Ada Lovelace", "Bob Ray", "Cy Young", "Dee Dee"} <= set(people.get_column("full_name"))


def test_employers_become_companies_that_count_their_rows(tmp_path: Path) -> None:
    people = read_source(declared(tmp_path, "people", PEOPLE)).records
    companies = read_source(declared(tmp_path, "companies", COMPANIES)).records
    found = canonical_companies(companies, people)
    assert dict(found.schema) == COMPANY_SCHEMA
    assert found.get_column("record_id").n_unique() == found.height
    own, acme, beta = (
        found.filter(pl.col("mentions") == count, pl.col("name_key") == key).rows(named=True)
        for count, key in ((0, "acme"), (2, "acme"), (1, "beta"))
    )
    assert [len(rows) for rows in (own, acme, beta)] == [1, 1, 1]
    assert acme[0]["domains"] == ["acme.com"]
    assert (acme[0]["headcount_low"], acme[0]["headcount_high"]) == (51, 200)
    ids = canonical_people(people).get_column("company_record_id").drop_nulls()
    assert set(ids) == set(found.filter(pl.col("mentions") > 0).get_column("record_id"))


def test_files_hold_what_frames_hold_and_the_rest_is_rejected(tmp_path: Path) -> None:
    raw = {name: tmp_path / f"{name}_raw.parquet" for name in ("people", "companies")}
    for name, text in (("people", PEOPLE), ("companies", COMPANIES)):
        write_source(declared(tmp_path, name, text), raw[name], tmp_path / "unread.parquet")
    people, companies, rejects = (tmp_path / f"{name}.parquet" for name in ("people", "companies", "rejects"))
    kept, refused = write_people(raw["people"], people, rejects)
    people_raw, companies_raw = (pl.read_parquet(raw[name]) for name in ("people", "companies"))
    assert kept + refused == people_raw.height
    assert_frame_equal(pl.read_parquet(people), canonical_people(people_raw))
    lines = set(pl.read_parquet(rejects).get_column("line"))
    assert lines == set(people_raw.get_column("line")) - {
        line for line, record_id in people_raw.select("line", "record_id").rows()
        if record_id in set(pl.read_parquet(people).get_column("record_id"))
    }  # fmt: skip
    assert 6 in lines
    _, refused = write_companies(raw["companies"], raw["people"], people, companies, rejects)
    assert refused == 1
    assert_frame_equal(pl.read_parquet(companies), canonical_companies(companies_raw, people_raw))

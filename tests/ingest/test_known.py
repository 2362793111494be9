"""Normalizing only what changed gives the same canonical records as normalizing everything."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from leadspro_engine.ingest.canonical import write_companies, write_people
from leadspro_engine.ingest.known import Known, write_contents
from leadspro_engine.normalize.record import LIST_ROLES, RAW_SCHEMA

if TYPE_CHECKING:
    from pathlib import Path


def raw(path: Path, rows: list[dict[str, Any]]) -> Path:
    lists: dict[str, list[str]] = {role: [] for role in LIST_ROLES}
    full = [{**dict.fromkeys(RAW_SCHEMA), **lists, "source": "crm", "trust": 0.5, **row} for row in rows]
    schema = {**RAW_SCHEMA, "file": pl.String()}
    pl.DataFrame([{"file": "f.csv", **row} for row in full], schema=schema).write_parquet(path)
    return path


def person(number: int, **more: Any) -> dict[str, Any]:
    given = {"record_id": f"crm:{number}", "line": number, "full_name": f"Ada{number} Lovelace"}
    return {**given, "email": [f"ada{number}@acme.com"], "company": f"Acme {number % 3}", **more}


FIRST = [person(number) for number in range(8)]
SECOND = [
    *FIRST[2:5],
    person(5, observed_at=dt.date(2026, 1, 1), trust=0.9),  # only what is known about the row changed
    person(6, full_name="Bob Ray"),
    person(7, region_hint="DE", phone=["030 901820"]),
    person(8),
    {"record_id": "crm:9", "line": 9, "full_name": "n/a"},  # nothing usable
]


def made(folder: Path, rows: list[dict[str, Any]], before: Path | None) -> Path:
    folder.mkdir()
    raw(
        folder / "companies_raw.parquet",
        [{"record_id": "crm:c1", "company": "Acme 1 Ltd", "domain": "acme.com"}],
    )
    raw(folder / "people_raw.parquet", rows)

    def known(table: str) -> Known | None:
        if before is None:
            return None
        return Known(before / f"{table}_records.parquet", before / f"{table}_contents.parquet")

    people = folder / "people_records.parquet"
    write_people(folder / "people_raw.parquet", people, folder / "rejects_people.parquet", known("people"))
    write_companies(
        folder / "companies_raw.parquet", folder / "people_raw.parquet", people,
        folder / "company_records.parquet", folder / "rejects_companies.parquet", known("company"),
    )  # fmt: skip
    write_contents([folder / "people_raw.parquet"], folder / "people_contents.parquet")
    write_contents(
        [folder / "companies_raw.parquet", folder / "mentions_raw.parquet"],
        folder / "company_contents.parquet",
    )
    return folder


def test_sparing_gives_the_same_records_and_rejects(tmp_path: Path) -> None:
    first = made(tmp_path / "first", FIRST, None)
    spared, full = made(tmp_path / "spared", SECOND, first), made(tmp_path / "full", SECOND, None)
    for name, key in (
        ("people_records", "record_id"),
        ("company_records", "record_id"),
        ("rejects_people", "line"),
    ):
        one, two = (pl.read_parquet(folder / f"{name}.parquet").sort(key) for folder in (spared, full))
        assert one.equals(two)
        assert one.schema == two.schema
    assert pl.read_parquet(spared / "rejects_people.parquet").height == 1


@pytest.mark.parametrize(("email", "spared"), [("ada1@acme.com", True), ("ada1@acme.org", False)])
def test_only_a_row_that_changed_is_normalized(tmp_path: Path, email: str, *, spared: bool) -> None:
    first = made(tmp_path / "first", FIRST, None)
    path = first / "people_records.parquet"
    pl.read_parquet(path).with_columns(full_name=pl.lit("remembered")).write_parquet(path)
    second = made(tmp_path / "second", [person(1, email=[email])], first)
    name = pl.read_parquet(second / "people_records.parquet")["full_name"].item()
    assert (name == "remembered") is spared

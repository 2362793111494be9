"""The committed demo files are what the generator makes, and hold what the API reference asks for."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import phonenumbers
import pytest

from datasets import demo
from datasets.demo.world import build

FOLDER = Path(demo.__file__).parent
MADE = demo.generate()
WORLD = build()
TRUTH = {
    name: list(csv.DictReader((FOLDER / "truth" / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
    for name in ("people", "companies", "rejects")
}
ID_COLUMNS = {
    "crm": ("crm_export.csv", ","),
    "badges": ("event_badges.csv", ";"),
    "companies": ("companies.csv", ","),
}


def lines(name: str) -> list[bytes]:
    """The lines of a file as bytes; line 1 is the first of the list."""
    return (FOLDER / name).read_bytes().split(b"\n")


@pytest.mark.parametrize("name", sorted(MADE))
def test_the_committed_file_is_what_the_generator_makes(name: str) -> None:
    assert (FOLDER / name).read_bytes() == MADE[name]


def test_the_size_is_what_the_readme_says() -> None:
    people = {row["person_id"] for row in TRUTH["people"]} - {""}
    companies = {row["company_id"] for row in TRUTH["companies"]}
    assert 1150 <= len(people) <= 1200
    assert 285 <= len(companies) <= 300
    assert 2800 <= len(TRUTH["people"]) + len(TRUTH["companies"]) <= 3200
    assert len({person.country.code for person in WORLD.people}) >= 12


def test_most_people_are_in_several_files() -> None:
    files = defaultdict(set)
    for row in TRUTH["people"]:
        files[row["person_id"]].add(row["source"])
    spread = Counter(min(len(found), 3) for found in files.values())
    assert spread[2] + spread[3] > spread[1]


@pytest.mark.parametrize("source", sorted(ID_COLUMNS))
def test_truth_names_each_row_by_its_own_id_and_line(source: str) -> None:
    name, delimiter = ID_COLUMNS[source]
    rows = [row for table in ("people", "companies") for row in TRUTH[table] if row["source"] == source]
    content = lines(name)
    for row in rows:
        assert content[int(row["line"]) - 1].startswith(row["source_record_id"].encode() + delimiter.encode())
    assert len({row["source_record_id"] for row in rows}) == len(rows)


def test_truth_of_the_vendor_names_each_document_by_its_id_and_line() -> None:
    content = lines("vendor_people.jsonl")
    for row in (row for row in TRUTH["people"] if row["source"] == "vendor"):
        assert json.loads(content[int(row["line"]) - 1])["id"] == row["source_record_id"]


def test_every_row_is_either_in_the_truth_or_broken() -> None:
    accounted: dict[str, set[int]] = defaultdict(set)
    for table in ("people", "companies", "rejects"):
        for row in TRUTH[table]:
            assert int(row["line"]) not in accounted[row["source"]]
            accounted[row["source"]].add(int(row["line"]))
    for source, name in (("vendor", "vendor_people.jsonl"), ("technologies", "company_technologies.jsonl")):
        assert accounted[source] == set(range(1, len(lines(name))))
    assert accounted["newsletter"] == set(range(2, len(lines("newsletter.csv"))))
    assert accounted["network"] == set(range(5, len(lines("network_connections.csv"))))


@pytest.mark.parametrize("row", TRUTH["rejects"], ids=lambda row: f"{row['source']} line {row['line']}")
def test_a_broken_row_has_the_flaw_it_is_listed_with(row: dict[str, str]) -> None:
    raw = lines(row["file"])[int(row["line"]) - 1]
    if row["flaw"] == "undecodable bytes":
        with pytest.raises(UnicodeDecodeError):
            raw.decode()
    elif row["flaw"] == "invalid JSON":
        with pytest.raises(json.JSONDecodeError):
            json.loads(raw)
    elif row["flaw"] == "wrong column count":
        assert len(cells(row, raw)) != len(header(row))
    else:
        assert usable(row, raw) == []


def header(row: dict[str, str]) -> list[str]:
    """The header of the file of a reject."""
    at = 3 if row["source"] == "network" else 0
    return cells(row, lines(row["file"])[at])


def cells(row: dict[str, str], raw: bytes) -> list[str]:
    """The cells of a line of CSV."""
    return next(
        csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";" if row["source"] == "badges" else ",")
    )


def usable(row: dict[str, str], raw: bytes) -> list[str]:
    """What a row says besides its id, its dates and fillers for nothing."""
    if row["file"].endswith(".jsonl"):
        said = leaves({key: value for key, value in json.loads(raw).items() if key != "id"})
    else:
        said = [cell for name, cell in zip(header(row), cells(row, raw), strict=True) if name not in SILENT]
    return [text for text in said if text.strip(" -") not in {"", "n/a", "none", "not-an-address"}]


SILENT = {"Contact ID", "Company ID", "Last Modified", "As Of", "Connected On", "signed_up"}


def leaves(value: Any) -> list[str]:
    """All texts inside a JSON value."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [text for part in inner for text in leaves(part)]
    return [value] if isinstance(value, str) else []


def test_every_telephone_number_is_valid() -> None:
    numbers = [person.phone for person in WORLD.people if person.phone] + [
        company.switchboard for company in WORLD.companies
    ]
    invalid = [
        number
        for number in numbers
        if not phonenumbers.is_valid_number(phonenumbers.parse(number.international))
    ]
    assert invalid == []
    assert len({number.international for number in numbers}) == len(numbers)


def test_national_and_international_form_are_one_number() -> None:
    for person in WORLD.people:
        if person.phone:
            home = phonenumbers.parse(person.phone.national, person.country.code)
            assert home == phonenumbers.parse(person.phone.international)


def test_the_people_and_companies_of_the_reference_are_there() -> None:
    amanda, marcus, priya = WORLD.people[:3]
    assert (amanda.job.email, amanda.job.company.name) == ("amanda@northpeak.io", "North Peak")
    assert marcus.phone is not None
    assert marcus.phone.international == "+1 415 555 0106"
    assert priya.linkedin == "priya-shah-growth"
    rows = Counter(row["person_id"] for row in TRUTH["people"])
    assert min(rows[person.id] for person in (amanda, marcus, priya)) >= 5
    assert sum(file.count(b"priya-shah-growth") for file in MADE.values()) >= 1
    in_revenue = [
        person
        for person in WORLD.people
        if "Revenue Operations" in person.job.title and person.country.code == "US"
    ]
    assert len(in_revenue) >= 10


def test_american_companies_with_aws_are_named_by_two_sources_and_some_companies_are_closed() -> None:
    sources = defaultdict(set)
    for row in TRUTH["companies"]:
        sources[row["company_id"]].add(row["source"])
    companies = WORLD.companies
    american = [company for company in companies if company.country.code == "US" and company.active]
    on_aws = [company for company in american if "AWS" in company.technologies]
    verified = [company for company in on_aws if len(sources[company.id]) == 2]
    assert verified[0].name == "North Peak"
    assert len(verified) >= 5
    assert sum(not company.active for company in companies) >= 10


def test_scripts_and_awkward_forms_are_present() -> None:
    text = {name: content.decode("utf-8", "replace") for name, content in MADE.items()}
    for lowest, highest in (("а", "я"), ("α", "ω"), ("一", "鿿"), ("ぁ", "ヿ"), ("ء", "ي")):
        assert any(lowest <= mark <= highest for mark in text["crm_export.csv"] + text["vendor_people.jsonl"])
    for form in ("info@", "+news@", "mailto:", "googlemail.com"):
        assert any(form in content for content in text.values())
    assert any("\u0301" in content for content in text.values()), "no decomposed accents"


def test_nameless_newsletter_rows_use_an_address_that_other_rows_of_the_person_have() -> None:
    by_line = {row["line"]: row["person_id"] for row in TRUTH["people"] if row["source"] == "newsletter"}
    known = defaultdict(set)
    for row in TRUTH["people"]:
        known[row["person_id"]].add(row["source"])
    rows = lines("newsletter.csv")
    for line, person_id in by_line.items():
        _, name, _ = next(csv.reader([rows[int(line) - 1].decode()]))
        assert name or person_id == "" or len(known[person_id]) > 1

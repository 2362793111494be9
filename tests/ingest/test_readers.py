"""Sources to source records: the same rows from every format, ids, dates, modes, and rejects that add up."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from leadspro_engine.errors import SourceError
from leadspro_engine.ingest import Source, load_sources, read_source, write_source
from leadspro_engine.ingest.chunk import REJECTS_SCHEMA
from leadspro_engine.ingest.raw import NOTHING_USABLE, RECORD_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

DEMO = Path(__file__).parents[2] / "datasets" / "demo"
ROWS = [
    {"id": "1", "name": "Zoë Ångström", "email": "zoe@x.org", "company": "Acme, Inc."},
    {"id": "2", "name": "Łukasz Nowak", "email": "l@x.org; l2@x.org", "company": ""},
]
TABLE = ["id", "name", "email", "company"]
CONTENT = ["source_record_id", "full_name", "email", "company", "observed_at", "record_id"]


def delimited(delimiter: str) -> str:
    lines = [TABLE, *([f'"{row[name]}"' for name in TABLE] for row in ROWS)]
    return "".join(delimiter.join(line) + "\n" for line in lines)


def json_lines() -> str:
    return "".join(json.dumps(row) + "\n" for row in ROWS)


WRITERS: dict[str, Callable[[], bytes]] = {
    "people.csv": lambda: delimited(",").encode(),
    "semicolon.csv": lambda: delimited(";").encode(),
    "people.tsv": lambda: delimited("\t").encode(),
    "bom.csv": lambda: delimited(",").encode("utf-8-sig"),
    "utf16.csv": lambda: delimited(",").encode("utf-16"),
    "people.jsonl": lambda: json_lines().encode(),
    "people.csv.gz": lambda: gzip.compress(delimited(",").encode()),
    "people.jsonl.zst": lambda: pa.compress(json_lines().encode(), "zstd", asbytes=True),
}


def source(folder: Path, path: str, **said: object) -> Source:
    return Source(name="s", path=path, folder=folder, observed_at=dt.date(2026, 5, 1), **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [*WRITERS, "people.parquet"])
def test_every_format_gives_the_same_records(tmp_path: Path, name: str) -> None:
    if name == "people.parquet":
        pl.DataFrame(ROWS).write_parquet(tmp_path / name)
    else:
        (tmp_path / name).write_bytes(WRITERS[name]())
    read = read_source(source(tmp_path, name))
    assert read.rejects.is_empty()
    assert dict(read.records.schema) == RECORD_SCHEMA
    assert read.records.select(CONTENT).rows() == [
        ("1", "Zoë Ångström", ["zoe@x.org"], "Acme, Inc.", dt.date(2026, 5, 1), "s:1"),
        ("2", "Łukasz Nowak", ["l@x.org", "l2@x.org"], None, dt.date(2026, 5, 1), "s:2"),
    ]


def test_demo_rejects_are_the_rows_broken_on_purpose() -> None:
    truth = list(csv.DictReader((DEMO / "truth" / "rejects.csv").read_text().splitlines()))
    for declared in load_sources(DEMO / "sources.toml"):
        read = read_source(declared)
        found = set(read.rejects.select("file", "line").rows())
        wanted = {(row["file"], int(row["line"])) for row in truth if row["source"] == declared.name}
        later = {(row["file"], int(row["line"])) for row in truth if row["flaw"] == "nothing usable"}
        assert found <= wanted
        assert wanted - found <= later  # a row of "n/a" and "-" is known to be empty once it is normalized
        assert sum(file.rows for file in read.files) == read.records.height + read.rejects.height


def test_written_files_hold_what_is_read_in_memory(tmp_path: Path) -> None:
    for declared in load_sources(DEMO / "sources.toml"):
        records, rejects = tmp_path / f"{declared.name}.parquet", tmp_path / f"{declared.name}.r.parquet"
        counts = write_source(declared, records, rejects)
        read = read_source(declared)
        assert_frame_equal(pl.read_parquet(records), read.records)
        assert_frame_equal(pl.read_parquet(rejects), read.rejects)
        assert (counts.records, counts.rejects, counts.files) == (
            read.records.height, read.rejects.height, read.files,
        )  # fmt: skip


def test_rows_without_anybody_are_rejects(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("name,email,company\nAda,,Acme\n,,Acme\n , ,\n")
    read = read_source(source(tmp_path, "p.csv"))
    assert read.records.get_column("line").to_list() == [2]
    assert read.rejects.select("line", "reason").rows() == [(3, NOTHING_USABLE), (4, NOTHING_USABLE)]
    assert dict(read.rejects.schema) == REJECTS_SCHEMA


def test_ids_of_the_content_are_stable_and_repeats_are_numbered(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("name,email\nAda,a@x.org\nBob,b@x.org\nAda,a@x.org\n")
    first, second = (read_source(source(tmp_path, "p.csv")).records for _ in range(2))
    assert_frame_equal(first, second)
    ids = first.get_column("record_id").to_list()
    assert ids[2] == f"{ids[0]}#2"
    assert len(set(ids)) == 3


def test_a_delta_source_keeps_the_latest_row_of_an_id(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("id,name,updated\n1,Ada,2026-01-02\n2,Bob,2026-01-01\n")
    (tmp_path / "2.csv").write_text("id,name,updated\n1,Old Ada,2025-01-01\n2,Bobby,2026-01-01\n3,Cy,\n")
    declared = Source(name="s", path="*.csv", folder=tmp_path, mode="delta", observed_at=dt.date(2026, 3, 1))
    read = read_source(declared)
    assert read.records.select("full_name", "observed_at").rows() == [
        ("Ada", dt.date(2026, 1, 2)),
        ("Bobby", dt.date(2026, 1, 1)),
        ("Cy", dt.date(2026, 3, 1)),
    ]
    counts = write_source(declared, tmp_path / "r.parquet", tmp_path / "x.parquet")
    assert (counts.records, counts.superseded, counts.rejects) == (3, 2, 0)


def test_the_date_of_a_record_is_its_own_then_declared_then_the_files(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("name,updated\nAda,2026-01-02\nBob,\n")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    days = read_source(Source(name="s", path="p.csv", folder=tmp_path)).records.get_column("observed_at")
    assert days.to_list() == [dt.date(2026, 1, 2), dt.date(2023, 11, 14)]


def test_declared_columns_win_over_guessed_ones_and_must_exist(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("Name,Email,Contact\nAda,a@x.org,c@x.org\n")
    read = read_source(source(tmp_path, "p.csv", columns={"Contact": "email", "Email": "ignore"}))
    assert read.records.get_column("email").to_list() == [["c@x.org"]]
    with pytest.raises(SourceError, match=r"no column 'Mail'.*Name, Email, Contact"):
        read_source(source(tmp_path, "p.csv", columns={"Mail": "email"}))


def test_columns_that_begin_late_in_a_file_are_read(tmp_path: Path) -> None:
    lines = [{"name": f"P{n}"} for n in range(60_000)] + [{"name": "Ada", "email": "a@x.org"}]
    (tmp_path / "p.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    read = read_source(source(tmp_path, "p.jsonl"))
    assert read.records.get_column("email").to_list()[-1] == ["a@x.org"]
    assert read.files[0].roles == {"name": "full_name", "email": "email"}


@pytest.mark.parametrize(
    ("role", "cell", "values"),
    [
        ("email", "a@x.org; b@x.org,c@x.org d@x.org", ["a@x.org", "b@x.org", "c@x.org", "d@x.org"]),
        ("phone", "+1 415 555 0106; 415 555 0107", ["+1 415 555 0106", "415 555 0107"]),
        ("technology", "AWS, Google Cloud |Stripe", ["AWS", "Google Cloud", "Stripe"]),
        ("skill", " SQL ;; Python ", ["SQL", "Python"]),
    ],
)
def test_cells_with_several_values_are_taken_apart(
    tmp_path: Path, role: str, cell: str, values: list[str]
) -> None:
    (tmp_path / "p.tsv").write_text(f"name\tx\nAda\t{cell}\n")
    (record,) = read_source(source(tmp_path, "p.tsv", columns={"x": role})).records.rows(named=True)
    assert record[role] == values


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.xlsx").write_bytes(b"PK")
    with pytest.raises(SourceError, match=r"'\.xlsx' are not read.*\.csv"):
        read_source(source(tmp_path, "p.xlsx"))

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import polars as pl
import pytest

from leadspro_engine.errors import InvalidInput
from leadspro_engine.match import enrich_batch, enrich_frame, enrich_table
from tests.match.town import open_town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from leadspro_engine.dataset import Dataset

ROWS = [
    {"Full Name": "Amanda Reyes", "E-Mail": "", "Organisation": "North Peak", "Note": "a, b"},
    {"Full Name": "", "E-Mail": "mark@northpeak.io", "Organisation": "", "Note": ""},
    {"Full Name": "Nobody Known", "E-Mail": "nobody@nowhere.com", "Organisation": "", "Note": "=1+1"},
    {"Full Name": "", "E-Mail": "", "Organisation": "", "Note": "blank"},
    {"Full Name": "José Núñez", "E-Mail": "", "Organisation": "Lumen Labs", "Note": ""},
]
STATUSES = ["matched", "matched", "no_match", "invalid", "matched"]
IDS = ["amanda", "mark", None, None, "jose"]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    with open_town(tmp_path_factory.mktemp("town")) as opened:
        yield opened


@pytest.fixture
def given(tmp_path: Path) -> Path:
    path = tmp_path / "given.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(ROWS[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(ROWS)
    return path


def _read(path: Path) -> pl.DataFrame:
    if path.suffix == ".csv":
        return pl.read_csv(path)
    return pl.read_ndjson(path) if path.suffix == ".jsonl" else pl.read_parquet(path)


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.parquet"])
@pytest.mark.parametrize("part_rows", [2, 100])
def test_each_row_is_kept_with_its_answer(town: Dataset, given: Path, name: str, part_rows: int) -> None:
    counts = enrich_table(town, given, given.with_name(name), part_rows=part_rows)
    out = _read(given.with_name(name))
    assert out.columns[:4] == list(ROWS[0])
    assert out["Full Name"].fill_null("").to_list() == [row["Full Name"] for row in ROWS]
    assert out["Note"].fill_null("").to_list() == [row["Note"] for row in ROWS]
    assert out["lp_status"].to_list() == STATUSES
    assert out["lp_id"].to_list() == IDS
    assert (counts.rows, counts.matched, counts.no_match, counts.invalid, counts.unreadable) == (
        5,
        3,
        1,
        1,
        0,
    )
    assert counts.columns == {"Full Name": "name", "E-Mail": "email", "Organisation": "company"}
    assert not list(given.parent.glob("*.parts"))


def test_a_table_has_the_answers_of_a_batch(town: Dataset) -> None:
    frame = enrich_frame(town, pl.DataFrame(ROWS))
    items = [
        {"name": row["Full Name"], "email": row["E-Mail"], "company": row["Organisation"]} for row in ROWS
    ]
    for row, answer in zip(frame.to_dicts(), enrich_batch(town, items), strict=True):
        assert row["lp_status"] == answer.status
        assert row["lp_likelihood"] == (None if answer.match is None else answer.match.likelihood)


def test_a_run_that_died_goes_on_where_it_was(town: Dataset, given: Path) -> None:
    out = given.with_name("out.csv")

    def die(rows: int) -> None:
        if rows >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        enrich_table(town, given, out, part_rows=2, progress=die)
    assert not out.exists()
    parts = sorted((given.parent / "out.csv.parts").glob("*.parquet"))
    assert len(parts) == 2
    written = [part.stat().st_mtime_ns for part in parts]
    seen: list[int] = []

    def look(rows: int) -> None:
        seen.append(rows)
        assert [part.stat().st_mtime_ns for part in parts] == written

    counts = enrich_table(town, given, out, part_rows=2, progress=look)
    assert seen == [2, 4, 5]
    assert counts.matched == 3
    assert _read(out)["lp_id"].to_list() == IDS


def test_parts_of_another_input_are_not_used(town: Dataset, given: Path) -> None:
    out = given.with_name("out.csv")

    def die(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        enrich_table(town, given, out, part_rows=2, progress=die)
    given.write_text(
        given.read_text(encoding="utf-8").replace("Amanda Reyes", "Robert Silva"), encoding="utf-8"
    )
    enrich_table(town, given, out, part_rows=2)
    assert _read(out)["lp_id"][0] == "rob"


def test_columns_may_be_named(town: Dataset) -> None:
    frame = pl.DataFrame({"a": ["amanda@northpeak.io"], "b": ["x"]})
    assert enrich_frame(town, frame, columns={"a": "email"})["lp_id"].to_list() == ["amanda"]


@pytest.mark.parametrize(
    ("columns", "field"), [({"z": "email"}, "columns"), ({"a": "shoe"}, "columns/a"), (None, "columns")]
)
def test_a_table_that_cannot_be_asked_by_is_refused(
    town: Dataset, columns: dict[str, str] | None, field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        enrich_frame(town, pl.DataFrame({"a": ["1"]}), columns=columns)
    assert caught.value.field == field


def test_a_file_without_rows_is_refused_by_its_name_and_leaves_nothing(town: Dataset, tmp_path: Path) -> None:
    (tmp_path / "given.csv").write_text("email\n")
    with pytest.raises(InvalidInput, match=r"given\.csv.*a file with rows"):
        enrich_table(town, tmp_path / "given.csv", tmp_path / "out.csv")
    assert [one.name for one in tmp_path.iterdir()] == ["given.csv"]


def test_columns_of_the_input_stay_whatever_they_are_called(town: Dataset, tmp_path: Path) -> None:
    (tmp_path / "given.csv").write_text("email,lp_owner,lp_status\namanda@northpeak.io,Eve,old\n")
    enrich_table(town, tmp_path / "given.csv", tmp_path / "out.csv")
    row = _read(tmp_path / "out.csv").row(0, named=True)
    assert (row["lp_owner"], row["lp_status"]) == ("Eve", "matched")


def test_an_unknown_ending_is_refused(town: Dataset, given: Path) -> None:
    with pytest.raises(InvalidInput, match=r"\.csv, \.jsonl, \.parquet"):
        enrich_table(town, given, given.with_name("out.xlsx"))

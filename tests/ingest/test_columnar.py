"""Parquet gives the columns that JSON lines of the same records give."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import polars as pl
from polars.testing import assert_frame_equal

from leadspro_engine.ingest import read_file

if TYPE_CHECKING:
    from pathlib import Path

ROWS: list[dict[str, Any]] = [
    {"name": {"first": "Ada"}, "mails": [{"at": "a@x.org"}], "size": 3, "tags": ["x", "y"]},
    {"name": {"first": "Bob"}, "mails": [{"at": "b@x.org"}, {"at": "c@x.org"}], "size": 4, "tags": []},
]


def test_nested_columns_equal_those_of_json_lines(tmp_path: Path) -> None:
    pl.DataFrame(ROWS).write_parquet(tmp_path / "file.parquet")
    (tmp_path / "file.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    (columnar,), (lines,) = read_file(tmp_path / "file.parquet"), read_file(tmp_path / "file.jsonl")
    assert_frame_equal(columnar.frame, lines.frame, check_column_order=False)
    assert columnar.lines.to_list() == [1, 2]


def test_numbers_dates_and_truth_become_text(tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": [14155550106.0], "d": [dt.date(2026, 5, 1)], "i": [7]})
    frame.write_parquet(tmp_path / "file.parquet")
    (chunk,) = read_file(tmp_path / "file.parquet")
    assert chunk.frame.row(0) == ("14155550106", "2026-05-01", "7")


def test_a_damaged_file_is_one_reject(tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"
    path.write_bytes(b"PAR1 this is not Parquet PAR1")
    (chunk,) = read_file(path)
    assert chunk.frame.height == 0
    (reject,) = chunk.rejects
    assert "damaged" in reject.reason

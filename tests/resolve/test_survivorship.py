from __future__ import annotations

import csv
from pathlib import Path

import pytest

from leadspro_engine import sql
from leadspro_engine.resolve.survivorship import Field, choose

CASES = list(csv.DictReader(Path(__file__).with_name("survivorship.csv").read_text("utf-8").splitlines()))


@pytest.mark.parametrize("number", sorted({row["case"] for row in CASES}))
def test_the_value_that_survives_and_why_the_others_lost(number: str) -> None:
    rows = [row for row in CASES if row["case"] == number]
    con = sql.workbench(threads=1)
    con.execute(
        "create table members (entity_id varchar, record_id varchar, value varchar, source varchar, "
        "observed_at date, trust double, completeness integer)"
    )
    for row in rows:
        columns = ("record_id", "value", "source", "observed_at", "trust", "completeness")
        given = [row[column] or None for column in columns]
        con.execute("insert into members values ('e', ?, ?, ?, ?, ?, ?)", given)
    field = Field("field", "value", "agreed" if rows[0]["rule"] == "agreed" else "newest", "completeness")
    choose(con, [field], records="members", lineage="lineage")
    found = con.execute("select record_id, chosen, reason from lineage order by record_id").fetchall()
    expected = [(row["record_id"], row["chosen"] == "true", row["reason"]) for row in rows]
    assert found == sorted(expected)

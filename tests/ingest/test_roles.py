"""Column roles: what headers say in many languages, what cells say, and which of them wins."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Literal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspro_engine.ingest import guess_roles
from leadspro_engine.ingest.layouts import LAYOUTS, recognized
from leadspro_engine.ingest.roles import header_role
from leadspro_engine.ingest.sources import COLUMN_ROLES

CASES = list(csv.DictReader(Path(__file__).with_name("headers.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['record']}: {case['header']}")
def test_headers_say_what_a_column_holds(case: dict[str, str]) -> None:
    record: Literal["company", "person"] = "company" if case["record"] == "company" else "person"
    assert header_role(case["header"], record=record) == (case["role"] or None)


@pytest.mark.parametrize(
    ("header", "cells", "role"),
    [
        ("x", ["a@x.org", "b@y.org"], "email"),
        ("x", ["https://www.linkedin.com/in/ada", "linkedin.com/in/bob"], "linkedin"),
        ("URL", ["https://www.linkedin.com/in/ada", "https://linkedin.com/in/bob"], "linkedin"),
        ("LinkedIn", ["https://www.linkedin.com/company/acme", "linkedin.com/company/x"], "company_linkedin"),
        ("x", ["+1 415 555 0106", "(415) 555-0107"], "phone"),
        ("x", ["20260101", "20260102"], None),
        ("x", ["2026-01-01", "2026-01-02"], None),
        ("x", ["4155550106", "4155550107"], None),
        ("Email", ["yes", "no"], None),
        ("Phone", ["yes", "no"], None),
        ("Employees", ["Ada", "Bob"], None),
        ("Email", [None, None], "email"),
        ("Email", ["n/a", "a@x.org"], "email"),
        ("Note", ["met in May", "called"], None),
    ],
)
def test_cells_confirm_refuse_or_show_a_role(header: str, cells: list[str | None], role: str | None) -> None:
    frame = pl.DataFrame({header: pl.Series(cells, dtype=pl.String())})
    assert guess_roles(frame) == ({} if role is None else {header: role})


def test_an_id_column_must_be_unique_and_is_the_first() -> None:
    frame = pl.DataFrame({"Account ID": ["1", "1"], "Contact ID": ["a", "b"], "UUID": ["x", "y"]})
    assert guess_roles(frame) == {"Contact ID": "source_record_id"}


def test_address_is_the_street_where_the_number_has_a_column() -> None:
    frame = pl.DataFrame({"street_number": ["7"], "address_1": ["southern cross drive"]})
    assert guess_roles(frame) == {"street_number": "street_number", "address_1": "street"}


@given(st.text())
def test_no_header_makes_it_fail(header: str) -> None:
    assert header_role(header) in (None, *COLUMN_ROLES)


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts_are_recognized_by_their_sign_and_use_roles_that_exist(name: str) -> None:
    layout = LAYOUTS[name]
    assert recognized([*layout.sign, "Another Column"], layout.record) == name
    assert set(layout.sign) - {"Lifecycle Stage"} <= set(layout.columns)
    assert set(layout.columns.values()) <= set(COLUMN_ROLES)

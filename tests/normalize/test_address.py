"""Addresses: a labelled table, and the same parts from cells of their own."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.normalize import address

CASES = list(csv.DictReader(io.StringIO((Path(__file__).parent / "addresses.csv").read_text("utf-8"))))
PARTS = ("street_number", "street_key", "unit", "postal_code")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["note"])
def test_whole_addresses(case: dict[str, str]) -> None:
    found = address.parse(case["cell"]) or address.Address()
    assert {part: getattr(found, part) or "" for part in PARTS} == {part: case[part] for part in PARTS}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Main Street", "Main St."),
        ("North 5th Avenue", "N 5th Ave"),
        ("Hauptstraße", "Haupt Str."),
        ("Kaiserplatz", "Kaiser-Platz"),
        ("Boulevard Haussmann", "Bd Haussmann"),
        ("Avenida Paulista", "Av. Paulista"),
    ],
)
def test_one_street_spelt_two_ways(one: str, other: str) -> None:
    assert address.parse(street=one) == address.parse(street=other)


def test_parts_with_cells_of_their_own() -> None:
    found = address.parse(street_number="12", street="High Street", unit="Apt 4", postal_code="ec1a 1bb")
    assert found == address.Address("12", "high st", "4", "EC1A1BB")


@settings(deadline=None)
@given(st.lists(st.text(max_size=40) | st.none(), min_size=5, max_size=5))
def test_parts_stay_in_their_alphabet(cells: list[str | None]) -> None:
    found = address.parse(*cells)
    if found is not None:
        assert any((found.street_number, found.street_key, found.unit, found.postal_code))
        for part in (found.street_number, found.street_key, found.unit):
            assert part is None or (
                part.isascii() and part == part.lower() and part == " ".join(part.split())
            )
        assert found.postal_code is None or (found.postal_code.isalnum() and found.postal_code.isascii())

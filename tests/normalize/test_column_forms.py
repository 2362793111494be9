"""The column form of a kind equals its scalar form, and no cell makes either raise or slow."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.normalize import (
    address,
    date,
    headcount,
    identifier,
    industry,
    place,
    skill,
    technology,
    title,
)

KINDS: dict[str, Any] = {
    "date": date, "headcount": headcount, "identifier": identifier, "industry": industry,
    "skill": skill, "technology": technology, "title": title,
}  # fmt: skip
SEVERAL: dict[str, tuple[Any, tuple[str, ...]]] = {
    "place": (place, ("city", "region", "country", "place")),
    "address": (address, ("address", "street_number", "street", "unit", "postal_code")),
}
HARD = st.text(st.sampled_from("aZ9 ,.-/+&@#|()'\"\n\u0301\u200b\u202e\u0130ß京١½ǅ🚀\ud800"), max_size=40)
REAL = st.sampled_from(
    ["VP, Sales", "MD", "CMO at X Clinic", "51-200", "1K+", "3/4/2021", "44197", "AWS", "SaaS", "Paris, TX",
     "Berlin", "WA", "Deutschland", "12 High St, Apt 4", "94105", "DE 123"]
)  # fmt: skip
CELLS = st.none() | HARD | REAL | st.text(max_size=20)


def plain(found: object) -> object:
    return msgspec.structs.asdict(found) if isinstance(found, msgspec.Struct) else found


@settings(deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.lists(CELLS, max_size=8))
def test_columns_of_one_cell(name: str, cells: list[str | None]) -> None:
    cells = [cell if cell is None or cell.isprintable() else cell.replace("\ud800", "") for cell in cells]
    found = KINDS[name].column(pl.Series("c", cells, pl.String())).to_list()
    assert found == [plain(KINDS[name].parse(cell)) for cell in cells]


@settings(deadline=None)
@given(st.sampled_from(sorted(SEVERAL)), st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=6))
def test_columns_of_several_cells(name: str, cells: list[list[str | None]]) -> None:
    kind, roles = SEVERAL[name]
    cells = [[c and c.replace("\ud800", "") for c in row[: len(roles)]] for row in cells]
    given_columns = {
        role: pl.Series(role, [row[i] for row in cells], pl.String()) for i, role in enumerate(roles)
    }
    assert kind.column(**given_columns).to_list() == [plain(kind.parse(*row)) for row in cells]


@settings(deadline=None)
@given(
    HARD
    | st.binary(max_size=50)
    | st.floats()
    | st.integers()
    | st.builds(object)
    | st.booleans()
    | st.none()
)
def test_nothing_raises(value: object) -> None:
    for kind in (*KINDS.values(), place, address):
        kind.parse(value)
        assert isinstance(kind.why(value), tuple)
    place.parse(place=value)
    place.country(value)
    place.region(value)


@pytest.mark.parametrize("name", [*KINDS, *SEVERAL])
@pytest.mark.parametrize(
    "pattern", ["a", "1", " ", ",", "-", "a ", "1,", "(", "St ", "1/", ".", "'", "\u0301", "🚀 ", "1-"]
)
def test_long_cells_are_read_in_bounded_time(name: str, pattern: str) -> None:
    kind = KINDS.get(name) or SEVERAL[name][0]
    kind.parse("warm")
    started = time.process_time()
    kind.parse(pattern * (65536 // len(pattern)))
    assert time.process_time() - started < 0.5

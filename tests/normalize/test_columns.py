"""The column machinery: any dtype, nulls, empty columns; each distinct value read once."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from leadspro_engine.normalize import columns
from leadspro_engine.normalize.text import as_text


class Found(Struct, frozen=True):
    text: str
    kind: Literal["a", "b"]
    words: list[str]
    size: int | None = None
    known: bool = False


def read(text: str) -> Found | None:
    return None if text.startswith("-") else Found(text, "a", text.split(), len(text), known=True)


@pytest.mark.parametrize(
    "values",
    [
        pl.Series("v", ["x y", None, "-", "x y", ""]),
        pl.Series("v", [], dtype=pl.String),
        pl.Series("v", [None, None]),
        pl.Series("v", [14155550106.0, None, float("nan"), float("inf"), 2.5]),
        pl.Series("v", [1, None, -1]),
        pl.Series("v", [b"caf\xc3\xa9", b"\xff", None]),
        pl.Series("v", [True, None]),
        pl.Series("v", [Decimal("1.50"), None]),
        pl.Series("v", ["a", "b", None], dtype=pl.Categorical),
        pl.Series("v", [["a"], None]),
        pl.Series("v", [object(), "a", None], dtype=pl.Object),
        pl.Series("v", ["-", "-"]),
    ],
)
def test_one_answer_for_each_row_whatever_the_type(values: pl.Series) -> None:
    found = columns.struct_column(values, read, Found)
    assert found.dtype == columns.dtype_of(Found)
    assert found.name == "v"
    texts = [as_text(value) for value in values.to_list()]
    expected = [None if text is None else read(text) for text in texts]
    assert found.to_list() == [
        None if f is None else {name: getattr(f, name) for name in f.__struct_fields__} for f in expected
    ]


def test_each_distinct_value_is_read_once() -> None:
    seen: list[str] = []

    def remember(text: str) -> str:
        seen.append(text)
        return text

    columns.text_column(pl.Series(["a", "b", "a", None, "b"]), remember)
    assert sorted(seen) == ["a", "b"]


def test_lists_and_texts() -> None:
    values = pl.Series(["a b", None, "c"])
    assert columns.list_column(values, str.split).to_list() == [["a", "b"], [], ["c"]]
    assert columns.text_column(values, lambda text: text.upper() if text > "b" else None).to_list() == [
        None,
        None,
        "C",
    ]


def test_rows_of_several_columns_keep_their_order_and_their_nulls() -> None:
    arguments = pl.DataFrame(
        {"cell": ["a", None, "a", "b"], "many": [["x"], None, ["x"], []], "n": [1.0, 1.0, 1.0, None]}
    )
    seen: list[tuple[object, ...]] = []

    def join(cell: str | None, many: list[str] | None, number: str | None) -> Found | None:
        seen.append((cell, many, number))
        return None if cell is None else Found(f"{cell}{many}{number}", "b", many or [])

    found = columns.struct_rows(arguments, join, Found)
    assert [row and row["text"] for row in found.to_list()] == ["a['x']1", None, "a['x']1", "b[]None"]
    assert len(seen) == 3


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 99)), max_size=12))
def test_pieces_come_back_in_their_places(rows: list[tuple[bool, int]]) -> None:
    settled = pl.Series([first for first, _ in rows], dtype=pl.Boolean())
    values = pl.Series([value for _, value in rows], dtype=pl.Int64())
    assert (
        columns.pieced(settled, values.filter(settled), values.filter(~settled)).to_list() == values.to_list()
    )


@given(
    st.lists(st.none() | st.lists(st.none() | st.sampled_from(["", "a", "b", "c"]), max_size=4), max_size=8)
)
def test_opened_lists_are_put_together_again_each_value_once(lists: list[list[str | None] | None]) -> None:
    cells, rows = columns.opened(pl.Series(lists, dtype=pl.List(pl.String())))
    expected = [list(dict.fromkeys(cell for cell in each or () if cell)) for each in lists]
    assert columns.relisted(rows, cells, len(lists)).to_list() == expected

"""JSON lines: nested objects by dotted path, lists of objects, and lines that are no objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspro_engine.ingest.encoding import TextFile
from leadspro_engine.ingest.json_lines import flat, json_chunks

if TYPE_CHECKING:
    from pathlib import Path

    from leadspro_engine.ingest.chunk import Chunk


def chunks_of(folder: Path, content: bytes) -> list[Chunk]:
    path = folder / "file.jsonl"
    path.write_bytes(content)
    with TextFile(path, "utf-8") as file:
        return list(json_chunks(file))


@pytest.mark.parametrize(
    ("value", "cells"),
    [
        ({"a": 1}, {"a": "1"}),
        ({"a": 1.0, "b": 2.5, "c": True}, {"a": "1", "b": "2.5", "c": "true"}),
        ({"a": None}, {"a": None}),
        ({"a": {"b": {"c": "x"}}}, {"a.b.c": "x"}),
        ({"a": ["x", "y"]}, {"a": ["x", "y"]}),
        ({"a": [{"b": "x"}, {"b": "y", "c": "z"}]}, {"a.b": ["x", "y"], "a.c": ["z"]}),
        ({"a": [["x"], ["y"]]}, {"a": ["x", "y"]}),
        ({"a": [{"b": ["x", "y"]}, {"b": ["z"]}]}, {"a.b": ["x", "y", "z"]}),
        ({"a": [None, "x"]}, {"a": ["x"]}),
        ({"a": []}, {}),
        ({"a": {}}, {}),
    ],
)
def test_objects_become_columns_by_path(value: dict[str, Any], cells: dict[str, Any]) -> None:
    assert flat(value) == cells


def test_a_column_is_of_lists_when_one_row_has_a_list(tmp_path: Path) -> None:
    (chunk,) = chunks_of(tmp_path, b'{"mail": "a@x.org"}\n{"mail": ["b@x.org", "c@x.org"]}\n{"other": 1}\n')
    assert chunk.frame.to_dict(as_series=False) == {
        "mail": [["a@x.org"], ["b@x.org", "c@x.org"], None],
        "other": [None, None, "1"],
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a": "cut', "not JSON"),
        (b"<html>", "not JSON"),
        (b"[1, 2]", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'{"a": "caf\xe9"}', "not JSON"),
        (b"[" * 5000, "not JSON"),
    ],
)
def test_other_lines_are_rejects_with_their_text(tmp_path: Path, line: bytes, reason: str) -> None:
    (chunk,) = chunks_of(tmp_path, b'{"a": 1}\n\n' + line + b'\n{"a": 2}\n')
    assert chunk.frame.get_column("a").to_list() == ["1", "2"]
    assert chunk.lines.to_list() == [1, 4]
    (reject,) = chunk.rejects
    assert reject.line == 3
    assert reject.reason.startswith(reason)
    assert reject.raw == line.decode("utf-8", "backslashreplace")


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
))  # fmt: skip
def test_no_value_makes_it_fail(value: Any) -> None:
    cells = flat({"a": value})
    assert all(cell is None or isinstance(cell, str | list) for cell in cells.values())

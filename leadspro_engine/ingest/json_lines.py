"""JSON lines as rows: nested objects become columns named by their dotted path.

``{"name": {"first": "Ada"}, "emails": [{"address": "a@x.org"}, {"address": "b@x.org"}]}`` has the columns
``name.first`` (a text) and ``emails.address`` (a list of texts). A line that is not a JSON object is a
reject.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from leadspro_engine.ingest.chunk import CHUNK_ROWS, Chunk, Reject
from leadspro_engine.ingest.encoding import readable
from leadspro_engine.normalize.text import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from leadspro_engine.ingest.encoding import TextFile

Cell = str | list[str] | None
_TRUTH = {True: "true", False: "false"}


def json_chunks(file: TextFile) -> Iterator[Chunk]:
    """The objects of a file in chunks; every line that is not blank is in a row or a reject."""
    rows: list[dict[str, Cell]] = []
    numbers: list[int] = []
    raw: list[str] = []
    rejects: list[Reject] = []
    decoder = msgspec.json.Decoder()
    number = 0
    for number, line in enumerate(file, start=1):
        text = line.strip()
        if not text:
            continue
        problem, value = _object(decoder, text)
        if problem is None:
            rows.append(flat(value))
            numbers.append(number)
            raw.append(text)
        else:
            rejects.append(Reject(number, problem, readable(text)))
        if len(rows) + len(rejects) >= CHUNK_ROWS:
            yield _chunk(rows, numbers, raw, rejects)
            rows, numbers, raw, rejects = [], [], [], []
    if file.damage is not None:
        rejects.append(Reject(number + 1, file.damage, ""))
    yield _chunk(rows, numbers, raw, rejects)


def flat(value: Mapping[str, Any]) -> dict[str, Cell]:
    """The leaves of an object by their dotted path: a text, or a list where the path goes through a list.

    >>> flat({"name": {"first": "Ada"}, "emails": [{"at": "a@x.org"}, {"at": "b@x.org"}], "age": 36})
    {'name.first': 'Ada', 'emails.at': ['a@x.org', 'b@x.org'], 'age': '36'}
    """
    cells: dict[str, Cell] = {}
    for key, inner in value.items():
        _collect(key, inner, cells)
    return cells


def columns_of(rows: Sequence[Mapping[str, Cell]]) -> pl.DataFrame:
    """Rows as a frame with all columns that occur, in order of first appearance.

    A column in which any row has a list is a column of lists.
    """
    names = dict.fromkeys(name for row in rows for name in row)
    return pl.DataFrame([_column(name, [row.get(name) for row in rows]) for name in names])


def _column(name: str, cells: list[Cell]) -> pl.Series:
    if any(isinstance(cell, list) for cell in cells):
        lists = [[cell] if isinstance(cell, str) else cell for cell in cells]
        return pl.Series(name, lists, pl.List(pl.String()))
    return pl.Series(name, cells, pl.String())


def _object(decoder: msgspec.json.Decoder[Any], text: str) -> tuple[str | None, dict[str, Any]]:
    """What is wrong with a line, and the object that it holds."""
    try:
        value = decoder.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as exc:
        return f"not JSON: {readable(str(exc))}", {}
    if not isinstance(value, dict):
        return "not a JSON object", {}
    return None, value


def _collect(path: str, value: Any, cells: dict[str, Cell]) -> None:
    """Add what is under a path to the cells."""
    if isinstance(value, dict):
        for key, inner in value.items():
            _collect(f"{path}.{key}", inner, cells)
    elif isinstance(value, list):
        for inner in value:
            _append(path, inner, cells)
    else:
        cells[path] = _TRUTH[value] if isinstance(value, bool) else as_text(value)


def _append(path: str, value: Any, cells: dict[str, Cell]) -> None:
    """Add one element of a list: its leaves join the lists under their paths."""
    inner: dict[str, Cell] = {}
    _collect(path, value, inner)
    for key, cell in inner.items():
        if cell is None:
            continue
        before = cells.get(key)
        listed = before if isinstance(before, list) else [] if before is None else [before]
        cells[key] = [*listed, *(cell if isinstance(cell, list) else [cell])]


def _chunk(rows: list[dict[str, Cell]], numbers: list[int], raw: list[str], rejects: list[Reject]) -> Chunk:
    frame = columns_of(rows)
    return Chunk(frame, pl.Series("line", numbers, pl.Int64()), pl.Series("raw", raw, pl.String()), rejects)

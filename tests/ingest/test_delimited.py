"""Delimited text: dialects, rows and rejects; nothing that stands in a file is ever lost."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspro_engine.ingest.delimited import _batches, _careful, _fast, _Lines, delimited_chunks, sniff
from leadspro_engine.ingest.encoding import TextFile, survey

if TYPE_CHECKING:
    from pathlib import Path

    from leadspro_engine.ingest.chunk import Chunk

HEADER = "name,email,phone\n"


def chunks_of(folder: Path, content: bytes | str) -> list[Chunk]:
    path = folder / "file.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = survey(path)
    with TextFile(path, found.encoding) as file:
        return list(delimited_chunks(file, mixed=found.mixed))


def rows_of(chunks: list[Chunk]) -> list[tuple[str, ...]]:
    return [row for chunk in chunks for row in chunk.frame.rows()]


def rejects_of(chunks: list[Chunk]) -> list[tuple[int, str, str]]:
    return [(one.line, one.reason, one.raw) for chunk in chunks for one in chunk.rejects]


@pytest.mark.parametrize(
    ("text", "delimiter", "header", "skipped"),
    [
        ("name,email\na,b\n", ",", ("name", "email"), 1),
        ("name;email\na;b\n", ";", ("name", "email"), 1),
        ("name\temail\na\tb\n", "\t", ("name", "email"), 1),
        ("name|email\na|b\n", "|", ("name", "email"), 1),
        ("name^email\na^b\n", "^", ("name", "email"), 1),
        ('"name";"company"\n"a, b";"c, d"\n"e, f";"g, h"\n', ";", ("name", "company"), 1),
        ('Notes:\n"Long, text, with, commas"\n\nName,E-Mail\nAda,L\n', ",", ("Name", "E-Mail"), 4),
        ('"A title\nover two lines"\nname,email\na,b\n', ",", ("name", "email"), 3),
        ("email\nada@example.com\n", ",", ("email",), 1),
        ("ada@example.com,Ada\nbob@example.com,Bob\n", ",", ("column_1", "column_2"), 0),
        ("name,,email,email\na,b,c,d\n", ",", ("name", "column_2", "email", "email (2)"), 1),
        ("col a,col b\nx,y\n", ",", ("col a", "col b"), 1),
        ("name,email\na,b,\nc,d,\ne,f,\n", ",", ("name", "email"), 1),
        ("", ",", (), 0),
    ],
)  # fmt: skip
def test_dialect_is_found(text: str, delimiter: str, header: tuple[str, ...], skipped: int) -> None:
    found = sniff(io.StringIO(text, newline="").readlines())
    assert found.header == header
    assert found.skipped == skipped
    if len(header) > 1:
        assert found.delimiter == delimiter


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends(tmp_path: Path) -> None:
    chunks = chunks_of(tmp_path, HEADER + '"Reyes, Amanda",a@x.org,"1\n2"\n"say ""hi""",b@x.org,3\n')
    assert rows_of(chunks) == [("Reyes, Amanda", "a@x.org", "1\n2"), ('say "hi"', "b@x.org", "3")]
    assert [line for chunk in chunks for line in chunk.lines] == [2, 4]
    assert rejects_of(chunks) == []


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("a,b", "2 cells where the header has 3"),
        ("a,b,c,d", "4 cells where the header has 3"),
        ('"a,b,c', "a quote is opened and never closed"),
        ('"a"b,c,d', "a quote inside a quoted cell is not doubled"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_broken_row_is_one_reject_and_the_others_are_read(
    tmp_path: Path, broken: str, reason: str, place: int
) -> None:
    lines = ["Ada,a@x.org,1", "Bob,b@x.org,2"]
    lines.insert(place, broken)
    chunks = chunks_of(tmp_path, HEADER + "".join(f"{line}\n" for line in lines))
    assert rows_of(chunks) == [("Ada", "a@x.org", "1"), ("Bob", "b@x.org", "2")]
    assert rejects_of(chunks) == [(place + 2, reason, broken)]


def test_a_quote_that_never_closes_costs_one_row_even_in_a_long_file(tmp_path: Path) -> None:
    good = [f"p{n},p{n}@x.org,{n}" for n in range(5000)]
    text = HEADER + "\n".join([*good[:100], '"broken,x,y', *good[100:]]) + "\n"
    chunks = chunks_of(tmp_path, text)
    assert [",".join(row) for row in rows_of(chunks)] == good
    assert rejects_of(chunks) == [(102, "a quote is opened and never closed", '"broken,x,y')]
    numbers = [line for chunk in chunks for line in chunk.lines]
    assert numbers[:101] == [*range(2, 102), 103]
    assert numbers[-1] == 5002


def test_blank_lines_are_no_rows_and_surplus_blank_cells_are_dropped(tmp_path: Path) -> None:
    chunks = chunks_of(tmp_path, HEADER + "\n\nAda,a@x.org,1,,\n\n")
    assert rows_of(chunks) == [("Ada", "a@x.org", "1")]
    assert [line for chunk in chunks for line in chunk.lines] == [4]
    assert rejects_of(chunks) == []


def test_lines_in_another_encoding_are_rejects_in_a_utf8_file(tmp_path: Path) -> None:
    content = (
        HEADER.encode() + "Zoë,z@x.org,1\nRenée,r@x.org,2\n".encode() + "José,j@x.org,3\n".encode("latin-1")
    )
    chunks = chunks_of(tmp_path, content)
    assert [row[0] for row in rows_of(chunks)] == ["Zoë", "Renée"]
    ((line, reason, raw),) = rejects_of(chunks)
    assert (line, raw) == (4, "Jos\\xe9,j@x.org,3")
    assert "encoding" in reason


TOKENS = st.sampled_from([",", '"', "\n", "\r\n", " ", '""', ',"', '",', "\t", "é", "x"])


@given(st.lists(st.lists(TOKENS, max_size=6), min_size=1, max_size=40))
def test_nothing_that_stands_in_a_file_is_lost_or_doubled(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[list[str]]
) -> None:
    text = "".join(f"<{number}>{''.join(piece)}" for number, piece in enumerate(pieces))
    chunks = chunks_of(tmp_path_factory.mktemp("csv"), HEADER + text)
    kept = "".join("|".join(row) for row in rows_of(chunks)) + "".join(
        raw for _, _, raw in rejects_of(chunks)
    )
    assert [kept.count(f"<{number}>") for number in range(len(pieces))] == [1] * len(pieces)


@given(
    st.lists(
        st.lists(st.text(alphabet=list("a\",\né '\\"), max_size=5), min_size=3, max_size=3),
        max_size=30,
    )
)  # fmt: skip
def test_what_the_standard_library_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([HEADER.strip().split(","), *rows])
    chunks = chunks_of(tmp_path_factory.mktemp("csv"), out.getvalue())
    assert [list(row) for row in rows_of(chunks)] == rows
    assert rejects_of(chunks) == []


@given(
    st.lists(st.lists(st.sampled_from(["a", "é", '"b,c"', "", '"x""y"']), min_size=3, max_size=3), min_size=1)
)
def test_fast_path_reads_what_the_careful_path_reads(cells: list[list[str]]) -> None:
    lines = [",".join(row) + "\n" for row in cells]
    dialect = sniff([HEADER, *lines])
    fast = _fast(lines, dialect)
    numbers, rows, rejects = _careful(_Lines(lines), dialect, len(lines))
    assert rows == fast
    assert numbers == list(range(1, len(lines) + 1))
    assert rejects == []


def test_a_row_that_spans_two_batches_is_one_row() -> None:
    lines = [*(f"p{n},e,1\n" for n in range(999)), '"two\n', 'lines",e,1\n', "last,e,1\n"]
    dialect = sniff([HEADER])
    batches = list(_batches(_Lines(lines), dialect, mixed=False))
    rows = [row for _, found, _ in batches for row in found]
    assert [row[0] for row in rows[-3:]] == ["p998", "two\nlines", "last"]
    assert [number for numbers, _, _ in batches for number in numbers][-2:] == [1000, 1002]

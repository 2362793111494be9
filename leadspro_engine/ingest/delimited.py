"""Delimited text (CSV, TSV and their relatives) as rows, none of them lost.

1. **Dialect.** The delimiter is the one under which a sample has the most columns in the most rows and
   the most known header words. Lines before the header (exports begin with titles and notices) are left out.
2. **Fast path.** A thousand lines at a time go through the standard library's reader, which is done
   when each of them was one row of the right width.
3. **Careful path.** Otherwise those lines are read one row at a time. A row that breaks the quoting rules
   is a reject made of its *first line* only; reading begins again at the next line, so that a quote that
   is never closed costs one row and not the rest of the file. So is a row of another width.

A blank line is no row. Columns without a name are called ``column_3``, a second ``Email`` is ``Email (2)``.
Source: RFC 4180 for quoting (strict: a quote inside a quoted cell is doubled).
"""

from __future__ import annotations

import csv
from collections import Counter, deque
from itertools import chain, islice
from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

from leadspro_engine.ingest.chunk import CHUNK_ROWS, Chunk, Reject, as_json
from leadspro_engine.ingest.encoding import readable
from leadspro_engine.ingest.roles import known_headers, looks_like_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from leadspro_engine.ingest.encoding import TextFile

DELIMITERS = ",;\t|^"
SAMPLE_LINES = 500
_BATCH_LINES = 1000
_ROW_LINES = 200
"""A quoted cell may span lines; a row of more lines than this is a quote that was never closed."""
_WELL_KNOWN_HEADERS = 2

Row = list[str]


class Dialect(Struct, frozen=True):
    """How a delimited file is to be read.

    Attributes:
        delimiter: one character.
        header: names of the columns, unique.
        skipped: physical lines before the first row of data.
    """

    delimiter: str
    header: tuple[str, ...]
    skipped: int


def delimited_chunks(file: TextFile, *, mixed: bool = False) -> Iterator[Chunk]:
    """The rows of a file in chunks; every line that is not blank is in a row, a reject or the preamble.

    Args:
        file: the lines.
        mixed: some lines are not in the file's encoding; those become rejects.
    """
    sample = list(islice(file, SAMPLE_LINES))
    dialect = sniff(sample)
    lines = _Lines(chain(sample, file))
    lines.take(dialect.skipped)
    pending = _Pending(dialect.header)
    for numbers, rows, rejects in _batches(lines, dialect, mixed=mixed):
        pending.add(numbers, rows, rejects)
        if pending.height >= CHUNK_ROWS:
            yield pending.chunk()
    if file.damage is not None:
        pending.add([], [], [Reject(lines.number + 1, file.damage, "")])
    yield pending.chunk()


def sniff(sample: Sequence[str]) -> Dialect:
    r"""How the file that begins with these lines is to be read.

    >>> sniff(["Export of 2026-05-01\n", "\n", "Name;E-Mail\n", "Ada;ada@example.com\n"])
    Dialect(delimiter=';', header=('Name', 'E-Mail'), skipped=3)
    """
    best = max((_reading(sample, delimiter) for delimiter in DELIMITERS), key=lambda reading: reading.score)
    if best.head is None:
        width = max((len(row) for row in best.rows), default=0)
        return Dialect(best.delimiter, _names([""] * width), 0)
    return Dialect(best.delimiter, _names(best.rows[best.head]), best.ends[best.head])


class _Reading(Struct, frozen=True):
    """A sample as one delimiter reads it.

    Attributes:
        ends: for each row, the number of physical lines up to its end.
        head: index of the row that heads the columns; None when the first row is data already.
        score: known header words, then how wide and how even the rows are.
    """

    delimiter: str
    rows: list[Row]
    ends: list[int]
    head: int | None
    score: tuple[int, float]


def _reading(sample: Sequence[str], delimiter: str) -> _Reading:
    rows: list[Row] = []
    ends: list[int] = []
    reader = csv.reader(sample, delimiter=delimiter)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                ends.append(reader.line_num)
    except csv.Error:
        pass  # an unclosed quote in the sample: what was read up to there has to do
    widths = Counter(len(row) for row in rows)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0])) if widths else (0, 0)
    head = _head(rows, width)
    known = known_headers(rows[head]) if head is not None else 0
    share = count / len(rows) if rows else 0.0
    score = (known if known >= _WELL_KNOWN_HEADERS else 0, share * share * max(width - 1, 0))
    return _Reading(delimiter, rows, ends, head, score)


def _head(rows: Sequence[Row], width: int) -> int | None:
    """The row that heads the columns: the first with known header words, else one of the usual width."""
    for index, row in enumerate(rows[:50]):
        filled = sum(bool(cell.strip()) for cell in row)
        known = known_headers(row)
        if known >= min(_WELL_KNOWN_HEADERS, width) and known * 2 >= filled:
            return index
    for index, row in enumerate(rows):
        if len(row) == width:
            return None if looks_like_data(row) else index
    return None


def _names(header: Sequence[str]) -> tuple[str, ...]:
    """Unique names for the columns.

    >>> _names(["Email", "", " Email "])
    ('Email', 'column_2', 'Email (2)')
    """
    names: list[str] = []
    for number, cell in enumerate(header, start=1):
        base = readable(cell).strip() or f"column_{number}"
        name, times = base, 1
        while name in names:
            times += 1
            name = f"{base} ({times})"
        names.append(name)
    return tuple(names)


class _Lines:
    """Physical lines that can be given back; counts them and remembers those of the row being read."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._back: deque[str] = deque()
        self.number = 0
        self.row: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.row) >= _ROW_LINES:
            raise csv.Error(f"a quote is not closed within {_ROW_LINES} lines")
        line = self._back.popleft() if self._back else next(self._lines)
        self.number += 1
        self.row.append(line)
        return line

    def take(self, count: int) -> list[str]:
        """The next ``count`` lines, fewer at the end."""
        taken = [self._back.popleft() for _ in range(min(count, len(self._back)))]
        taken += islice(self._lines, count - len(taken))
        self.number += len(taken)
        return taken

    def give_back(self, lines: Sequence[str]) -> None:
        """Put lines back in front of the others."""
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)


class _Pending:
    """Rows that are not yet a chunk, as small frames: building those is what the interpreter does fastest."""

    def __init__(self, header: tuple[str, ...]) -> None:
        self._schema = dict.fromkeys(header, pl.String())
        self._reset()

    def _reset(self) -> None:
        self._frames = [pl.DataFrame(schema=self._schema)]
        self._numbers: list[int] = []
        self._rejects: list[Reject] = []
        self.height = 0

    def add(self, numbers: Sequence[int], rows: Sequence[Row], rejects: Sequence[Reject]) -> None:
        if rows:
            columns = zip(self._schema, zip(*rows, strict=True), strict=True)
            self._frames.append(
                pl.DataFrame([pl.Series(name, cells, pl.String()) for name, cells in columns])
            )
        self._numbers += numbers
        self._rejects += rejects
        self.height += len(rows) + len(rejects)

    def chunk(self) -> Chunk:
        frame = pl.concat(self._frames)
        chunk = Chunk(frame, pl.Series("line", self._numbers, pl.Int64()), as_json(frame), self._rejects)
        self._reset()
        return chunk


_Batch = tuple[list[int], list[Row], list[Reject]]


def _batches(lines: _Lines, dialect: Dialect, *, mixed: bool) -> Iterator[_Batch]:
    """Line numbers, rows and rejects of about a thousand lines at a time."""
    while batch := lines.take(_BATCH_LINES):
        rows = None if mixed else _fast(batch, dialect)
        if rows is not None:
            first = lines.number - len(batch) + 1
            yield list(range(first, first + len(rows))), rows, []
        else:
            lines.give_back(batch)
            yield _careful(lines, dialect, lines.number + len(batch))


def _fast(batch: Sequence[str], dialect: Dialect) -> list[Row] | None:
    """The rows of these lines when each line is one row of the right width, else None."""
    try:
        rows = list(csv.reader(batch, delimiter=dialect.delimiter, strict=True))
    except csv.Error:
        return None
    if len(rows) != len(batch) or set(map(len, rows)) != {len(dialect.header)}:
        return None
    return rows


def _careful(lines: _Lines, dialect: Dialect, until: int) -> _Batch:
    """Rows and rejects, one row at a time, up to line ``until`` or the end of the row that spans it."""
    numbers: list[int] = []
    rows: list[Row] = []
    rejects: list[Reject] = []
    while lines.number < until:
        lines.row = []
        first = lines.number + 1
        row: Row | None = None
        try:
            row = next(csv.reader(lines, delimiter=dialect.delimiter, strict=True), None)
        except csv.Error as exc:
            problem: str | None = _quoting(str(exc))
            lines.give_back(lines.row[1:])
            lines.row = lines.row[:1]
        else:
            problem = None if row is None else _problem(row, lines.row, len(dialect.header))
        if problem is not None:
            rejects.append(Reject(first, problem, readable("".join(lines.row)).rstrip("\r\n")))
        elif row:
            numbers.append(first)
            rows.append(row[: len(dialect.header)])
        elif not lines.row:
            break
    lines.row = []
    return numbers, rows, rejects


def _problem(row: Row, physical: Sequence[str], width: int) -> str | None:
    """Why a row cannot be used; None when it can, or when it is a blank line."""
    if not row:
        return None
    if not all(_decoded(line) for line in physical):
        return "it has bytes that are not in the encoding of the file"
    if len(row) == width or (len(row) > width and not any(cell.strip() for cell in row[width:])):
        return None
    return f"{len(row)} cells where the header has {width}"


def _decoded(line: str) -> bool:
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _quoting(message: str) -> str:
    """The reader's message in words that say what to look for in the file."""
    if "unexpected end of data" in message or "is not closed" in message:
        return "a quote is opened and never closed"
    if "expected after" in message:
        return "a quote inside a quoted cell is not doubled"
    return message

"""A source file in the making: its bytes, and beside them which row is whom and which rows are broken.

Lines are counted from 1 over the whole file, preamble and header included; a row that spans several lines
counts from its first.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

Flaw = Literal["wrong column count", "invalid JSON", "undecodable bytes", "nothing usable"]
Shown = dict[str, list[str]]
"""By person: the addresses that the files made so far show of them."""


class Truth(Struct, frozen=True):
    """Which entity a row is: ``source_record_id`` is blank in files whose rows have no id of their own."""

    source: str
    source_record_id: str
    line: int
    entity_id: str


class Broken(Struct, frozen=True):
    """A row that is broken on purpose."""

    source: str
    line: int
    flaw: Flaw


class Sheet:
    """Rows written one after the other, with their truth."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.truth: list[Truth] = []
        self.broken: list[Broken] = []
        self._bytes = bytearray()

    @property
    def content(self) -> bytes:
        """The file as it stands."""
        return bytes(self._bytes)

    @property
    def next_line(self) -> int:
        """The line on which the next row begins."""
        return self._bytes.count(b"\n") + 1

    def preamble(self, content: bytes) -> None:
        """Add what stands before the header."""
        self._bytes += content

    def row(self, cells: Sequence[str], *, delimiter: str = ",") -> None:
        """Add a row that is nobody's, such as the header."""
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow(cells)
        self._bytes += text.getvalue().encode()

    def record(
        self, entity_id: str, cells: Sequence[str], *, record_id: str = "", delimiter: str = ","
    ) -> None:
        """Add a row of values that is that entity."""
        self.truth.append(Truth(self.source, record_id, self.next_line, entity_id))
        self.row(cells, delimiter=delimiter)

    def document(self, entity_id: str, document: dict[str, Any], *, record_id: str = "") -> None:
        """Add a line of JSON that is that entity."""
        self.truth.append(Truth(self.source, record_id, self.next_line, entity_id))
        self._bytes += json.dumps(document, ensure_ascii=False).encode() + b"\n"

    def reject(self, flaw: Flaw, content: bytes) -> None:
        """Add a broken row as raw bytes."""
        self.broken.append(Broken(self.source, self.next_line, flaw))
        self._bytes += content + b"\n"

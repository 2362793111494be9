"""The demo sources: seven files as teams really have them, every person in them invented.

``generate`` returns the bytes of all files; ``python -m datasets.demo`` writes them beside this module.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from datasets.demo.company_files import company_sheets
from datasets.demo.people_files import people_sheets
from datasets.demo.world import build

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datasets.demo.sheet import Sheet

__all__ = ["generate"]


def generate() -> dict[str, bytes]:
    """The content of every generated file by its path in this folder, always the same."""
    world = build()
    people, companies = people_sheets(world), company_sheets(world)
    sheets = {**people, **companies}
    return {
        **{name: sheet.content for name, sheet in sheets.items()},
        "truth/people.csv": _truth("person_id", people.values()),
        "truth/companies.csv": _truth("company_id", companies.values()),
        "truth/rejects.csv": _rejects(sheets),
    }


def _truth(entity: str, sheets: Iterable[Sheet]) -> bytes:
    """Which row is whom, as CSV."""
    rows = [
        [row.source, row.source_record_id, row.line, row.entity_id] for sheet in sheets for row in sheet.truth
    ]
    return _csv(["source", "source_record_id", "line", entity], rows)


def _rejects(sheets: dict[str, Sheet]) -> bytes:
    """Which rows are broken on purpose, as CSV."""
    rows = [[row.source, name, row.line, row.flaw] for name, sheet in sheets.items() for row in sheet.broken]
    return _csv(["source", "file", "line", "flaw"], rows)


def _csv(header: list[str], rows: Iterable[list[str | int]] | list[list[str]]) -> bytes:
    """A header and rows as the bytes of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()

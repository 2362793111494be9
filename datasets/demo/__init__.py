"""The demo sources: seven files as teams really have them, every person in them invented.

``generate`` returns the bytes of all files; ``python -m datasets.demo`` writes them beside this module.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from random import Random
from typing import TYPE_CHECKING

from datasets.demo import badges, company_lists, crm, network, newsletter, vendor
from datasets.demo.spelling import in_every_file
from datasets.demo.world import build

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from datasets.demo.sheet import Sheet, Shown
    from datasets.demo.values import Person

__all__ = ["generate"]

_SHARES = {"crm": 0.57, "badges": 0.37, "network": 0.40, "vendor": 0.43, "newsletter": 0.30}
"""How large a part of all people each file holds."""


def generate() -> dict[str, bytes]:
    """The content of every generated file by its path in this folder, always the same."""
    world = build()
    people = _people_sheets(world.people)
    companies = {
        "companies.csv": company_lists.company_list(world.companies),
        "company_technologies.jsonl": company_lists.technology_list(world.companies),
    }
    sheets = {**people, **companies}
    return {
        **{name: sheet.content for name, sheet in sheets.items()},
        "truth/people.csv": _truth("person_id", people.values()),
        "truth/companies.csv": _truth("company_id", companies.values()),
        "truth/rejects.csv": _rejects(sheets),
    }


def _people_sheets(people: Sequence[Person]) -> dict[str, Sheet]:
    """The five files that hold people, by their name; the newsletter comes last, it looks at the others."""
    shown: Shown = defaultdict(list)
    return {
        "crm_export.csv": crm.sheet(_in("crm", people), shown),
        "event_badges.csv": badges.sheet(_in("badges", people), shown),
        "network_connections.csv": network.sheet(_in("network", people), shown),
        "vendor_people.jsonl": vendor.sheet(_in("vendor", people), shown),
        "newsletter.csv": newsletter.sheet(_in("newsletter", people), shown),
    }


def _in(file: str, people: Sequence[Person]) -> list[Person]:
    """The people of a file, in an order of its own."""
    return sorted(
        (person for person in people if file in _files(person)),
        key=lambda person: Random(f"demo order {file} {person.id}").random(),
    )


def _files(person: Person) -> list[str]:
    """The files that a person is in: at least one; all of them for the people of the reference."""
    random = Random(f"demo files {person.id}")
    found = [file for file, share in _SHARES.items() if in_every_file(person) or random.random() < share]
    if person.linkedin is None and "network" in found:
        found.remove("network")
    return found or [random.choice(("crm", "vendor"))]


def _truth(entity: str, sheets: Iterable[Sheet]) -> bytes:
    """Which row is whom, as CSV."""
    rows = [
        (row.source, row.source_record_id, row.line, row.entity_id) for sheet in sheets for row in sheet.truth
    ]
    return _csv(("source", "source_record_id", "line", entity), rows)


def _rejects(sheets: dict[str, Sheet]) -> bytes:
    """Which rows are broken on purpose, as CSV."""
    rows = [(row.source, name, row.line, row.flaw) for name, sheet in sheets.items() for row in sheet.broken]
    return _csv(("source", "file", "line", "flaw"), rows)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """A header and rows as the bytes of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()

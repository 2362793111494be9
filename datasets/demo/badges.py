"""The badge list of an event: byte order mark, semicolons, "LAST, First", messy capitals."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from datasets.demo import damage, spelling
from datasets.demo.sheet import Sheet
from datasets.demo.spelling import Habit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets.demo.sheet import Flaw, Shown
    from datasets.demo.values import Person

HABIT = Habit(native=0.05, nickname=0.25, typo=0.08, plain=0.6, earlier=0.08)
_BROKEN: dict[int, tuple[Flaw, bytes]] = {
    76: (
        "undecodable bytes",
        "B-9001;MÜLLER, Jörg;Bäckerei Süß;Inhaber;;Germany;12.03.2026 09:11".encode("latin-1"),
    ),
    199: ("wrong column count", b"B-9002;WALK-IN"),
}


def sheet(people: Sequence[Person], shown: Shown) -> Sheet:
    """The badges of these people; ``shown`` learns their addresses."""
    made = Sheet("badges")
    made.preamble(b"\xef\xbb\xbf")
    made.row(
        ("Badge No", "Attendee", "Organisation", "Role", "E-mail", "Country", "Scanned at"), delimiter=";"
    )
    for position, person in enumerate(people):
        badge = f"B-{position + 1:04}"
        cells = _cells(Random(f"demo badges {person.id}"), person, shown)
        made.record(person.id, [badge, *cells], record_id=badge, delimiter=";")
        if position in _BROKEN:
            made.reject(*_BROKEN[position])
    return made


def _cells(random: Random, person: Person, shown: Shown) -> list[str]:
    """One badge, from the name on."""
    attendee = _attendee(random, person)
    job = spelling.job_on_record(random, person, HABIT)
    address = "" if random.random() < 0.25 else job.email if random.random() < 0.94 else person.private_email
    if address:
        shown[person.id].append(address)
    return [
        attendee,
        damage.shouted(random, spelling.company(random, job)),
        damage.shouted(random, spelling.title(random, person, job)),
        damage.email(random, address) if address else "",
        spelling.country(random, person),
        f"{spelling.day(random, job):%d.%m.%Y} 09:{random.randint(10, 59)}",
    ]


def _attendee(random: Random, person: Person) -> str:
    """The name in one cell, in the order and the capitals of the day."""
    given, family = spelling.spelled(random, person, HABIT)
    if given == person.called.given.native:
        return family + given if person.called.culture in {"zh", "ja"} else f"{given} {family}"
    listed = f"{family}, {given}"
    return random.choice((listed, f"{family.upper()}, {given}", listed.upper(), f"{given} {family}".lower()))

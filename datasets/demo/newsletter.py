"""The newsletter sign-ups: an address, for some a name, no ids; a few shared mailboxes that are nobody's."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import TYPE_CHECKING

from datasets.demo import damage, spelling
from datasets.demo.sheet import Sheet
from datasets.demo.spelling import Habit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets.demo.sheet import Flaw, Shown
    from datasets.demo.values import Person

HABIT = Habit(native=0.15, nickname=0.40, typo=0.04, plain=0.3, earlier=0.0)
NOBODY = ""
"""The person of a shared mailbox in the truth."""

_BROKEN: dict[int, tuple[Flaw, bytes]] = {
    60: ("nothing usable", b"not-an-address,,2026-02-02 10:00"),
    180: ("wrong column count", b"lea@fernmill.example,Lea,2026-02-03 11:00,unexpected,cells"),
    181: ("undecodable bytes", b"ren\xe9e@fernmill.example,Ren\xe9e,2026-02-04 12:00"),
}


def sheet(people: Sequence[Person], shown: Shown) -> Sheet:
    """The sign-ups of these people; the nameless ones use an address that another file has ``shown``."""
    made = Sheet("newsletter")
    made.row(("email", "name", "signed_up"))
    for position, person in enumerate(people):
        random = Random(f"demo newsletter {person.id}")
        cells = _cells(random, person, [*dict.fromkeys(shown[person.id])])
        for _ in range(2 if random.random() < 0.01 else 1):  # the form was sent twice
            made.record(person.id, cells)
        if position % 40 == 39:
            role = random.choice(("info", "marketing", "office"))
            made.record(NOBODY, [f"{role}@{person.job.company.domain}", "", cells[2]])
        if position in _BROKEN:
            made.reject(*_BROKEN[position])
    return made


def _cells(random: Random, person: Person, known: Sequence[str]) -> list[str]:
    """One sign-up."""
    given, family = spelling.spelled(random, person, HABIT)
    new = not known or random.random() < 0.04
    named = new or random.random() < 0.45
    fresh = person.private_email if known else person.job.email
    address = fresh if new else random.choice(known)
    full = f"{given} {family}"
    day = spelling.day(random, person.job)
    when = dt.datetime.combine(day, dt.time(random.randint(7, 22), random.randint(0, 59)))
    return [
        damage.email(random, address),
        random.choice((full, full.lower(), full if new else given)) if named else "",
        f"{when:%Y-%m-%d %H:%M}",
    ]

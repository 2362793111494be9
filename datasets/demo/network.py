"""A professional network's export of connections: notes before the header, rarely an address, no ids."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from datasets.demo import damage, spelling
from datasets.demo.sheet import Sheet
from datasets.demo.spelling import Habit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets.demo.sheet import Shown
    from datasets.demo.values import Job, Person

HABIT = Habit(native=0.25, nickname=0.30, typo=0.0, plain=0.0, earlier=0.10)
_PREAMBLE = (
    b"Notes:\n"
    b'"When exporting your connection data, you may notice that some of the email addresses are missing. '
    b'You will only see email addresses for connections who have allowed it."\n\n'
)


def sheet(people: Sequence[Person], shown: Shown) -> Sheet:
    """The connections to these people, all of whom have a profile; ``shown`` learns their addresses."""
    made = Sheet("network")
    made.preamble(_PREAMBLE)
    made.row(("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On"))
    for position, person in enumerate(people):
        made.record(person.id, _cells(Random(f"demo network {person.id}"), person, shown))
        if position == 149:
            made.reject("nothing usable", b",,,,,,14 Mar 2025")
    return made


def _cells(random: Random, person: Person, shown: Shown) -> list[str]:
    """One connection."""
    given, family = spelling.spelled(random, person, HABIT)
    job = spelling.job_on_record(random, person, HABIT)
    if random.random() < 0.06:
        family = f"{family}, {random.choice(('MBA', 'PhD', 'PMP', 'CPA'))}"
    address = random.choice((job.email, person.private_email)) if random.random() < 0.18 else ""
    if address:
        shown[person.id].append(address)
    return [
        damage.decomposed(given) if random.random() < 0.3 else given,
        family,
        f"https://www.linkedin.com/in/{person.linkedin}",
        address,
        _company(random, job),
        spelling.title(random, person, job),
        f"{spelling.day(random, job):%d %b %Y}",
    ]


def _company(random: Random, job: Job) -> str:
    """The company as its people name it: carefully."""
    if job.company.native_name and random.random() < 0.3:
        return job.company.native_name
    return random.choice((job.company.name, job.company.legal_name))

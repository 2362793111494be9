"""The CRM export: its own column names, some people twice, some behind info@ and the switchboard."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from datasets.demo import damage, spelling
from datasets.demo.sheet import Sheet
from datasets.demo.spelling import Habit, in_every_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets.demo.sheet import Flaw, Shown
    from datasets.demo.values import Job, Person

HABIT = Habit(native=0.20, nickname=0.35, typo=0.05, plain=0.3, earlier=0.15)
_COLUMNS = (
    "Contact ID", "First Name", "Last Name", "Job Title", "Account Name", "Website", "Work Email", "Phone",
    "Mobile", "City", "State/Province", "Country", "LinkedIn Profile", "Notes", "Last Modified",
)  # fmt: skip
_BROKEN: dict[int, tuple[Flaw, bytes]] = {
    150: ("wrong column count", b"0031x900001,Broken,Export,Sales Manager,Acme"),
    400: ("nothing usable", b"0031x900002,,-,n/a,,,none,,,,,,,,2026-01-09"),
    550: ("wrong column count", b"0031x900003,Ada,Marsh,CTO,Fernmill, Inc.,,,,,,,,,,,2026-01-11"),
}
"""By position: what is broken and how; the last of them lost the quotes around a comma."""


def sheet(people: Sequence[Person], shown: Shown) -> Sheet:
    """The CRM export of these people; ``shown`` learns their addresses."""
    made = Sheet("crm")
    made.row(_COLUMNS)
    number = 0
    for position, person in enumerate(people):
        random = Random(f"demo crm {person.id}")
        for _ in range(2 if random.random() < 0.06 else 1):
            number += 1
            contact_id = f"0031x{number:06}"
            made.record(person.id, [contact_id, *_cells(random, person, shown)], record_id=contact_id)
        if position in _BROKEN:
            made.reject(*_BROKEN[position])
    return made


def _cells(random: Random, person: Person, shown: Shown) -> list[str]:
    """One contact, from the first name on."""
    given, family = spelling.spelled(random, person, HABIT)
    if random.random() < 0.03:
        given, family = family, given
    job = spelling.job_on_record(random, person, HABIT)
    domain = job.company.domain
    address = _address(random, person, job)
    if address and not address.startswith("info@"):
        shown[person.id].append(address)
    phone, mobile = _numbers(random, person, job)
    profile = person.linkedin and (job is person.earlier or random.random() < 0.3)
    return [
        given, family, spelling.title(random, person, job), spelling.company(random, job),
        random.choice((domain, f"https://www.{domain}/", f"www.{domain}", "")),
        damage.email(random, address) if address else "",
        phone, mobile,
        _city(random, person), random.choice((person.city.region_code, person.city.region, "")),
        spelling.country(random, person),
        f"https://www.linkedin.com/in/{person.linkedin}" if profile else "",
        _note(random), spelling.day(random, job).isoformat(),
    ]  # fmt: skip


def _address(random: Random, person: Person, job: Job) -> str:
    """The address on record: mostly the work one, now and then info@ or the private one."""
    roll = 0.0 if in_every_file(person) else random.random()
    if roll < 0.72:
        return job.email
    if roll < 0.78:
        return f"info@{job.company.domain}"
    return person.private_email if roll < 0.82 else ""


def _numbers(random: Random, person: Person, job: Job) -> tuple[str, str]:
    """The cells Phone and Mobile: the switchboard, the person's own number, or nothing."""
    has_own = person.phone and (in_every_file(person) or job is person.earlier or random.random() < 0.6)
    own = damage.phone(random, person.phone, national=True) if person.phone and has_own else ""
    office = damage.phone(random, job.company.switchboard, national=True) if random.random() < 0.4 else ""
    if own and not office and random.random() < 0.5:
        return own, ""
    return office, own


def _city(random: Random, person: Person) -> str:
    """The person's city, some in the script or language of the country."""
    city = person.city.native if person.city.native and random.random() < 0.25 else person.city.name
    return city if random.random() < 0.85 else ""


def _note(random: Random) -> str:
    """What a salesperson typed; one note in a hundred rows has a line break inside."""
    roll = random.random()
    if roll < 0.01:
        return "Called twice.\nAsk again after the fair"
    return (
        random.choice(("met at fair", 'said "call me in May"', "prefers email, not phone"))
        if roll < 0.15
        else ""
    )

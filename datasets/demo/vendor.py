"""A data vendor's file: nested JSON lines, several addresses and numbers a person, places in full."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from datasets.demo import damage, spelling
from datasets.demo.sheet import Sheet
from datasets.demo.spelling import Habit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets.demo.sheet import Flaw, Shown
    from datasets.demo.values import Job, Person

HABIT = Habit(native=0.20, nickname=0.10, typo=0.03, plain=0.2, earlier=0.20)
_BROKEN: dict[int, tuple[Flaw, bytes]] = {
    122: ("invalid JSON", b'{"id": "vp_90000001", "profile": {"name": {"first": "Cut", "last": "O'),
    320: (
        "nothing usable",
        b'{"id": "vp_90000002", "profile": {"name": {"last": ""}}, "contact": {"emails": []}}',
    ),
    399: ("invalid JSON", b"<html><body>502 Bad Gateway</body></html>"),
}


def sheet(people: Sequence[Person], shown: Shown) -> Sheet:
    """The vendor's records of these people; ``shown`` learns their addresses."""
    made = Sheet("vendor")
    for position, person in enumerate(people):
        random = Random(f"demo vendor {person.id}")
        vendor_id = f"vp_{Random(f'demo vendor id {person.id}').randrange(10**8):08}"
        made.document(person.id, {"id": vendor_id, **_document(random, person, shown)}, record_id=vendor_id)
        if position in _BROKEN:
            made.reject(*_BROKEN[position])
    return made


def _document(random: Random, person: Person, shown: Shown) -> dict[str, Any]:
    """One person as the vendor sells them, without the id."""
    given, family = spelling.spelled(random, person, HABIT)
    job = spelling.job_on_record(random, person, HABIT)
    return {
        "profile": {
            "name": {"first": given, "last": family},
            "linkedin": f"linkedin.com/in/{person.linkedin}"
            if person.linkedin and random.random() < 0.85
            else None,
            "skills": list(person.skills),
        },
        "employment": {
            "title": spelling.title(random, person, job),
            "company": {
                "name": spelling.company(random, job),
                "domain": job.company.domain if random.random() < 0.8 else None,
            },
        },
        "contact": {
            "emails": [damage.email(random, address) for address in _addresses(random, person, job, shown)],
            "phones": _numbers(random, person, job),
        },
        "location": {"city": person.city.name, "region": person.city.region, "country": person.country.name},
        "updated": spelling.day(random, job).isoformat(),
    }


def _addresses(random: Random, person: Person, job: Job, shown: Shown) -> list[str]:
    """The addresses on record: work, private, those of the other job, and now and then a shared mailbox."""
    shares = ((job.email, 0.75), (person.private_email, 0.4))
    own = [address for address, share in shares if random.random() < share]
    if person.earlier and random.random() < 0.6:
        own.append(person.job.email if job is person.earlier else person.earlier.email)
    shown[person.id] += own
    shared = f"{random.choice(('info', 'sales', 'contact'))}@{job.company.domain}"
    return [*own, shared] if random.random() < 0.06 else own


def _numbers(random: Random, person: Person, job: Job) -> list[str]:
    """The numbers on record: the person's own, the switchboard."""
    numbers = [person.phone] if person.phone and random.random() < 0.6 else []
    if random.random() < 0.3:
        numbers.append(job.company.switchboard)
    return [damage.phone(random, number, national=False) for number in numbers]

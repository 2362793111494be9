"""The five files that hold people: CRM export, event badges, network connections, vendor file, newsletter."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from random import Random
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from datasets.demo import damage, vocabulary
from datasets.demo.sheet import Sheet

if TYPE_CHECKING:
    from datasets.demo.world import Job, Person, World

Shown = dict[str, list[str]]
"""By person: the addresses that the files written so far show of them."""


class Habit(Struct, frozen=True):
    """How careless a file is: the probability of each thing that happens to a name."""

    native: float
    nickname: float
    typo: float
    plain: float  # accents dropped
    earlier: float  # the job before is still on record, for those who had one


CRM = Habit(native=0.20, nickname=0.35, typo=0.05, plain=0.3, earlier=0.25)
BADGES = Habit(native=0.05, nickname=0.25, typo=0.08, plain=0.6, earlier=0.35)
NETWORK = Habit(native=0.25, nickname=0.30, typo=0.00, plain=0.0, earlier=0.15)
VENDOR = Habit(native=0.20, nickname=0.10, typo=0.03, plain=0.2, earlier=0.30)
NEWSLETTER = Habit(native=0.15, nickname=0.40, typo=0.04, plain=0.3, earlier=0.0)

_SHARES = {"crm": 0.52, "badges": 0.37, "network": 0.40, "vendor": 0.43, "newsletter": 0.27}
"""How large a part of all people each file holds."""


def people_sheets(world: World) -> dict[str, Sheet]:
    """The five files by their name."""
    shown: Shown = defaultdict(list)
    files: dict[str, list[Person]] = {name: [] for name in _SHARES}
    for person in world.people:
        for name in _appearances(person):
            files[name].append(person)
    for name, people in files.items():
        people.sort(key=lambda person: Random(f"demo order {name} {person.id}").random())
    return {
        "crm_export.csv": _crm(files["crm"], shown),
        "event_badges.csv": _badges(files["badges"], shown),
        "network_connections.csv": _network(files["network"], shown),
        "vendor_people.jsonl": _vendor(files["vendor"], shown),
        "newsletter.csv": _newsletter(files["newsletter"], shown),
    }


def _appearances(person: Person) -> list[str]:
    """The files that a person is in; the people of the reference are in all of them, everybody in at least one."""
    random = Random(f"demo appearances {person.id}")
    if person.id <= "p0003":
        return list(_SHARES)
    found = [name for name, share in _SHARES.items() if random.random() < share]
    if person.linkedin is None and "network" in found:
        found.remove("network")
    return found or [random.choice(["crm", "vendor"])]


def _called(random: Random, person: Person, habit: Habit) -> tuple[str, str]:
    """The given and the family name as a file of that habit has them."""
    if person.given.native and person.family.native and random.random() < habit.native:
        return person.given.native, person.family.native
    given, family = person.given.latin, person.family.latin
    if person.nickname and random.random() < habit.nickname:
        given = person.nickname
    if random.random() < habit.typo:
        given, family = random.choice(
            ((damage.typo(random, given), family), (given, damage.typo(random, family)))
        )
    if random.random() < habit.plain:
        given, family = damage.no_accents(given), damage.no_accents(family)
    return given, family


def _employed(random: Random, person: Person, habit: Habit) -> Job:
    """The job that a file of that habit knows of."""
    return person.earlier if person.earlier and random.random() < habit.earlier else person.job


def _company(random: Random, job: Job) -> str:
    """The company of a job as people write it."""
    if job.company.native_name and random.random() < 0.35:
        return job.company.native_name
    return damage.company(random, job.company.name, job.company.legal_name)


def _title(random: Random, person: Person, job: Job) -> str:
    """The title of a job as people write it, now and then in the language of the country."""
    local = vocabulary.LOCAL_TITLES.get(person.culture, {}).get(job.title)
    return local if local and random.random() < 0.4 else damage.title(random, job.title)


def _day(random: Random, job: Job) -> dt.date:
    """A day on which the job was the current one, within the three years before the export."""
    first = max(job.since, job.until - dt.timedelta(days=1000))
    return first + dt.timedelta(days=random.randint(0, (job.until - first).days))


def _crm(people: list[Person], shown: Shown) -> Sheet:
    """The CRM export: its own column names, some people twice, a few people behind info@ and the switchboard."""
    sheet = Sheet("crm")
    sheet.row([
        "Contact ID", "First Name", "Last Name", "Job Title", "Account Name", "Website", "Work Email", "Phone", "Mobile",
        "City", "State/Province", "Country", "LinkedIn Profile", "Notes", "Last Modified",
    ])  # fmt: skip
    number = 0
    for person in people:
        random = Random(f"demo crm {person.id}")
        for _ in range(2 if random.random() < 0.06 else 1):
            number += 1
            contact_id = f"0031x{number:06}"
            sheet.record(person.id, [contact_id, *_crm_cells(random, person, shown)], record_id=contact_id)
        if number == 200:
            sheet.reject("wrong column count", b"0031x900001,Broken,Export,Sales Manager,Acme")
        if number == 420:
            sheet.reject("nothing usable", b"0031x900002,,-,n/a,,,none,,,,,,,,2026-01-09")
    sheet.reject(
        "wrong column count", b"0031x900003,Total,contacts,exported,,,,,,,,,,,2026-06-01,end,of,file"
    )
    return sheet


def _crm_cells(random: Random, person: Person, shown: Shown) -> list[str]:
    """One contact of the CRM, from the first name on."""
    given, family = _called(random, person, CRM)
    if random.random() < 0.03:
        given, family = family, given
    job = _employed(random, person, CRM)
    address = _crm_address(random, person, job)
    if address not in {"", f"info@{job.company.domain}"}:
        shown[person.id].append(address)
    sure = person.id <= "p0003"
    own = (
        damage.phone(random, person.phone, national=True)
        if person.phone and (sure or random.random() < 0.6)
        else ""
    )
    office = damage.phone(random, job.company.switchboard, national=True) if random.random() < 0.4 else ""
    at_desk = bool(own) and not office and random.random() < 0.5
    city = person.city.native if person.city.native and random.random() < 0.25 else person.city.name
    return [
        given, family, _title(random, person, job), _company(random, job),
        random.choice((job.company.domain, f"https://www.{job.company.domain}/", f"www.{job.company.domain}", "")),
        damage.email(random, address) if address else "",
        own if at_desk else office, "" if at_desk else own,
        city if random.random() < 0.85 else "", random.choice((person.city.region_code, person.city.region, "")),
        random.choice((person.country.name, person.country.name, *person.country.aliases)),
        f"https://www.linkedin.com/in/{person.linkedin}" if person.linkedin and random.random() < 0.3 else "",
        _note(random), _day(random, job).isoformat(),
    ]  # fmt: skip


def _crm_address(random: Random, person: Person, job: Job) -> str:
    """The address that the CRM has: mostly the work one, now and then info@ or the private one."""
    if person.id <= "p0003":
        return job.email
    roll = random.random()
    if roll < 0.72:
        return job.email
    if roll < 0.78:
        return f"info@{job.company.domain}"
    return person.private_email if roll < 0.84 else ""


def _note(random: Random) -> str:
    """What a salesperson typed; one in a hundred notes has a line break inside."""
    roll = random.random()
    if roll < 0.01:
        return "Called twice.\nAsk again after the fair"
    return (
        random.choice(("met at fair", 'said "call me in May"', "prefers email, not phone"))
        if roll < 0.15
        else ""
    )


def _badges(people: list[Person], shown: Shown) -> Sheet:
    """The badge list of an event, saved by a spreadsheet: byte order mark, semicolons, "LAST, First", messy capitals."""
    sheet = Sheet("badges")
    sheet.preamble(b"\xef\xbb\xbf")
    sheet.row(
        ["Badge No", "Attendee", "Organisation", "Role", "E-mail", "Country", "Scanned at"], delimiter=";"
    )
    for number, person in enumerate(people, start=1):
        random = Random(f"demo badges {person.id}")
        given, family = _called(random, person, BADGES)
        job = _employed(random, person, BADGES)
        if not given.isascii() and person.given.native == given:
            attendee = family + given if person.culture in {"zh", "ja"} else f"{given} {family}"
        else:
            attendee = random.choice(
                (
                    f"{family}, {given}",
                    f"{family.upper()}, {given}",
                    f"{family}, {given}".upper(),
                    f"{given} {family}".lower(),
                )
            )
        address = (
            "" if random.random() < 0.25 else job.email if random.random() < 0.85 else person.private_email
        )
        if address:
            shown[person.id].append(address)
        cells = [
            f"B-{number:04}", attendee, damage.shouted(random, _company(random, job)), damage.shouted(random, _title(random, person, job)),
            damage.email(random, address) if address else "", random.choice((person.country.name, *person.country.aliases)),
            f"{_day(random, job):%d.%m.%Y} 09:{random.randint(10, 59)}",
        ]  # fmt: skip
        sheet.record(person.id, cells, record_id=cells[0], delimiter=";")
        if number == 77:
            sheet.reject(
                "undecodable bytes",
                "B-9001;MÜLLER, Jörg;Bäckerei Österreich;Inhaber;;Austria;12.03.2026 09:11".encode("latin-1"),
            )
        if number == 200:
            sheet.reject("wrong column count", b"B-9002;WALK-IN")
    return sheet


def _network(people: list[Person], shown: Shown) -> Sheet:
    """A professional network's export of connections: notes first, rarely an address, no id of its own."""
    sheet = Sheet("network")
    sheet.preamble(
        b"Notes:\n"
        b'"When exporting your connection data, you may notice that some of the email addresses are missing. '
        b'You will only see email addresses for connections who have allowed it."\n\n'
    )
    sheet.row(["First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On"])
    for number, person in enumerate(people, start=1):
        random = Random(f"demo network {person.id}")
        given, family = _called(random, person, NETWORK)
        job = _employed(random, person, NETWORK)
        if random.random() < 0.06:
            family = f"{family}, {random.choice(('MBA', 'PhD', 'PMP', 'CPA'))}"
        address = random.choice((job.email, person.private_email)) if random.random() < 0.18 else ""
        if address:
            shown[person.id].append(address)
        company = (
            job.company.native_name
            if job.company.native_name and random.random() < 0.3
            else random.choice((job.company.name, job.company.legal_name))
        )
        sheet.record(person.id, [
            damage.decomposed(given) if random.random() < 0.05 else given, family, f"https://www.linkedin.com/in/{person.linkedin}",
            address, company, _title(random, person, job), f"{_day(random, job):%d %b %Y}",
        ])  # fmt: skip
        if number == 150:
            sheet.reject("nothing usable", b",,,,,,14 Mar 2025")
    return sheet


def _vendor(people: list[Person], shown: Shown) -> Sheet:
    """A data vendor's file: nested JSON lines, several addresses and numbers, places in full."""
    sheet = Sheet("vendor")
    for number, person in enumerate(people, start=1):
        random = Random(f"demo vendor {person.id}")
        vendor_id = f"vp_{Random(f'demo vendor id {person.id}').randrange(10**8):08}"
        sheet.document(person.id, _vendor_document(random, person, vendor_id, shown), record_id=vendor_id)
        if number == 123:
            sheet.reject(
                "invalid JSON", b'{"id": "vp_90000001", "profile": {"name": {"first": "Cut", "last": "O'
            )
        if number == 321:
            sheet.reject(
                "nothing usable",
                b'{"id": "vp_90000002", "profile": {"name": {"first": null, "last": ""}}, "contact": {"emails": []}}',
            )
        if number == 400:
            sheet.reject("invalid JSON", b"<html><body>502 Bad Gateway</body></html>")
    return sheet


def _vendor_document(random: Random, person: Person, vendor_id: str, shown: Shown) -> dict[str, Any]:
    """One person as the vendor sells them."""
    given, family = _called(random, person, VENDOR)
    job = _employed(random, person, VENDOR)
    addresses = [
        address
        for address, share in ((job.email, 0.75), (person.private_email, 0.4))
        if random.random() < share
    ]
    if person.earlier and random.random() < 0.4:
        addresses.append(person.earlier.email if job is person.job else person.job.email)
    shown[person.id] += addresses
    if random.random() < 0.06:
        addresses.append(f"{random.choice(('info', 'sales', 'contact'))}@{job.company.domain}")
    numbers = [person.phone] if person.phone and random.random() < 0.6 else []
    if random.random() < 0.3:
        numbers.append(job.company.switchboard)
    return {
        "id": vendor_id,
        "profile": {
            "name": {"first": given, "last": family},
            "linkedin": f"linkedin.com/in/{person.linkedin}"
            if person.linkedin and random.random() < 0.6
            else None,
            "skills": list(person.skills),
        },
        "employment": {
            "title": _title(random, person, job),
            "company": {
                "name": _company(random, job),
                "domain": job.company.domain if random.random() < 0.8 else None,
            },
        },
        "contact": {
            "emails": [damage.email(random, address) for address in dict.fromkeys(addresses)],
            "phones": [damage.phone(random, number, national=False) for number in numbers],
        },
        "location": {"city": person.city.name, "region": person.city.region, "country": person.country.name},
        "updated": _day(random, job).isoformat(),
    }


def _newsletter(people: list[Person], shown: Shown) -> Sheet:
    """The newsletter sign-ups: an address, for some a name, no id; a few shared mailboxes that are nobody in particular."""
    sheet = Sheet("newsletter")
    sheet.row(["email", "name", "signed_up"])
    rows: list[tuple[str, list[str]]] = []
    for person in people:
        random = Random(f"demo newsletter {person.id}")
        given, family = _called(random, person, NEWSLETTER)
        known = [*dict.fromkeys(shown[person.id])]
        named = random.random() < 0.45 or not known
        address = (
            random.choice(known) if known and (not named or random.random() < 0.7) else person.private_email
        )
        name = (
            random.choice((f"{given} {family}", f"{given} {family}", f"{given} {family}".lower(), given))
            if named
            else ""
        )
        when = dt.datetime.combine(
            _day(random, person.job), dt.time(random.randint(7, 22), random.randint(0, 59))
        )
        cells = [damage.email(random, address), name, f"{when:%Y-%m-%d %H:%M}"]
        rows.append((person.id, cells))
        if random.random() < 0.01:
            rows.append((person.id, cells))  # the form was sent twice
        if len(rows) % 40 == 0:
            role = random.choice(("info", "marketing", "office"))
            rows.append(("", [f"{role}@{person.job.company.domain}", "", cells[2]]))
    for number, (person_id, cells) in enumerate(rows, start=1):
        sheet.record(person_id, cells)
        if number == 60:
            sheet.reject("nothing usable", b"not-an-address,,2026-02-02 10:00")
        if number == 180:
            sheet.reject("wrong column count", b"a@b.example,Extra,2026-02-03 11:00,unexpected,cells")
            sheet.reject("undecodable bytes", b"caf\xe9@example.org,Ren\xe9e,2026-02-04 12:00")
    return sheet

"""The two files that hold companies: the company list and the technology list."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from datasets import words
from datasets.demo import damage
from datasets.demo.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets.demo.sheet import Flaw
    from datasets.demo.values import Company

_COLUMNS = (
    "Company ID", "Company Name", "Domain", "Industry", "Employees", "Street", "City", "State", "Postcode",
    "Country", "Phone", "LinkedIn", "Founded", "Status", "As Of",
)  # fmt: skip
_RANGES = (
    (10, "1-10"), (50, "11-50"), (200, "51-200"), (500, "201-500"), (1000, "501-1000"), (5000, "1001-5000"),
    (10000, "5001-10000"),
)  # fmt: skip
_LIST_BROKEN: dict[int, tuple[Flaw, bytes]] = {
    100: ("wrong column count", b"A-90001,Subtotal,100"),
    200: ("nothing usable", b"A-90002,,,,,,,,,,,,,,2026-05-01"),
}
_SCAN_BROKEN: dict[int, tuple[Flaw, bytes]] = {
    40: ("invalid JSON", b'{"company": {"name": "Half a line", "dom'),
    90: ("nothing usable", b'{"company": {"name": " ", "domain": null}, "technologies": []}'),
}


def company_list(companies: Sequence[Company]) -> Sheet:
    """The company list: nearly every company, some twice under another name, closed ones marked so."""
    made = Sheet("companies")
    made.row(_COLUMNS)
    number = 0
    for position, company in enumerate(companies):
        random = Random(f"demo companies {company.id}")
        missing = not _in_every_file(company) and random.random() < 0.05
        for _ in range(0 if missing else 2 if random.random() < 0.05 else 1):
            number += 1
            company_id = f"A-{number:05}"
            made.record(company.id, [company_id, *_cells(random, company)], record_id=company_id)
        if position in _LIST_BROKEN:
            made.reject(*_LIST_BROKEN[position])
    return made


def technology_list(companies: Sequence[Company]) -> Sheet:
    """The technology list: one line a company that was scanned, without an id of its own."""
    made = Sheet("technologies")
    ordered = sorted(companies, key=lambda company: Random(f"demo technologies order {company.id}").random())
    for position, company in enumerate(ordered):
        random = Random(f"demo technologies {company.id}")
        if _in_every_file(company) or random.random() < 0.72:
            made.document(company.id, _scan(random, company))
        if position in _SCAN_BROKEN:
            made.reject(*_SCAN_BROKEN[position])
    return made


def _in_every_file(company: Company) -> bool:
    """Whether this is one of the companies around the API reference's examples, whose rows are complete."""
    return company.id <= "c005"


def _cells(random: Random, company: Company) -> list[str]:
    """One company of the list, from the name on."""
    sure = _in_every_file(company)
    headcount = company.headcount
    profile = sure or random.random() < 0.6
    return [
        _name(random, company),
        company.domain if sure or random.random() < 0.9 else "",
        company.industry if sure or random.random() < 0.9 else "",
        random.choice((str(headcount), f"{headcount:,}", _range(headcount))),
        company.street, company.city.name,
        random.choice((company.city.region, company.city.region_code)),
        company.city.postal_code,
        random.choice((company.country.name, *company.country.aliases)),
        damage.phone(random, company.switchboard, national=True) if random.random() < 0.85 else "",
        f"https://www.linkedin.com/company/{company.linkedin}/" if profile else "",
        str(company.founded) if random.random() < 0.8 else "",
        "Active" if company.active else random.choice(("Inactive", "Closed", "Dissolved")),
        "2026-05-01",
    ]  # fmt: skip


def _name(random: Random, company: Company) -> str:
    """The company as the list names it."""
    if company.native_name and random.random() < 0.3:
        return company.native_name
    if _in_every_file(company) or random.random() < 0.5:
        return company.legal_name
    return damage.company(random, company.name, company.legal_name)


def _range(headcount: int) -> str:
    """The headcount as one of the eight usual ranges."""
    return next((label for most, label in _RANGES if headcount <= most), "10001+")


def _scan(random: Random, company: Company) -> dict[str, Any]:
    """What a scan of the company's site found."""
    domain = company.domain
    name = company.name if _in_every_file(company) else random.choice((company.name, company.legal_name))
    return {
        "company": {
            "name": name,
            "domain": random.choice((domain, f"www.{domain}", f"https://{domain}")),
            "country": company.country.code,
        },
        "technologies": [_technology(random, technology) for technology in company.technologies],
        "scanned_at": f"2026-04-{random.randint(1, 28):02}",
    }


def _technology(random: Random, technology: str) -> str:
    """The technology, now and then under another spelling."""
    others = words.TECHNOLOGY_SPELLINGS.get(technology)
    return random.choice(others) if others and random.random() < 0.3 else technology

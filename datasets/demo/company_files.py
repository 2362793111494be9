"""The two files that hold companies: the company list and the technology list."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from datasets.demo import damage, vocabulary
from datasets.demo.sheet import Sheet

if TYPE_CHECKING:
    from datasets.demo.world import Company, World

_RANGES = (
    (10, "1-10"),
    (50, "11-50"),
    (200, "51-200"),
    (500, "201-500"),
    (1000, "501-1000"),
    (5000, "1001-5000"),
    (10000, "5001-10000"),
)
ALWAYS = frozenset({"c001", "c002", "c003", "c004", "c005"})
"""The companies of the reference's examples and those easily taken for them: in both files."""


def company_sheets(world: World) -> dict[str, Sheet]:
    """The two files by their name."""
    return {
        "companies.csv": _list(world.companies),
        "company_technologies.jsonl": _technologies(world.companies),
    }


def _list(companies: list[Company]) -> Sheet:
    """The company list: nearly every company, some twice under another name, closed ones marked so."""
    sheet = Sheet("companies")
    sheet.row([
        "Company ID", "Company Name", "Domain", "Industry", "Employees", "Street", "City", "State", "Postcode", "Country",
        "Phone", "LinkedIn", "Founded", "Status", "As Of",
    ])  # fmt: skip
    number = 0
    for company in companies:
        random = Random(f"demo companies {company.id}")
        if company.id not in ALWAYS and random.random() < 0.05:
            continue
        for _ in range(2 if random.random() < 0.05 else 1):
            number += 1
            company_id = f"A-{number:05}"
            sheet.record(company.id, [company_id, *_list_cells(random, company)], record_id=company_id)
        if number == 100:
            sheet.reject("wrong column count", b"A-90001,Subtotal,100")
        if number == 200:
            sheet.reject("nothing usable", b"A-90002,,,,,,,,,,,,,,2026-05-01")
    return sheet


def _list_cells(random: Random, company: Company) -> list[str]:
    """One company of the list, from the name on."""
    sure = company.id in ALWAYS
    name = (
        company.legal_name
        if sure or random.random() < 0.5
        else damage.company(random, company.name, company.legal_name)
    )
    if company.native_name and random.random() < 0.3:
        name = company.native_name
    employees = random.choice((str(company.headcount), f"{company.headcount:,}", _range(company.headcount)))
    return [
        name, company.domain if sure or random.random() < 0.9 else "", company.industry if random.random() < 0.9 else "", employees,
        company.street, company.city.name, random.choice((company.city.region, company.city.region_code)), company.city.postal_code,
        random.choice((company.country.name, *company.country.aliases)),
        damage.phone(random, company.switchboard, national=True) if random.random() < 0.85 else "",
        f"https://www.linkedin.com/company/{company.linkedin}/" if sure or random.random() < 0.6 else "",
        str(company.founded) if random.random() < 0.8 else "",
        "Active" if company.active else random.choice(("Inactive", "Closed", "Dissolved")), "2026-05-01",
    ]  # fmt: skip


def _range(headcount: int) -> str:
    """The headcount as one of the eight usual ranges."""
    return next((label for most, label in _RANGES if headcount <= most), "10001+")


def _technologies(companies: list[Company]) -> Sheet:
    """The technology list: one line a company that was scanned, without an id of its own."""
    sheet = Sheet("technologies")
    ordered = sorted(companies, key=lambda company: Random(f"demo technologies order {company.id}").random())
    for company in ordered:
        random = Random(f"demo technologies {company.id}")
        if company.id in ALWAYS or random.random() < 0.72:
            sheet.document(company.id, _scan(random, company))
        if company is ordered[40]:
            sheet.reject("invalid JSON", b'{"company": {"name": "Half a line", "dom')
        if company is ordered[90]:
            sheet.reject("nothing usable", b'{"company": {"name": " ", "domain": null}, "technologies": []}')
    return sheet


def _scan(random: Random, company: Company) -> dict[str, Any]:
    """What a scan of the company's site found."""
    sure = company.id in ALWAYS
    spelled = [
        random.choice(vocabulary.TECHNOLOGY_SPELLINGS.get(technology, (technology,)))
        if random.random() < 0.3
        else technology
        for technology in company.technologies
    ]
    return {
        "company": {
            "name": company.name if sure else random.choice((company.name, company.legal_name)),
            "domain": random.choice((company.domain, f"www.{company.domain}", f"https://{company.domain}")),
            "country": company.country.code,
        },
        "technologies": spelled,
        "scanned_at": f"2026-04-{random.randint(1, 28):02}",
    }

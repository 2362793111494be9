"""What the invented companies do, use and are called, and what their people do."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from msgspec import Struct

_HERE = Path(__file__).parent

BRAND_FIRST = (
    "Amber", "Birch", "Blue", "Bright", "Cedar", "Clear", "Cobalt", "Copper", "Crest", "Delta", "Ember",
    "Ever", "Fern", "Flint", "Glen", "Granite", "Harbor", "Hazel", "Iron", "Juniper", "Kestrel", "Lark",
    "Linden", "Lumen", "Maple", "Meridian", "Mosaic", "Nimbus", "Nova", "Oak", "Onyx", "Orchard", "Pebble",
    "Pine", "Quartz", "Raven", "River", "Rowan", "Sable", "Silver", "Sparrow", "Sterling", "Summit",
    "Tidal", "Timber", "Umber", "Vantage", "Velvet", "Willow", "Zephyr",
)  # fmt: skip
BRAND_SECOND = (
    "bay", "bridge", "brook", "cove", "dale", "field", "ford", "forge", "gate", "grove", "haven", "hill",
    "lane", "light", "loom", "mark", "mill", "mont", "path", "point", "ridge", "shore", "stone", "vale",
    "ward", "well", "wick", "works",
)  # fmt: skip


class Industry(Struct, frozen=True):
    """One industry: its name, and the words that companies of it add to their own name."""

    name: str
    words: tuple[str, ...]


INDUSTRIES = (
    Industry("Computer Software", ("Software", "Labs", "Systems", "Cloud")),
    Industry("Information Technology and Services", ("Technologies", "Digital", "Data", "IT Services")),
    Industry("Marketing and Advertising", ("Media", "Agency", "Creative")),
    Industry("Financial Services", ("Capital", "Finance", "Payments")),
    Industry("Logistics and Supply Chain", ("Logistics", "Freight", "Supply")),
    Industry("Hospital & Health Care", ("Health", "Clinics", "Care")),
    Industry("Biotechnology", ("Bio", "Therapeutics", "Genomics")),
    Industry("Renewables & Environment", ("Energy", "Solar", "Renewables")),
    Industry("Machinery", ("Engineering", "Machines", "Robotics")),
    Industry("Food & Beverages", ("Foods", "Bakery", "Beverages")),
    Industry("Management Consulting", ("Consulting", "Advisory", "Partners")),
    Industry("E-Learning", ("Learning", "Academy", "Education")),
    Industry("Real Estate", ("Properties", "Real Estate", "Estates")),
    Industry("Insurance", ("Insurance", "Assurance")),
)

TECHNOLOGIES = (
    "AWS", "Google Cloud", "Microsoft Azure", "Salesforce", "HubSpot", "Snowflake", "PostgreSQL",
    "Kubernetes", "Docker", "Python", "React", "Terraform", "Datadog", "Slack", "Zendesk", "Stripe",
    "Shopify", "Marketo", "Tableau", "SAP", "Jira", "Segment", "Airflow", "dbt", "Cloudflare",
)  # fmt: skip
TECHNOLOGY_SPELLINGS = {
    "AWS": ("Amazon Web Services", "aws", "AWS"),
    "Google Cloud": ("GCP", "Google Cloud Platform"),
    "Microsoft Azure": ("Azure", "MS Azure"),
    "PostgreSQL": ("Postgres", "postgresql"),
    "Kubernetes": ("k8s", "kubernetes"),
    "Salesforce": ("SFDC", "Salesforce CRM"),
}
"""Other ways in which the technology list writes some of them."""

COMPANY_SPELLINGS = {
    "Technologies": "Tech", "Engineering": "Eng.", "Systems": "Sys", "Consulting": "Consult.",
    "Insurance": "Ins.", "Partners": "Ptrs", "Properties": "Props", "Education": "Edu",
}  # fmt: skip
"""How sloppy files shorten a word of a company's name."""

TITLE_SPELLINGS = {
    "Vice President": "VP", "VP": "Vice President", "Chief Executive Officer": "CEO",
    "Chief Technology Officer": "CTO", "Chief Financial Officer": "CFO", "Chief Marketing Officer": "CMO",
    "Chief Operating Officer": "COO", "Senior": "Sr.", "Manager": "Mgr", "Director of": "Director,",
    "Revenue Operations": "RevOps", "Software Engineer": "SWE", "Sales Development Representative": "SDR",
    "Head of": "Head,",
}  # fmt: skip
"""How titles are shortened or spelled out."""

SKILLS = (
    "Python", "SQL", "Salesforce", "Negotiation", "Forecasting", "HubSpot", "Public Speaking", "Excel",
    "Machine Learning", "Project Management", "SEO", "Budgeting", "Leadership", "Kubernetes",
    "Data Analysis", "Account Management", "Copywriting", "Recruiting", "Pricing", "Customer Success",
)  # fmt: skip


@cache
def titles() -> dict[str, list[str]]:
    """Job titles by department, as the better files write them.

    >>> titles()["Legal"]
    ['General Counsel', 'Compliance Officer']
    """
    found: dict[str, list[str]] = {}
    for row in _table("titles"):
        found.setdefault(row["department"], []).append(row["title"])
    return found


@cache
def local_titles() -> dict[tuple[str, str], str]:
    """Job titles in the language of a culture, by culture and English title.

    >>> local_titles()["de", "Head of Sales"]
    'Vertriebsleiter'
    """
    return {(row["culture"], row["title"]): row["local"] for row in _table("local_titles")}


class NativeCompany(Struct, frozen=True):
    """A company that is known by a name in its own script; ``label`` begins its domain."""

    country: str
    name: str
    native: str
    label: str


@cache
def native_companies() -> list[NativeCompany]:
    """The companies that are known by a name in their own script."""
    return [NativeCompany(**row) for row in _table("native_companies")]


def _table(name: str) -> list[dict[str, str]]:
    """All rows of one of the tables beside this file."""
    with (_HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

"""Cells as contact data has them: drawn by rules, or taken from the files of the synthetic generator."""

from __future__ import annotations

import tempfile
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import phonenumbers
import polars as pl

from datasets import synthetic, words
from leadspro_engine.normalize import record

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

Cell = tuple[str | None, ...]
PEOPLE = 600_000
"""People of the synthetic files: enough for 300,000 distinct records."""

GIVEN = (
    "amanda",
    "priya",
    "john",
    "mária",
    "li",
    "ahmed",
    "jürgen",
    "sofia",
    "noah",
    "chloé",
    "ivan",
    "yuki",
)
FAMILY = (
    "reyes",
    "shah",
    "smith",
    "nagy",
    "wei",
    "hassan",
    "köhler",
    "rossi",
    "brown",
    "dubois",
    "petrov",
    "sato",
)
PROVIDERS = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "gmx.de", "yahoo.co.uk")
SUFFIXES = ("com", "com", "com", "io", "co.uk", "de", "fr", "com.br", "net", "org", "ai")
REGIONS = (
    "US",
    "US",
    "US",
    "US",
    "GB",
    "GB",
    "DE",
    "FR",
    "CA",
    "IN",
    "BR",
    "AU",
    "ES",
    "IT",
    "NL",
    "JP",
    "MX",
)
ROLES = ("info", "sales", "support", "hr", "accounts.payable")


def distinct(draw: Callable[[random.Random], Cell], count: int, source: random.Random) -> list[Cell]:
    """So many different cells of one of the rules below."""
    return list(dict.fromkeys(draw(source) for _ in range(int(count * 1.05))))[:count]


def synthetic_cells(kind: str, count: int) -> list[Cell]:
    """Up to so many different cells of the synthetic files, in an order that mixes them."""
    found = _COLUMNS[kind](files())
    cells = found.drop_nulls(found.columns[:1]).unique(maintain_order=True)
    return cells.sample(min(count, cells.height), seed=1, shuffle=True).rows()


def people_records(count: int) -> pl.DataFrame:
    """Up to so many different person records of the synthetic CRM and vendor files, in ``RAW_SCHEMA``."""
    found = files()
    crm, vendor = found["crm"], found["vendor"]
    frames = [
        crm.select(
            given_name="First Name", family_name="Last Name", title="Job Title", company="Account Name",
            email="Work Email", phone="Phone", city="City", region="State/Province", country="Country",
            linkedin="LinkedIn Profile",
        ),
        vendor.select(
            full_name=pl.concat_str("first_name", pl.lit(" "), "last_name"), title="title",
            company="company_name", domain="company_domain", email="email", phone="phone", city="city",
            country="country", linkedin="linkedin",
        ),
    ]  # fmt: skip
    frame = pl.concat(frames, how="diagonal").unique(maintain_order=True)
    lists = [pl.concat_list(role).list.drop_nulls().alias(role) for role in ("email", "phone")]
    drawn = frame.sample(min(count, frame.height), seed=1, shuffle=True).with_columns(lists)
    return drawn.select(sorted(set(record.RAW_SCHEMA) & set(drawn.columns)))


@cache
def files() -> dict[str, pl.DataFrame]:
    """The synthetic source files by name."""
    with tempfile.TemporaryDirectory() as folder:
        made = synthetic.generate(PEOPLE, Path(folder))
        return {source: pl.read_parquet(Path(folder) / source / "*.parquet") for source in made.records}


def _names(found: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Whole names: badges (often turned around), sign-ups, and CRM names in one cell."""
    crm = found["crm"].select(pl.concat_str("First Name", pl.lit(" "), "Last Name").alias("cell"))
    columns = (found["events"]["Attendee"], found["signups"]["name"])
    return pl.concat([crm, *(column.alias("cell").to_frame() for column in columns)])


def _companies(found: dict[str, pl.DataFrame]) -> pl.DataFrame:
    columns = (
        ("crm", "Account Name"), ("events", "Organisation"), ("vendor", "company_name"),
        ("companies", "Company Name"),
    )  # fmt: skip
    return pl.concat([found[source].select(pl.col(column).alias("cell")) for source, column in columns])


_COLUMNS: dict[str, Callable[[dict[str, pl.DataFrame]], pl.DataFrame]] = {
    "name": _names,
    "company": _companies,
    "title": lambda found: found["crm"].select("Job Title"),
    "place": lambda found: found["crm"].select("City", "State/Province", "Country"),
    "address": lambda found: found["companies"].select("Street"),
    "industry": lambda found: found["companies"].select("Industry"),
    "headcount": lambda found: found["companies"].select("Employees"),
    "date": lambda found: found["events"].select("Scanned at"),
    "identifier": lambda found: found["crm"].select("Contact ID"),
    "technology": lambda found: found["technologies"].select(pl.col("Technologies").cast(pl.String)),
    "skill": lambda found: found["crm"].select("Job Title"),
}


def email_cell(source: random.Random) -> tuple[str]:
    """An address: mostly of a company or a big provider, a tenth in capitals, a few not valid."""
    host = source.choice(PROVIDERS) if source.random() < 0.3 else _host(source)
    local = f"{source.choice(GIVEN)}.{source.choice(FAMILY)}{source.randrange(10**5)}"
    local = source.choice(ROLES) if source.random() < 0.03 else _ascii(local)
    address = f"{local}@{host}"
    chance = source.random()
    if chance < 0.1:
        return (address.title(),)
    if chance < 0.12:
        return (address.replace("@", source.choice(("", "@@", " at ", "@.", "@-"))),)
    return (address,)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()


def _host(source: random.Random) -> str:
    return f"company{min(int(source.paretovariate(0.5)), 10**6)}.{source.choice(SUFFIXES)}"


def phone_cell(source: random.Random) -> tuple[str, str]:
    """A number of a common region in one of three formats, and the region; some with extensions, some cut."""
    region = source.choice(REGIONS)
    kind = source.choice((phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE))
    example = phonenumbers.example_number_for_type(region, kind)
    assert example is not None
    bare = phonenumbers.national_significant_number(example)
    digits = bare[:-6] + "".join(source.choices("0123456789", k=6))
    number = phonenumbers.PhoneNumber(country_code=example.country_code, national_number=int(digits))
    number.italian_leading_zero = digits.startswith("0")
    form = source.choice((0, 1, 1, 2, 2, 2))
    text = phonenumbers.format_number(number, form)
    chance = source.random()
    if chance < 0.04:
        text += f" x{source.randrange(1, 9999)}"
    elif chance < 0.06:
        text = text[:-1]
    return text, region


def title_cell(source: random.Random) -> tuple[str]:
    """A job title, often with a rank before it and an employer, place or team behind."""
    title = source.choice(words.titles()[source.choice(list(words.titles()))])
    front = source.choice(("", "", "", "Senior ", "Lead ", "Interim ", "Global ", "Junior ", "Regional "))
    behind = source.choice((" at Company {}", ", Region {}", " - Team {}", " | Company {}", " (Group {})"))
    return (front + title + behind.format(source.randrange(50_000)),)


def linkedin_cell(source: random.Random) -> tuple[str]:
    """The address of a person's page."""
    slug = f"{source.choice(GIVEN)}-{source.choice(FAMILY)}-{source.randrange(16**7):x}"
    front = source.choice(
        ("https://www.linkedin.com/in/", "http://linkedin.com/in/", "https://uk.linkedin.com/in/", "in/")
    )
    return (front + slug + source.choice(("", "/", "?trk=x", "/en")),)


def domain_cell(source: random.Random) -> tuple[str]:
    """The address of a company's site."""
    front = source.choice(("https://www.", "http://", "www.", "", "https://blog."))
    return (
        front
        + _host(source).replace(".", f"{source.randrange(10**4)}.", 1)
        + source.choice(("", "/", "/about")),
    )

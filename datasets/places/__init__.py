"""Where the invented people and companies are: countries, cities, and telephone numbers that ring nowhere.

The tables beside this file hold them. A pattern of a telephone number has ``#`` for each digit to draw and
``@`` for the area code of the city; a ``|`` parts the several values of one cell, and a value that stands
twice is drawn twice as often. Numbers come from the blocks that a country reserves for fiction wherever it
has one that libphonenumber takes for valid; the other blocks are made up.

Source: NANPA, 555-0100 to 555-0199; Ofcom, numbers for drama use (07700 900 is no valid number to
libphonenumber, so landlines stand in for mobiles); Bundesnetzagentur, Mitteilung 148/2021; ARCEP, 01 99 00
and its sisters; PTS, numbers for films; ACMA, numbers for fiction.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from datasets.names import Culture  # noqa: TC001 - msgspec reads the annotation when it converts

_HERE = Path(__file__).parent


class City(Struct, frozen=True):
    """One city: its region in full and as it is abbreviated, a postal code, an area code, its own script."""

    name: str
    native: str | None
    region: str
    region_code: str
    postal_code: str
    area: str


class Line(Struct, frozen=True):
    """A block of telephone numbers, as dialled from abroad and at home."""

    international: str
    national: str


class Country(Struct, frozen=True):
    """One country: its share of the people (relative), and how people, companies and numbers look there."""

    code: str
    name: str
    share: int
    cultures: tuple[Culture, ...]
    aliases: tuple[str, ...]
    tlds: tuple[str, ...]
    legal_forms: tuple[str, ...]
    office: Line
    direct: Line
    streets: tuple[str, ...]
    cities: tuple[City, ...]


@cache
def countries() -> tuple[Country, ...]:
    """All twenty countries, with their cities.

    >>> [country.code for country in countries()][:3]
    ['US', 'GB', 'DE']
    >>> countries()[2].cities[2].native
    'München'
    """
    return tuple(_country(row) for row in _table("countries"))


def _country(row: dict[str, str]) -> Country:
    """One row of the table of countries, joined to its cities."""
    return msgspec.convert(
        {
            "code": row["code"],
            "name": row["name"],
            "share": int(row["share"]),
            **{key: row[key].split("|") for key in ("cultures", "aliases", "tlds", "legal_forms", "streets")},
            "office": Line(row["office_international"], row["office_national"]),
            "direct": Line(row["direct_international"], row["direct_national"]),
            "cities": [_city(city) for city in _table("cities") if city["country"] == row["code"]],
        },
        Country,
    )


def _city(row: dict[str, str]) -> City:
    """One row of the table of cities."""
    return City(
        name=row["name"],
        native=row["native"] or None,
        region=row["region"],
        region_code=row["region_code"],
        postal_code=row["postal_code"],
        area=row["area"],
    )


def _table(name: str) -> list[dict[str, str]]:
    """All rows of one of the tables beside this file."""
    with (_HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

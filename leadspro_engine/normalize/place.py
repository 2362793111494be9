"""Places: city, region and country from their own cells, or from free text such as "Greater Boston Area".

1. A country is known by its ISO 3166 codes, its English name, other names in use ("USA", "Holland") and
   its names in 27 other languages, in any script.
2. A region is known by name or code in 14 countries. A code that several countries use ("WA") goes with the
   country or city beside it, else it is of the United States, then Canada, then Australia.
3. A city is looked up in GeoNames among those of the country and region that are given. The largest of a name
   tells the rest only if it is ten times as large as its next namesake.
4. A metropolitan area stands for its core city ("San Francisco Bay Area" -> San Francisco).
5. Free text is read from its end: country, region, city. A last word of two letters is the state of a city
   known there before it is a country ("Wilmington, DE").
6. What is not in any table stays as it was written.

Sources: ``tables/places.tsv`` and ``tables/cities.tsv`` (GeoNames, CC BY 4.0); Unicode CLDR territory names.
"""

from __future__ import annotations

import re
from math import asin, cos, degrees, radians, sin, sqrt
from typing import TYPE_CHECKING

from msgspec import Struct

from leadspro_engine.normalize import columns, place_tables
from leadspro_engine.normalize.name_fold import fold
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from leadspro_engine.normalize.place_tables import City, Region

_LONGEST = 200  # characters of a cell that are read
_MUCH_LARGER = 10
_EARTH_KM = 6371.0
_KM_A_DEGREE = 111.0  # of latitude, a little less than it is
_LARGE = 50_000  # people of a city that tells its country by its name
_BY_SIZE = ("US", "CA", "AU")  # whose codes are meant when nothing else tells
_SEPARATOR = re.compile(r"\s*[,;|/·•\n]\s*|\s+[-–—]\s+")
_POSTAL = re.compile(r"\s+\d[\d-]{3,9}$|^\d{4,6}\s+")
_AREA_WORDS = re.compile(
    r"^(?:greater|metro|metropolitan|region of|city of|grande|gran|grossraum|raum)\s+"
    r"|\s+(?:metropolitan|metro|bay)?\s*(?:area|region|metroplex|metro|und umgebung|and vicinity)$"
    r"|\s+metropolitan$"
)


class Place(Struct, frozen=True):
    """Where somebody is, in English display names; ``country_code`` is ISO 3166-1 alpha-2."""

    city: str | None = None
    region: str | None = None
    country: str | None = None
    country_code: str | None = None


def parse(
    city: object = None, region: object = None, country: object = None, place: object = None
) -> Place | None:
    """The place that the cells name together; None when they name none.

    Args:
        city: a city, or a whole place when the other two are empty.
        region: a state or province, by name or code.
        country: by name or code.
        place: free text, read for what the three leave open.

    >>> parse(city="Paris", region="TX")
    Place(city='Paris', region='Texas', country='United States', country_code='US')
    >>> parse(place="San Francisco Bay Area").city, parse(place="München, Deutschland").region
    ('San Francisco', 'Bavaria')
    """
    town, area, land, free = (_text(cell) for cell in (city, region, country, place))
    if town and _SEPARATOR.search(town) and not (area or land):
        town, free = None, town
    if free and not town:
        town, area, land = _read_free(free, area, land)
    return _joined(town, area, land)


def country(value: object) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country given by code or name; None if unknown.

    >>> country("Deutschland"), country("U.S.A."), country("日本"), country("Narnia")
    ('DE', 'US', 'JP', None)
    """
    text = _text(value)
    if text is None:
        return None
    key = fold(text)
    for form in (key, key.replace(" ", "")) if len(key) < 8 else (key, key.removeprefix("the ")):
        code = place_tables.english_countries().get(form)
        if code:
            return code
    foreign = place_tables.foreign_countries().get(key)
    return foreign or next(
        (r.country for r in place_tables.regions().get(key, ()) if r.country == "GB" and len(key) > 3), None
    )


def country_name(code: str | None) -> str | None:
    """The English name of an alpha-2 code; None for what is not one."""
    return None if code is None else place_tables.country_names().get(code)


def country_names() -> tuple[str, ...]:
    """The English names of all countries, sorted."""
    return tuple(sorted(place_tables.country_names().values()))


def region(value: object, country_code: str | None = None) -> str | None:
    """The English name of a region given by name or code; as it was written if it is in no table.

    >>> region("CA", "US"), region("Bayern", "DE"), region("nsw"), region("Elsewhere", "US")
    ('California', 'Bavaria', 'New South Wales', 'Elsewhere')
    """
    text = _text(value)
    if text is None:
        return None
    known = _likeliest(_regions(text, country_code))
    return _tidy(text) if known is None else known.name


def city(value: object, country_code: str | None = None) -> str | None:
    """The English name of a city, of that country if given; as it was written if it is in no table.

    >>> city("München"), city("NYC"), city("Little Nowhere")
    ('Munich', 'New York', 'Little Nowhere')
    """
    text = _text(value)
    if text is None:
        return None
    found = _joined(text, None, country_code)
    return None if found is None else found.city


def coordinates(city: str | None, region: str | None, country_code: str | None) -> tuple[float, float] | None:
    """Latitude and longitude of a city in degrees; None when it is in no table.

    >>> coordinates("Munich", None, "DE")
    (48.137, 11.575)
    """
    if not city:
        return None
    known = _candidates(city, country_code, _regions(region, country_code) if region else ())
    return (known[0].latitude, known[0].longitude) if known else None


def cities_within(km: float, latitude: float, longitude: float) -> list[tuple[str, str]]:
    """Name and country code of every city of the table whose center is at most ``km`` away, sorted.

    >>> cities_within(5, *coordinates("Munich", None, "DE"))
    [('Bogenhausen', 'DE'), ('Munich', 'DE')]

    Source: haversine formula on a sphere of 6,371 km.
    """
    northwards, eastwards = (km + 1) / _KM_A_DEGREE, _degrees_eastwards(km + 1, latitude)
    return sorted(
        {
            (city.name, city.country)
            for city in place_tables.cities_between(latitude - northwards, latitude + northwards)
            if abs((city.longitude - longitude + 180) % 360 - 180) <= eastwards
            and _distance(latitude, longitude, city.latitude, city.longitude) <= km
        }
    )


def _degrees_eastwards(km: float, latitude: float) -> float:
    """By how many degrees of longitude a place may differ that is at most ``km`` away.

    Source: J. P. Matuschek, "Finding points within a distance of a latitude/longitude using bounding
    coordinates", section 3.3.
    """
    reach, narrow = sin(km / _EARTH_KM), cos(radians(latitude))
    return degrees(asin(reach / narrow)) if reach < narrow else 180


def _distance(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometers between two places given in degrees."""
    north, other_north = radians(latitude), radians(other_latitude)
    east = radians(other_longitude - longitude)
    half = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * sin(east / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(half)))


def column(
    city: pl.Series | None = None,
    region: pl.Series | None = None,
    country: pl.Series | None = None,
    place: pl.Series | None = None,
) -> pl.Series:
    """``parse`` for each row of the columns given: a struct column of ``Place``, null where there is none."""
    given = {"city": city, "region": region, "country": country, "place": place}
    return columns.optional_rows(given, parse, Place)


def why(
    city: object = None, region: object = None, country: object = None, place: object = None
) -> tuple[Note, ...]:
    """What of the cells was not known, and what was read into them.

    >>> [note.code for note in why(city="Nowhere Falls", country="Narnia")]
    ['unknown', 'unknown']
    """
    found = parse(city, region, country, place)
    if found is None:
        return (Note("blank", "The cells name no place."),)
    notes = []
    if (land := _text(country)) and found.country_code is None:
        notes.append(Note("unknown", f"{land!r} is no country that is known by that name."))
    if found.city and coordinates(found.city, found.region, found.country_code) is None:
        notes.append(Note("unknown", f"{found.city!r} is no city of 15,000 people or more there."))
    given = [fold(text) for cell in (city, place) if (text := _text(cell))]
    if found.city and given and not any(fold(found.city) in text for text in given):
        notes.append(Note("repaired", f"Read as {found.city}."))
    return tuple(notes)


_country = country
_region = region


def _joined(town: str | None, area: str | None, land: str | None) -> Place | None:
    """City, region and country made to fit each other."""
    code = _country(land)
    if code == "GB" and area is None and _likeliest(_regions(land or "", "GB")):
        area = land  # "Scotland" in a country's cell
    areas = _regions(area, code) if area else ()
    town, areas, code = _metro(town, areas, code)
    known = _candidates(town, code, areas) if town else []
    known = known if code or areas or not land else []  # the city cannot tell what the country's cell denies
    enough = 0 if code else _LARGE
    best = known[0] if known and (areas or _stands_out(town or "", known, enough)) else None
    if best is not None:
        town = best.name
        code = best.country
        areas = tuple(r for r in (place_tables.divisions().get((code, best.division)),) if r) or areas
    elif known:
        town = known[0].name
    chosen = _likeliest(areas)
    if chosen is not None and (code or not _ambiguous(areas)):
        code = chosen.country
    shown = chosen.name if chosen else _tidy(area)
    found = Place(_tidy(town), shown, country_name(code) or None, code)
    return found if any((found.city, found.region, found.country_code)) else None


def _metro(
    town: str | None, areas: tuple[Region, ...], code: str | None
) -> tuple[str | None, tuple[Region, ...], str | None]:
    """The core city for a metropolitan area, if that is in the country and region given."""
    key = fold(town or "")
    bare = _AREA_WORDS.sub("", _AREA_WORDS.sub("", key)) or key
    for form in (key, bare):
        name, iso, country_code = place_tables.metros().get(form, ("", "", ""))
        home = tuple(r for r in _regions(iso, country_code) if r.code == iso) if iso else ()
        if name and code in (None, country_code) and (not areas or set(areas) & set(home)):
            return name, home, country_code
    if bare != key and (named := place_tables.cities(bare)):
        return named[0].city.name, areas, code
    return town, areas, code


def _candidates(town: str, code: str | None, areas: Sequence[Region]) -> list[City]:
    """The cities of that name in the country and regions given, likeliest first."""
    divisions = {(area.country, area.division) for area in areas if area.division}
    key = fold(town)
    named = place_tables.cities(key) or place_tables.cities(_AREA_WORDS.sub("", key))
    inside = [n.city for n in named if code in (None, n.city.country)]
    return [c for c in inside if (c.country, c.division) in divisions] if divisions else inside


def _stands_out(town: str, known: Sequence[City], enough: int) -> bool:
    """Whether the first city is so much larger than its namesakes that its name alone tells where it is."""
    own = [c for c in known if fold(c.name) == fold(town)] or list(known)
    rest = max(
        (c.people for c in own if (c.country, c.division) != (known[0].country, known[0].division)), default=0
    )
    return known[0] in own and known[0].people >= max(enough, _MUCH_LARGER * rest)


def _regions(text: str, code: str | None) -> tuple[Region, ...]:
    named = place_tables.regions().get(fold(text), ())
    return tuple(r for r in named if code in (None, r.country))


def _likeliest(areas: Sequence[Region]) -> Region | None:
    order = {code: i for i, code in enumerate(_BY_SIZE)}
    return min(areas, key=lambda r: order.get(r.country, len(order)), default=None)


def _ambiguous(areas: Sequence[Region]) -> bool:
    return len({area.country for area in areas}) > 1


def _read_free(free: str, area: str | None, land: str | None) -> tuple[str | None, str | None, str | None]:
    """City, region and country of free text, read from its end."""
    parts = [p for part in _SEPARATOR.split(free) if (p := _POSTAL.sub("", part).strip(" .()"))]
    if len(parts) == 1:
        town, state, nation = _single(parts[0])
        return town, area or state, land or nation
    if land is None and parts and not _is_state(parts) and _country(parts[-1]):
        land = parts.pop()
    if area is None and len(parts) > 1 and (land or _regions(parts[-1], None)):
        area = parts.pop()
    return (parts[0] if parts else None), area, land


def _single(part: str) -> tuple[str | None, str | None, str | None]:
    """City, region or country of free text that is one name."""
    key = fold(part)
    if key in place_tables.metros():
        return part, None, None
    if _country(part):
        return (part if _same_city(key) else None), None, part
    named = place_tables.cities(key)
    if _regions(part, None) and not (named and named[0].own and named[0].city.people >= 100_000):
        return None, part, None
    return part, None, None


def _same_city(key: str) -> bool:
    """Whether a country is a city as well: Singapore, Monaco."""
    return key in ("singapore", "monaco", "hong kong", "gibraltar", "macao", "macau", "vatican city")


def _is_state(parts: Sequence[str]) -> bool:
    """Whether the last part is the state of the city before it, although it could be a country's code."""
    areas = _regions(parts[-1], None)
    if not areas or len(parts[-1].replace(".", "")) > 3:
        return bool(areas) and bool(_candidates(parts[0], None, areas))
    return bool(_candidates(parts[0], None, areas)) or not _candidates(parts[0], _country(parts[-1]), ())


def _text(cell: object) -> str | None:
    text = clean(cell)
    short = None if text is None else text[:_LONGEST].strip(" ,;.")
    return short if short and any(c.isalnum() for c in short) and fold(short) not in _NOWHERE else None


_NOWHERE = frozenset(
    ("n a", "na n a", "none", "null", "unknown", "remote", "not available", "nan", "tbd", "worldwide")
)


def _tidy(text: str | None) -> str | None:
    """Capitals where a name has none or nothing else."""
    if text is None or not (text.isupper() or text.islower()) or len(text) < 4:
        return text
    return re.sub(r"[^\W\d_]+", lambda word: word.group().capitalize(), text.lower())

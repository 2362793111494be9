"""Places: a labelled table, cells that help each other, freshness of the table of cities."""

from __future__ import annotations

import csv
import io
from math import acos, cos, radians, sin
from pathlib import Path

import babel
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadspro_engine.normalize import city_table, place, place_tables
from leadspro_engine.normalize.name_fold import fold

CASES = list(csv.DictReader(io.StringIO((Path(__file__).parent / "places.csv").read_text("utf-8"))))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["cell"])
def test_free_text(case: dict[str, str]) -> None:
    found = place.parse(place=case["cell"]) or place.Place()
    expected = (case["city"], case["region"], case["country_code"])
    assert (found.city or "", found.region or "", found.country_code or "") == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["cell"])
def test_a_place_read_from_its_own_parts_is_the_same(case: dict[str, str]) -> None:
    found = place.parse(place=case["cell"])
    if found is not None:
        assert place.parse(found.city, found.region, found.country) == found


@pytest.mark.parametrize(
    ("city", "region", "country", "expected"),
    [
        ("Edinburgh", "SCT", "England", ("Edinburgh", "Scotland", "GB")),
        ("sydney", "nsw", None, ("Sydney", "New South Wales", "AU")),
        ("Portland", "OR", None, ("Portland", "Oregon", "US")),
        ("Springfield", None, "US", ("Springfield", None, "US")),
        ("Springfield", "IL", "US", ("Springfield", "Illinois", "US")),
        ("Köln", None, "DE", ("Cologne", "North Rhine-Westphalia", "DE")),
        ("Tokyo", "Tokyo", "日本", ("Tokyo", "Tokyo", "JP")),
        ("Paris, TX", None, None, ("Paris", "Texas", "US")),
        ("Tiny Hamlet", "Bayern", "Deutschland", ("Tiny Hamlet", "Bavaria", "DE")),
        ("Berlin", None, "Narnia", ("Berlin", None, None)),
        (None, "WA", "Australia", (None, "Western Australia", "AU")),
        (None, "WA", None, (None, "Washington", None)),
    ],
)
def test_cells_tell_each_other(
    city: str | None, region: str | None, country: str | None, expected: tuple[str | None, ...]
) -> None:
    found = place.parse(city, region, country)
    assert found is not None
    assert (found.city, found.region, found.country_code) == expected


def test_every_country_is_known_by_its_code_and_its_english_name() -> None:
    assert len(place.country_names()) >= 249
    for code, name in place_tables.country_names().items():
        assert place.country(code) == code
        assert place.country(code.lower()) == code
        assert place.country(name) == code


@pytest.mark.parametrize("language", ["de", "fr", "es", "pt", "it", "nl", "pl", "ru", "ja", "ar"])
def test_nearly_every_country_is_known_by_its_name_in_other_languages(language: str) -> None:
    names = {c: n for c, n in babel.Locale(language).territories.items() if place.country_name(c)}
    wrong = {name for code, name in names.items() if place.country(name) != code}
    assert len(wrong) <= 3  # where two languages call two countries by one name, the larger use counts


@pytest.mark.parametrize("cell", [None, "", "Narnia", "ZZ", "EU", 12, "-"])
def test_no_country(cell: object) -> None:
    assert place.country(cell) is None


def test_every_region_is_known_by_its_name_and_its_code() -> None:
    for named in place_tables.regions().values():
        for region in named:
            assert place.region(region.name, region.country) == region.name
            assert place.region(region.code, region.country) == region.name


@pytest.mark.parametrize(
    ("city", "region"),
    [
        ("Munich", "Bavaria"),
        ("Vienna", "Vienna"),
        ("Graz", "Styria"),
        ("Marseille", "Provence-Alpes-Côte d'Azur"),
        ("Seville", "Andalusia"),
        ("Turin", "Piedmont"),
        ("Eindhoven", "North Brabant"),
        ("Antwerp", "Flanders"),
        ("Curitiba", "Paraná"),
        ("Guadalajara", "Jalisco"),
        ("Bengaluru", "Karnataka"),
        ("Osaka", "Osaka"),
        ("Calgary", "Alberta"),
        ("Brisbane", "Queensland"),
        ("Cardiff", "Wales"),
        ("Geneva", "Geneva"),
    ],
)
def test_geonames_divisions_stand_for_the_right_region(city: str, region: str) -> None:
    lines = [named.city for named in place_tables.cities(fold(city))]
    assert place_tables.divisions()[lines[0].country, lines[0].division].name == region


def test_the_table_of_cities_is_fresh() -> None:
    assert city_table.TABLE.read_text(encoding="utf-8") == city_table.table()


def test_coordinates() -> None:
    assert place.coordinates("Paris", "Texas", "US") == (33.661, -95.556)
    assert place.coordinates("Nowhere Falls", None, None) is None


def _at(latitude: float, longitude: float) -> tuple[float, float, float]:
    """The place on a sphere with a radius of one."""
    north, east = radians(latitude), radians(longitude)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


EVERY_CITY = [(one, _at(one.latitude, one.longitude)) for one in place_tables.cities_between(-90, 90)]


@settings(max_examples=10, deadline=None)
@given(st.floats(1, 1000), st.floats(-89, 89), st.floats(-180, 180))
@example(1000, 66.0, 179.5)
@example(1000, -17.8, -179.9)
@example(900, 85.0, 20.0)
def test_no_city_within_the_distance_is_left_out(km: float, north: float, east: float) -> None:
    center = _at(north, east)
    near = set(place.cities_within(km, north, east))
    for city, there in EVERY_CITY:
        distance = 6371 * acos(
            max(-1, min(1, sum(one * other for one, other in zip(center, there, strict=True))))
        )
        if distance < km - 0.01:
            assert (city.name, city.country) in near

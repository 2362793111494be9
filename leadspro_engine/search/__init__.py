"""Who fits this? Filters -> a page of people or companies, with totals, facets and autocomplete."""

from leadspro_engine.search.page import LARGEST_PAGE, autocomplete, search_companies, search_people
from leadspro_engine.search.plain import Part, Understood, understand

__all__ = [
    "LARGEST_PAGE",
    "Part",
    "Understood",
    "autocomplete",
    "search_companies",
    "search_people",
    "understand",
]

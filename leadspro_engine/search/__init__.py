"""Filters -> a page of people or companies, with the exact total.

Filters are parsed and normalized once into a typed ``Plan``; the plan is compiled to SQL over the snapshot's
DuckDB tables; the page is read from the snapshot's stored answers.
"""

from leadspro_engine.search.page import search_companies, search_people

__all__ = ["search_companies", "search_people"]

"""Search over HTTP says what the engine says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import msgspec

from leadspro_engine.dataset.searchable import COMPLETED
from leadspro_engine.engine import open_engine
from leadspro_engine.service.requests import AutocompleteRequest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.api.client import Client

FILTERS: dict[str, Any] = {"near": "San Francisco 80 km", "has": ["email"], "exclude": {"seniority": "entry"}}
OPTIONS: dict[str, Any] = {
    "sort": "recency",
    "limit": 3,
    "facets": ["department", "company"],
    "fields": ["name", "company.name"],
}


def test_orders_facets_and_fields_are_those_of_the_engine(client: Client, demo_home: Path) -> None:
    told = client.post("/api/v1/search/people", {**FILTERS, **OPTIONS}).json
    with open_engine(demo_home) as engine:
        page = msgspec.to_builtins(engine.search_people(**FILTERS, **OPTIONS))
    assert page["results"]
    assert page["facets"]["department"]
    for name in ("results", "total", "next_cursor", "facets"):
        assert told[name] == page[name]


def test_companies_are_searched_alike(client: Client, demo_home: Path) -> None:
    asked: dict[str, Any] = {
        "job_title": "engineer",
        "sort": "completeness",
        "facets": ["industry"],
        "fields": ["name"],
    }
    told = client.post("/api/v1/search/companies", asked).json
    with open_engine(demo_home) as engine:
        page = msgspec.to_builtins(engine.search_companies(**asked))
    assert {name: told[name] for name in page} == page


def test_autocomplete_costs_nothing(client: Client, demo_home: Path) -> None:
    told = client.post("/api/v1/autocomplete", {"field": "job_title", "prefix": "rev"}).json
    with open_engine(demo_home) as engine:
        assert told["results"] == msgspec.to_builtins(engine.autocomplete("job_title", "rev"))
    assert told["results"]
    assert told["meta"]["credits_used"] == 0


def test_a_plain_text_becomes_filters_that_can_be_searched_with(client: Client) -> None:
    told = client.post("/api/v1/understand", {"text": "sales leaders in the united states"}).json
    assert told["filters"]["country"] == ["United States"]
    assert " ".join(part["text"] for part in told["parts"]) == "sales leaders in the united states"
    assert told["meta"]["credits_used"] == 0
    assert client.post("/api/v1/search/people", told["filters"]).json["total"]["value"] > 0


def test_every_completed_field_is_offered() -> None:
    (field, *_) = msgspec.structs.fields(AutocompleteRequest)
    assert set(get_args(field.type)) == set(COMPLETED)

"""The OpenAPI document, the docs page and the skill files say what the route table says."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import pytest

from leadspro_engine.api import openapi
from leadspro_engine.api.problems import REFUSALS
from leadspro_engine.api.routes import ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadspro_engine.api.route import Route
    from tests.api.client import Client

DOCUMENT = openapi.build()


def references(value: Any) -> Iterator[str]:
    """Every ``$ref`` within a value."""
    if isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str):
            yield reference
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_every_route_is_documented_and_nothing_else() -> None:
    documented = {(method, path) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert documented == {(route.method.lower(), route.path) for route in ROUTES}


@pytest.mark.parametrize("name", ["EnrichRequest", "SearchPeopleRequest", "SearchCompaniesRequest"])
def test_every_field_of_a_question_says_what_it_means(name: str) -> None:
    fields = DOCUMENT["components"]["schemas"][name]["properties"]
    paging = {"exclude", "sort", "cursor"}
    assert {field for field, schema in fields.items() if not schema.get("description")} <= paging


def test_operation_ids_are_unique() -> None:
    assert len({route.operation for route in ROUTES}) == len(ROUTES)


def test_every_reference_leads_somewhere_and_every_schema_is_used() -> None:
    schemas = set(DOCUMENT["components"]["schemas"])
    assert {reference.removeprefix("#/components/schemas/") for reference in references(DOCUMENT)} == schemas


def test_every_code_is_met_by_some_route_or_by_all_of_them() -> None:
    met = {code for route in ROUTES for code in openapi.codes(route)}
    assert set(REFUSALS) - met == {"method_not_allowed"}  # of methods that are not documented


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.examples], ids=lambda route: route.operation
)
def test_every_example_is_accepted(route: Route, make_client: Any) -> None:
    client: Client = make_client()
    for example in route.examples.values():
        reply = client.call(route.method, re.sub(r"{[a-z_]+}", "none-such", route.path), body=example)
        assert reply.status in (200, 201, 404), reply.body  # 404: a person or key that does not exist


def test_the_docs_page_tells_every_operation_and_code_without_scripts(client: Client) -> None:
    page = client.get("/docs").body.decode()
    assert "<script" not in page
    for route in ROUTES:
        assert f'id="{route.operation}"' in page
    for code in REFUSALS:
        assert f'id="{code}"' in page


def test_every_operation_is_in_exactly_one_skill_file(client: Client) -> None:
    index = client.get("/skills/index.md").body.decode()
    names = re.findall(r"\(/skills/([a-z]+)\.md\)", index)
    texts = [client.get(f"/skills/{name}.md").body.decode() for name in names]
    for route in ROUTES:
        assert sum(f"`{route.method} {route.path}`\n" in text for text in texts) == 1
    assert all("reuse the same key when you retry" in text for text in texts)


def test_pages_can_only_be_read(client: Client) -> None:
    assert client.post("/docs", {}).status == 405
    assert client.get("/skills/none.md").status == 404
    assert client.get("/skills/../api.md").status == 404


def test_the_catalog_leads_to_pages_that_are_there(client: Client) -> None:
    catalog = client.get("/.well-known/api-catalog")
    assert catalog.headers["Content-Type"].startswith("application/linkset+json")
    (entry,) = catalog.json["linkset"]
    links = [link for relation in ("service-desc", "service-doc", "status") for link in entry[relation]]
    for link in links:
        page = client.get(link["href"])
        assert (page.status, page.headers["Content-Type"].partition(";")[0]) == (200, link["type"])


def test_security_txt_tells_whom_the_operator_names(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/.well-known/security.txt").status == 404
    monkeypatch.setenv("LEADSPRO_SECURITY_CONTACT", "mailto:security@example.com")
    told = client.get("/.well-known/security.txt")
    assert told.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert told.body.startswith(b"Contact: mailto:security@example.com\nExpires: 2026-04-")
    assert client.post("/.well-known/security.txt", {}).status == 405


def test_a_dashboard_file_is_not_sent_again_to_whoever_has_it(client: Client) -> None:
    first = client.get("/")
    again = client.get("/", **{"If-None-Match": first.headers["ETag"]})
    assert (first.status, again.status, again.body) == (200, 304, b"")
    assert "script-src 'self'" in first.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip, br", True),
        ("br;q=1.0, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("br", False),
    ],
)
def test_the_page_is_packed_for_who_takes_it_so(client: Client, accepted: str, *, packed: bool) -> None:
    plain, got = client.get("/"), client.get("/", **{"Accept-Encoding": accepted})
    assert ("Content-Encoding" in got.headers) == packed
    assert (gzip.decompress(got.body) if packed else got.body) == plain.body
    assert (got.headers["ETag"] != plain.headers["ETag"]) == packed
    assert got.headers["Vary"] == "Accept-Encoding"

"""The public reference, line by line, against the application and the demo data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.api.client import Client
    from tests.api.conftest import MakeClient

PERSON = {
    "id", "full_name", "first_name", "last_name", "job_title", "department", "management_level", "emails",
    "phones", "linkedin", "linkedin_url", "location", "skills", "updated_at",
}  # fmt: skip
COMPANY = {
    "id", "name", "domain", "website", "industry", "headcount", "headcount_range", "technologies", "location",
    "status", "linkedin", "founded", "updated_at",
}  # fmt: skip


def test_single_enrichment(client: Client) -> None:
    reply = client.post("/api/v1/enrich", {"email": "amanda@northpeak.io", "company": "North Peak"})
    assert reply.status == 200
    answer = reply.json
    assert set(answer) == {"person", "company", "match", "available", "lineage", "meta"}
    assert set(answer["person"]) == PERSON
    assert set(answer["company"]) == COMPANY
    assert answer["person"]["full_name"].startswith("Amanda")
    assert "amanda@northpeak.io" in [email["address"] for email in answer["person"]["emails"]]
    assert answer["company"]["domain"] == "northpeak.io"
    assert 0.5 <= answer["match"]["likelihood"] <= 1
    assert answer["meta"]["credits_used"] == 1
    assert reply.headers["X-Credits-Charged"] == "1"
    assert reply.headers["X-Credits-Remaining"] == str(answer["meta"]["credits_remaining"])
    assert answer["meta"]["dataset_version"].startswith("v-")


def test_batch_enrichment(client: Client) -> None:
    items = [
        {"email": "amanda@northpeak.io"},
        {"phone": "+1 415 555 0106"},
        {"linkedin": "priya-shah-growth"},
    ]
    answer = client.post("/api/v1/enrich/batch", {"items": items}).json
    assert [result["status"] for result in answer["results"]] == ["matched"] * 3
    assert [result["index"] for result in answer["results"]] == [0, 1, 2]
    assert answer["results"][2]["person"]["linkedin"] == "priya-shah-growth"
    assert answer["meta"]["credits_used"] == 3
    counts = {"items": 3, "matched": 3, "no_match": 0, "invalid": 0, "quota_exceeded": 0}
    assert answer["summary"] == counts | {"credits_used": 3}


def test_people_search(client: Client) -> None:
    filters = {"job_title": "Revenue Operations", "country": "United States", "limit": 5}
    answer = client.post("/api/v1/search/people", filters).json
    assert 1 <= len(answer["results"]) <= 5
    for result in answer["results"]:
        assert set(result["person"]) == PERSON
        title = result["person"]["job_title"].lower()
        assert "revenue operations" in title or "revops" in title  # synonyms are found too
        assert result["person"]["location"]["country"] == "United States"
    assert answer["total"]["relation"] == "eq"
    assert answer["total"]["value"] >= len(answer["results"])
    assert answer["meta"]["credits_used"] == len(answer["results"])


def test_company_search(client: Client) -> None:
    filters = {"technology": "AWS", "country": "United States", "status": "verified"}
    answer = client.post("/api/v1/search/companies", filters).json
    assert answer["results"]
    for result in answer["results"]:
        assert set(result["company"]) == COMPANY
        assert any("AWS" in technology for technology in result["company"]["technologies"])
        assert result["company"]["status"] == "verified"
    assert answer["meta"]["credits_used"] == 0


def test_me_and_usage(make_client: MakeClient) -> None:
    client = make_client("pro")
    client.post("/api/v1/enrich", {"email": "amanda@northpeak.io"})
    me = client.get("/api/v1/me").json
    assert me["workspace"]["plan"]["name"] == "pro"
    counts = {"limit": 10_000, "used": 1, "remaining": 9_999}
    assert me["credits"] == counts | {"month": "2026-03", "resets_at": "2026-04-01T00:00:00Z"}
    usage = client.get("/api/v1/usage").json
    assert usage["totals"] == {
        "requests": 1, "credits": 1, "by_endpoint": {"enrich": 1}, "by_key": {me["key"]["id"]: 1},
        "by_status": {"200": 1},
    }  # fmt: skip
    assert usage["rate_limit"]["limit"] == 300


def test_health_needs_no_key(client: Client) -> None:
    client.token = None
    answer = client.get("/api/health").json
    assert answer["status"] == "ok"
    assert answer["features"]["demo"] is True
    assert answer["dataset"]["version"] == answer["meta"]["dataset_version"]
    assert answer["dataset"]["counts"]["people"] > 1000


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": "Bearer pl_demo_public"}, 200),
        ({"x-api-key": "pl_demo_public"}, 200),
        ({"Authorization": "bearer  pl_demo_public"}, 200),
        ({"Authorization": "Basic cGxfZGVtb19wdWJsaWM="}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Bearer pl_demo_public, Bearer pl_demo_public"}, 401),
        ({}, 401),
    ],
)
def test_the_key_comes_in_one_of_two_headers(client: Client, headers: dict[str, str], status: int) -> None:
    client.token = None
    assert client.call("GET", "/api/v1/me", headers=headers).status == status


def test_missing_or_invalid_parameters(client: Client) -> None:
    reply = client.post("/api/v1/enrich", {"email": 7})
    assert (reply.status, reply.json["code"]) == (400, "invalid_request")
    assert [error["pointer"] for error in reply.json["errors"]] == ["/email"]


def test_no_match(client: Client) -> None:
    reply = client.post("/api/v1/enrich", {"email": "nobody.at.all@example.org"})
    assert (reply.status, reply.json["code"]) == (404, "no_match")
    assert reply.headers["X-Credits-Charged"] == "0"


def test_quota_exceeded_exactly_at_the_limit(make_client: MakeClient) -> None:
    client = make_client("free")
    body = {"email": "amanda@northpeak.io"}
    statuses = []
    for _ in range(4):  # 100 credits: three pages of 30 people, ten single ones, then none
        reply = client.post("/api/v1/search/people", {"country": "United States", "limit": 30})
        statuses.append((reply.status, reply.headers["X-Credits-Charged"]))
    assert statuses == [(200, "30"), (200, "30"), (200, "30"), (200, "10")]
    refused = client.post("/api/v1/enrich", body)
    assert (refused.status, refused.json["code"]) == (403, "quota_exceeded")
    assert "2026-04-01" in refused.json["detail"]
    assert (
        client.post("/api/v1/search/companies", {"country": "United States"}).status == 200
    )  # free of charge


def test_batch_not_available(make_client: MakeClient) -> None:
    reply = make_client("free").post("/api/v1/enrich/batch", {"items": [{"email": "a@b.co"}]})
    assert (reply.status, reply.json["code"]) == (403, "batch_not_available")


def test_rate_limited(make_client: MakeClient) -> None:
    client = make_client("free")
    replies = [client.get("/api/v1/me") for _ in range(31)]
    assert [reply.status for reply in replies] == [200] * 30 + [429]
    assert replies[0].headers["RateLimit-Policy"] == '"minute";q=30;w=60'
    assert replies[0].headers["RateLimit"] == '"minute";r=29;t=60'
    assert replies[-1].json["code"] == "rate_limited"
    assert replies[-1].headers["Retry-After"] == "60"
    assert replies[-1].headers["X-RateLimit-Remaining"] == "0"


@pytest.mark.parametrize("path", ["/openapi.json", "/api/openapi.json", "/docs", "/skills/enrich.md", "/"])
def test_pages_are_served_without_a_key(client: Client, path: str) -> None:
    client.token = None
    assert client.get(path).status == 200


def test_both_places_of_the_openapi_document_have_the_same_bytes(client: Client) -> None:
    assert client.get("/openapi.json").body == client.get("/api/openapi.json").body

"""What was asked before: filters, requests kept, answers shown again, and who received a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api.test_privacy import AMANDA, owner

if TYPE_CHECKING:
    from tests.api.client import Client
    from tests.api.conftest import Clock, MakeClient

__all__ = ["owner"]
SEARCH = {"domain": "northpeak.io", "limit": 3}


def test_the_history_tells_what_was_asked_and_can_be_filtered(make_client: MakeClient, clock: Clock) -> None:
    client = make_client()
    client.post("/api/v1/enrich", AMANDA)
    client.post("/api/v1/enrich", {"email": "nobody@example.org"})
    key = client.get("/api/v1/me").json["key"]["id"]
    clock.now = clock.now.replace(minute=(clock.now.minute + 1) % 60)
    later = clock.now.isoformat().replace("+00:00", "Z")
    client.post("/api/v1/search/people", SEARCH)

    def found(query: str) -> list[tuple[str, int]]:
        entries = client.get(f"/api/v1/history?{query}").json["results"]
        return [(entry["endpoint"], entry["status"]) for entry in entries]

    assert found("endpoint=enrich") == [("enrich", 404), ("enrich", 200)]
    assert found("status=200") == [("search_people", 200), ("enrich", 200)]
    assert found(f"since={later}") == [("search_people", 200)]
    assert found(f"until={later}&status=200") == [("enrich", 200)]
    assert found(f"key_id={key}&limit=1") == [("search_people", 200)]
    assert found("key_id=key_other") == []
    entry = client.get("/api/v1/history?limit=1").json["results"][0]
    assert entry["request"] == SEARCH
    assert client.get(f"/api/v1/history/{entry['request_id']}").json["request"] == entry


def test_an_answer_is_shown_again_for_nothing(make_client: MakeClient) -> None:
    client = make_client()
    page = client.post("/api/v1/search/people", SEARCH)
    again = client.post(f"/api/v1/history/{page.headers['X-Request-Id']}/replay", {})
    assert again.status == 200
    assert [result["person"] for result in again.json["results"]] == [
        result["person"] for result in page.json["results"]
    ]
    assert again.json["meta"]["credits_used"] == 0
    assert make_client().post(f"/api/v1/history/{page.headers['X-Request-Id']}/replay", {}).status == 404


@pytest.mark.parametrize("month", ["2026-03", None])
def test_the_usage_of_a_month(make_client: MakeClient, month: str | None) -> None:
    client = make_client()
    client.post("/api/v1/enrich", AMANDA)
    usage = client.get("/api/v1/usage" + (f"?month={month}" if month else "")).json
    key = client.get("/api/v1/me").json["key"]["id"]
    assert (usage["month"], usage["totals"]["by_key"]) == ("2026-03", {key: 1})
    assert client.get("/api/v1/usage?month=2025-01").json["totals"]["requests"] == 0
    assert client.get("/api/v1/usage?month=2025-13").status == 400


def test_disclosures_tell_who_received_a_person_even_when_they_are_hidden(owner: Client) -> None:
    person = owner.post("/api/v1/enrich", AMANDA).json["person"]
    owner.post("/api/v1/enrich/batch", {"items": [AMANDA, {"linkedin": "priya-shah-growth"}]})
    owner.post("/api/v1/suppressions", {"kind": "email", "value": "amanda@northpeak.io"})
    for query in ("email=amanda@northpeak.io", f"person_id={person['id']}"):
        told = owner.get(f"/api/v1/disclosures?{query}").json
        assert told["person_ids"] == [person["id"]]
        assert [one["endpoint"] for one in told["results"]] == ["enrich_batch", "enrich"]
        assert {one["dataset_version"] for one in told["results"]} == {told["meta"]["dataset_version"]}
    assert owner.get("/api/v1/disclosures").status == 400


def test_a_hidden_person_is_in_no_history_entry_and_no_replay(owner: Client) -> None:
    person = owner.post("/api/v1/enrich", {"linkedin": "priya-shah-growth"}).json["person"]
    enriched = owner.post("/api/v1/enrich", AMANDA)
    owner.post("/api/v1/enrich", {"email": "Amanda@northpeak.io", "required": ["skills"], "name": "Nobody"})
    hidden = enriched.json["person"]["id"]
    owner.post("/api/v1/suppressions", {"kind": "email", "value": "amanda@northpeak.io"})
    page = owner.get("/api/v1/history")
    assert hidden.encode() not in page.body
    assert b"amanda" not in page.body.lower()
    assert person["id"].encode() in page.body
    again = owner.post(f"/api/v1/history/{enriched.headers['X-Request-Id']}/replay", {}).json
    assert (again["results"], again["request"]["request"]) == ([], None)


def test_an_identifier_can_be_hidden_by_its_hash_alone(owner: Client) -> None:
    made = owner.post("/api/v1/suppressions", {"kind": "email", "value": "amanda@northpeak.io"}).json
    digest = made["suppression"]["hash"]
    again = owner.post("/api/v1/suppressions", {"kind": "email", "hash": digest})
    assert (again.status, again.json["suppression"]["hash"]) == (201, digest)
    assert owner.post("/api/v1/suppressions", {"kind": "email"}).status == 400
    both = {"kind": "email", "hash": digest, "value": "amanda@northpeak.io"}
    assert owner.post("/api/v1/suppressions", both).status == 400


def test_normalize_tells_what_each_value_becomes_and_why(make_client: MakeClient) -> None:
    client = make_client()
    asked = {
        "email": [" Amanda@NorthPeak.io ", "not an address"],
        "phone": "(415) 555-0106",
        "phone_region": "US",
        "date": "31/12/2025",
        "city": "San Francisco",
        "country": "USA",
    }
    results = client.post("/api/v1/normalize", asked).json["results"]
    fields = [result["field"] for result in results]
    assert fields == ["email", "email", "phone", "date", "place"]
    assert results[0]["value"]["address"] == "amanda@northpeak.io"
    assert (results[1]["value"], results[1]["notes"][0]["code"]) == (None, "refused")
    assert results[2]["value"]["number"] == "+14155550106"
    assert results[3]["value"] == {"date": "2025-12-31"}
    assert results[4]["value"]["country_code"] == "US"
    assert client.get("/api/v1/me").json["credits"]["used"] == 0
    assert client.post("/api/v1/normalize", {"email": ["a"] * 101}).status == 400
    assert client.post("/api/v1/normalize", {}).status == 400


@pytest.mark.parametrize(
    "instant", ["2026-03-14 12:00:00Z", "2026-03-14t12:00:00z", "2026-13-14T12:00:00Z", "2026-03-14", "now"]
)
def test_an_instant_is_what_the_standard_calls_one(make_client: MakeClient, instant: str) -> None:
    reply = make_client().get(f"/api/v1/history?since={instant.replace(' ', '%20')}")
    assert (reply.status, reply.json["code"]) == (400, "invalid_request")
    assert reply.json["errors"][0]["pointer"].endswith("since")

"""What a look-up can be asked beside the person: previews, chosen fields, candidates, near misses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.api.conftest import MakeClient

AMANDA = {"email": "amanda@northpeak.io"}


def test_a_preview_tells_what_there_is_and_costs_nothing(make_client: MakeClient) -> None:
    client = make_client()
    told = client.post("/api/v1/enrich", AMANDA | {"preview": True}).json
    assert (told["person"], told["company"], told["meta"]["credits_used"]) == (None, None, 0)
    assert told["available"]["emails"] is True
    assert "amanda" not in str(told["match"])
    batch = client.post("/api/v1/enrich/batch", {"items": [AMANDA], "preview": True}).json
    assert batch["results"][0]["available"] == told["available"]
    assert batch["summary"]["credits_used"] == 0
    assert client.get("/api/v1/me").json["credits"]["used"] == 0


def test_a_preview_is_answered_without_a_credit_left(make_client: MakeClient) -> None:
    client = make_client("free")
    while client.post("/api/v1/search/people", {"limit": 100, "country": "United States"}).status == 200:
        pass
    assert client.post("/api/v1/enrich", AMANDA).json["code"] == "quota_exceeded"
    assert client.post("/api/v1/enrich", AMANDA | {"preview": True}).status == 200


def test_only_chosen_fields_are_shown(make_client: MakeClient) -> None:
    told = make_client().post("/api/v1/enrich", AMANDA | {"fields": ["full_name", "company.domain"]}).json
    assert told["person"]["full_name"]
    assert told["person"]["emails"] == []
    assert (told["company"]["domain"], told["company"]["name"]) == ("northpeak.io", None)
    assert make_client().post("/api/v1/enrich", AMANDA | {"fields": ["shoe_size"]}).status == 400


def test_candidates_cost_one_credit_together_and_all_are_on_record(make_client: MakeClient) -> None:
    client = make_client()
    person = client.post("/api/v1/enrich", AMANDA).json["person"]
    answer = client.post("/api/v1/identify", AMANDA)
    candidates = answer.json["candidates"]
    assert candidates[0]["person"] == person
    assert answer.json["meta"]["credits_used"] == 1
    entry = client.get(f"/api/v1/history/{answer.headers['X-Request-Id']}").json["request"]
    assert entry["ids"] == [one["person"]["id"] for one in candidates]
    nobody = client.post("/api/v1/identify", {"email": "nobody@example.org"})
    assert (nobody.json["candidates"], nobody.json["meta"]["credits_used"]) == ([], 0)


def test_no_match_with_reasons_tells_who_came_near_without_their_values(make_client: MakeClient) -> None:
    client = make_client()
    person = client.post("/api/v1/enrich", AMANDA).json["person"]
    query = {"name": person["full_name"], "domain": "northpeak.io", "min_likelihood": 1.0, "explain": True}
    reply = client.post("/api/v1/enrich", query)
    assert reply.json["code"] == "no_match"
    assert reply.json["nearest"][0]["match"]["matched_on"]
    assert person["id"].encode() not in reply.body
    assert client.post("/api/v1/enrich", query | {"explain": False}).json["nearest"] is None

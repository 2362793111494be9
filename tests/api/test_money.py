"""Credits over HTTP: never lost, never charged twice, never without an answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.api.client import Client
    from tests.api.conftest import MakeClient

AMANDA = {"email": "amanda@northpeak.io"}
NOBODY = {"email": "nobody.at.all@example.org"}


def used(client: Client) -> int:
    """Credits that the workspace has spent this month."""
    spent: int = client.get("/api/v1/me").json["credits"]["used"]
    return spent


def test_64_callers_at_once_spend_exactly_what_is_left(make_client: MakeClient) -> None:
    client = make_client("pro")
    for _ in range(99):
        client.post("/api/v1/search/people", {"country": "United States", "limit": 100})
    left = 10_000 - used(client)
    assert left == 100
    client.post("/api/v1/search/people", {"country": "United States", "limit": 90})
    with ThreadPoolExecutor(64) as callers:
        statuses = list(callers.map(lambda _: client.post("/api/v1/enrich", AMANDA).status, range(64)))
    assert (statuses.count(200), statuses.count(403)) == (10, 54)
    assert used(client) == 10_000


def test_a_batch_is_answered_in_order_while_credits_last(make_client: MakeClient) -> None:
    client = make_client("pro")
    for _ in range(99):
        client.post("/api/v1/search/people", {"country": "United States", "limit": 100})
    client.post("/api/v1/search/people", {"country": "United States", "limit": 98})
    items = [NOBODY | {"id": 1}, AMANDA | {"id": 2}, {"id": "3", "email": 4}, AMANDA, AMANDA, NOBODY, {}]
    answer = client.post("/api/v1/enrich/batch", {"items": items}).json
    statuses = [result["status"] for result in answer["results"]]
    assert statuses == ["no_match", "matched", "invalid", "matched", "quota_exceeded", "no_match", "invalid"]
    assert [result["id"] for result in answer["results"]] == [1, 2, "3", None, None, None, None]
    assert answer["results"][4]["person"] is None
    assert answer["results"][2]["error"]["field"] == "/items/2/email"
    assert answer["meta"]["credits_used"] == 2
    assert answer["meta"]["credits_remaining"] == 0


def test_what_is_not_matched_costs_nothing_and_is_on_record(make_client: MakeClient) -> None:
    client = make_client()
    replies = [client.post("/api/v1/enrich", body) for body in (NOBODY, {}, {"email": 3})]
    assert [reply.status for reply in replies] == [404, 400, 400]
    assert used(client) == 0
    entries = client.get("/api/v1/history").json["results"]
    assert [(entry["status"], entry["code"], entry["credits"]) for entry in entries] == [
        (400, "invalid_request", 0),
        (400, "invalid_request", 0),
        (404, "no_match", 0),
    ]


def test_every_answer_is_in_the_history_with_whom_it_showed(make_client: MakeClient) -> None:
    client = make_client()
    reply = client.post("/api/v1/enrich", AMANDA)
    entry = client.get(f"/api/v1/history/{reply.headers['X-Request-Id']}").json["request"]
    assert entry["ids"] == [reply.json["person"]["id"]]
    assert (entry["endpoint"], entry["status"], entry["credits"]) == ("enrich", 200, 1)
    assert entry["dataset_version"] == reply.json["meta"]["dataset_version"]


def test_nobody_sees_another_workspaces_history_or_keys(make_client: MakeClient) -> None:
    ours, theirs = make_client(), make_client()
    request_id = theirs.post("/api/v1/enrich", AMANDA).headers["X-Request-Id"]
    key_id = theirs.get("/api/v1/me").json["key"]["id"]
    assert ours.get(f"/api/v1/history/{request_id}").status == 404
    assert ours.call("PATCH", f"/api/v1/keys/{key_id}", body={"name": "mine"}).status == 404
    assert ours.call("DELETE", f"/api/v1/keys/{key_id}").status == 404
    assert ours.post(f"/api/v1/keys/{key_id}/rotate", {}).status == 404
    assert theirs.get("/api/v1/me").json["key"]["status"] == "active"


def test_a_repeated_request_with_its_key_is_charged_once(make_client: MakeClient) -> None:
    client = make_client()
    first = client.post("/api/v1/enrich", AMANDA, **{"Idempotency-Key": "row-1"})
    again = client.post("/api/v1/enrich", AMANDA, **{"Idempotency-Key": "row-1"})
    assert again.body == first.body
    assert (first.headers["X-Credits-Charged"], again.headers["X-Credits-Charged"]) == ("1", "0")
    assert again.headers["X-Credits-Remaining"] == first.headers["X-Credits-Remaining"]
    other = client.post("/api/v1/enrich", NOBODY, **{"Idempotency-Key": "row-1"})
    assert (other.status, other.json["code"]) == (422, "idempotency_mismatch")
    assert used(client) == 1


def test_many_at_once_with_one_key_are_charged_once(make_client: MakeClient) -> None:
    client = make_client()
    with ThreadPoolExecutor(16) as callers:
        calls = callers.map(
            lambda _: client.post("/api/v1/enrich", AMANDA, **{"Idempotency-Key": "same"}), range(16)
        )
    statuses = {(reply.status, reply.headers.get("X-Credits-Charged")) for reply in calls}
    assert statuses <= {(200, "1"), (200, "0"), (409, "0")}
    assert used(client) == 1


def test_a_refused_request_may_be_tried_again_with_its_key(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client()

    def fails(*_: object, **_options: object) -> None:
        raise RuntimeError("once")

    with monkeypatch.context() as patched:
        patched.setattr("leadspro_engine.engine.Engine.enrich", fails)
        assert client.post("/api/v1/enrich", AMANDA, **{"Idempotency-Key": "row-1"}).status == 500
    assert client.post("/api/v1/enrich", AMANDA, **{"Idempotency-Key": "row-1"}).status == 200
    assert used(client) == 1


def test_a_search_pages_without_gap_when_credits_run_short(make_client: MakeClient) -> None:
    whole, short = make_client(), make_client("free")
    filters = {"country": "United States", "limit": 60}
    people = [
        result["person"]["id"]
        for result in whole.post("/api/v1/search/people", filters | {"limit": 100}).json["results"]
    ]
    first = short.post("/api/v1/search/people", filters).json
    second = short.post("/api/v1/search/people", filters | {"cursor": first["next_cursor"]}).json
    assert (len(first["results"]), first["limited_by_credits"]) == (60, False)
    assert (len(second["results"]), second["limited_by_credits"]) == (40, True)
    assert [result["person"]["id"] for result in first["results"] + second["results"]] == people

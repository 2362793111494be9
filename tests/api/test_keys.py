"""Keys over HTTP: shown once, narrowed only, ended at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from leadspro_engine.accounts import SCOPES
from tests.api.client import Client

if TYPE_CHECKING:
    from leadspro_engine.api import Application
    from tests.api.conftest import MakeClient


def test_a_key_lives_from_creation_to_revocation(make_client: MakeClient, app: Application) -> None:
    owner = make_client()
    made = owner.post("/api/v1/keys", {"name": "CRM", "scopes": ["enrich", "usage"]})
    assert made.status == 201
    token, key = made.json["token"], made.json["key"]
    assert key["hint"] == f"{token[:12]}…{token[-4:]}"
    crm = Client(app, token)
    assert crm.get("/api/v1/me").json["key"]["scopes"] == ["enrich", "usage"]
    assert crm.get("/api/v1/keys").status == 403
    renamed = owner.call("PATCH", f"/api/v1/keys/{key['id']}", body={"name": "CRM, Europe"})
    assert renamed.json["key"]["name"] == "CRM, Europe"
    listed = owner.get("/api/v1/keys")
    assert [one["name"] for one in listed.json["keys"]] == ["CRM, Europe", "test"]
    assert token.encode() not in listed.body
    assert owner.call("DELETE", f"/api/v1/keys/{key['id']}").json["key"]["status"] == "revoked"
    assert crm.get("/api/v1/me").status == 401


def test_a_rotated_key_gives_way_to_its_successor(make_client: MakeClient, app: Application) -> None:
    owner = make_client()
    made = owner.post("/api/v1/keys", {"name": "CRM", "scopes": ["usage"]}).json
    rotated = owner.post(f"/api/v1/keys/{made['key']['id']}/rotate", {"overlap_hours": 0})
    assert rotated.status == 201
    assert Client(app, made["token"]).get("/api/v1/me").status == 401
    assert Client(app, rotated.json["token"]).get("/api/v1/me").json["key"]["name"] == "CRM"


def test_rotation_needs_no_body(make_client: MakeClient) -> None:
    owner = make_client()
    key_id = owner.post("/api/v1/keys", {"name": "CRM", "scopes": ["usage"]}).json["key"]["id"]
    assert owner.call("POST", f"/api/v1/keys/{key_id}/rotate").status == 201


@pytest.mark.parametrize("how", ["create", "change", "rotate"])
def test_no_key_hands_on_a_scope_that_it_lacks(make_client: MakeClient, app: Application, how: str) -> None:
    owner = make_client()
    keeper = Client(app, owner.post("/api/v1/keys", {"name": "keeper", "scopes": ["keys"]}).json["token"])
    strong = owner.get("/api/v1/me").json["key"]["id"]
    weak = keeper.post("/api/v1/keys", {"name": "weak", "scopes": ["keys"]}).json["key"]["id"]
    replies = {
        "create": lambda: keeper.post("/api/v1/keys", {"name": "x", "scopes": list(SCOPES)}),
        "change": lambda: keeper.call("PATCH", f"/api/v1/keys/{weak}", body={"scopes": ["enrich"]}),
        "rotate": lambda: keeper.post(f"/api/v1/keys/{strong}/rotate", {}),
    }
    reply = replies[how]()
    assert (reply.status, reply.json["code"]) == (403, "insufficient_scope")


def test_the_demo_key_manages_no_keys(client: Client) -> None:
    assert client.get("/api/v1/keys").status == 403


def test_a_keys_text_is_not_stored_for_replay(make_client: MakeClient) -> None:
    owner = make_client()
    first, second = (
        owner.post("/api/v1/keys", {"name": "CRM"}, **{"Idempotency-Key": "make"}).json["token"]
        for _ in range(2)
    )
    assert first != second

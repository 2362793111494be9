"""Nobody reads, changes or ends what belongs to another workspace, nor learns that it exists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from leadspro_engine.api.routes import ROUTES
from tests.api.test_jobs import CSV, HEADERS

if TYPE_CHECKING:
    from leadspro_engine.api.route import Route
    from tests.api.client import Client
    from tests.api.conftest import MakeClient

AMANDA = {"email": "amanda@northpeak.io"}
OWNED = [
    route for route in ROUTES if "{" in route.path and "{suppression_id}" not in route.path
]  # suppressions hold for the whole installation, and their ids tell nothing of anybody


def ids(owner: Client) -> dict[str, str]:
    """One thing of each kind that belongs to a workspace."""
    return {
        "request_id": owner.post("/api/v1/enrich", AMANDA).headers["X-Request-Id"],
        "key_id": owner.post("/api/v1/keys", {"name": "mine"}).json["key"]["id"],
        "job_id": owner.call("POST", "/api/v1/jobs", body=CSV, headers=HEADERS).json["job"]["id"],
    }


@pytest.mark.parametrize("route", OWNED, ids=lambda route: route.operation)
def test_what_belongs_to_another_workspace_is_as_if_it_did_not_exist(
    make_client: MakeClient, route: Route
) -> None:
    owner, stranger = make_client(), make_client()
    theirs = ids(owner)
    path = re.sub(r"{([a-z_]+)}", lambda found: theirs[found[1]], route.path)
    nowhere = re.sub(r"{([a-z_]+)}", "none-such", route.path)
    body: dict[str, str] | None = {} if route.has_body else None
    reply, none = (stranger.call(route.method, one, body=body) for one in (path, nowhere))
    assert (reply.status, reply.json["code"]) == (404, "not_found")
    assert (none.status, none.json["code"]) == (404, "not_found")
    told = [one.json["detail"].replace(name, "") for one, name in ((reply, path), (none, nowhere))]
    known = next(value for value in theirs.values() if value in path)
    assert told[0].replace(known, "X") == told[1].replace("none-such", "X")
    assert owner.call("GET", f"/api/v1/jobs/{theirs['job_id']}").json["job"]["status"] == "ready"
    assert all(key["status"] == "active" for key in owner.get("/api/v1/keys").json["keys"])


@pytest.mark.parametrize("path", ["/api/v1/history", "/api/v1/keys", "/api/v1/jobs", "/api/v1/usage"])
def test_lists_hold_ones_own_alone(make_client: MakeClient, path: str) -> None:
    owner, stranger = make_client(), make_client()
    theirs = ids(owner)
    seen = stranger.get(path).body
    assert not any(one.encode() in seen for one in theirs.values())


def test_disclosures_tell_of_ones_own_requests_alone(make_client: MakeClient) -> None:
    owner, stranger = make_client(), make_client()
    owner.post("/api/v1/enrich", AMANDA)
    told = stranger.get("/api/v1/disclosures?email=amanda@northpeak.io").json
    assert told["results"] == []


def test_an_idempotency_key_is_ones_own(make_client: MakeClient) -> None:
    owner, stranger = make_client(), make_client()
    key = {"Idempotency-Key": "shared"}
    owner.post("/api/v1/enrich", AMANDA, **key)
    assert "Idempotent-Replayed" not in stranger.post("/api/v1/enrich", AMANDA, **key).headers

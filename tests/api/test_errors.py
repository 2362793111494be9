"""Every code of the table is reached over HTTP by a request that a caller could send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from leadspro_engine.accounts import DEMO_TOKEN
from leadspro_engine.api import Application
from leadspro_engine.api.problems import REFUSALS
from leadspro_engine.engine import Engine
from leadspro_engine.service import Published
from tests.api.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from leadspro_engine.accounts import Accounts
    from tests.api.client import Reply
    from tests.api.conftest import MakeClient

AMANDA = {"email": "amanda@northpeak.io"}
SEARCH = {"country": "United States", "limit": 100}
ROWS = b"email\namanda@northpeak.io\n"


@dataclass
class Scene:
    """What a request may need."""

    make: MakeClient
    accounts: Accounts
    app: Application
    folder: Path
    patch: pytest.MonkeyPatch


@pytest.fixture
def scene(
    make_client: MakeClient,
    accounts: Accounts,
    app: Application,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Scene:
    return Scene(make_client, accounts, app, tmp_path, monkeypatch)


def _out_of_credits(scene: Scene) -> Reply:
    client = scene.make("free")
    client.post("/api/v1/search/people", SEARCH)
    return client.post("/api/v1/enrich", AMANDA)


def _too_often(scene: Scene) -> Reply:
    client = scene.make("free")
    for _ in range(30):
        client.get("/api/v1/me")
    return client.get("/api/v1/me")


def _still_running(scene: Scene) -> Reply:
    client = scene.make()
    replies: list[Reply] = []
    enrich = Engine.enrich

    def meanwhile(*given: Any, **options: Any) -> Any:
        if not replies:
            replies.append(client.post("/api/v1/enrich", AMANDA, **{"Idempotency-Key": "busy"}))
        return enrich(*given, **options)

    scene.patch.setattr(Engine, "enrich", meanwhile)
    assert client.post("/api/v1/enrich", AMANDA, **{"Idempotency-Key": "busy"}).status == 200
    return replies[0]


def _other_body(scene: Scene) -> Reply:
    client = scene.make()
    client.post("/api/v1/enrich", AMANDA, **{"Idempotency-Key": "one"})
    return client.post("/api/v1/enrich", {"email": "other@northpeak.io"}, **{"Idempotency-Key": "one"})


def _unfinished(scene: Scene) -> Reply:
    client = scene.make()
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "file"}
    made = client.call("POST", "/api/v1/jobs", body=ROWS, headers=headers)
    reply = client.get(f"/api/v1/jobs/{made.json['job']['id']}/result")
    client.call("DELETE", f"/api/v1/jobs/{made.json['job']['id']}")
    return reply


def _old_cursor(scene: Scene) -> Reply:
    client = scene.make()
    cursor = client.post("/api/v1/search/people", SEARCH | {"limit": 1}).json["next_cursor"]
    scene.patch.setattr("leadspro_engine.dataset.Dataset.version", "v-20300101T000000.000000Z-aaaaaaaaaaaa")
    return client.post("/api/v1/search/people", SEARCH | {"limit": 1, "cursor": cursor})


def _no_dataset(scene: Scene) -> Reply:
    empty = Application(scene.folder, scene.accounts, Published(scene.folder))
    return Client(empty, DEMO_TOKEN).post("/api/v1/enrich", AMANDA)


def _a_mistake(scene: Scene) -> Reply:
    def fails(*_: Any, **_options: Any) -> None:
        raise RuntimeError("a mistake of ours")

    scene.patch.setattr(Engine, "enrich", fails)
    return scene.make().post("/api/v1/enrich", AMANDA)


REACHED: dict[str, Callable[[Scene], Reply]] = {
    "invalid_request": lambda scene: scene.make().post("/api/v1/enrich", {"email": 5}),
    "unauthorized": lambda scene: Client(scene.app, "pl_live_junk").get("/api/v1/me"),
    "quota_exceeded": _out_of_credits,
    "batch_not_available": lambda scene: scene.make("free").post("/api/v1/enrich/batch", {"items": [AMANDA]}),
    "insufficient_scope": lambda scene: Client(scene.app, DEMO_TOKEN).get("/api/v1/keys"),
    "no_match": lambda scene: scene.make().post("/api/v1/enrich", {"email": "nobody@example.org"}),
    "not_found": lambda scene: scene.make().get("/api/v1/history/none-such"),
    "method_not_allowed": lambda scene: scene.make().get("/api/v1/enrich"),
    "idempotency_in_progress": _still_running,
    "job_not_finished": _unfinished,
    "cursor_expired": _old_cursor,
    "payload_too_large": lambda scene: scene.make().call("POST", "/api/v1/enrich", body=b" " * 65_537),
    "unsupported_media_type": lambda scene: scene.make().post(
        "/api/v1/enrich", AMANDA, **{"Content-Type": "text/plain"}
    ),
    "idempotency_mismatch": _other_body,
    "rate_limited": _too_often,
    "internal_error": _a_mistake,
    "unavailable": _no_dataset,
}


def test_no_code_is_without_its_request() -> None:
    assert set(REACHED) == set(REFUSALS)


@pytest.mark.parametrize("code", REFUSALS)
def test_the_request_meets_its_code(scene: Scene, code: str) -> None:
    reply = REACHED[code](scene)  # the client holds its shape to the table
    assert (reply.status, reply.json["code"]) == (REFUSALS[code].status, code), reply.body

"""A hidden person is in no answer, from the instant on which their identifier was entered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from leadspro_engine.accounts import DEMO_TOKEN, SCOPES
from leadspro_engine.api import Application
from leadspro_engine.service import Published
from tests.api.client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from leadspro_engine.accounts import Accounts
    from tests.api.conftest import Clock

AMANDA = {"email": "amanda@northpeak.io"}


@pytest.fixture
def owner(demo_home: Path, tmp_path: Path, accounts: Accounts, clock: Clock) -> Iterator[Client]:  # noqa: ARG001 - a minute of its own
    """A client of an installation of its own, so that nobody else misses who is hidden here."""
    (tmp_path / "snapshots").symlink_to(demo_home / "snapshots")
    published = Published(tmp_path)
    workspace = accounts.registry.create_workspace("test", "scale")
    token = accounts.registry.create_key(workspace.id, name="test", scopes=SCOPES).token
    yield Client(Application(tmp_path, accounts, published), token)
    published.close()


@pytest.mark.parametrize("kind", ["email", "linkedin", "phone"])
def test_a_hidden_person_is_neither_matched_nor_found(owner: Client, kind: str) -> None:
    person = owner.post("/api/v1/enrich", AMANDA).json["person"]
    value = {
        "email": "  Amanda@NorthPeak.io ",
        "linkedin": person["linkedin_url"],
        "phone": person["phones"][0]["number"] if person["phones"] else None,
    }[kind]
    if value is None:
        pytest.skip("the person has none")
    made = owner.post("/api/v1/suppressions", {"kind": kind, "value": value, "reason": "asked"})
    assert made.status == 201
    assert owner.post("/api/v1/enrich", AMANDA).status == 404
    batch = owner.post("/api/v1/enrich/batch", {"items": [AMANDA, {"linkedin": "priya-shah-growth"}]})
    assert [result["status"] for result in batch.json["results"]] == ["no_match", "matched"]
    found = owner.post("/api/v1/search/people", {"domain": "northpeak.io", "limit": 100}).json["results"]
    assert person["id"] not in [result["person"]["id"] for result in found]
    proof = owner.get(f"/api/v1/suppressions/{made.json['suppression']['id']}")
    assert proof.json["suppression"] == made.json["suppression"]
    assert str(value).strip().lower().encode() not in proof.body.lower()


def test_a_stored_answer_shows_a_hidden_person_no_more_and_costs_nothing_more(owner: Client) -> None:
    key = {"Idempotency-Key": "row-1"}
    search = {"domain": "northpeak.io", "limit": 5}
    person = owner.post("/api/v1/enrich", AMANDA, **key).json["person"]
    owner.post("/api/v1/search/people", search, **{"Idempotency-Key": "page-1"})
    used = owner.get("/api/v1/me").json["credits"]["used"]
    owner.post("/api/v1/suppressions", {"kind": "email", "value": "amanda@northpeak.io"})
    assert owner.post("/api/v1/enrich", AMANDA, **key).status == 404
    page = owner.post("/api/v1/search/people", search, **{"Idempotency-Key": "page-1"})
    assert person["id"].encode() not in page.body
    assert page.headers["Idempotent-Replayed"] == "true"
    assert owner.get("/api/v1/me").json["credits"]["used"] == used


def test_a_page_made_anew_is_as_long_as_it_was_paid_for(
    owner: Client, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, search = {"Idempotency-Key": "page-1"}, {"country": "United States", "limit": 20}
    assert len(owner.post("/api/v1/search/people", search, **key).json["results"]) == 20
    owner.post("/api/v1/suppressions", {"kind": "email", "value": "nobody@example.org"})
    spent = msgspec.structs.replace(accounts.balance(accounts.authenticate(str(owner.token))), remaining=0)
    monkeypatch.setattr(type(accounts), "balance", lambda *_: spent)
    again = owner.post("/api/v1/search/people", search, **key)
    assert len(again.json["results"]) == 20
    assert (again.headers["X-Credits-Charged"], again.headers["X-Credits-Remaining"]) == ("0", "0")


@pytest.mark.parametrize(
    ("kind", "value"), [("email", "no address"), ("phone", "12"), ("linkedin", "https://example.org/x")]
)
def test_what_is_no_identifier_is_refused(owner: Client, kind: str, value: str) -> None:
    reply = owner.post("/api/v1/suppressions", {"kind": kind, "value": value})
    assert (reply.status, [error["pointer"] for error in reply.json["errors"]]) == (400, ["/value"])


def test_the_demo_key_hides_nobody(client: Client) -> None:
    assert client.token == DEMO_TOKEN
    assert client.post("/api/v1/suppressions", {"kind": "email", "value": "a@b.co"}).status == 403

"""An answer shown again after refreshes: what became of each person, which fields, and when none can tell."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from leadspro_engine.accounts import SCOPES
from leadspro_engine.api import Application
from leadspro_engine.dataset import prune, publish
from leadspro_engine.records import EmailEntry, Person
from leadspro_engine.service import Published
from tests.api.client import Client
from tests.dataset.made import AMANDA, BOB, NORTH_PEAK, Made, write_work

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from leadspro_engine.accounts import Accounts
    from tests.api.conftest import Clock

CARL = Made(
    Person(id="person-carl", full_name="Carl Old", emails=[EmailEntry("carl@old.io", "professional")]),
    {"email": ["carl@old.io"]},
    None,
    {"given_key": "carl", "family_key": "old", "email_texts": ["carl@old.io"]},
)
ALL = [{"email": "amanda@northpeak.io"}, {"email": "carl@old.io"}]


class Installation:
    """A data folder whose dataset is published anew, under one server."""

    def __init__(self, home: Path, accounts: Accounts) -> None:
        self.home, self._accounts, self._made = home, accounts, 0
        self._workspace = accounts.registry.create_workspace("test", "scale")
        token = accounts.registry.create_key(self._workspace.id, name="test", scopes=SCOPES).token
        self.publish([AMANDA, BOB, CARL, NORTH_PEAK])
        self.client = Client(self._app(), token)

    def publish(self, entities: Sequence[Made], changes: Sequence[dict[str, Any]] = ()) -> str:
        self._made += 1
        return publish(self.home, write_work(self.home / "work" / str(self._made), entities, changes), {})

    def _app(self) -> Application:
        self._published = Published(self.home)
        return Application(self.home, self._accounts, self._published)

    def restart(self) -> None:
        self._published.close()
        self.client.app = self._app()

    def ask(self) -> str:
        reply = self.client.post("/api/v1/enrich/batch", {"items": ALL})
        assert reply.json["summary"]["matched"] == 2
        return reply.headers["X-Request-Id"]

    def replayed(self, request_id: str) -> Any:
        return self.client.post(f"/api/v1/history/{request_id}/replay", {}).json

    def close(self) -> None:
        self._published.close()


@pytest.fixture
def place(tmp_path: Path, accounts: Accounts, clock: Clock) -> Iterator[Installation]:  # noqa: ARG001 - a minute of its own
    made = Installation(tmp_path, accounts)
    yield made
    made.close()


def moved() -> list[Made]:
    """Amanda with another title and address, North Peak with more people, Carl as he was."""
    amanda = msgspec.structs.replace(
        AMANDA.entity,
        job_title="Chief Revenue Officer",
        emails=[*AMANDA.entity.emails, EmailEntry("a.lee@northpeak.io", "professional")],  # type: ignore[union-attr]
        updated_at=dt.date(2026, 4, 30),
    )
    peak = msgspec.structs.replace(NORTH_PEAK.entity, headcount=300)
    return [
        msgspec.structs.replace(AMANDA, entity=amanda), CARL, BOB,
        msgspec.structs.replace(NORTH_PEAK, entity=peak),
    ]  # fmt: skip


def test_nothing_changed_in_the_same_dataset(place: Installation) -> None:
    told = place.replayed(place.ask())
    assert [(one["change"], one["changes"]) for one in told["results"]] == [("same", []), ("same", [])]
    assert told["compared_with"] == told["meta"]["dataset_version"]


def test_fields_are_told_with_their_values_then_and_now(place: Installation) -> None:
    request_id = place.ask()
    before = place.replayed(request_id)["meta"]["dataset_version"]
    place.publish(moved())
    place.restart()
    told = place.replayed(request_id)
    assert (told["compared_with"], told["meta"]["dataset_version"] == before) == (before, False)
    amanda, carl = told["results"]
    assert (carl["change"], carl["changes"], amanda["change"]) == ("same", [], "changed")
    changes = {one["field"]: (one["then"], one["now"]) for one in amanda["changes"]}
    assert set(changes) == {"job_title", "emails", "updated_at", "company.headcount"}
    assert changes["job_title"] == ("VP of Revenue Operations", "Chief Revenue Officer")
    assert changes["updated_at"] == ("2026-04-05", "2026-04-30")
    assert changes["company.headcount"] == (240, 300)
    assert [len(side) for side in changes["emails"]] == [1, 2]


def test_another_employer_is_told_by_name_and_the_same_under_another_id_is_none(place: Installation) -> None:
    request_id = place.ask()
    renamed = msgspec.structs.replace(NORTH_PEAK.entity, id="company-next")
    company = msgspec.structs.replace(NORTH_PEAK, entity=renamed)
    amanda = msgspec.structs.replace(AMANDA, company_id="company-next")
    change = {"old_id": "company-north-peak", "new_id": "company-next", "change": "merged", "records": 1}
    place.publish([amanda, CARL, company], [change])
    place.restart()
    assert place.replayed(request_id)["results"][0]["change"] == "same"
    place.publish([amanda, CARL, company])
    place.restart()
    (changed,) = place.replayed(request_id)["results"][0]["changes"]
    assert changed == {"field": "company", "then": "North Peak", "now": "North Peak"}


def test_who_is_gone_and_who_is_another_now(place: Installation) -> None:
    request_id = place.ask()
    merged = {"old_id": "person-amanda", "new_id": "person-bob", "change": "merged", "records": 1}
    gone = {"old_id": "person-carl", "new_id": None, "change": "gone", "records": 1}
    place.publish([BOB, NORTH_PEAK], [merged, gone])
    place.restart()
    amanda, carl = place.replayed(request_id)["results"]
    assert (amanda["change"], amanda["id"], amanda["person"]["id"]) == (
        "merged", "person-amanda", "person-bob",
    )  # fmt: skip
    assert {"full_name", "company"} <= {one["field"] for one in amanda["changes"]}
    assert (carl["change"], carl["person"], carl["changes"]) == ("gone", None, None)


def test_where_the_dataset_is_not_kept_nobody_can_tell_which_fields(place: Installation) -> None:
    request_id = place.ask()
    place.publish([one for one in moved() if one is not CARL])
    place.restart()
    prune(place.home, keep=1)
    told = place.replayed(request_id)
    assert told["compared_with"] is None
    amanda, carl = told["results"]
    assert amanda["person"]["job_title"] == "Chief Revenue Officer"
    assert (amanda["change"], amanda["changes"]) == (None, None)
    assert (carl["change"], carl["changes"]) == ("gone", None)


def test_values_of_then_show_nobody_who_asked_not_to_be_shown(place: Installation) -> None:
    """Neither while the dataset has them, nor when only the dataset of then still does."""
    request_id = place.ask()
    place.client.post("/api/v1/suppressions", {"kind": "email", "value": "carl@old.io"})
    assert [one["id"] for one in place.replayed(request_id)["results"]] == ["person-amanda"]
    place.publish([AMANDA, BOB, NORTH_PEAK])
    place.restart()
    told = place.client.post(f"/api/v1/history/{request_id}/replay", {})
    assert b"carl@old" not in told.body
    assert b"Carl" not in told.body

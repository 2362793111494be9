"""What a request does with accounts: authentication, history, usage, idempotency keys."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from leadspro_engine.accounts import DEMO_SCOPES, DEMO_TOKEN, Accounts, Asked, Caller, Claim, Replay
from leadspro_engine.accounts.tokens import new_token
from leadspro_engine.errors import (
    IdempotencyInProgress,
    IdempotencyMismatch,
    InvalidInput,
    NotFound,
    Unauthorized,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.accounts.conftest import Clock


def asked(accounts: Accounts, request_id: str, claim: Claim | None = None) -> Asked:
    return Asked(request_id, "enrich", "v-1", accounts.now(), claim)


@pytest.mark.parametrize(
    "token", ["", "junk", "pl_live_short", new_token("live"), "pl_demo_publi", "\x00", "ключ"]
)
def test_a_key_that_is_not_known_is_refused(accounts: Accounts, token: str) -> None:
    with pytest.raises(Unauthorized):
        accounts.authenticate(token)


def test_the_demo_key_works_in_demo_mode_only(tmp_path: Path, accounts: Accounts) -> None:
    assert accounts.authenticate(DEMO_TOKEN).key.scopes == DEMO_SCOPES
    assert accounts.authenticate(DEMO_TOKEN).plan.name == "demo"
    serious = Accounts.open(tmp_path)  # the same database, opened without demo mode
    with pytest.raises(Unauthorized):
        serious.authenticate(DEMO_TOKEN)
    serious.close()


def test_the_demo_key_of_an_older_release_gets_the_scopes_of_this_one(accounts: Accounts) -> None:
    older = accounts.authenticate(DEMO_TOKEN)
    accounts.registry.change_key(older.workspace.id, older.key.id, {"scopes": ("enrich",)})
    accounts.registry.ensure_demo()
    assert accounts.authenticate(DEMO_TOKEN).key.scopes == DEMO_SCOPES


def test_the_text_of_a_key_is_nowhere_in_the_database(tmp_path: Path) -> None:
    accounts = Accounts.open(tmp_path)
    workspace = accounts.registry.create_workspace("acme", "free")
    token = accounts.registry.create_key(workspace.id, name="first").token
    accounts.close()
    assert token[8:].encode() not in (tmp_path / "accounts.sqlite").read_bytes()


def test_a_revoked_key_ends_at_once_and_an_expiring_one_at_its_instant(
    accounts: Accounts, clock: Clock
) -> None:
    workspace = accounts.registry.create_workspace("acme", "free")
    ends = clock.now + dt.timedelta(hours=1)
    short = accounts.registry.create_key(workspace.id, name="short", expires_at=ends)
    gone = accounts.registry.create_key(workspace.id, name="gone")
    accounts.registry.revoke_key(workspace.id, gone.key.id)
    with pytest.raises(Unauthorized):
        accounts.authenticate(gone.token)
    assert accounts.authenticate(short.token).key.name == "short"
    clock.now = ends
    with pytest.raises(Unauthorized):
        accounts.authenticate(short.token)


def test_a_rotated_key_and_its_successor_overlap(accounts: Accounts, clock: Clock) -> None:
    workspace = accounts.registry.create_workspace("acme", "free")
    old = accounts.registry.create_key(workspace.id, name="crm", scopes=["enrich"], mode="test")
    new = accounts.registry.rotate_key(workspace.id, old.key.id, dt.timedelta(hours=24))
    assert (new.key.name, new.key.scopes, new.key.mode) == ("crm", ("enrich",), "test")
    assert accounts.authenticate(old.token).key.id == old.key.id
    clock.pass_by(hours=24)
    assert accounts.authenticate(new.token).key.id == new.key.id
    with pytest.raises(Unauthorized):
        accounts.authenticate(old.token)
    with pytest.raises(InvalidInput, match="neither revoked nor expired"):
        accounts.registry.rotate_key(workspace.id, old.key.id, dt.timedelta())


def test_rotation_never_prolongs_the_old_key(accounts: Accounts, clock: Clock) -> None:
    workspace = accounts.registry.create_workspace("acme", "free")
    soon = clock.now + dt.timedelta(hours=1)
    old = accounts.registry.create_key(workspace.id, name="crm", expires_at=soon)
    accounts.registry.rotate_key(workspace.id, old.key.id, dt.timedelta(days=7))
    assert accounts.registry.key(workspace.id, old.key.id).expires_at == soon


def test_another_workspaces_key_is_not_found(accounts: Accounts) -> None:
    ours, theirs = (accounts.registry.create_workspace(name, "free") for name in ("ours", "theirs"))
    key = accounts.registry.create_key(theirs.id, name="theirs").key
    attempts: list[Callable[[], object]] = [
        lambda: accounts.registry.key(ours.id, key.id),
        lambda: accounts.registry.change_key(ours.id, key.id, {"name": "mine"}),
        lambda: accounts.registry.revoke_key(ours.id, key.id),
        lambda: accounts.registry.rotate_key(ours.id, key.id, dt.timedelta()),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert accounts.registry.key(theirs.id, key.id) == key


@pytest.mark.parametrize("scopes", [[], ["everything"], ["enrich", "admin"]])
def test_unknown_scopes_are_refused_with_the_list_of_known_ones(
    accounts: Accounts, scopes: list[str]
) -> None:
    workspace = accounts.registry.create_workspace("acme", "free")
    with pytest.raises(InvalidInput, match="enrich, batch, search, usage, keys, jobs, privacy"):
        accounts.registry.create_key(workspace.id, name="x", scopes=scopes)


def test_an_unknown_plan_is_refused_with_the_list_of_known_ones(accounts: Accounts) -> None:
    with pytest.raises(InvalidInput, match="free, pro, scale, demo"):
        accounts.registry.create_workspace("acme", "platinum")


def test_the_owner_is_made_once(tmp_path: Path, accounts: Accounts, database_url: str | None) -> None:
    owner = accounts.registry.ensure_owner()
    assert owner is not None
    assert accounts.authenticate(owner.token).plan.name == "scale"
    assert accounts.registry.ensure_owner() is None
    again = Accounts.open(tmp_path, url=database_url)
    assert again.registry.ensure_owner() is None
    again.close()


def test_history_pages_backwards_and_sees_its_own_workspace_only(accounts: Accounts, free: Caller) -> None:
    for number in range(5):
        accounts.settle(free, asked(accounts, f"r{number}"), ["p"], lambda _: b"{}")
    accounts.refuse(accounts.authenticate(DEMO_TOKEN), asked(accounts, "theirs"), status=404, code="no_match")
    first = accounts.history(free, limit=3)
    rest = accounts.history(free, limit=3, before=first.next_before)
    assert [entry.request_id for entry in [*first.entries, *rest.entries]] == ["r4", "r3", "r2", "r1", "r0"]
    assert rest.next_before is None
    with pytest.raises(NotFound):
        accounts.request(free, "theirs")


def test_daily_counts_sum_requests_and_credits_by_kind(
    accounts: Accounts, free: Caller, clock: Clock
) -> None:
    accounts.settle(free, asked(accounts, "r1"), ["p", "q"], lambda _: b"{}")
    accounts.settle(free, asked(accounts, "r2"), ["p"], lambda _: b"{}")
    accounts.refuse(free, asked(accounts, "r3"), status=404, code="no_match")
    clock.pass_by(days=1)
    accounts.settle(free, asked(accounts, "r4"), [], lambda _: b"{}")
    rows = [(str(count.day), count.status, count.requests, count.credits) for count in accounts.daily(free)]
    assert rows == [("2026-03-14", 200, 2, 3), ("2026-03-14", 404, 1, 0), ("2026-03-15", 200, 1, 0)]


def test_old_entries_forget_whom_they_showed_and_keep_their_counts(
    accounts: Accounts, free: Caller, clock: Clock
) -> None:
    accounts.settle(free, asked(accounts, "old"), ["p"], lambda _: b"{}")
    clock.pass_by(days=free.plan.history_days)
    accounts.settle(free, asked(accounts, "new"), ["p"], lambda _: b"{}")
    clock.pass_by(seconds=1)
    assert accounts.purge() == 1
    assert accounts.request(free, "old").ids == ()
    assert accounts.request(free, "old").credits == 1
    assert accounts.request(free, "new").ids == ("p",)
    assert accounts.purge() == 0


def test_an_idempotency_key_gives_the_stored_answer_for_a_day(
    accounts: Accounts, free: Caller, clock: Clock
) -> None:
    claim = Claim(key="k", fingerprint="f")
    assert accounts.claim(free, claim, "r1") is None
    with pytest.raises(IdempotencyInProgress):
        accounts.claim(free, claim, "r2")
    accounts.settle(free, asked(accounts, "r1", claim), ["p"], lambda _: b'{"stored": true}')
    assert accounts.claim(free, claim, "r3") == Replay(200, b'{"stored": true}', clock.now)
    with pytest.raises(IdempotencyMismatch):
        accounts.claim(free, Claim(key="k", fingerprint="another"), "r4")
    assert (
        accounts.claim(accounts.authenticate(DEMO_TOKEN), claim, "r5") is None
    )  # each workspace has its own
    clock.pass_by(hours=24)
    assert accounts.claim(free, claim, "r6") is None


def test_a_refused_request_lets_its_idempotency_key_go(accounts: Accounts, free: Caller) -> None:
    claim = Claim(key="k", fingerprint="f")
    accounts.claim(free, claim, "r1")
    accounts.refuse(free, asked(accounts, "r1", claim), status=404, code="no_match")
    assert accounts.claim(free, claim, "r2") is None


def test_the_claim_of_a_killed_worker_lapses(accounts: Accounts, free: Caller, clock: Clock) -> None:
    claim = Claim(key="k", fingerprint="f")
    accounts.claim(free, claim, "killed")
    clock.pass_by(minutes=2)
    assert accounts.claim(free, claim, "next") is None
    assert accounts.balance(free).remaining == 100


def test_an_answer_whose_claim_another_request_took_over_is_not_charged(
    accounts: Accounts, free: Caller, clock: Clock
) -> None:
    claim = Claim("row-1", "aa")
    assert accounts.claim(free, claim, "slow") is None
    slow = asked(accounts, "slow", claim)
    clock.pass_by(minutes=3)
    assert accounts.claim(free, claim, "quick") is None
    accounts.settle(free, asked(accounts, "quick", claim), ["p1"], lambda _: b"quick")
    with pytest.raises(IdempotencyInProgress):
        accounts.settle(free, slow, ["p1"], lambda _: b"slow")
    accounts.refuse(free, slow, status=409, code="idempotency_in_progress")
    assert accounts.balance(free).used == 1
    stored = accounts.claim(free, claim, "third")
    assert stored is not None
    assert stored.body == b"quick"


def test_stored_answers_are_purged_after_their_day(accounts: Accounts, free: Caller, clock: Clock) -> None:
    claim = Claim("row-1", "aa")
    accounts.claim(free, claim, "r-1")
    accounts.settle(free, asked(accounts, "r-1", claim), [], lambda _: b"a person")
    clock.pass_by(hours=23)
    assert accounts.purge() == 0
    clock.pass_by(hours=1)
    assert accounts.purge() == 1


def test_scopes_are_kept_once_each_and_in_order(accounts: Accounts, free: Caller) -> None:
    changed = accounts.registry.change_key(
        free.workspace.id, free.key.id, {"scopes": ["search", "enrich", "search"]}
    )
    assert changed.scopes == ("enrich", "search")


def test_last_use_is_noted_to_the_minute(accounts: Accounts, free: Caller, clock: Clock) -> None:
    accounts.settle(free, asked(accounts, "r1"), [], lambda _: b"")
    used = clock.now
    clock.pass_by(seconds=30)
    caller = Caller(
        key=accounts.registry.key(free.workspace.id, free.key.id), workspace=free.workspace, plan=free.plan
    )
    accounts.settle(caller, asked(accounts, "r2"), [], lambda _: b"")
    assert accounts.registry.key(free.workspace.id, free.key.id).last_used_at == used

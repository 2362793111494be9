"""Idempotency keys: the first request claims one, its answer is kept with it, later ones get that answer.

A claim that was never finished (its worker was killed) lapses; nothing was charged under it, because the
charge and the stored answer are written in one transaction. Every function takes the connection of an open
transaction and the present instant.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import and_, delete, select, update

from leadspro_engine.accounts.database import upsert
from leadspro_engine.accounts.schema import REPLAYS
from leadspro_engine.errors import IdempotencyInProgress, IdempotencyMismatch

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

KEPT = dt.timedelta(hours=24)
_CLAIM = dt.timedelta(minutes=2)  # after that the claim of a killed worker is free again


class Replay(Struct, frozen=True):
    """A stored answer, to be given again as it was; ``stored_at`` is when its request came."""

    status: int
    body: bytes
    stored_at: dt.datetime | None = None


class Claim(Struct, frozen=True):
    """An idempotency key as a request holds it.

    Attributes:
        key: the text of the header.
        fingerprint: SHA-256 of what was asked, so that another request under the same key is noticed.
    """

    key: str
    fingerprint: str


def claim(
    con: Connection, workspace_id: str, wanted: Claim, request_id: str, now: dt.datetime
) -> Replay | None:
    """Hold a key for this request, or return the answer stored under it.

    Raises:
        IdempotencyMismatch: the key came with another request before.
        IdempotencyInProgress: the request that holds the key is still running.
    """
    con.execute(delete(REPLAYS).where(_one(workspace_id, wanted.key), REPLAYS.c.expires_at <= now))
    held = {
        "workspace_id": workspace_id,
        "idempotency_key": wanted.key,
        "fingerprint": wanted.fingerprint,
        "request_id": request_id,
        "expires_at": now + _CLAIM,
    }
    claimed = upsert(con.dialect.name, REPLAYS).values(held).on_conflict_do_nothing()
    if con.execute(claimed.returning(REPLAYS.c.request_id)).one_or_none() is not None:
        return None
    row = con.execute(select(REPLAYS).where(_one(workspace_id, wanted.key))).one()
    if row.fingerprint != wanted.fingerprint:
        raise IdempotencyMismatch
    if row.status is None:
        raise IdempotencyInProgress
    return Replay(status=row.status, body=row.body, stored_at=row.expires_at - KEPT)


def keep(  # noqa: PLR0913 - whose key, who holds it, and what is kept
    con: Connection, workspace_id: str, held: Claim, request_id: str, *, replay: Replay, since: dt.datetime
) -> None:
    """Store the answer under the key, for 24 hours from the instant that the request came.

    Raises:
        IdempotencyInProgress: the claim lapsed meanwhile and another request has the key; so the transaction
            is undone, and one key is never charged twice.
    """
    values = {"status": replay.status, "body": replay.body, "expires_at": since + KEPT}
    mine = _held(workspace_id, held.key, request_id)
    if not con.execute(update(REPLAYS).where(mine).values(values)).rowcount:
        raise IdempotencyInProgress


def forget(con: Connection, now: dt.datetime) -> int:
    """Delete answers and claims whose time is over, of every workspace; returns how many."""
    return con.execute(delete(REPLAYS).where(REPLAYS.c.expires_at <= now)).rowcount


def release(con: Connection, workspace_id: str, held: Claim, request_id: str) -> None:
    """Let go of a key whose request was refused, so that it can be tried again."""
    con.execute(delete(REPLAYS).where(_held(workspace_id, held.key, request_id)))


def _held(workspace_id: str, key: str, request_id: str) -> ColumnElement[bool]:
    """The condition that selects a key only while that request holds it."""
    return and_(_one(workspace_id, key), REPLAYS.c.request_id == request_id, REPLAYS.c.status.is_(None))


def _one(workspace_id: str, key: str) -> ColumnElement[bool]:
    """The condition that selects one key of one workspace."""
    return and_(REPLAYS.c.workspace_id == workspace_id, REPLAYS.c.idempotency_key == key)

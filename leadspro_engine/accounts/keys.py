"""API keys: made, found by their text, listed, changed, rotated and revoked; always within one workspace.

Every function takes the connection of an open transaction and the present instant where it matters.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct
from sqlalchemy import and_, bindparam, insert, select, update

from leadspro_engine.accounts import tokens
from leadspro_engine.accounts.schema import KEYS
from leadspro_engine.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Row

Scope = Literal["enrich", "batch", "search", "usage", "keys", "jobs", "privacy"]
SCOPES: tuple[Scope, ...] = ("enrich", "batch", "search", "usage", "keys", "jobs", "privacy")
DEMO_SCOPES: tuple[Scope, ...] = ("enrich", "batch", "search", "usage", "jobs")

_SEEN_EVERY = dt.timedelta(minutes=1)  # how exact `last_used_at` is

_FIND = select(KEYS).where(KEYS.c.digest == bindparam("digest"))
_SEEN = update(KEYS).where(KEYS.c.id == bindparam("key")).values(last_used_at=bindparam("now"))


class Key(Struct, frozen=True):
    """A key as lists show it: everything but its text.

    Attributes:
        number: counts the keys of the whole installation from 1.
        hint: its first and last characters.
        last_used_at: of its last recorded request, to the minute.
    """

    number: int
    id: str
    workspace_id: str
    name: str
    mode: tokens.Mode
    hint: str
    scopes: tuple[str, ...]
    created_at: dt.datetime
    expires_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None
    last_used_at: dt.datetime | None = None

    def works(self, now: dt.datetime) -> bool:
        """Whether the key is neither revoked nor expired."""
        return all(end is None or now < end for end in (self.expires_at, self.revoked_at))


def create(  # noqa: PLR0913 - one value for each column of the key
    con: Connection,
    workspace_id: str,
    token: str,
    *,
    name: str,
    mode: tokens.Mode,
    scopes: Sequence[str],
    now: dt.datetime,
    expires_at: dt.datetime | None = None,
) -> Key:
    """Store a new key by the digest of its text."""
    key_id = f"key_{secrets.token_hex(8)}"
    row = {
        "id": key_id,
        "workspace_id": workspace_id,
        "name": name,
        "mode": mode,
        "digest": tokens.digest(token),
        "hint": tokens.hint(token),
        "scopes": _joined(scopes),
        "created_at": now,
        "expires_at": expires_at,
    }
    con.execute(insert(KEYS).values(row))
    return get(con, workspace_id, key_id)


def find(con: Connection, token: str) -> Key | None:
    """The key of that text, whether it works or not; None when there is none."""
    row = con.execute(_FIND, {"digest": tokens.digest(token)}).one_or_none()
    return None if row is None else _key(row)


def get(con: Connection, workspace_id: str, key_id: str) -> Key:
    """One key of a workspace.

    Raises:
        NotFound: the workspace has no such key.
    """
    row = con.execute(select(KEYS).where(_one(workspace_id, key_id))).one_or_none()
    if row is None:
        raise NotFound("key", key_id)
    return _key(row)


def listed(con: Connection, workspace_id: str) -> list[Key]:
    """Every key of a workspace, the newest first, revoked ones too."""
    query = select(KEYS).where(KEYS.c.workspace_id == workspace_id).order_by(KEYS.c.number.desc())
    return [_key(row) for row in con.execute(query)]


def change(con: Connection, workspace_id: str, key_id: str, changes: dict[str, Any]) -> Key:
    """Set some of ``name``, ``scopes`` (a sequence) and ``expires_at``, and return the key as it is then.

    Raises:
        NotFound: the workspace has no such key.
    """
    values = {**changes, "scopes": _joined(changes["scopes"])} if "scopes" in changes else changes
    if values:
        con.execute(update(KEYS).where(_one(workspace_id, key_id)).values(values))
    return get(con, workspace_id, key_id)


def revoke(con: Connection, workspace_id: str, key_id: str, now: dt.datetime) -> Key:
    """End a key at once; a second time changes nothing.

    Raises:
        NotFound: the workspace has no such key.
    """
    con.execute(
        update(KEYS).where(_one(workspace_id, key_id), KEYS.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return get(con, workspace_id, key_id)


def seen(con: Connection, key: Key, now: dt.datetime) -> None:
    """Note that a key was used, unless that was noted less than a minute ago."""
    if key.last_used_at is None or key.last_used_at < now - _SEEN_EVERY:
        con.execute(_SEEN, {"key": key.id, "now": now})


def _joined(scopes: Sequence[str]) -> str:
    """Scopes as they are stored: each once, in the order of ``SCOPES``."""
    return " ".join(scope for scope in SCOPES if scope in scopes)


def _one(workspace_id: str, key_id: str) -> ColumnElement[bool]:
    """The condition that selects one key of one workspace."""
    return and_(KEYS.c.workspace_id == workspace_id, KEYS.c.id == key_id)


def _key(row: Row[Any]) -> Key:
    """A row of the table as a value."""
    fields = {name: getattr(row, name) for name in Key.__struct_fields__ if name != "scopes"}
    return Key(**fields, scopes=tuple(row.scopes.split()))

"""Who has an account: workspaces and their keys, made, listed, changed and ended."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
import secrets
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import bindparam, insert, select, update

from leadspro_engine.accounts import keys, tokens
from leadspro_engine.accounts.keys import SCOPES
from leadspro_engine.accounts.schema import WORKSPACES
from leadspro_engine.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from leadspro_engine.accounts.database import Database, Result
    from leadspro_engine.accounts.keys import Key
    from leadspro_engine.accounts.month import Clock
    from leadspro_engine.accounts.plans import Plans
    from leadspro_engine.accounts.stamp import Stamp

DEMO_WORKSPACE = "ws_demo"
_ONE = select(WORKSPACES).where(WORKSPACES.c.id == bindparam("workspace"))


class Workspace(Struct, frozen=True):
    """Who owns keys, credits and a history."""

    id: str
    name: str
    plan: str
    created_at: dt.datetime


class NewKey(Struct, frozen=True):
    """A key just made, with its text, which is shown this once and stored nowhere."""

    key: keys.Key
    token: str


class Registry:
    """Workspaces and keys of one installation, with the database, the clock and the plans bound.

    Every change moves the stamp, so that no process goes on believing what it remembers.
    """

    def __init__(self, database: Database, clock: Clock, plans: Plans, stamp: Stamp) -> None:
        self._database = database
        self._clock = clock
        self._plans = plans
        self._stamp = stamp

    def workspaces(self) -> list[Workspace]:
        """Every workspace, the oldest first."""
        with self._database.read() as con:
            rows = con.execute(select(WORKSPACES).order_by(WORKSPACES.c.created_at, WORKSPACES.c.id)).all()
        return [Workspace(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it

    def create_workspace(self, name: str, plan_name: str = "free") -> Workspace:
        """A new workspace on a plan.

        Raises:
            InvalidInput: there is no such plan.
        """
        made = Workspace(
            id=f"ws_{secrets.token_hex(8)}",
            name=name,
            plan=self._plans.named(plan_name).name,
            created_at=self._clock(),
        )
        self._database.write(lambda con: _store(con, made))
        return made

    def change_plan(self, workspace_id: str, plan_name: str) -> Workspace:
        """Put a workspace on another plan, effective at once; the month's credits follow by the difference.

        Raises:
            InvalidInput: there is no such plan.
            NotFound: there is no such workspace.
        """
        chosen = self._plans.named(plan_name).name

        def work(con: Connection) -> Workspace:
            con.execute(update(WORKSPACES).where(WORKSPACES.c.id == workspace_id).values(plan=chosen))
            return workspace(con, workspace_id)

        return self._changed(work)

    def keys(self, workspace_id: str) -> list[Key]:
        """Every key of a workspace, the newest first, revoked ones too."""
        with self._database.read() as con:
            return keys.listed(con, workspace_id)

    def key(self, workspace_id: str, key_id: str) -> Key:
        """One key of a workspace.

        Raises:
            NotFound: the workspace has no such key.
        """
        with self._database.read() as con:
            return keys.get(con, workspace_id, key_id)

    def create_key(
        self,
        workspace_id: str,
        *,
        name: str,
        mode: tokens.Mode = "live",
        scopes: Sequence[str] = SCOPES,
        expires_at: dt.datetime | None = None,
    ) -> NewKey:
        """A new key for a workspace.

        Raises:
            InvalidInput: a scope is unknown, or none is given, or the expiry is not in the future.
            NotFound: there is no such workspace.
        """
        _check(scopes, expires_at, self._clock())

        def work(con: Connection) -> NewKey:
            workspace(con, workspace_id)
            return _new(
                con, workspace_id, self._clock(), name=name, mode=mode, scopes=scopes, expires_at=expires_at
            )

        return self._database.write(work)

    def change_key(self, workspace_id: str, key_id: str, changes: dict[str, Any]) -> Key:
        """Set some of a key's ``name``, ``scopes`` and ``expires_at``.

        Raises:
            InvalidInput: as for ``create_key``.
            NotFound: the workspace has no such key.
        """
        _check(changes.get("scopes", SCOPES), changes.get("expires_at"), self._clock())
        return self._changed(lambda con: keys.change(con, workspace_id, key_id, changes))

    def revoke_key(self, workspace_id: str, key_id: str) -> Key:
        """End a key at once, in every process.

        Raises:
            NotFound: the workspace has no such key.
        """
        return self._changed(lambda con: keys.revoke(con, workspace_id, key_id, self._clock()))

    def rotate_key(self, workspace_id: str, key_id: str, overlap: dt.timedelta) -> NewKey:
        """A new key with the name, mode and scopes of an old one, which keeps working for the overlap.

        Raises:
            InvalidInput: the old key does not work any more.
            NotFound: the workspace has no such key.
        """

        def work(con: Connection) -> NewKey:
            now = self._clock()
            old = keys.get(con, workspace_id, key_id)
            if not old.works(now):
                raise InvalidInput("id", key_id, "a key that is neither revoked nor expired")
            ends = min(end for end in (now + overlap, old.expires_at) if end is not None)
            keys.change(con, workspace_id, key_id, {"expires_at": ends})
            return _new(con, workspace_id, now, name=old.name, mode=old.mode, scopes=old.scopes)

        return self._changed(work)

    def _changed(self, work: Callable[[Connection], Result]) -> Result:
        """Write a change to what callers are known by, in effect for every process on return."""
        result = self._database.write(work)
        self._stamp.move()
        return result

    def ensure_owner(self) -> NewKey | None:
        """On the first start, a workspace with a key that may do everything; None on every later one."""

        def work(con: Connection) -> NewKey | None:
            if con.execute(select(WORKSPACES.c.id).where(WORKSPACES.c.id != DEMO_WORKSPACE).limit(1)).first():
                return None
            now = self._clock()
            _store(
                con, Workspace(id=f"ws_{secrets.token_hex(8)}", name="default", plan="scale", created_at=now)
            )
            owner = con.execute(select(WORKSPACES.c.id).where(WORKSPACES.c.id != DEMO_WORKSPACE)).scalar_one()
            return _new(con, owner, now, name="owner", mode="live", scopes=SCOPES)

        return self._database.write(work)

    def ensure_demo(self) -> None:
        """The demo workspace with its public key, which holds the scopes of this release."""

        def work(con: Connection) -> None:
            if (known := keys.find(con, tokens.DEMO_TOKEN)) is not None:
                if known.scopes != keys.DEMO_SCOPES:
                    keys.change(con, DEMO_WORKSPACE, known.id, {"scopes": keys.DEMO_SCOPES})
            else:
                now = self._clock()
                _store(con, Workspace(id=DEMO_WORKSPACE, name="demo", plan="demo", created_at=now))
                name, scopes = "public demo key", keys.DEMO_SCOPES
                keys.create(
                    con, DEMO_WORKSPACE, tokens.DEMO_TOKEN, name=name, mode="demo", scopes=scopes, now=now
                )

        self._changed(work)


def workspace(con: Connection, workspace_id: str) -> Workspace:
    """One workspace, or NotFound."""
    row = con.execute(_ONE, {"workspace": workspace_id}).one_or_none()
    if row is None:
        raise NotFound("workspace", workspace_id)
    return Workspace(**row._asdict())


def _store(con: Connection, workspace: Workspace) -> None:
    """Write a new workspace."""
    row = {field: getattr(workspace, field) for field in workspace.__struct_fields__}
    con.execute(insert(WORKSPACES).values(row))


def _new(  # noqa: PLR0913 - one value for each column of the key
    con: Connection,
    workspace_id: str,
    now: dt.datetime,
    *,
    name: str,
    mode: tokens.Mode,
    scopes: Sequence[str],
    expires_at: dt.datetime | None = None,
) -> NewKey:
    """Make a token and store its key."""
    token = tokens.new_token(mode)
    key = keys.create(
        con, workspace_id, token, name=name, mode=mode, scopes=scopes, now=now, expires_at=expires_at
    )
    return NewKey(key=key, token=token)


def _check(scopes: Sequence[str], expires_at: dt.datetime | None, now: dt.datetime) -> None:
    """Refuse scopes that do not exist and an expiry in the past."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise InvalidInput("scopes", list(scopes), f"one or more of {', '.join(SCOPES)}")
    if expires_at is not None and expires_at <= now:
        raise InvalidInput("expires_at", expires_at.isoformat(), "an instant in the future")

"""Who makes requests: a working key, its workspace and the workspace's plan, remembered for a moment."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from msgspec import Struct

from leadspro_engine.accounts import keys, tokens
from leadspro_engine.accounts.plans import Plan  # noqa: TC001 - msgspec reads the annotations
from leadspro_engine.accounts.registry import Workspace, workspace
from leadspro_engine.accounts.stamp import REMEMBERED_S
from leadspro_engine.errors import Unauthorized

if TYPE_CHECKING:
    import datetime as dt

    from leadspro_engine.accounts.database import Database
    from leadspro_engine.accounts.plans import Plans
    from leadspro_engine.accounts.stamp import Stamp

_MOST = 10_000  # keys that are remembered at once


class Caller(Struct, frozen=True):
    """Who makes a request: a working key, its workspace and the workspace's plan."""

    key: keys.Key
    workspace: Workspace
    plan: Plan


class _Known(Struct, frozen=True):
    """A caller as they were when the stamp had that value."""

    caller: Caller
    stamp: int
    until: float


class Callers:
    """Finds callers by the text of their key; safe to share between threads."""

    def __init__(self, database: Database, plans: Plans, stamp: Stamp) -> None:
        self._database = database
        self._plans = plans
        self._stamp = stamp
        self._known: dict[str, _Known] = {}

    def find(self, token: str, now: dt.datetime) -> Caller:
        """Who holds the key of that text.

        Raises:
            Unauthorized: unknown, revoked or expired; which of these is not told.
        """
        digest, stamp = tokens.digest(token), self._stamp.read()
        known = self._known.get(digest)
        if known is None or known.stamp != stamp or time.monotonic() >= known.until:
            known = _Known(self._read(token), stamp, time.monotonic() + REMEMBERED_S)
            if len(self._known) >= _MOST:
                self._known = {}
            self._known[digest] = known
        if not known.caller.key.works(now):
            raise Unauthorized
        return known.caller

    def _read(self, token: str) -> Caller:
        """The caller as the database has them; junk is refused before it is asked."""
        if token != tokens.DEMO_TOKEN and not tokens.well_formed(token):
            raise Unauthorized
        with self._database.read() as con:
            key = keys.find(con, token)
            if key is None:
                raise Unauthorized
            owner = workspace(con, key.workspace_id)
        return Caller(key=key, workspace=owner, plan=self._plans.named(owner.plan))

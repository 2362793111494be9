"""The face of the room: accounts of one installation, with the database, the clock and the plans bound.

What a request does here: ``authenticate`` its key, ``take`` one request of the minute's allowance, and, when
its answer is ready, ``settle`` it: charge, history, daily counts and the stored answer of its idempotency key
in one transaction. Refused requests are written by ``refuse``.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import select

from leadspro_engine.accounts import history, ledger, replays, settling, tokens
from leadspro_engine.accounts.callers import Callers
from leadspro_engine.accounts.database import open_database
from leadspro_engine.accounts.jobs import Jobs
from leadspro_engine.accounts.limits import Limiter
from leadspro_engine.accounts.month import Month, utc_now
from leadspro_engine.accounts.plans import Plan, read_plans
from leadspro_engine.accounts.registry import Registry
from leadspro_engine.accounts.schema import WORKSPACES
from leadspro_engine.accounts.settling import Finished
from leadspro_engine.accounts.shared_limits import SharedLimiter
from leadspro_engine.accounts.stamp import Stamp
from leadspro_engine.errors import Unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from leadspro_engine.accounts.callers import Caller
    from leadspro_engine.accounts.database import Database
    from leadspro_engine.accounts.history import DayCount, Entry, HistoryPage, Wanted
    from leadspro_engine.accounts.ledger import Balance
    from leadspro_engine.accounts.limits import Allowance
    from leadspro_engine.accounts.month import Clock
    from leadspro_engine.accounts.plans import Plans
    from leadspro_engine.accounts.settling import Asked, Bill, Outcome


EVERYTHING = history.Wanted()
"""Every entry of a history."""


_FRESH_S = 1.0  # how old the news of another process's spending may be where nothing is decided by it


class _Left(Struct, frozen=True):
    """Credits of a workspace as a settled request left them."""

    remaining: int
    plan: Plan
    month: str
    read_at: float


class Accounts:
    """Workspaces, keys, credits, limits and history; safe to share between threads, one a process."""

    registry: Registry
    """Workspaces and keys."""

    jobs: Jobs
    """Files answered in the background."""

    plans: Plans
    """What workspaces may use."""

    def __init__(  # noqa: PLR0913 - what accounts are made of
        self,
        database: Database,
        limiter: Limiter | SharedLimiter,
        stamp: Stamp,
        *,
        plans: Plans,
        clock: Clock = utc_now,
        demo: bool = False,
    ) -> None:
        self._database = database
        self._limiter = limiter
        self._stamp = stamp
        self.plans = plans
        self.registry = Registry(database, clock, plans, stamp)
        self.jobs = Jobs(database, clock, plans)
        self._callers = Callers(database, plans, stamp)
        self._known_left: dict[str, _Left] = {}
        self._clock = clock
        self._demo = demo

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        url: str | None = None,
        limits_url: str | None = None,
        clock: Clock = utc_now,
        demo: bool = False,
    ) -> Accounts:
        """The accounts of a data folder, made on first use.

        Args:
            home: the data folder; it is created when missing.
            url: an SQLAlchemy URL of another database; ``<home>/accounts.sqlite`` when None.
            limits_url: a Redis URL where requests are counted; ``<home>/limits.bin`` when None.
            clock: tells the present instant.
            demo: whether the public key ``pl_demo_public`` works.
        """
        home.mkdir(parents=True, exist_ok=True)
        database = open_database(url or home / "accounts.sqlite")
        limiter = SharedLimiter(limits_url) if limits_url else Limiter(home / "limits.bin")
        stamp = Stamp(home / "accounts.stamp")
        accounts = cls(database, limiter, stamp, plans=read_plans(home), clock=clock, demo=demo)
        if demo:
            accounts.registry.ensure_demo()
        return accounts

    def close(self) -> None:
        """Close the database and the files beside it."""
        self._database.close()
        self._limiter.close()
        self._stamp.close()

    @property
    def demo(self) -> bool:
        """Whether the public demo key works."""
        return self._demo

    def now(self) -> dt.datetime:
        """The present instant by the clock of these accounts."""
        return self._clock()

    # who is asking

    def authenticate(self, token: str) -> Caller:
        """Who holds the key of that text.

        Raises:
            Unauthorized: junk, unknown, revoked or expired; which of these is not told.
        """
        if token == tokens.DEMO_TOKEN and not self._demo:
            raise Unauthorized
        return self._callers.find(token, self._clock())

    def take(self, caller: Caller) -> Allowance:
        """Count one request against the key's minute; see ``Allowance.allowed``."""
        return self._limiter.take(caller.key.number, caller.plan.requests_per_minute, self._clock())

    def allowance(self, caller: Caller) -> Allowance:
        """The key's minute as it stands."""
        return self._limiter.peek(caller.key.number, caller.plan.requests_per_minute, self._clock())

    def balance(self, caller: Caller) -> Balance:
        """The workspace's credits of the present month."""
        with self._database.read() as con:
            return ledger.balance(con, caller.workspace.id, caller.plan.monthly_credits, self._clock())

    def credits_left(self, caller: Caller) -> int:
        """The workspace's credits as they were less than a second ago; 0 is never told of older news.

        Enough to refuse early or to ask for less: what is charged is decided when a request is settled.
        """
        known = self._known_left.get(caller.workspace.id)
        if (
            known is not None
            and known.remaining > 0
            and known.plan == caller.plan
            and known.month == Month.of(self._clock()).name
            and time.monotonic() - known.read_at < _FRESH_S
        ):
            return known.remaining
        return self.balance(caller).remaining

    # what a request leaves behind

    def claim(self, caller: Caller, wanted: replays.Claim, request_id: str) -> replays.Replay | None:
        """Hold an idempotency key for a request, or return the answer stored under it.

        Raises:
            IdempotencyMismatch: the key came with another request before.
            IdempotencyInProgress: the request that holds the key is still running.
        """
        now = self._clock()
        return self._database.write(
            lambda con: replays.claim(con, caller.workspace.id, wanted, request_id, now)
        )

    def settle(  # noqa: PLR0913 - what a request comes to
        self,
        caller: Caller,
        asked: Asked,
        ids: Sequence[str],
        answer: Callable[[Bill], bytes],
        *,
        status: int = 200,
        flat: bool = False,
    ) -> tuple[bytes, Bill]:
        """Charge for the people shown and keep the record of it, all or nothing.

        Args:
            caller: who pays.
            asked: what the history will say of the request.
            ids: of the people on offer, in the order in which they are paid for while credits last.
            answer: makes the body from the bill; what it raises undoes the charge and is raised here.
            status: HTTP status of the answer.
            flat: whether one credit pays for all of them.

        Returns:
            The body and its bill, once both are durable.
        """
        return self._settle(Finished(caller, asked, ids, answer, status, flat=flat))

    def refuse(self, caller: Caller, asked: Asked, *, status: int, code: str) -> Bill:
        """Keep the record of a refusal, which costs nothing, and let go of its idempotency key."""
        return self._settle(Finished(caller, asked, (), None, status, code))[1]

    def _settle(self, finished: Finished) -> tuple[bytes, Bill]:
        """Settle a request with those that end at about the same time."""
        body, bill = self._database.write_together(self._settle_all, finished)
        self._known_left[finished.caller.workspace.id] = _Left(
            bill.remaining, finished.caller.plan, Month.of(self._clock()).name, time.monotonic()
        )
        return body, bill

    def _settle_all(self, con: Connection, finished: Sequence[Finished]) -> Sequence[Outcome]:
        return settling.settle(con, finished, self._clock())

    def history(
        self, caller: Caller, wanted: Wanted = EVERYTHING, *, limit: int, before: int | None = None
    ) -> HistoryPage:
        """The workspace's newest entries that are wanted, or those before a position."""
        with self._database.read() as con:
            return history.page(con, caller.workspace.id, wanted, limit=limit, before=before)

    def request(self, caller: Caller, request_id: str) -> Entry:
        """The workspace's entry of one request.

        Raises:
            NotFound: there is none.
        """
        with self._database.read() as con:
            return history.get(con, caller.workspace.id, request_id)

    def daily(self, caller: Caller, month: Month | None = None) -> list[DayCount]:
        """The workspace's daily counts of a month, the present one unless another is given."""
        with self._database.read() as con:
            return history.daily(con, caller.workspace.id, month or Month.of(self._clock()))

    def expire_jobs(self) -> list[str]:
        """Delete jobs older than their workspace's plan keeps them; returns the ids whose files must go."""
        with self._database.read() as con:
            kept = {
                row.id: dt.timedelta(days=self.plans.named(row.plan).history_days)
                for row in con.execute(select(WORKSPACES)).all()
            }
        return self.jobs.expire(kept)

    def purge(self) -> int:
        """Forget whom old entries showed, and stored answers past their 24 hours; returns how many of both.

        How old an entry may be, each workspace's plan says.
        """

        def work(con: Connection) -> int:
            now = self._clock()
            workspaces = con.execute(select(WORKSPACES)).all()
            days = ((row.id, self.plans.named(row.plan).history_days) for row in workspaces)
            entries = sum(history.forget(con, one, now - dt.timedelta(days=kept)) for one, kept in days)
            return entries + replays.forget(con, now)

        return self._database.write(work)

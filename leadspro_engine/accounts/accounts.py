"""The face of the room: accounts of one installation, with the database, the clock and the plans bound.

What a request does here: ``authenticate`` its key, ``take`` one request of the minute's allowance, and, when
its answer is ready, ``settle`` it: charge, history, daily counts and the stored answer of its idempotency key
in one transaction. Refused requests are written by ``refuse``.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from sqlalchemy import select

from leadspro_engine.accounts import history, keys, ledger, replays, tokens
from leadspro_engine.accounts.database import open_database
from leadspro_engine.accounts.jobs import Jobs
from leadspro_engine.accounts.limits import Limiter
from leadspro_engine.accounts.month import Month, utc_now
from leadspro_engine.accounts.plans import Plan, plan
from leadspro_engine.accounts.registry import Registry, Workspace, workspace
from leadspro_engine.accounts.schema import WORKSPACES
from leadspro_engine.accounts.shared_limits import SharedLimiter
from leadspro_engine.errors import Unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from leadspro_engine.accounts.database import Database
    from leadspro_engine.accounts.history import DayCount, Entry, HistoryPage, Wanted
    from leadspro_engine.accounts.ledger import Balance
    from leadspro_engine.accounts.limits import Allowance
    from leadspro_engine.accounts.month import Clock


EVERYTHING = history.Wanted()
"""Every entry of a history."""


class Caller(Struct, frozen=True):
    """Who makes a request: a working key, its workspace and the workspace's plan."""

    key: keys.Key
    workspace: Workspace
    plan: Plan


class Asked(Struct, frozen=True):
    """A request as its history entry will tell it.

    Attributes:
        claim: the idempotency key that the request holds, if it sent one.
        request: its JSON, when the history is to keep it.
    """

    request_id: str
    endpoint: str
    dataset_version: str | None
    started_at: dt.datetime
    claim: replays.Claim | None = None
    request: bytes | None = None


class Bill(Struct, frozen=True):
    """What a request costs, known when its answer is made: one credit for each person shown.

    Attributes:
        credits: what was charged; so many of the people on offer, the first ones, are paid for.
        remaining: credits of the month that are left.
    """

    credits: int
    remaining: int


class Accounts:
    """Workspaces, keys, credits, limits and history; safe to share between threads, one a process."""

    registry: Registry
    """Workspaces and keys."""

    jobs: Jobs
    """Files answered in the background."""

    def __init__(
        self,
        database: Database,
        limiter: Limiter | SharedLimiter,
        *,
        clock: Clock = utc_now,
        demo: bool = False,
    ) -> None:
        self._database = database
        self._limiter = limiter
        self.registry = Registry(database, clock)
        self.jobs = Jobs(database, clock)
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
        accounts = cls(database, limiter, clock=clock, demo=demo)
        if demo:
            accounts.registry.ensure_demo()
        return accounts

    def close(self) -> None:
        """Close the database and the limiter's file."""
        self._database.close()
        self._limiter.close()

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
        public = token == tokens.DEMO_TOKEN
        if not (self._demo if public else tokens.well_formed(token)):
            raise Unauthorized
        with self._database.read() as con:
            key = keys.find(con, token)
            if key is None or not key.works(self._clock()):
                raise Unauthorized
            owner = workspace(con, key.workspace_id)
        return Caller(key=key, workspace=owner, plan=plan(owner.plan))

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

    def settle(
        self,
        caller: Caller,
        asked: Asked,
        ids: Sequence[str],
        answer: Callable[[Bill], bytes],
        *,
        status: int = 200,
    ) -> tuple[bytes, Bill]:
        """Charge for the people shown and keep the record of it, all or nothing.

        Args:
            caller: who pays.
            asked: what the history will say of the request.
            ids: of the people on offer, in the order in which they are paid for while credits last.
            answer: makes the body from the bill; what it raises undoes the charge and is raised here.
            status: HTTP status of the answer.

        Returns:
            The body and its bill, once both are durable.
        """

        def work(con: Connection) -> tuple[bytes, Bill]:
            now, workspace_id = self._clock(), caller.workspace.id
            bill = _charge(con, caller, asked.request_id, wanted=len(ids), now=now)
            body = answer(bill)
            shown = tuple(ids[: bill.credits])
            entry = _entry(caller, asked, now, status=status, credits_used=bill.credits, ids=shown)
            history.add(con, workspace_id, entry)
            keys.seen(con, caller.key, now)
            if asked.claim is not None:
                kept = replays.Replay(status=status, body=body)
                replays.keep(
                    con,
                    workspace_id,
                    asked.claim,
                    asked.request_id,
                    replay=kept,
                    since=asked.started_at,
                )
            return body, bill

        return self._database.write(work)

    def refuse(self, caller: Caller, asked: Asked, *, status: int, code: str) -> None:
        """Keep the record of a refusal, which costs nothing, and let go of its idempotency key."""

        def work(con: Connection) -> None:
            now = self._clock()
            entry = _entry(caller, asked, now, status=status, code=code)
            history.add(con, caller.workspace.id, entry)
            keys.seen(con, caller.key, now)
            if asked.claim is not None:
                replays.release(con, caller.workspace.id, asked.claim, asked.request_id)

        self._database.write(work)

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
                row.id: dt.timedelta(days=plan(row.plan).history_days)
                for row in con.execute(select(WORKSPACES)).all()
            }
        return self.jobs.expire(kept)

    def purge(self) -> int:
        """Forget whom old entries showed, and stored answers past their 24 hours; returns how many of both.

        How old an entry may be, each workspace's plan says.
        """

        def work(con: Connection) -> int:
            now = self._clock()
            days = ((row.id, plan(row.plan).history_days) for row in con.execute(select(WORKSPACES)).all())
            entries = sum(
                history.forget(con, workspace, now - dt.timedelta(days=kept)) for workspace, kept in days
            )
            return entries + replays.forget(con, now)

        return self._database.write(work)


def _charge(con: Connection, caller: Caller, request_id: str, *, wanted: int, now: dt.datetime) -> Bill:
    """Charge for as many of ``wanted`` people as credits allow."""
    workspace_id, limit = caller.workspace.id, caller.plan.monthly_credits
    if not wanted:
        return Bill(credits=0, remaining=ledger.balance(con, workspace_id, limit, now).remaining)
    paid, left = ledger.charge(con, workspace_id, wanted, limit=limit, request_id=request_id, now=now)
    return Bill(credits=paid, remaining=left)


def _entry(  # noqa: PLR0913 - the facts of one entry
    caller: Caller,
    asked: Asked,
    now: dt.datetime,
    *,
    status: int,
    code: str | None = None,
    credits_used: int = 0,
    ids: tuple[str, ...] = (),
) -> Entry:
    """The history entry of a request that ends now."""
    return history.Entry(
        request_id=asked.request_id,
        key_id=caller.key.id,
        endpoint=asked.endpoint,
        status=status,
        code=code,
        credits=credits_used,
        dataset_version=asked.dataset_version,
        ids=ids,
        duration_ms=max(0, round((now - asked.started_at).total_seconds() * 1000)),
        created_at=now,
        request=None if asked.request is None else msgspec.Raw(asked.request),
    )

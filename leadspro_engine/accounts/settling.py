"""What finished requests leave behind: charges, history, daily counts and stored answers, many at once.

Requests that end at about the same time are settled in one transaction with one statement for each table,
whatever their number: a statement a request would cost more than answering it. Each is settled as if it were
alone, in the order in which they came: credits go to the first, and one whose answer cannot be made leaves
nothing behind.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
from collections.abc import Callable, Sequence  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from leadspro_engine.accounts import history, keys, ledger, replays
from leadspro_engine.accounts.callers import Caller  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from sqlalchemy import Connection


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


class Finished(Struct, frozen=True):
    """One request that is to be settled.

    Attributes:
        ids: of the people on offer, in the order in which they are paid for while credits last.
        flat: whether one credit pays for all of them.
        answer: makes the body from the bill; None for a refusal. What it raises undoes the charge.
        status: HTTP status.
        code: of a refusal.
    """

    caller: Caller
    asked: Asked
    ids: Sequence[str]
    answer: Callable[[Bill], bytes] | None
    status: int
    code: str | None = None
    flat: bool = False

    @property
    def price(self) -> int:
        """Credits that all of it costs."""
        return min(1, len(self.ids)) if self.flat else len(self.ids)

    def shown(self, paid: int) -> Sequence[str]:
        """The ids of those who are paid for."""
        return self.ids if self.flat and paid else self.ids[:paid]


Outcome = tuple[bytes, Bill] | Exception


def settle(con: Connection, finished: Sequence[Finished], now: dt.datetime) -> list[Outcome]:
    """The body and bill of each request, or what kept it from being answered, in their order."""
    books = _Books(con, finished, now)
    outcomes = [books.enter(one) for one in finished]
    books.write()
    return outcomes


class _Books:
    """The rows that a group of requests will add, and the credits of their workspaces meanwhile."""

    def __init__(self, con: Connection, finished: Sequence[Finished], now: dt.datetime) -> None:
        self._con, self._now = con, now
        self._left = self._read(finished)
        self._charges: list[ledger.Entry] = []
        self._entries: list[tuple[str, history.Entry]] = []
        self._seen: dict[str, keys.Key] = {}

    def _read(self, finished: Sequence[Finished]) -> dict[str, int]:
        """The credits of each workspace: held for this transaction where some may be spent."""
        limits = {one.caller.workspace.id: one.caller.plan.monthly_credits for one in finished}
        paying = {one.caller.workspace.id for one in finished if one.ids}
        left = {}
        for workspace_id, limit in sorted(limits.items()):  # in one order, so that no two wait for each other
            if workspace_id in paying:
                left[workspace_id] = ledger.hold(self._con, workspace_id, limit, self._now)
            else:
                left[workspace_id] = ledger.balance(self._con, workspace_id, limit, self._now).remaining
        return left

    def enter(self, one: Finished) -> Outcome:
        """Settle one request; on an error it leaves nothing behind."""
        workspace_id = one.caller.workspace.id
        left = self._left[workspace_id]
        paid = min(one.price, left)
        bill = Bill(credits=paid, remaining=left - paid)
        try:
            body = b"" if one.answer is None else one.answer(bill)
            self._keep(one, body)
        except Exception as error:  # noqa: BLE001 - raised to its own caller, by whom it was asked
            return error
        self._left[workspace_id] = bill.remaining
        if paid:
            charge = ledger.charged(workspace_id, paid, one.asked.request_id, self._now)
            self._charges.append(charge)
        self._entries.append((workspace_id, _entry(one, paid, self._now)))
        self._seen[one.caller.key.id] = one.caller.key
        return body, bill

    def write(self) -> None:
        """Write everything that was entered."""
        ledger.post(self._con, self._charges)
        history.add_all(self._con, self._entries)
        for key in self._seen.values():
            keys.seen(self._con, key, self._now)

    def _keep(self, one: Finished, body: bytes) -> None:
        """Store the answer under the request's idempotency key, or let go of the key after a refusal."""
        claim = one.asked.claim
        if claim is None:
            return
        whose = (one.caller.workspace.id, claim, one.asked.request_id)
        if one.answer is None:
            replays.release(self._con, *whose)
        else:
            kept = replays.Replay(status=one.status, body=body)
            replays.keep(self._con, *whose, replay=kept, since=one.asked.started_at)


def _entry(one: Finished, paid: int, now: dt.datetime) -> history.Entry:
    """The history entry of a request that ends now."""
    asked = one.asked
    return history.Entry(
        request_id=asked.request_id,
        key_id=one.caller.key.id,
        endpoint=asked.endpoint,
        status=one.status,
        code=one.code,
        credits=paid,
        dataset_version=asked.dataset_version,
        ids=tuple(one.shown(paid)),
        duration_ms=max(0, round((now - asked.started_at).total_seconds() * 1000)),
        created_at=now,
        request=None if asked.request is None else msgspec.Raw(asked.request),
    )

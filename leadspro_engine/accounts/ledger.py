"""Credits: an append-only ledger of grants and charges, and the balance that its entries sum to.

A month's credits are granted by the first request that needs them, and again by the difference when the
plan changes within the month. A charge is made in the transaction that records the answer it pays for,
after the answer was produced: so no credit is held by a request that dies, and no answer is charged that
was never made. The balance is kept beside the ledger, written in the same transaction, so that a request
does not sum a month.

Every function takes the connection of an open transaction and the present instant.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from leadspro_engine.accounts.month import Month
from leadspro_engine.accounts.schema import LEDGER
from leadspro_engine.accounts.statements import Insert, Statement, stored_instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


_BALANCE = "select granted, remaining from balances where workspace_id = :workspace and month = :month"
_READ = Statement(_BALANCE)
_HOLD = Statement(_BALANCE, holds=True)
_OPEN = Statement(
    "insert into balances (workspace_id, month, granted, remaining) values (:workspace, :month, 0, 0) "
    "on conflict do nothing"
)
_ENTER = Insert(LEDGER, ("workspace_id", "month", "kind", "amount", "request_id", "created_at"))
_MOVE = Statement(
    "update balances set remaining = remaining + :moved, granted = granted + :more "
    "where workspace_id = :workspace and month = :month"
)
_SUM = Statement(
    "select coalesce(sum(amount), 0) from ledger where workspace_id = :workspace and month = :month"
)


class Balance(Struct, frozen=True):
    """Credits of one workspace in one month.

    Attributes:
        limit: what the plan grants for the month.
        remaining: what is left; never below 0.
        month: the month itself, at whose end the remainder lapses.
    """

    limit: int
    remaining: int
    month: Month

    @property
    def used(self) -> int:
        """Credits spent in the month."""
        return self.limit - self.remaining


def balance(con: Connection, workspace_id: str, limit: int, now: dt.datetime) -> Balance:
    """The credits of the month of ``now``, on a plan that grants ``limit`` a month; writes nothing."""
    month = Month.of(now)
    granted, remaining = _stored(con, _READ, workspace_id, month.name)
    return Balance(limit=limit, remaining=max(0, remaining + limit - granted), month=month)


def charge(  # noqa: PLR0913 - one value for each column of the entry
    con: Connection, workspace_id: str, wanted: int, *, limit: int, request_id: str, now: dt.datetime
) -> tuple[int, int]:
    """Take up to ``wanted`` credits, fewer if fewer are left; returns how many, and what remains."""
    left = hold(con, workspace_id, limit, now)
    taken = min(wanted, left)
    if taken:
        post(con, [charged(workspace_id, taken, request_id, now)])
    return taken, left - taken


def hold(con: Connection, workspace_id: str, limit: int, now: dt.datetime) -> int:
    """The credits that are left, which nobody else can spend before the transaction ends."""
    return max(0, _grant(con, workspace_id, Month.of(now).name, limit, now))


def charged(workspace_id: str, amount: int, request_id: str, now: dt.datetime) -> Entry:
    """The entry of a charge of ``amount`` credits."""
    return Entry(workspace_id, Month.of(now).name, "charge", -amount, request_id, now)


def post(con: Connection, entries: Sequence[Entry]) -> None:
    """Add entries, and move each balance by the sum of its own."""
    if not entries:
        return
    _ENTER.add(con, [_row(con, one) for one in entries])
    moved: dict[tuple[str, str], list[int]] = {}
    for one in entries:
        sums = moved.setdefault((one.workspace_id, one.month), [0, 0])
        sums[0] += one.amount
        sums[1] += one.amount if one.kind == "grant" else 0
    for (workspace_id, month), (amount, more) in sorted(moved.items()):
        values = {"workspace": workspace_id, "month": month, "moved": amount, "more": more}
        _MOVE.run(con, values)


def summed(con: Connection, workspace_id: str, month: Month) -> int:
    """What the entries of a month sum to: by construction the stored balance; tests and audits hold it so."""
    return int(_SUM.first(con, {"workspace": workspace_id, "month": month.name})[0])


def _row(con: Connection, one: Entry) -> tuple[Any, ...]:
    """An entry as a row of the table."""
    stored = stored_instant(con.dialect, one.created_at)
    return (one.workspace_id, one.month, one.kind, one.amount, one.request_id, stored)


class Entry(Struct, frozen=True):
    """One line of the ledger: a grant adds ``amount`` credits, a charge takes them away."""

    workspace_id: str
    month: str
    kind: str
    amount: int
    request_id: str | None
    created_at: dt.datetime


def _stored(con: Connection, query: Statement, workspace_id: str, month: str) -> tuple[int, int]:
    """Credits granted and remaining by the stored balance; (0, 0) before the month's first grant."""
    granted, remaining = query.first(con, {"workspace": workspace_id, "month": month}) or (0, 0)
    return granted, remaining


def _grant(con: Connection, workspace_id: str, month: str, limit: int, now: dt.datetime) -> int:
    """Grant what the plan owes for the month, if anything, and return what remains."""
    granted, remaining = _stored(con, _HOLD, workspace_id, month)
    if granted == limit:
        return remaining
    _OPEN.run(con, {"workspace": workspace_id, "month": month})
    granted, remaining = _stored(con, _HOLD, workspace_id, month)
    if granted != limit:
        post(con, [Entry(workspace_id, month, "grant", limit - granted, None, now)])
    return remaining + limit - granted

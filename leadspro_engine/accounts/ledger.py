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
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import bindparam, func, insert, select, update

from leadspro_engine.accounts.database import upsert
from leadspro_engine.accounts.month import Month
from leadspro_engine.accounts.schema import BALANCES, LEDGER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select


_MINE = (BALANCES.c.workspace_id == bindparam("workspace"), BALANCES.c.month == bindparam("month"))
_READ = select(BALANCES.c.granted, BALANCES.c.remaining).where(*_MINE)
_HOLD = _READ.with_for_update()  # nothing on SQLite, where a writer is alone anyway
_ENTER = insert(LEDGER)
_MOVE = (
    update(BALANCES)
    .where(BALANCES.c.workspace_id == bindparam("workspace"), BALANCES.c.month == bindparam("of_month"))
    .values(
        remaining=BALANCES.c.remaining + bindparam("moved"), granted=BALANCES.c.granted + bindparam("more")
    )
)
_SUM = select(func.coalesce(func.sum(LEDGER.c.amount), 0)).where(
    LEDGER.c.workspace_id == bindparam("workspace"), LEDGER.c.month == bindparam("month")
)
# Statements are built once: SQLAlchemy takes five times as long to build one as to run it on SQLite.


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
    con.execute(
        _ENTER, [{field: getattr(one, field) for field in Entry.__struct_fields__} for one in entries]
    )
    moved: dict[tuple[str, str], list[int]] = {}
    for one in entries:
        sums = moved.setdefault((one.workspace_id, one.month), [0, 0])
        sums[0] += one.amount
        sums[1] += one.amount if one.kind == "grant" else 0
    rows = [
        {"workspace": workspace_id, "of_month": month, "moved": sums[0], "more": sums[1]}
        for (workspace_id, month), sums in sorted(moved.items())
    ]
    con.execute(_MOVE, rows)


def summed(con: Connection, workspace_id: str, month: Month) -> int:
    """What the entries of a month sum to: by construction the stored balance; tests and audits hold it so."""
    return int(con.execute(_SUM, {"workspace": workspace_id, "month": month.name}).scalar_one())


class Entry(Struct, frozen=True):
    """One line of the ledger: a grant adds ``amount`` credits, a charge takes them away."""

    workspace_id: str
    month: str
    kind: str
    amount: int
    request_id: str | None
    created_at: dt.datetime


def _stored(con: Connection, query: Select[int, int], workspace_id: str, month: str) -> tuple[int, int]:
    """Credits granted and remaining by the stored balance; (0, 0) before the month's first grant."""
    row = con.execute(query, {"workspace": workspace_id, "month": month}).one_or_none()
    return (0, 0) if row is None else (row.granted, row.remaining)


def _grant(con: Connection, workspace_id: str, month: str, limit: int, now: dt.datetime) -> int:
    """Grant what the plan owes for the month, if anything, and return what remains."""
    granted, remaining = _stored(con, _HOLD, workspace_id, month)
    if granted == limit:
        return remaining
    first = {"workspace_id": workspace_id, "month": month, "granted": 0, "remaining": 0}
    con.execute(upsert(con.dialect.name, BALANCES).values(first).on_conflict_do_nothing())
    granted, remaining = _stored(con, _HOLD, workspace_id, month)
    if granted != limit:
        post(con, [Entry(workspace_id, month, "grant", limit - granted, None, now)])
    return remaining + limit - granted

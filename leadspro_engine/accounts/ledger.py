"""Credits: an append-only ledger of grants and charges, and the balance that its entries sum to.

A month's credits are granted by the first request that needs them, and again by the difference when the
plan changes within the month. A charge is made in the transaction that records the answer it pays for,
after the answer was produced: so no credit is held by a request that dies, and no answer is charged that
was never made. The balance is kept beside the ledger, written in the same transaction, so that a request
does not sum a month.

Every function takes the connection of an open transaction and the present instant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import func, insert, select, update

from leadspro_engine.accounts.database import upsert
from leadspro_engine.accounts.month import Month
from leadspro_engine.accounts.schema import BALANCES, LEDGER

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Connection


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
    granted, remaining = _stored(con, workspace_id, month)
    return Balance(limit=limit, remaining=max(0, remaining + limit - granted), month=month)


def charge(  # noqa: PLR0913 - one value for each column of the entry
    con: Connection, workspace_id: str, wanted: int, *, limit: int, request_id: str, now: dt.datetime
) -> int:
    """Take up to ``wanted`` credits and return how many were taken: fewer when fewer are left."""
    left = _grant(con, workspace_id, limit, now)
    taken = min(wanted, max(0, left))
    if taken:
        _append(con, workspace_id, "charge", -taken, request_id, now)
    return taken


def summed(con: Connection, workspace_id: str, month: Month) -> int:
    """What the entries of a month sum to: by construction the stored balance; tests and audits hold it so."""
    entries = select(func.coalesce(func.sum(LEDGER.c.amount), 0)).where(
        LEDGER.c.workspace_id == workspace_id, LEDGER.c.month == month.name
    )
    return int(con.execute(entries).scalar_one())


def _stored(con: Connection, workspace_id: str, month: Month, *, lock: bool = False) -> tuple[int, int]:
    """Credits granted and remaining by the stored balance; (0, 0) before the month's first grant."""
    query = select(BALANCES.c.granted, BALANCES.c.remaining).where(
        BALANCES.c.workspace_id == workspace_id, BALANCES.c.month == month.name
    )
    row = con.execute(query.with_for_update() if lock else query).one_or_none()
    return (0, 0) if row is None else (row.granted, row.remaining)


def _grant(con: Connection, workspace_id: str, limit: int, now: dt.datetime) -> int:
    """Grant what the plan owes for the month, if anything, and return what remains."""
    month = Month.of(now)
    granted, remaining = _stored(con, workspace_id, month, lock=True)
    if granted == limit:
        return remaining
    first = {"workspace_id": workspace_id, "month": month.name, "granted": 0, "remaining": 0}
    con.execute(upsert(con, BALANCES).values(first).on_conflict_do_nothing())
    granted, remaining = _stored(con, workspace_id, month, lock=True)
    if granted != limit:
        _append(con, workspace_id, "grant", limit - granted, None, now)
    return remaining + limit - granted


def _append(  # noqa: PLR0913, PLR0917 - one value for each column of the entry
    con: Connection, workspace_id: str, kind: str, amount: int, request_id: str | None, now: dt.datetime
) -> None:
    """Add one entry and move the balance by its amount."""
    month = Month.of(now).name
    entry = {"workspace_id": workspace_id, "month": month, "kind": kind, "amount": amount}
    con.execute(insert(LEDGER).values(**entry, request_id=request_id, created_at=now))
    moved = {"remaining": BALANCES.c.remaining + amount}
    if kind == "grant":
        moved["granted"] = BALANCES.c.granted + amount
    con.execute(
        update(BALANCES)
        .where(BALANCES.c.workspace_id == workspace_id, BALANCES.c.month == month)
        .values(moved)
    )

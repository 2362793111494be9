"""What was asked and answered: one entry a request, and the counts of each day that outlive the entries.

Entries name the people shown by opaque ids, for as long as the plan keeps them; the daily counts hold no
personal data and stay. Every function takes the connection of an open transaction.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from sqlalchemy import false, or_, select, update

from leadspro_engine.accounts.schema import HISTORY, USAGE
from leadspro_engine.accounts.statements import Insert, stored_instant
from leadspro_engine.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Row

    from leadspro_engine.accounts.month import Month

_ADD = Insert(
    HISTORY,
    (
        "workspace_id", "request_id", "key_id", "endpoint", "status", "code", "credits", "dataset_version",
        "ids", "request", "duration_ms", "created_at",
    ),
)  # fmt: skip
_COUNT = Insert(
    USAGE,
    ("workspace_id", "day", "endpoint", "key_id", "status", "requests", "credits"),
    "on conflict (workspace_id, day, endpoint, key_id, status) do update "
    "set requests = usage.requests + excluded.requests, credits = usage.credits + excluded.credits",
)


class Entry(Struct, frozen=True):
    """One request that was answered or refused.

    Attributes:
        endpoint: the operation's name, for example ``enrich``.
        status: HTTP status of the answer.
        code: of the refusal; None for an answer.
        ids: of the people shown, in order.
        duration_ms: from the request's arrival to this entry.
        request: what was asked, as JSON; None when it is not kept, or not any more.
    """

    request_id: str
    key_id: str
    endpoint: str
    status: int
    code: str | None
    credits: int
    dataset_version: str | None
    ids: tuple[str, ...]
    duration_ms: int
    created_at: dt.datetime
    request: msgspec.Raw | None = None


class DayCount(Struct, frozen=True):
    """How many requests of one kind a day saw, and their credits."""

    day: dt.date
    endpoint: str
    key_id: str
    status: int
    requests: int
    credits: int


class Wanted(Struct, frozen=True):
    """Which entries are looked for: those that have every value that is given.

    Attributes:
        since: the first instant that is wanted; ``until`` is the first one that is not.
        shown: a person who was shown, by id; any one of several.
    """

    endpoint: str | None = None
    key_id: str | None = None
    status: int | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    shown: tuple[str, ...] | None = None


class HistoryPage(Struct, frozen=True):
    """Entries, the newest first; ``next_before`` asks for the page after, and is None on the last one."""

    entries: list[Entry]
    next_before: int | None


def add(con: Connection, workspace_id: str, entry: Entry) -> None:
    """Write an entry and count it in its day."""
    add_all(con, [(workspace_id, entry)])


def add_all(con: Connection, entries: Sequence[tuple[str, Entry]]) -> None:
    """Write the entries of workspaces and count each in its day."""
    if not entries:
        return
    _ADD.add(con, [_row(con, *one) for one in entries])
    counts: dict[tuple[Any, ...], list[int]] = {}
    for workspace_id, entry in entries:
        kind = (workspace_id, _day_of(entry.created_at), entry.endpoint, entry.key_id, entry.status)
        sums = counts.setdefault(kind, [0, 0])
        sums[0] += 1
        sums[1] += entry.credits
    # in one order, so that no two processes wait for each other
    _COUNT.add(con, [(*kind, *sums) for kind, sums in sorted(counts.items())])


def _row(con: Connection, workspace_id: str, entry: Entry) -> tuple[Any, ...]:
    """An entry as a row of the table."""
    return (
        workspace_id,
        entry.request_id,
        entry.key_id,
        entry.endpoint,
        entry.status,
        entry.code,
        entry.credits,
        entry.dataset_version,
        msgspec.json.encode(entry.ids).decode(),
        None if entry.request is None else bytes(entry.request),
        entry.duration_ms,
        stored_instant(con.dialect, entry.created_at),
    )


@lru_cache(maxsize=64)  # entries of one group have one instant
def _day_of(instant: dt.datetime) -> str:
    """The day in UTC that holds an instant."""
    return instant.astimezone(dt.UTC).date().isoformat()


def page(
    con: Connection, workspace_id: str, wanted: Wanted, *, limit: int, before: int | None = None
) -> HistoryPage:
    """The newest ``limit`` entries that are wanted, or those before the position ``before``."""
    query = select(HISTORY).where(HISTORY.c.workspace_id == workspace_id, *_conditions(wanted))
    if before is not None:
        query = query.where(HISTORY.c.id < before)
    rows = con.execute(query.order_by(HISTORY.c.id.desc()).limit(limit + 1)).all()
    more = len(rows) > limit
    return HistoryPage(
        entries=[_entry(row) for row in rows[:limit]], next_before=rows[limit - 1].id if more else None
    )


def get(con: Connection, workspace_id: str, request_id: str) -> Entry:
    """The entry of a request; the newest one if a caller gave several requests the same id.

    Raises:
        NotFound: the workspace has none.
    """
    query = select(HISTORY).where(HISTORY.c.workspace_id == workspace_id, HISTORY.c.request_id == request_id)
    row = con.execute(query.order_by(HISTORY.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotFound("request", request_id)
    return _entry(row)


def daily(con: Connection, workspace_id: str, month: Month) -> list[DayCount]:
    """The counts of each day of a month, sorted by day, endpoint, key and status."""
    days = (month.start.date().isoformat(), month.end.date().isoformat())
    query = select(USAGE).where(
        USAGE.c.workspace_id == workspace_id, USAGE.c.day >= days[0], USAGE.c.day < days[1]
    )
    order = (USAGE.c.day, USAGE.c.endpoint, USAGE.c.key_id, USAGE.c.status)
    return [_day(row) for row in con.execute(query.order_by(*order))]


def forget(con: Connection, workspace_id: str, before: dt.datetime) -> int:
    """Empty ids and requests of entries from before an instant; returns how many entries still had some."""
    left = or_(HISTORY.c.ids != "[]", HISTORY.c.request.is_not(None))
    old = (HISTORY.c.workspace_id == workspace_id, HISTORY.c.created_at < before, left)
    return con.execute(update(HISTORY).where(*old).values(ids="[]", request=None)).rowcount


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions that select what is wanted."""
    column = HISTORY.c
    equal = [
        column[name] == value
        for name in ("endpoint", "key_id", "status")
        if (value := getattr(wanted, name)) is not None
    ]
    since = [] if wanted.since is None else [column.created_at >= wanted.since]
    until = [] if wanted.until is None else [column.created_at < wanted.until]
    if wanted.shown is None:
        return [*equal, *since, *until]
    named = (column.ids.contains(msgspec.json.encode(one).decode(), autoescape=True) for one in wanted.shown)
    return [*equal, *since, *until, or_(false(), *named)]


def _entry(row: Row[Any]) -> Entry:
    """A row of the table as a value."""
    fields = {name: getattr(row, name) for name in Entry.__struct_fields__ if name not in ("ids", "request")}
    ids = tuple(msgspec.json.decode(row.ids, type=list[str]))
    return Entry(**fields, ids=ids, request=None if row.request is None else msgspec.Raw(row.request))


def _day(row: Row[Any]) -> DayCount:
    """A row of the table as a value."""
    fields = {name: getattr(row, name) for name in DayCount.__struct_fields__ if name != "day"}
    return DayCount(**fields, day=dt.date.fromisoformat(row.day))

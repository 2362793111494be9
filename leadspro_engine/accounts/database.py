"""The accounts database, SQLite in the data folder or PostgreSQL by URL: one way to read it, one to write.

Writes are committed in groups. A caller of ``write`` queues its work; the first one leads: it runs
everything queued so far in one transaction, commits once, waits for the disk once, and hands the lead to the
first of those who came meanwhile. So many requests share one disk sync, and yet nobody is answered before
what it wrote is on disk. What SQLite needs for that stands in ``accounts.sqlite``.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import Connection, create_engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from leadspro_engine.accounts.sqlite import Writing, for_writing, sqlite_engine, unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine, Table

Result = TypeVar("Result")
Item = TypeVar("Item")

_TRIES = 5
_CROSSED = ("40001", "40P01")  # serialization failure, deadlock detected
_GROUP = 128  # works in one commit: bounds how long the first of them waits for the last


class Database:
    """Reads and grouped writes over one SQLAlchemy engine; safe to share between threads.

    Open one a process, after any fork.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = Writing(engine)
        self._writer = for_writing(engine)
        self._con: Connection | None = None  # the one that this process writes with; the leader has it
        self._queue: deque[_Ticket[Any]] = deque()
        self._guard = threading.Lock()
        self._led = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read from; every statement in the block sees one state of the database.

        Raises:
            Unavailable: the database cannot be read now.
        """
        try:
            with self._engine.connect() as con:
                yield con
        except OperationalError as exc:
            raise unavailable() from exc

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run ``work`` in a transaction and return its result once it is durable.

        ``work`` may run on another thread than the caller's, so it must not depend on which. What it raises
        undoes its own writes only, and is raised here.

        Raises:
            Unavailable: the database cannot be written now (another process holds it, the disk is full).
        """
        return self._queued(_Single(work))

    def _queued(self, ticket: _Ticket[Result]) -> Result:
        """Have a ticket committed with its group, and give what became of it."""
        with self._guard:
            self._queue.append(ticket)
            leads, self._led = not self._led, True
        if not leads:
            ticket.wait()
        if ticket.done:
            ticket.wake_next()
        else:
            self._lead(ticket)
        return ticket.result()

    def write_together(
        self, work: Callable[[Connection, Sequence[Item]], Sequence[Result | Exception]], item: Item
    ) -> Result:
        """Like ``write``, for work that is done for many items at once: those of the group, in their order.

        ``work`` gives for each item its result, or the error that is raised to whoever wrote it; what it
        raises itself undoes all of it and is raised to all of them.
        """
        return self._queued(_Together(work, item))

    def close(self) -> None:
        """Close every connection."""
        with self._writing:  # the last connection to close makes a checkpoint
            self._let_go()
            self._engine.dispose()
        self._writing.close()

    def _lead(self, own: _Ticket[Any]) -> None:
        """Commit what is queued, our own ticket among it, and hand the lead to whoever came meanwhile.

        Of the others only the first is woken here, who wakes the next, and so on: were all woken at once,
        all but one would wake for nothing but to wait for Python's lock.
        """
        with self._guard:
            group = [self._queue.popleft() for _ in range(min(len(self._queue), _GROUP))]
        try:
            self._commit(group)
        finally:
            with self._guard:
                following = self._queue[0] if self._queue else None
                self._led = following is not None
            first: _Ticket[Any] | None = None
            for ticket in reversed(group):
                if ticket is not own:
                    ticket.next, ticket.done = first, True
                    first = ticket
            for woken in (following, first):
                if woken is not None:
                    woken.wake()

    def _commit(self, group: list[_Ticket[Any]]) -> None:
        """Run the works of a group in one transaction, anew when another machine crossed it."""
        for again in reversed(range(_TRIES)):
            try:
                with self._writing, self._transaction() as con:
                    works = list(_by_work(group))
                    for work, tickets in works:
                        _run(con, work, tickets, sole=len(works) == 1)
                self._writing.sync()
            except Exception as exc:  # noqa: BLE001 - nothing was committed, and every caller must hear it
                if again and _crossed(exc):
                    continue
                for ticket in group:
                    ticket.fail(exc)
            return

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """A transaction on the connection that this process writes with; a new one after an error."""
        if self._con is None:
            self._con = self._writer.connect()
        try:
            with self._con.begin():
                yield self._con
        except BaseException:
            self._let_go()
            raise

    def _let_go(self) -> None:
        """Close the connection that this process writes with, if there is one."""
        con, self._con = self._con, None
        if con is not None:
            con.close()


Works = Callable[[Connection], Sequence[Any]]


def _by_work(group: list[_Ticket[Any]]) -> Iterator[tuple[Works, list[_Ticket[Any]]]]:
    """The tickets of a group with what is to be run for them: those that can be done together, at once."""
    together: dict[Any, list[_Together[Any, Any]]] = {}
    for ticket in group:
        if isinstance(ticket, _Together):
            together.setdefault(ticket.work, []).append(ticket)
        else:
            yield ticket.run, [ticket]
    for work, tickets in together.items():
        items = [ticket.item for ticket in tickets]
        yield partial(_for_all, work, items), list(tickets)


def _for_all(work: Callable[..., Sequence[Any]], items: list[Any], con: Connection) -> Sequence[Any]:
    return work(con, items)


def _run(con: Connection, work: Works, tickets: list[_Ticket[Any]], *, sole: bool) -> None:
    """Do one work; a failure is kept for its callers and undoes nothing else.

    So it runs in a savepoint, unless it is the transaction's ``sole`` work: then a failure undoes that.
    """
    outcomes: Sequence[Any]
    if sole:
        outcomes = work(con)
    else:
        savepoint = con.begin_nested()
        try:
            outcomes = work(con)
        except Exception as exc:
            if _crossed(exc):
                raise
            savepoint.rollback()
            outcomes = [exc] * len(tickets)
        else:
            savepoint.commit()
    for ticket, outcome in zip(tickets, outcomes, strict=True):
        ticket.settle(outcome)


def _crossed(exc: Exception) -> bool:
    """Whether PostgreSQL ended a transaction because it and another one waited for each other."""
    return getattr(getattr(exc, "orig", None), "sqlstate", None) in _CROSSED


class _Ticket(Generic[Result]):
    """One piece of queued work and what became of it."""

    def __init__(self) -> None:
        self._value: Result | None = None
        self._error: BaseException | None = None
        self.done = False
        self.next: _Ticket[Any] | None = None  # of the same group, to be woken by this one's owner
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def wait(self) -> None:
        """Return when the work is done, or when the caller shall lead."""
        self._asleep.acquire()

    def wake(self) -> None:
        """Let the caller's ``wait`` return."""
        self._asleep.release()

    def wake_next(self) -> None:
        """Wake the next one of the group."""
        if self.next is not None:
            self.next.wake()

    def run(self, con: Connection) -> Sequence[Result]:
        """Do the work for this ticket alone."""
        raise NotImplementedError

    def settle(self, outcome: Result | Exception) -> None:
        """Keep what became of the work."""
        if isinstance(outcome, Exception):
            self.fail(outcome)
        else:
            self._value, self._error = outcome, None

    def fail(self, cause: Exception) -> None:
        """Nothing of this work stays, because of that error."""
        self._error = cause
        if isinstance(cause, OperationalError):
            self._error = unavailable()
            self._error.__cause__ = cause

    def result(self) -> Result:
        """What the work returned, or raise what it raised."""
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]  # set whenever there is no error


class _Single(_Ticket[Result]):
    """Work that is done for one caller."""

    def __init__(self, work: Callable[[Connection], Result]) -> None:
        super().__init__()
        self._work = work

    def run(self, con: Connection) -> Sequence[Result]:
        return (self._work(con),)


class _Together(_Ticket[Result], Generic[Item, Result]):
    """Work that is done for many callers at once."""

    def __init__(
        self, work: Callable[[Connection, Sequence[Item]], Sequence[Result | Exception]], item: Item
    ) -> None:
        super().__init__()
        self.work, self.item = work, item


def open_database(location: Path | str) -> Database:
    """The accounts database at a path (SQLite) or a URL (``postgresql+psycopg://…``), its tables up to date.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be reached or is not one of ours.
    """
    from leadspro_engine.accounts.migrations import upgrade

    database = Database(_engine(location))
    upgrade(database)
    return database


def upsert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert into ``table`` that may say ``on_conflict_…``, in a dialect by its name."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _engine(location: Path | str) -> Engine:
    """An SQLAlchemy engine with our settings, of whichever database the location names.

    Bound values stay out of its errors, and so out of logs: stored answers are among them.
    """
    if isinstance(location, str) and "://" in location and not location.startswith("sqlite"):
        return create_engine(location, pool_size=16, max_overflow=-1, hide_parameters=True)
    return sqlite_engine(location if isinstance(location, str) else f"sqlite:///{location}")

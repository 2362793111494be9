"""Jobs: a file's rows, answered part by part, each part paid for exactly once.

A job is ``ready`` when its file was read, ``queued`` once it is started, ``running`` while a runner holds
its lease, and ends as ``done``, ``failed`` or ``cancelled``, of which the last two can be resumed;
``deleted`` is what remains of one whose files are gone. A part's charge, its history entry and the job's
progress are one transaction, and the part's number is unique within the job: a runner that is killed, or
takes a job over, can never charge a part twice.

What is asked and answered, nothing here knows: ``settings`` and ``report`` are opaque, ids are opaque texts.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct
from sqlalchemy import and_, func, insert, or_, select, update

from leadspro_engine.accounts import history, ledger
from leadspro_engine.accounts.registry import workspace
from leadspro_engine.accounts.schema import JOB_PARTS, JOBS
from leadspro_engine.errors import InvalidInput, NotFound, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

    from leadspro_engine.accounts.callers import Caller
    from leadspro_engine.accounts.database import Database
    from leadspro_engine.accounts.month import Clock
    from leadspro_engine.accounts.plans import Plans

JobStatus = Literal["ready", "queued", "running", "done", "failed", "cancelled", "deleted"]
OPEN: tuple[JobStatus, ...] = ("ready", "queued", "running")
"""Statuses of jobs that are not over."""

RESUMABLE: tuple[JobStatus, ...] = ("cancelled", "failed")
"""Statuses of jobs that are over and can be taken up again."""

MOST_OPEN = 20
"""Jobs of one workspace that may be open at once: what one key can fill the disk with."""

LEASE = dt.timedelta(minutes=2)
"""How long a runner that fell silent keeps a job; each part takes seconds and renews it."""

ENDPOINT = "job"
"""What the history calls a part of a job."""


def new_id() -> str:
    """An id for a job."""
    return f"job_{secrets.token_hex(8)}"


class JobState(Struct, frozen=True, kw_only=True):
    """What a job's owner is told of it.

    Attributes:
        rows: of the file; ``done`` of them are answered.
        quota_exceeded: rows that matched when no credit was left.
        problem: why it failed.
    """

    id: str
    name: str
    status: JobStatus
    rows: int
    done: int
    matched: int
    no_match: int
    invalid: int
    quota_exceeded: int
    credits: int
    dataset_version: str | None
    problem: str | None
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None


class Job(JobState, frozen=True, kw_only=True):
    """One job.

    Attributes:
        number: counts the jobs of the installation; pages of jobs go by it.
        settings: how the rows are asked, as the runner understands it.
        report: what reading the file showed.
        parts: into how many parts the rows are cut.
    """

    number: int
    workspace_id: str
    key_id: str
    settings: bytes
    report: bytes
    parts: int

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status not in OPEN


class Part(Struct, frozen=True):
    """What answering one part gave.

    Attributes:
        ids: of the people who matched, in the order of their rows; the first ones are paid for.
    """

    number: int
    rows: int
    no_match: int
    invalid: int
    ids: Sequence[str]
    dataset_version: str


class Jobs:
    """Jobs of one installation, with the database and the clock bound."""

    def __init__(self, database: Database, clock: Clock, plans: Plans) -> None:
        self._database = database
        self._clock = clock
        self._plans = plans

    def create(  # noqa: PLR0913 - one value for each column of the job
        self, caller: Caller, job_id: str, *, name: str, settings: bytes, report: bytes, rows: int, parts: int
    ) -> Job:
        """A job that is ready to be started, under an id of ``new_id``, where its files lie already.

        Raises:
            InvalidInput: the workspace has as many open jobs as it may have.
        """

        def work(con: Connection) -> Job:
            _expect_room(con, caller.workspace.id)
            told = {"name": name, "settings": settings, "report": report, "rows": rows, "parts": parts}
            counts = dict.fromkeys(("done", "matched", "no_match", "invalid", "quota_exceeded", "credits"), 0)
            state = {"status": "ready", "created_at": self._clock()}
            whose = {"id": job_id, "workspace_id": caller.workspace.id, "key_id": caller.key.id}
            con.execute(insert(JOBS).values(whose | told | counts | state))
            return _get(con, caller.workspace.id, job_id)

        return self._database.write(work)

    def get(self, caller: Caller, job_id: str) -> Job:
        """One job of the caller's workspace.

        Raises:
            NotFound: the workspace has no such job.
        """
        with self._database.read() as con:
            return _get(con, caller.workspace.id, job_id)

    def listed(
        self, caller: Caller, *, limit: int, before: int | None = None, status: JobStatus | None = None
    ) -> list[Job]:
        """The workspace's newest jobs, or those before a number; deleted ones only when asked for."""
        query = select(JOBS).where(JOBS.c.workspace_id == caller.workspace.id)
        query = query.where(JOBS.c.status != "deleted" if status is None else JOBS.c.status == status)
        if before is not None:
            query = query.where(JOBS.c.number < before)
        with self._database.read() as con:
            return [_job(row) for row in con.execute(query.order_by(JOBS.c.number.desc()).limit(limit))]

    def change(self, caller: Caller, job_id: str, *, settings: bytes, report: bytes) -> Job:
        """The job with other settings and the report that follows from them.

        Raises:
            InvalidInput: it was started already.
            NotFound: the workspace has no such job.
        """
        return self._move(caller, job_id, ("ready",), {"settings": settings, "report": report})

    def start(self, caller: Caller, job_id: str) -> Job:
        """The job, in the queue; one that was started before stays as it is.

        Raises:
            InvalidInput: it was cancelled before it was started, or deleted.
            NotFound: the workspace has no such job.
        """
        if (job := self.get(caller, job_id)).started_at is not None and job.status != "deleted":
            return job
        return self._move(caller, job_id, ("ready",), {"status": "queued", "started_at": self._clock()})

    def resume(self, caller: Caller, job_id: str) -> Job:
        """A cancelled or failed job as it was before: in the queue, or ready when it was never started.

        Parts that are paid for stay so, the others are answered. One that is not over stays as it is.

        Raises:
            InvalidInput: it is done or deleted, or the workspace has as many open jobs as it may have.
            NotFound: the workspace has no such job.
        """

        def work(con: Connection) -> Job:
            job = _get(con, caller.workspace.id, job_id)
            if not job.over:
                return job
            if job.status not in RESUMABLE:
                raise InvalidInput("id", job_id, f"a job that is {' or '.join(RESUMABLE)}, not {job.status}")
            _expect_room(con, caller.workspace.id)
            status = "ready" if job.started_at is None else "queued"
            again = {"status": status, "problem": None, "finished_at": None}
            con.execute(update(JOBS).where(JOBS.c.id == job.id).values(again))
            return _get(con, caller.workspace.id, job_id)

        return self._database.write(work)

    def end(self, caller: Caller, job_id: str, *, keep_finished: bool = False) -> Job:
        """An open job, cancelled, or one that is over, deleted; its caller removes its files then.

        Args:
            caller: who ends it.
            job_id: which.
            keep_finished: leave one that is over as it is: whoever cancels may be late.

        Raises:
            NotFound: the workspace has no such job.
        """

        def work(con: Connection) -> Job:
            job = _get(con, caller.workspace.id, job_id)
            if job.over and keep_finished:
                return job
            changes = {"status": "deleted"} if job.over else {"status": "cancelled", **self._ended()}
            con.execute(update(JOBS).where(JOBS.c.id == job.id).values(changes))
            return _get(con, caller.workspace.id, job_id)

        return self._database.write(work)

    def paid(self, job_id: str) -> dict[int, int]:
        """How many matches of each answered part are paid for."""
        query = select(JOB_PARTS.c.part, JOB_PARTS.c.paid).where(JOB_PARTS.c.job_id == job_id)
        with self._database.read() as con:
            return {row.part: row.paid for row in con.execute(query)}

    # what a runner does

    def lease(self, holder: str, here: Callable[[str], bool]) -> Job | None:
        """The job that waited longest for its next part, held for ``LEASE``; None when there is none.

        Args:
            holder: the runner's name; jobs that it held before it was killed are its own again at once.
            here: whether the files of a job, by its id, are on this machine.
        """

        def work(con: Connection) -> Job | None:
            now = self._clock()
            free = or_(
                JOBS.c.lease_holder.is_(None), JOBS.c.lease_holder == holder, JOBS.c.lease_until <= now
            )
            query = select(JOBS).where(JOBS.c.status.in_(("queued", "running")), free)
            oldest = query.order_by(JOBS.c.lease_until.asc().nulls_first(), JOBS.c.number)
            for row in con.execute(oldest.with_for_update(skip_locked=True)):
                if here(row.id):
                    held = {"status": "running", "lease_holder": holder, "lease_until": now + LEASE}
                    con.execute(update(JOBS).where(JOBS.c.id == row.id).values(held))
                    return _job(row)
            return None

        return self._database.write(work)

    def settle(self, holder: str, job: Job, part: Part) -> int:
        """Charge for the matches of a part and keep the record of it; returns how many are paid for.

        A part that was settled before is charged nothing; what was paid for it then is returned.

        Raises:
            Unavailable: the job is not this runner's any more, or was cancelled; nothing was charged.
        """

        def work(con: Connection) -> int:
            before = con.execute(select(JOB_PARTS.c.paid).where(_part(job, part))).scalar_one_or_none()
            if before is not None:
                return int(before)
            now = self._clock()
            mine = (JOBS.c.id == job.id, JOBS.c.lease_holder == holder, JOBS.c.status == "running")
            if not con.execute(update(JOBS).where(*mine).values(lease_until=now + LEASE)).rowcount:
                raise Unavailable(f"Job {job.id}")
            request_id = f"{job.id}.{part.number}"
            limit = self._plans.named(workspace(con, job.workspace_id).plan).monthly_credits
            paid, _ = ledger.charge(
                con, job.workspace_id, len(part.ids), limit=limit, request_id=request_id, now=now
            )
            history.add(con, job.workspace_id, _entry(job, part, request_id, paid, now))
            con.execute(insert(JOB_PARTS).values(job_id=job.id, part=part.number, paid=paid))
            con.execute(update(JOBS).where(JOBS.c.id == job.id).values(_progress(part, paid)))
            return paid

        return self._database.write(work)

    def finish(self, holder: str, job: Job, *, problem: str | None = None) -> None:
        """End a job: done, or failed when there is a problem; nothing if it is not this runner's any more."""
        mine = (JOBS.c.id == job.id, JOBS.c.lease_holder == holder, JOBS.c.status == "running")
        ended = {"status": "done" if problem is None else "failed", "problem": problem, **self._ended()}
        self._database.write(lambda con: con.execute(update(JOBS).where(*mine).values(ended)).rowcount)

    def expire(self, kept: Mapping[str, dt.timedelta]) -> list[str]:
        """Delete jobs that are older than their plan keeps them; returns the ids whose files must go.

        Args:
            kept: for how long each workspace, by its id, keeps jobs.
        """

        def work(con: Connection) -> list[str]:
            now = self._clock()
            query = select(JOBS.c.id, JOBS.c.workspace_id, JOBS.c.created_at).where(
                JOBS.c.status != "deleted"
            )
            old = [
                row.id for row in con.execute(query).all() if row.created_at < now - kept[row.workspace_id]
            ]
            con.execute(update(JOBS).where(JOBS.c.id.in_(old)).values(status="deleted", **self._ended()))
            return old

        return self._database.write(work)

    def _move(
        self, caller: Caller, job_id: str, statuses: tuple[JobStatus, ...], changes: dict[str, Any]
    ) -> Job:
        """Change a job that has one of these statuses."""

        def work(con: Connection) -> Job:
            job = _get(con, caller.workspace.id, job_id)
            if job.status not in statuses:
                raise InvalidInput("id", job_id, f"a job that is {' or '.join(statuses)}, not {job.status}")
            con.execute(update(JOBS).where(JOBS.c.id == job.id).values(changes))
            return _get(con, caller.workspace.id, job_id)

        return self._database.write(work)

    def _ended(self) -> dict[str, Any]:
        """What is set when a job ends."""
        return {"finished_at": self._clock(), "lease_holder": None, "lease_until": None}


def _expect_room(con: Connection, workspace_id: str) -> None:
    """Return when the workspace may have another open job."""
    mine = and_(JOBS.c.workspace_id == workspace_id, JOBS.c.status.in_(OPEN))
    count = con.execute(select(func.count()).select_from(JOBS).where(mine)).scalar_one()
    if count >= MOST_OPEN:
        raise InvalidInput("query", f"job {count + 1}", f"at most {MOST_OPEN} open jobs; delete one")


def _entry(job: Job, part: Part, request_id: str, paid: int, now: dt.datetime) -> history.Entry:
    """The history entry of one part."""
    return history.Entry(
        request_id=request_id,
        key_id=job.key_id,
        endpoint=ENDPOINT,
        status=200,
        code=None,
        credits=paid,
        dataset_version=part.dataset_version,
        ids=tuple(part.ids[:paid]),
        duration_ms=0,
        created_at=now,
    )


def _progress(part: Part, paid: int) -> dict[str, Any]:
    """How the counts of a job move with one part."""
    added = {
        "done": part.rows,
        "matched": paid,
        "no_match": part.no_match,
        "invalid": part.invalid,
        "quota_exceeded": len(part.ids) - paid,
        "credits": paid,
    }
    sums = {name: JOBS.c[name] + count for name, count in added.items()}
    return {**sums, "dataset_version": part.dataset_version}


def _part(job: Job, part: Part) -> ColumnElement[bool]:
    """The condition that selects a part of a job."""
    return and_(JOB_PARTS.c.job_id == job.id, JOB_PARTS.c.part == part.number)


def _get(con: Connection, workspace_id: str, job_id: str) -> Job:
    """One job of a workspace, or NotFound."""
    mine = (JOBS.c.workspace_id == workspace_id, JOBS.c.id == job_id)
    row = con.execute(select(JOBS).where(*mine)).one_or_none()
    if row is None:
        raise NotFound("job", job_id)
    return _job(row)


def _job(row: Row[Any]) -> Job:
    """A row of the table as a value."""
    return Job(**{name: getattr(row, name) for name in Job.__struct_fields__})

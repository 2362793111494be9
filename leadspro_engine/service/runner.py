"""Works off jobs in the background, one part at a time, and clears away what is kept no longer.

One runner works in a data folder: it holds a lock on a file, which the system lets go when it dies, however
it dies. A part's answers are on disk before its charge is committed, so what is paid for is always there; a
part that was cut short is answered again and charged once. Jobs take turns, a part each.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import logging
import secrets
import time
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from leadspro_engine.accounts import Part
from leadspro_engine.errors import LeadsProError, Unavailable
from leadspro_engine.records import Suppressions
from leadspro_engine.service.job_files import JobFiles
from leadspro_engine.service.jobs import answers, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

    from leadspro_engine.accounts import Accounts, Job
    from leadspro_engine.privacy import SuppressionList
    from leadspro_engine.service.published import Published

_LOG = logging.getLogger("leadspro.runner")
LOCK = "runner.lock"
IDLE_S = 0.5
"""Between two looks for a job when there is none."""

PURGE_EVERY_S = 3600.0
_STALE = dt.timedelta(days=1)  # uploads whose request died


class Purged(Struct, frozen=True):
    """What was cleared away: entries and stored answers forgotten, jobs deleted with their files."""

    records: int
    jobs: int


def purge(home: Path, accounts: Accounts) -> Purged:
    """Clear away what plans keep no longer, stored answers past their day, and stale uploads."""
    files = JobFiles(home)
    records, jobs = accounts.purge(), accounts.expire_jobs()
    for job_id in jobs:
        files.remove(job_id)
    files.remove_stale((accounts.now() - _STALE).timestamp())
    return Purged(records, len(jobs))


class Runner:
    """Works in one data folder; make one a process, and ``hold`` it before use."""

    def __init__(
        self, home: Path, accounts: Accounts, suppressions: SuppressionList, published: Published
    ) -> None:
        self._home = home
        self._accounts = accounts
        self._suppressions = suppressions
        self._published = published
        self._files = JobFiles(home)
        self._lock: BinaryIO = (home / LOCK).open("a+b")
        self._name = ""

    def hold(self) -> bool:
        """Become the runner of the data folder; False while another process is."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self._name = self._own_name()
        return True

    def run(self, stopping: Callable[[], bool]) -> None:
        """Work until told to stop; a part that has begun is finished first."""
        purge_at = time.monotonic()
        while not stopping():
            if time.monotonic() >= purge_at:
                purge(self._home, self._accounts)
                purge_at = time.monotonic() + PURGE_EVERY_S
            if not self.step():
                time.sleep(IDLE_S)

    def step(self) -> bool:
        """Answer the next part of the job that waited longest; False when there is nothing to do."""
        if self._published.current() is None:
            return False
        job = self._accounts.jobs.lease(self._name, self._files.here)
        if job is None:
            return False
        try:
            self._next_part(job)
        except Unavailable as error:
            _LOG.warning("job %s: %s", job.id, error)
            time.sleep(IDLE_S)
        except (LeadsProError, OSError) as error:
            _LOG.exception("job %s failed", job.id)
            self._accounts.jobs.finish(self._name, job, problem=str(error))
        return True

    def close(self) -> None:
        """Let another process be the runner."""
        self._lock.close()

    def _next_part(self, job: Job) -> None:
        """Answer the first part that is not paid for, or end the job."""
        settled = self._accounts.jobs.paid(job.id)
        number = next((one for one in range(job.parts) if one not in settled), None)
        if number is None:
            self._accounts.jobs.finish(self._name, job)
            return
        gained, version = self._answer(job, number)
        self._files.answer(job.id, number, gained)
        status = gained["lp_status"]
        part = Part(
            number=number,
            rows=gained.height,
            no_match=int((status == "no_match").sum()),
            invalid=int((status == "invalid").sum()),
            ids=gained.filter(status == "matched")["lp_id"].to_list(),
            dataset_version=version,
        )
        self._accounts.jobs.settle(self._name, job, part)

    def _answer(self, job: Job, number: int) -> tuple[pl.DataFrame, str]:
        """The new columns of a part, and the dataset they come from."""
        engine = self._published.current()
        assert engine is not None
        hiding = engine.hiding(Suppressions(self._suppressions.hashes()))
        return answers(hiding, self._files.part(job.id, number), settings_of(job)), engine.version

    def _own_name(self) -> str:
        """The name under which the runners of this data folder hold jobs, one after the other."""
        self._lock.seek(0)
        if not (name := self._lock.read().decode()):
            name = f"runner_{secrets.token_hex(8)}"
            self._lock.write(name.encode())
            self._lock.flush()
        return name

"""Every error that the engine raises on purpose.

One base class, one stable ``code`` a class, and the facts of the failure as attributes from which the
message is made. A message says what was given, what is accepted and what to do next. Nothing here knows
HTTP: the table from ``code`` to status lives in ``leadspro_engine.api``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class LeadsProError(Exception):
    """The base of every error raised on purpose.

    Attributes:
        code: stable, machine readable name of the kind of failure.
    """

    code: ClassVar[str] = "internal_error"


class InvalidInput(LeadsProError):
    """A value that a caller gave cannot be used.

    Attributes:
        field: path of the offending field as a JSON pointer (``/items/3/email``), or a plain name.
        given: the value as it was given, shortened in the message.
        accepted: what would have been accepted, in words.
    """

    code = "invalid_input"

    def __init__(self, field: str, given: object, accepted: str) -> None:
        self.field = field
        self.given = given
        self.accepted = accepted
        super().__init__(f"{field}: {_shown(given)} is not accepted; give {accepted}.")


class SourceError(LeadsProError):
    """A source declaration or a source file cannot be used.

    Attributes:
        source: the name of the source, or the path when it has no name yet.
    """

    code = "source_error"

    def __init__(self, source: str, problem: str, remedy: str) -> None:
        self.source = source
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"source {source}: {problem}. {remedy}")


class DatasetMissing(LeadsProError):
    """There is no published snapshot where one was looked for.

    Attributes:
        path: the folder that was looked into.
    """

    code = "dataset_missing"

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"{path}: no published snapshot here. Run `leadspro refresh` first, or name another folder."
        )


class DatasetCorrupt(LeadsProError):
    """A file of a snapshot is not what its manifest says.

    Attributes:
        path: the file.
        problem: what differs.
    """

    code = "dataset_corrupt"

    def __init__(self, path: Path, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(
            f"{path}: {problem}. Go back with `leadspro snapshots rollback`, or run `leadspro refresh`."
        )


class RefreshInProgress(LeadsProError):
    """Another refresh holds the lock of this data folder.

    Attributes:
        home: the data folder.
        holder: what the lock file says of its holder.
    """

    code = "refresh_in_progress"

    def __init__(self, home: Path, holder: str) -> None:
        self.home = home
        self.holder = holder
        super().__init__(
            f"{home}: another refresh is running ({holder}). Wait for it to end, then try again."
        )


class ChecksFailed(LeadsProError):
    """A new dataset failed a blocking check and was not published.

    Attributes:
        failures: one sentence a failed check.
    """

    code = "checks_failed"

    def __init__(self, failures: Sequence[str]) -> None:
        self.failures = tuple(failures)
        super().__init__(f"the new dataset was not published, the current one stays: {'; '.join(failures)}.")


class SqlStepFailed(LeadsProError):
    """A named SQL step failed; carries the step's name and its whole text.

    Attributes:
        step: name of the step.
        text: the SQL as it was sent.
    """

    code = "sql_step_failed"

    def __init__(self, step: str, text: str, reason: str) -> None:
        self.step = step
        self.text = text
        self.reason = reason
        super().__init__(f"SQL step {step!r} failed: {reason}\n--- {step} ---\n{text}")


class Unauthorized(LeadsProError):
    """No API key was given, or the one given is not valid; which of these is not told."""

    code = "unauthorized"

    def __init__(self) -> None:
        super().__init__(
            "Missing or invalid API key. Send `Authorization: Bearer <key>` or `x-api-key: <key>`, "
            "with a key that is neither revoked nor expired."
        )


class InsufficientScope(LeadsProError):
    """The key is valid, and may not do this.

    Attributes:
        scope: what the endpoint asks for.
        held: the scopes of the key.
    """

    code = "insufficient_scope"

    def __init__(self, scope: str, held: Sequence[str]) -> None:
        self.scope = scope
        self.held = tuple(held)
        super().__init__(f"This needs the scope {scope!r}; the key has {', '.join(held) or 'none'}.")


class QuotaExceeded(LeadsProError):
    """No credit of the month is left.

    Attributes:
        limit: credits of the month.
        resets_at: when the next month's credits come, ISO 8601 in UTC.
    """

    code = "quota_exceeded"

    def __init__(self, limit: int, resets_at: str) -> None:
        self.limit = limit
        self.resets_at = resets_at
        super().__init__(f"All {limit} credits of this month are used. The next ones come at {resets_at}.")


class BatchNotAvailable(LeadsProError):
    """The plan of the workspace has no batches.

    Attributes:
        plan: name of the plan.
    """

    code = "batch_not_available"

    def __init__(self, plan: str) -> None:
        self.plan = plan
        super().__init__(f"Batches are not available on the plan {plan!r}. Ask one by one.")


class RateLimited(LeadsProError):
    """The key made as many requests as its plan allows in one minute.

    Attributes:
        limit: requests a minute.
        retry_after_s: seconds until the next request is allowed.
    """

    code = "rate_limited"

    def __init__(self, limit: int, retry_after_s: int) -> None:
        self.limit = limit
        self.retry_after_s = retry_after_s
        super().__init__(f"This key may make {limit} requests a minute. Try again in {retry_after_s} s.")


class NoMatch(LeadsProError):
    """No record matches the query.

    Attributes:
        nearest: what can be told of who came near, when reasons were asked for.
    """

    code = "no_match"

    def __init__(self, nearest: Sequence[object] | None = None) -> None:
        self.nearest = nearest
        super().__init__("No enrichment record matched the input. Nothing was charged.")


class NotFound(LeadsProError):
    """There is nothing of that kind under that id, or it belongs to somebody else; which is not told.

    Attributes:
        kind: what was looked for.
        given: the id.
    """

    code = "not_found"

    def __init__(self, kind: str, given: str) -> None:
        self.kind = kind
        self.given = given
        super().__init__(f"There is no {kind} {_shown(given)}.")


class IdempotencyInProgress(LeadsProError):
    """The first request with this idempotency key is still running."""

    code = "idempotency_in_progress"

    def __init__(self) -> None:
        super().__init__("The first request with this Idempotency-Key is still running. Try again soon.")


class IdempotencyMismatch(LeadsProError):
    """An idempotency key came again with another request."""

    code = "idempotency_mismatch"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key came with another request before. Send a new one.")


class JobNotFinished(LeadsProError):
    """A job's result was asked for before there is one.

    Attributes:
        status: of the job.
    """

    code = "job_not_finished"

    def __init__(self, job_id: str, status: str) -> None:
        self.job_id = job_id
        self.status = status
        super().__init__(f"The job {job_id} is {status}; its result is there once it is done or cancelled.")


class Unavailable(LeadsProError):
    """Something that an answer needs cannot be reached now, and may be again soon.

    Attributes:
        what: the missing part.
    """

    code = "unavailable"

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"{what} cannot be reached at present. Try again in a few seconds.")


class QueryStopped(LeadsProError):
    """An analyst's query reached the limit of its time or memory and was stopped; nothing of it is left.

    Attributes:
        limit: the limit that was reached, in words.
    """

    code = "query_stopped"

    def __init__(self, limit: str) -> None:
        self.limit = limit
        super().__init__(f"The query was stopped at its limit of {limit}. Ask for less, or raise the limit.")


class CursorExpired(LeadsProError):
    """A search cursor was made on another version of the dataset.

    Attributes:
        made_on: the version it was made on.
        current: the version that is searched now.
    """

    code = "cursor_expired"

    def __init__(self, made_on: str, current: str) -> None:
        self.made_on = made_on
        self.current = current
        super().__init__(
            f"/cursor: made on dataset {made_on}, which is no longer searched (now {current}). "
            "Begin the search anew, without a cursor."
        )


def _shown(value: object, limit: int = 80) -> str:
    """The value as it appears in a message: its repr, cut to ``limit`` characters."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"

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


def _shown(value: object, limit: int = 80) -> str:
    """The value as it appears in a message: its repr, cut to ``limit`` characters."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"

"""What callers get of jobs."""

from __future__ import annotations

from msgspec import Struct

from leadspro_engine.accounts import JobState
from leadspro_engine.records import Likelihood  # noqa: TC001 - msgspec reads the annotations
from leadspro_engine.service.answers import AnswerMeta  # noqa: TC001 - msgspec reads the annotations
from leadspro_engine.service.job_files import RejectView  # noqa: TC001 - msgspec reads the annotations


class JobView(JobState, frozen=True, kw_only=True):
    """A job and how far it is: ``progress`` is the share of rows that are answered, in [0, 1].

    ``quota_exceeded`` rows matched when no credit was left; they are not shown and cost nothing.
    """

    progress: float


class JobColumn(Struct, frozen=True, kw_only=True):
    """A column of the file and the field of a query that it is taken for; null when it is not asked by."""

    column: str
    field: str | None
    examples: list[str]


class JobSample(Struct, frozen=True, kw_only=True):
    """What the dry run found: rows drawn from the whole file, answered for nothing."""

    rows: int
    matched: int
    match_rate: float


class JobReport(Struct, frozen=True, kw_only=True):
    """What is known of the file: its columns, rows that ask the same, rows that cannot be read, a dry run."""

    rows: int
    columns: list[JobColumn]
    min_likelihood: Likelihood
    duplicates: int
    rejected: int
    rejects: list[RejectView]
    sample: JobSample


class JobCredits(Struct, frozen=True, kw_only=True):
    """What the rows that are not answered yet will cost, going by the sample, and what the workspace has."""

    expected: int
    at_most: int
    remaining: int


class JobResponse(Struct, frozen=True, kw_only=True):
    """One job."""

    job: JobView
    report: JobReport
    credits: JobCredits
    meta: AnswerMeta


class JobsResponse(Struct, frozen=True, kw_only=True):
    """Jobs, the newest first."""

    results: list[JobView]
    next_cursor: str | None
    meta: AnswerMeta

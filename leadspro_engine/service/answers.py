"""What callers get: the typed answer of each endpoint, always with ``meta``; missing is null, not absent."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
from typing import Annotated, Any, Literal

from msgspec import Meta, Raw, Struct

from leadspro_engine.accounts import DayCount, Entry  # noqa: TC001 - msgspec reads the annotations
from leadspro_engine.normalize.note import Note  # noqa: TC001 - msgspec reads the annotations
from leadspro_engine.privacy import Suppression  # noqa: TC001 - msgspec reads the annotations
from leadspro_engine.records import (  # noqa: TC001 - msgspec reads the annotations
    Company,
    CompanyResult,
    Facets,
    IdentifiedPerson,
    ItemError,
    Lineage,
    Match,
    NearMiss,
    Person,
    PersonResult,
    Total,
    ValueCount,
)
from leadspro_engine.search import Part  # noqa: TC001 - msgspec reads the annotations

Change = Literal["same", "changed", "merged", "gone"]
"""What became of a person since an earlier dataset."""


class AnswerMeta(Struct, frozen=True):
    """What every answer says of itself; ``credits_remaining`` is null for a caller without a key."""

    request_id: str
    credits_used: int
    credits_remaining: int | None
    dataset_version: str | None


class EnrichResponse(Struct, frozen=True, kw_only=True):
    """The person who was asked for, with their company and why it is them.

    A preview has neither, and tells in ``available`` for each field whether there is a value. ``lineage`` is
    there with ``explain``: for each field what every source record says, losing values with the reason.
    """

    person: Person | None
    company: Company | None
    match: Match
    lineage: Lineage | None = None
    available: dict[str, bool] | None = None
    meta: AnswerMeta


class IdentifyResponse(Struct, frozen=True, kw_only=True):
    """Everybody who may be meant, the likeliest first; ``score`` is in bits."""

    candidates: list[IdentifiedPerson]
    meta: AnswerMeta


class BatchResult(Struct, frozen=True, kw_only=True):
    """The answer to one item, at the place where it stood."""

    index: int
    id: str | int | None
    metadata: Annotated[Raw, Meta(extra_json_schema={"description": "As it came."})] | None
    status: Literal["matched", "no_match", "invalid", "quota_exceeded"]
    person: Person | None = None
    company: Company | None = None
    match: Match | None = None
    available: dict[str, bool] | None = None
    nearest: list[NearMiss] | None = None
    lineage: Lineage | None = None
    error: ItemError | None = None
    credits_used: int = 0


class BatchSummary(Struct, frozen=True, kw_only=True):
    """How many items came out how."""

    items: int
    matched: int
    no_match: int
    invalid: int
    quota_exceeded: int
    credits_used: int


class BatchResponse(Struct, frozen=True, kw_only=True):
    """One result for each item, in the order sent."""

    results: list[BatchResult]
    summary: BatchSummary
    meta: AnswerMeta


class PeopleResponse(Struct, frozen=True, kw_only=True):
    """A page of people. ``limited_by_credits`` says that the page is shorter because credits ran out."""

    results: list[PersonResult]
    total: Total
    next_cursor: str | None
    facets: Facets | None
    limited_by_credits: bool
    meta: AnswerMeta


class CompaniesResponse(Struct, frozen=True, kw_only=True):
    """A page of companies."""

    results: list[CompanyResult]
    total: Total
    next_cursor: str | None
    facets: Facets | None
    meta: AnswerMeta


class AutocompleteResponse(Struct, frozen=True, kw_only=True):
    """Values that begin so, the commonest first, each with the number of records that have it."""

    results: list[ValueCount]
    meta: AnswerMeta


class UnderstandResponse(Struct, frozen=True, kw_only=True):
    """The filters that a text asks for, to be searched with, and what each of its words was taken for."""

    filters: dict[str, list[str]]
    parts: list[Part]
    meta: AnswerMeta


class PlanView(Struct, frozen=True, kw_only=True):
    """What the workspace's plan allows."""

    name: str
    monthly_credits: int
    requests_per_minute: int
    batch: bool
    batch_size: int
    job_rows: int
    history_days: int


class WorkspaceView(Struct, frozen=True, kw_only=True):
    """The workspace that the key belongs to."""

    id: str
    name: str
    plan: PlanView
    created_at: dt.datetime


class KeyView(Struct, frozen=True, kw_only=True):
    """A key as lists show it; ``hint`` is its first and last characters."""

    id: str
    name: str
    mode: Literal["live", "test", "demo"]
    hint: str
    scopes: list[str]
    status: Literal["active", "expired", "revoked"]
    created_at: dt.datetime
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None
    last_used_at: dt.datetime | None


class CreditsView(Struct, frozen=True, kw_only=True):
    """Credits of the present calendar month in UTC."""

    month: str
    limit: int
    used: int
    remaining: int
    resets_at: dt.datetime


class RateLimitView(Struct, frozen=True, kw_only=True):
    """Requests of the present minute, of this key."""

    limit: int
    remaining: int
    window_s: int
    resets_at: dt.datetime


class MeResponse(Struct, frozen=True, kw_only=True):
    """Who the key belongs to and what it may do."""

    workspace: WorkspaceView
    key: KeyView
    credits: CreditsView
    rate_limit: RateLimitView
    meta: AnswerMeta


class UsageTotals(Struct, frozen=True, kw_only=True):
    """All requests of the month."""

    requests: int
    credits: int
    by_endpoint: dict[str, int]
    by_key: dict[str, int]
    by_status: dict[str, int]


class UsageResponse(Struct, frozen=True, kw_only=True):
    """What the workspace used in a month: totals, and the counts of each day by endpoint, key and status.

    ``credits`` and ``rate_limit`` are as they stand now, whatever month is asked for.
    """

    month: str
    credits: CreditsView
    rate_limit: RateLimitView
    totals: UsageTotals
    daily: list[DayCount]
    meta: AnswerMeta


class HistoryResponse(Struct, frozen=True, kw_only=True):
    """Requests, the newest first."""

    results: list[Entry]
    next_cursor: str | None
    meta: AnswerMeta


class HistoryEntryResponse(Struct, frozen=True, kw_only=True):
    """One request."""

    request: Entry
    meta: AnswerMeta


class FieldChange(Struct, frozen=True, kw_only=True):
    """A field of an answer that has another value than in the dataset of the request."""

    field: str
    then: Any
    now: Any


class ReplayResult(Struct, frozen=True, kw_only=True):
    """One person whom a request showed; null when the present dataset has them no more.

    ``merged`` says that their records belong to the person shown here, who has another id. ``change`` and
    ``changes`` are null where the dataset of the request is not kept any more, so that nobody can tell.
    """

    id: str
    person: Person | None
    company: Company | None
    change: Change | None
    changes: list[FieldChange] | None


class ReplayResponse(Struct, frozen=True, kw_only=True):
    """The people whom a request showed, as the present dataset has them, in the order of its answer.

    ``compared_with`` is the dataset of the request; null when it is not kept any more.
    """

    request: Entry
    results: list[ReplayResult]
    compared_with: str | None
    meta: AnswerMeta


class Normalized(Struct, frozen=True, kw_only=True):
    """What one value becomes: null when nothing meaningful is in it. ``notes`` say why."""

    field: str
    input: str
    value: dict[str, Any] | None
    notes: list[Note]


class NormalizeResponse(Struct, frozen=True, kw_only=True):
    """Each value given, field by field."""

    results: list[Normalized]
    meta: AnswerMeta


class Disclosure(Struct, frozen=True, kw_only=True):
    """One request, or one part of a job, that showed a person."""

    person_ids: list[str]
    request_id: str
    job_id: str | None
    key_id: str
    endpoint: str
    dataset_version: str | None
    created_at: dt.datetime


class DisclosuresResponse(Struct, frozen=True, kw_only=True):
    """Who received a person, the newest first; ``person_ids`` are those whom the identifier led to."""

    person_ids: list[str]
    results: list[Disclosure]
    next_cursor: str | None
    meta: AnswerMeta


class KeysResponse(Struct, frozen=True, kw_only=True):
    """Every key of the workspace, the newest first."""

    keys: list[KeyView]
    meta: AnswerMeta


class KeyResponse(Struct, frozen=True, kw_only=True):
    """One key."""

    key: KeyView
    meta: AnswerMeta


class NewKeyResponse(Struct, frozen=True, kw_only=True):
    """A key just made. ``token`` is its text: it is shown this once, and cannot be shown again."""

    key: KeyView
    token: str
    meta: AnswerMeta


class SuppressionResponse(Struct, frozen=True, kw_only=True):
    """An identifier that is not shown any more, as its hash."""

    suppression: Suppression
    meta: AnswerMeta


class SourceView(Struct, frozen=True, kw_only=True):
    """One source of the snapshot: its name, what its rows are, and how many it had. No file, no column."""

    source: str
    record: str
    rows: int


class DatasetView(Struct, frozen=True, kw_only=True):
    """The published snapshot that answers come from."""

    version: str
    published_at: dt.datetime
    counts: dict[str, int]
    sources: list[SourceView]


class HealthResponse(Struct, frozen=True, kw_only=True):
    """Whether the service can answer: ``degraded`` means that there is no dataset to answer from."""

    status: Literal["ok", "degraded"]
    service: str
    version: str
    features: dict[str, bool]
    dataset: DatasetView | None
    meta: AnswerMeta

"""What callers send: the typed request of each endpoint; decoding, OpenAPI and docs are made from it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from leadspro_engine.accounts import JobStatus, Scope  # noqa: TC001 - msgspec reads the annotations
from leadspro_engine.errors import InvalidInput
from leadspro_engine.privacy import Kind  # noqa: TC001 - msgspec reads the annotations
from leadspro_engine.records import (
    CompanyFilters,
    Likelihood,
    OneOrMany,
    PageSize,
    PeopleFilters,
    PersonQuery,
    Sort,
)

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Required = Annotated[
    list[str], Meta(max_length=20, description="Fields that the person must have, for example `email`.")
]
Fields = Annotated[
    list[str],
    Meta(max_length=100, description="Fields to show, for example `full_name`; all when none is named."),
]
Explain = Annotated[
    bool,
    Meta(
        description="Say what each field spoke for or against, which source records each field of the answer "
        "comes from, and who came near when nobody matches."
    ),
]
Preview = Annotated[bool, Meta(description="For nothing: tell only which fields the answer would have.")]
Cursor = Annotated[str, Meta(max_length=1024, description="The `next_cursor` of the page before.")]

FacetNames = Annotated[
    list[str],
    Meta(max_length=20, description="Fields whose commonest values are counted, for example `country`."),
]

Instant = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$",
        extra_json_schema={"format": "date-time"},
    ),
]
"""As RFC 3339 has it; msgspec's own reading also takes a blank for the T, and lower case."""


def instant(field: str, text: str | None) -> dt.datetime | None:
    """The instant that a field of type ``Instant`` names.

    Raises:
        InvalidInput: it is a day or an hour that there is not.
    """
    try:
        return None if text is None else dt.datetime.fromisoformat(text)
    except ValueError as exc:
        raise InvalidInput(field, text, "an instant such as 2026-01-31T12:00:00Z") from exc


Position = Annotated[str, Meta(pattern="^[0-9]{1,18}$", description="The `next_cursor` of the page before.")]
Region = Annotated[str, Meta(pattern="^[A-Z]{2}$", description="Of a phone number in national form.")]


class Empty(Struct, frozen=True, forbid_unknown_fields=True):
    """A request without parameters."""


class EnrichRequest(PersonQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who is asked for, how sure the answer must be, and what it shows."""

    min_likelihood: Likelihood = 0.5
    required: Required = msgspec.field(default_factory=list)
    fields: Fields = msgspec.field(default_factory=list)
    explain: Explain = False
    preview: Preview = False


class IdentifyRequest(PersonQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who is asked for, and how many of those it may be are wanted."""

    limit: Annotated[int, Meta(ge=1, le=20, description="How many candidates.")] = 5
    explain: Explain = False


class BatchItem(PersonQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One item of a batch: a query, with the caller's own id and metadata, which come back as they are."""

    id: str | int | None = None
    metadata: Raw | None = None


class BatchRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Many queries at once, answered in their order; an item that cannot be read fails alone."""

    items: Annotated[
        list[Annotated[Raw, Meta(extra_json_schema={"$ref": "#/components/schemas/BatchItem"})]],
        Meta(min_length=1, description="The queries; how many, the plan says."),
    ]
    min_likelihood: Likelihood = 0.5
    required: Required = msgspec.field(default_factory=list)
    fields: Fields = msgspec.field(default_factory=list)
    explain: Explain = False
    preview: Preview = False


class SearchPeopleRequest(PeopleFilters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which people are looked for, and which page of them."""

    exclude: PeopleFilters | None = None
    sort: Sort = "relevance"
    limit: PageSize = 10
    cursor: Cursor | None = None
    facets: FacetNames = msgspec.field(default_factory=list)
    fields: Fields = msgspec.field(default_factory=list)


class SearchCompaniesRequest(CompanyFilters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which companies are looked for, and which page of them."""

    exclude: CompanyFilters | None = None
    sort: Sort = "relevance"
    limit: PageSize = 10
    cursor: Cursor | None = None
    facets: FacetNames = msgspec.field(default_factory=list)
    fields: Fields = msgspec.field(default_factory=list)


class AutocompleteRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was typed so far, and of which field."""

    field: Literal["job_title", "company", "skill", "technology", "industry", "city", "region", "country"]
    prefix: Annotated[str, Meta(min_length=1, max_length=100)]
    limit: Annotated[int, Meta(ge=1, le=50, description="How many values.")] = 10


class UnderstandRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A text that says in plain words who is looked for."""

    text: Annotated[str, Meta(min_length=1, max_length=200)]
    kind: Literal["people", "companies"] = "people"


class NormalizeRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Values to be normalized, each field one value or a list; the fields of a place are read together."""

    email: OneOrMany | None = None
    phone: OneOrMany | None = None
    phone_region: Region | None = None
    linkedin: OneOrMany | None = None
    name: OneOrMany | None = None
    company: OneOrMany | None = None
    domain: OneOrMany | None = None
    title: OneOrMany | None = None
    industry: OneOrMany | None = None
    headcount: OneOrMany | None = None
    technology: OneOrMany | None = None
    skill: OneOrMany | None = None
    date: OneOrMany | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    place: Annotated[str, Meta(description="Free text such as `Greater Boston Area`.")] | None = None


class UsageRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Which month is asked for; the present one when none is named."""

    month: Annotated[str, Meta(pattern="^20[0-9]{2}-(0[1-9]|1[0-2])$", description="In UTC.")] | None = None


class HistoryRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which requests are looked for: those that have every value given; and which page of them."""

    endpoint: Annotated[str, Meta(max_length=40, description="For example `enrich`.")] | None = None
    key_id: Annotated[str, Meta(max_length=40)] | None = None
    status: Annotated[int, Meta(ge=100, le=599, description="HTTP status of the answer.")] | None = None
    since: Annotated[Instant, Meta(description="The first instant.")] | None = None
    until: Annotated[Instant, Meta(description="The instant after the last.")] | None = None
    limit: PageSize = 20
    cursor: Position | None = None


class DisclosuresRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which person is asked about, by id or by an identifier; and which page."""

    person_id: Annotated[str, Meta(max_length=100)] | None = None
    email: Annotated[str, Meta(max_length=320)] | None = None
    phone: Annotated[str, Meta(max_length=40)] | None = None
    linkedin: Annotated[str, Meta(max_length=200)] | None = None
    limit: PageSize = 20
    cursor: Position | None = None


class JobRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How an uploaded file is to be asked; given in the query, because the body is the file."""

    name: Name = "upload"
    columns: (
        Annotated[
            str,
            Meta(
                max_length=20_000,
                description='JSON: column -> field, such as `{"E-Mail": "email"}`; guessed when not given.',
            ),
        ]
        | None
    ) = None
    min_likelihood: Likelihood = 0.5
    start: Annotated[bool, Meta(description="Start at once, without a look at the dry run.")] = False


class JobsRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which jobs are looked for, and which page of them."""

    status: JobStatus | None = None
    limit: PageSize = 20
    cursor: Position | None = None


class JobChanges(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to change of a job that is ready; what is absent stays."""

    columns: Annotated[dict[str, str], Meta(description="Column -> field of a query.")] | None = None
    min_likelihood: Likelihood | None = None


class EndJobRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whether a job that is over may be deleted."""

    keep_finished: Annotated[
        bool,
        Meta(
            description="Only cancel: a job that is over, perhaps just now, stays as it is, with its files."
        ),
    ] = False


class JobResultRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """In which form the result is wanted."""

    format: Annotated[
        Literal["csv", "raw", "jsonl"],
        Meta(
            description="`csv`: a cell that a spreadsheet would run begins with an apostrophe; `raw`: CSV "
            "with every cell as it is; `jsonl`: one object a line."
        ),
    ] = "csv"


class KeyRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A key to be made."""

    name: Name
    mode: Literal["live", "test"] = "live"
    scopes: Annotated[list[Scope], Meta(min_length=1)] = msgspec.field(
        default_factory=lambda: ["enrich", "batch", "search", "usage"]
    )
    expires_at: Instant | None = None


class KeyChanges(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to change of a key; what is absent stays."""

    name: Name | UnsetType = UNSET
    scopes: Annotated[list[Scope], Meta(min_length=1)] | UnsetType = UNSET
    expires_at: Instant | UnsetType | None = UNSET


class SuppressionRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An identifier whose owner asked not to be shown."""

    kind: Kind
    value: Annotated[str, Meta(min_length=1, max_length=320)] | None = None
    hash: (
        Annotated[
            str,
            Meta(
                pattern="^[0-9a-f]{64}$",
                description="Instead of `value`: the SHA-256 of `kind:canonical value`, as answers show it.",
            ),
        ]
        | None
    ) = None
    region: Region | None = None
    reason: Annotated[str, Meta(max_length=500)] | None = None


class RotateRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """For how long the old key keeps working beside the new one."""

    overlap_hours: Annotated[int, Meta(ge=0, le=168)] = 24

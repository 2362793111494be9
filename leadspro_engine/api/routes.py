"""The one table of what can be called; routing, OpenAPI, docs, skill files and tests are made from it."""

from __future__ import annotations

import re
from collections.abc import Callable  # noqa: TC003 - msgspec reads the annotations
from functools import cache
from typing import Any, Literal

from msgspec import Struct

from leadspro_engine import service
from leadspro_engine.accounts import Scope  # noqa: TC001 - msgspec reads the annotations
from leadspro_engine.api.problems import MethodNotAllowed
from leadspro_engine.errors import NotFound
from leadspro_engine.service import answers, requests

Method = Literal["GET", "POST", "PATCH", "DELETE"]
Capability = Literal["enrich", "search", "workspace", "keys", "privacy", "service"]

SMALL_BODY = 64 * 1024  # one query with every field as a list
BATCH_BODY = 2 * 1024 * 1024  # a thousand items of 2 KiB
NOTHING = "Free."


class Route(Struct, frozen=True, kw_only=True):
    """One operation.

    Attributes:
        path: with the names of its variable segments in braces.
        operation: its stable name: operationId in OpenAPI, endpoint in the history.
        capability: which skill file describes it.
        scope: what the key must hold; None when no key is asked for.
        price: in words; ``charges`` says whether there is one.
        batch: the plan must have batches.
        request: read from the JSON body of POST and PATCH, from the query of GET and DELETE.
        handler: called with the desk, the request, and the variable segments in order.
        examples: requests by name.
    """

    method: Method
    path: str
    operation: str
    capability: Capability
    summary: str
    description: str
    scope: Scope | None
    request: type[Struct]
    answer: type[Struct]
    handler: Callable[..., service.Offer]
    price: str = NOTHING
    charges: bool = False
    batch: bool = False
    status: int = 200
    max_body: int = SMALL_BODY
    examples: dict[str, dict[str, Any]] = {}

    @property
    def has_body(self) -> bool:
        """Whether the request is the body rather than the query."""
        return self.method in ("POST", "PATCH")

    @property
    def remembered(self) -> bool:
        """Whether the history keeps what was asked: only where that is a question about people."""
        return self.capability in ("enrich", "search")

    @property
    def replayable(self) -> bool:
        """Whether an Idempotency-Key stores the answer: where it charges or creates something.

        Not where the answer is a key's text, which is never stored.
        """
        creates = self.status == 201 and self.answer is not answers.NewKeyResponse
        return self.method == "POST" and (self.charges or creates)


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/health",
        operation="health",
        capability="service",
        summary="Service health",
        description="Version, feature flags, and the dataset that answers come from. Needs no key.",
        scope=None,
        request=requests.Empty,
        answer=answers.HealthResponse,
        handler=service.health,
    ),
    Route(
        method="POST",
        path="/api/v1/enrich",
        operation="enrich",
        capability="enrich",
        summary="Who is this?",
        description=(
            "One person, by e-mail, phone, LinkedIn slug, or name with company or domain, and the company "
            "they work for. Give everything you know: further fields make the match surer, or refuse it."
        ),
        scope="enrich",
        price="1 credit when a person is returned; nothing when nobody matches.",
        charges=True,
        request=requests.EnrichRequest,
        answer=answers.EnrichResponse,
        handler=service.enrich,
        examples={
            "by e-mail": {"email": "amanda@northpeak.io", "company": "North Peak"},
            "by phone": {"phone": "+1 415 555 0106"},
            "by LinkedIn": {"linkedin": "priya-shah-growth", "explain": True},
            "by name": {"name": "Amanda Lee", "domain": "northpeak.io", "min_likelihood": 0.8},
        },
    ),
    Route(
        method="POST",
        path="/api/v1/enrich/batch",
        operation="enrich_batch",
        capability="enrich",
        summary="Who are these?",
        description=(
            "Up to as many queries as the plan allows, answered in the order sent. Each result has a status: "
            "matched, no_match, invalid (that item could not be read) or quota_exceeded (credits ran out "
            "before it). One bad item never fails the others."
        ),
        scope="batch",
        price="1 credit for each item that matched.",
        charges=True,
        batch=True,
        max_body=BATCH_BODY,
        request=requests.BatchRequest,
        answer=answers.BatchResponse,
        handler=service.enrich_batch,
        examples={
            "three kinds of identifier": {
                "items": [
                    {"email": "amanda@northpeak.io"},
                    {"phone": "+1 415 555 0106"},
                    {"linkedin": "priya-shah-growth"},
                ]
            },
            "with ids of your own": {"items": [{"id": "row-1", "email": "amanda@northpeak.io"}]},
        },
    ),
    Route(
        method="POST",
        path="/api/v1/search/people",
        operation="search_people",
        capability="search",
        summary="Which people fit?",
        description=(
            "People by title, seniority, department, company, place, skills and keywords: all fields must "
            "fit, of a list any value. Page on with `next_cursor`, which is null on the last page."
        ),
        scope="search",
        price="1 credit for each person returned.",
        charges=True,
        request=requests.SearchPeopleRequest,
        answer=answers.PeopleResponse,
        handler=service.search_people,
        examples={"by title": {"job_title": "Revenue Operations", "country": "United States", "limit": 5}},
    ),
    Route(
        method="POST",
        path="/api/v1/search/companies",
        operation="search_companies",
        capability="search",
        summary="Which companies fit?",
        description=(
            "Companies by name, domain, industry, headcount, technology, place and status: all fields must "
            "fit, of a list any value. Page on with `next_cursor`, which is null on the last page."
        ),
        scope="search",
        request=requests.SearchCompaniesRequest,
        answer=answers.CompaniesResponse,
        handler=service.search_companies,
        examples={"by technology": {"technology": "AWS", "country": "United States", "status": "verified"}},
    ),
    Route(
        method="POST",
        path="/api/v1/normalize",
        operation="normalize",
        capability="enrich",
        summary="What does this become?",
        description=(
            "The canonical value of each e-mail, phone, name and so on, and the remarks on it: why it was "
            "refused, or what in it was ignored. Up to 100 values; asks no dataset."
        ),
        scope="enrich",
        request=requests.NormalizeRequest,
        answer=answers.NormalizeResponse,
        handler=service.normalize,
        examples={
            "a few kinds": {
                "email": " Amanda@NorthPeak.io ",
                "phone": ["(415) 555-0106", "12"],
                "phone_region": "US",
                "name": "Dr. Lee, Amanda",
                "city": "SF",
                "country": "USA",
            }
        },
    ),
    Route(
        method="GET",
        path="/api/v1/me",
        operation="me",
        capability="workspace",
        summary="Who am I?",
        description="The workspace, its plan, the key, the month's credits and the minute's requests.",
        scope="usage",
        request=requests.Empty,
        answer=answers.MeResponse,
        handler=service.me,
    ),
    Route(
        method="GET",
        path="/api/v1/usage",
        operation="usage",
        capability="workspace",
        summary="What was used?",
        description=(
            "Totals of a month in UTC, the present one unless `month` names another, and counts of each day "
            "by endpoint, key and status."
        ),
        scope="usage",
        request=requests.UsageRequest,
        answer=answers.UsageResponse,
        handler=service.usage,
    ),
    Route(
        method="GET",
        path="/api/v1/history",
        operation="history",
        capability="workspace",
        summary="What was asked?",
        description=(
            "Requests, the newest first, by endpoint, key, status and time: what was asked, credits, dataset "
            "version, ids of the people shown. Kept for the days that the plan says."
        ),
        scope="usage",
        request=requests.HistoryRequest,
        answer=answers.HistoryResponse,
        handler=service.history,
    ),
    Route(
        method="GET",
        path="/api/v1/history/{request_id}",
        operation="history_entry",
        capability="workspace",
        summary="What was this request?",
        description="One request of the workspace by its `X-Request-Id`.",
        scope="usage",
        request=requests.Empty,
        answer=answers.HistoryEntryResponse,
        handler=service.history_entry,
    ),
    Route(
        method="POST",
        path="/api/v1/history/{request_id}/replay",
        operation="replay",
        capability="workspace",
        summary="Show that answer again",
        description=(
            "The people whom a request showed, as the present dataset has them, in the order of its answer. "
            "They were paid for then."
        ),
        scope="enrich",
        request=requests.Empty,
        answer=answers.ReplayResponse,
        handler=service.replay,
    ),
    Route(
        method="GET",
        path="/api/v1/keys",
        operation="list_keys",
        capability="keys",
        summary="Which keys are there?",
        description="Every key of the workspace, the newest first, revoked ones too; never a key's text.",
        scope="keys",
        request=requests.Empty,
        answer=answers.KeysResponse,
        handler=service.list_keys,
    ),
    Route(
        method="POST",
        path="/api/v1/keys",
        operation="create_key",
        capability="keys",
        summary="Make a key",
        description="The key's text is in this answer and nowhere else. Keys hand on only scopes they hold.",
        scope="keys",
        status=201,
        request=requests.KeyRequest,
        answer=answers.NewKeyResponse,
        handler=service.create_key,
        examples={"for a CRM": {"name": "CRM sync", "scopes": ["enrich", "batch"]}},
    ),
    Route(
        method="PATCH",
        path="/api/v1/keys/{key_id}",
        operation="change_key",
        capability="keys",
        summary="Change a key",
        description="Its name, scopes or expiry; what is absent stays.",
        scope="keys",
        request=requests.KeyChanges,
        answer=answers.KeyResponse,
        handler=service.change_key,
        examples={"another name": {"name": "CRM sync, Europe"}},
    ),
    Route(
        method="DELETE",
        path="/api/v1/keys/{key_id}",
        operation="revoke_key",
        capability="keys",
        summary="Revoke a key",
        description="At once, everywhere; a second time changes nothing.",
        scope="keys",
        request=requests.Empty,
        answer=answers.KeyResponse,
        handler=service.revoke_key,
    ),
    Route(
        method="POST",
        path="/api/v1/keys/{key_id}/rotate",
        operation="rotate_key",
        capability="keys",
        summary="Replace a key",
        description="A new key with the same name and scopes; the old one keeps working for the overlap.",
        scope="keys",
        status=201,
        request=requests.RotateRequest,
        answer=answers.NewKeyResponse,
        handler=service.rotate_key,
        examples={"within an hour": {"overlap_hours": 1}},
    ),
    Route(
        method="POST",
        path="/api/v1/suppressions",
        operation="suppress",
        capability="privacy",
        summary="Hide a person",
        description="Whoever has this identifier is shown in no answer any more, whatever a source brings.",
        scope="privacy",
        status=201,
        request=requests.SuppressionRequest,
        answer=answers.SuppressionResponse,
        handler=service.suppress,
        examples={"by e-mail": {"kind": "email", "value": "hide.me@example.org", "reason": "GDPR Art. 21"}},
    ),
    Route(
        method="GET",
        path="/api/v1/suppressions/{suppression_id}",
        operation="suppression",
        capability="privacy",
        summary="Is this person hidden?",
        description="The proof that an identifier was entered, and when; the identifier itself is not kept.",
        scope="privacy",
        request=requests.Empty,
        answer=answers.SuppressionResponse,
        handler=service.suppression,
    ),
    Route(
        method="GET",
        path="/api/v1/disclosures",
        operation="disclosures",
        capability="privacy",
        summary="Who received this person?",
        description=(
            "The workspace's requests and jobs whose answers showed a person, by id or by an identifier, the "
            "newest first: with which key, when, from which dataset. Hidden people are told of too."
        ),
        scope="privacy",
        request=requests.DisclosuresRequest,
        answer=answers.DisclosuresResponse,
        handler=service.disclosures,
    ),
)


def find(method: str, path: str | None) -> tuple[Route, tuple[str, ...]]:
    """The route of a method and path, with the values of its variable segments.

    HEAD finds the route of GET.

    Raises:
        NotFound: no route has that path.
        MethodNotAllowed: routes have that path, none that method.
    """
    exact, patterns = _index()
    by_method: dict[str, Route] = exact.get(path or "", {})
    segments: tuple[str, ...] = ()
    if not by_method and path is not None:
        for pattern, candidates in patterns:
            if found := pattern.fullmatch(path):
                by_method, segments = candidates, found.groups()
    if not by_method:
        raise NotFound("page", path if path is not None else "with that path")
    route = by_method.get("GET" if method == "HEAD" else method)
    if route is None:
        raise MethodNotAllowed(sorted({*by_method, *(["HEAD"] if "GET" in by_method else [])}))
    return route, segments


@cache
def _index() -> tuple[dict[str, dict[str, Route]], list[tuple[re.Pattern[str], dict[str, Route]]]]:
    """The table by path: fixed paths in one mapping, paths with variable segments as patterns."""
    paths: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method] = route
    exact = {path: by_method for path, by_method in paths.items() if "{" not in path}
    patterns = [(_pattern(path), by_method) for path, by_method in paths.items() if "{" in path]
    return exact, patterns


def _pattern(path: str) -> re.Pattern[str]:
    """The expression that a path with variable segments stands for; a segment holds no slash."""
    return re.compile(re.sub(r"\\\{[a-z_]+\\\}", "([^/]{1,200})", re.escape(path)))

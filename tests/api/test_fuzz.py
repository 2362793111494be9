"""No input makes a 500: any bytes, headers, queries and JSON get an answer of the documented shape."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadspro_engine.accounts import DEMO_TOKEN
from leadspro_engine.api.routes import ROUTES
from leadspro_engine.records import CompanyFilters, PeopleFilters
from leadspro_engine.service.requests import BatchItem, EnrichRequest
from tests.api.client import Client, Reply, check

if TYPE_CHECKING:
    from leadspro_engine.api.route import Route
    from tests.api.conftest import Clock, MakeClient

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LATIN = st.text(st.characters(max_codepoint=255), max_size=60)
HARD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "\x00",
            "\ud83d\ude00",
            "a@b",
            "@",
            "+",
            "0" * 400,
            "١٢٣",
            "ﷺ" * 50,
            "%",
            "_",
            "'; drop table people --",
            "\\",
        ]
    ),
)
JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(-(10**40), 10**40),
        st.floats(allow_nan=False, allow_infinity=False),
        HARD,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(HARD, inner, max_size=5)),
    max_leaves=20,
)
FIELDS = sorted({
    field
    for struct in (BatchItem, EnrichRequest, PeopleFilters, CompanyFilters)
    for field in struct.__struct_fields__
})  # fmt: skip
NEARLY = st.dictionaries(
    st.sampled_from([*FIELDS, "items", "exclude", "limit", "cursor", "overlap_hours"]),
    st.one_of(HARD, st.lists(HARD, max_size=4), JSON),
    max_size=5,
)
POSTS = [route for route in ROUTES if route.method == "POST" and "{" not in route.path]


def allowed(reply: Reply) -> None:
    assert reply.status in (200, 201, 304, 400, 401, 403, 404, 405, 410, 413, 415, 429), reply.body


@pytest.mark.parametrize("route", POSTS, ids=lambda route: route.operation)
@given(
    body=st.one_of(
        st.binary(max_size=200), NEARLY.map(json.dumps).map(str.encode), JSON.map(json.dumps).map(str.encode)
    )
)
@QUICK
def test_any_body_is_answered(make_client: MakeClient, clock: Clock, route: Route, body: bytes) -> None:
    client = make_client()
    clock.now = clock.now.replace(microsecond=(clock.now.microsecond + 1) % 1_000_000)
    headers = {"Content-Type": route.media[0]}
    if route.key_required:
        headers["Idempotency-Key"] = "one"
    allowed(client.call("POST", route.path, body=body, headers=headers))


@given(items=st.lists(st.one_of(NEARLY, JSON), min_size=1, max_size=5))
@QUICK
def test_any_items_of_a_batch_are_answered_each_at_its_place(
    make_client: MakeClient, items: list[Any]
) -> None:
    reply = make_client().post("/api/v1/enrich/batch", {"items": items})
    assert reply.status == 200, reply.body
    assert [result["index"] for result in reply.json["results"]] == list(range(len(items)))


@given(
    method=st.sampled_from(
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "", "\xff"]
    ),
    path=st.one_of(st.sampled_from([route.path for route in ROUTES]), LATIN.map("/".__add__)),
    query=LATIN,
    headers=st.dictionaries(
        st.sampled_from(
            [
                "AUTHORIZATION",
                "X_API_KEY",
                "X_REQUEST_ID",
                "IDEMPOTENCY_KEY",
                "IF_NONE_MATCH",
                "TRANSFER_ENCODING",
            ]
        ),
        LATIN,
    ),
    length=st.one_of(st.none(), st.integers(-5, 300).map(str), LATIN),
    media=st.one_of(st.none(), st.just("application/json"), LATIN),
    body=st.binary(max_size=100),
    terminated=st.booleans(),
)
@QUICK
def test_any_request_is_answered(  # noqa: PLR0917 - the parts of a request
    client: Client,
    method: str,
    path: str,
    query: str,
    headers: dict[str, str],
    length: str | None,
    media: str | None,
    body: bytes,
    *,
    terminated: bool,
) -> None:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": terminated,
        **{f"HTTP_{name}": value for name, value in headers.items()},
    }
    if length is not None:
        environ["CONTENT_LENGTH"] = length
    if media is not None:
        environ["CONTENT_TYPE"] = media
    reply = client.send(environ, client.app)
    allowed(reply)
    check(reply, head=method == "HEAD")


@pytest.mark.parametrize("key", ["a" * 255, '"quoted"', "~!#$%&'()*+,-./:;<=>?@[]^_`{|}"])
def test_idempotency_keys_may_be_any_visible_ascii(make_client: MakeClient, key: str) -> None:
    client = make_client()
    body = {"email": "amanda@northpeak.io"}
    first = client.post("/api/v1/enrich", body, **{"Idempotency-Key": key})
    again = client.post("/api/v1/enrich", body, **{"Idempotency-Key": key})
    assert (first.status, again.status, again.body) == (200, 200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert client.get("/api/v1/me").json["credits"]["used"] == 1


@pytest.mark.parametrize("key", ["", "a" * 256, "a b", 'a"b', "\x7f", "é", "back\\slash"])
def test_other_idempotency_keys_are_refused(client: Client, key: str) -> None:
    reply = client.post("/api/v1/enrich", {"email": "amanda@northpeak.io"}, **{"Idempotency-Key": key})
    assert (reply.status, reply.json["code"]) == (400, "invalid_request")


def test_the_demo_key_is_public() -> None:
    assert DEMO_TOKEN == "pl_demo_public"

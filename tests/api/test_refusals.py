"""Every route refuses in the documented order and in the one shape that ``client.check_problem`` holds to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from leadspro_engine.accounts import DEMO_TOKEN
from leadspro_engine.api import Application
from leadspro_engine.api.routes import ROUTES
from leadspro_engine.service import Published
from tests.api.client import Client, Reply

if TYPE_CHECKING:
    from pathlib import Path

    from leadspro_engine.accounts import Accounts
    from leadspro_engine.api.route import Route
    from tests.api.conftest import MakeClient

SECURED = [route for route in ROUTES if route.scope is not None]
WITH_BODY = [route for route in ROUTES if route.has_body]
WITH_JSON = [route for route in WITH_BODY if not route.uploads]


def path_of(route: Route) -> str:
    """The route's path with something in its variable segments."""
    return re.sub(r"{[a-z_]+}", "none-such", route.path)


def operation(route: Route) -> str:
    return route.operation


def broken(client: Client, route: Route) -> Reply:
    """What comes back when the body, if there is one, is of the right type and cannot be read."""
    headers = {"Content-Type": route.media[0]} if route.has_body else {}
    return client.call(route.method, path_of(route), body=b"{" if route.has_body else None, headers=headers)


@pytest.mark.parametrize(
    "path", ["/nope", "/api", "/api/", "/api/v1/enrich/", "/api/v2/enrich", "/static/../x", "/\xff"]
)
def test_what_does_not_exist_is_not_found_even_without_a_key(client: Client, path: str) -> None:
    client.token = None
    reply = client.get(path)
    assert (reply.status, reply.json["code"]) == (404, "not_found")


@pytest.mark.parametrize("route", ROUTES, ids=operation)
def test_another_method_is_not_allowed_before_the_key_is_looked_at(client: Client, route: Route) -> None:
    client.token = None
    reply = client.call("PUT", path_of(route))
    assert reply.status == 405
    assert route.method in reply.headers["Allow"].split(", ")


@pytest.mark.parametrize("route", WITH_BODY, ids=operation)
def test_a_body_beyond_the_limit_is_refused_unread_and_before_the_key(client: Client, route: Route) -> None:
    client.token = None

    class Untouchable:
        def read(self, _size: int = -1) -> bytes:
            raise AssertionError("the body was read")

        readline = readlines = __iter__ = read

    headers = {"Content-Length": str(route.max_body + 1), "Content-Type": "text/plain"}
    reply = client.call(route.method, path_of(route), headers=headers, environ={"wsgi.input": Untouchable()})
    assert (reply.status, reply.json["code"]) == (413, "payload_too_large")


@pytest.mark.parametrize("route", WITH_BODY, ids=operation)
def test_a_body_that_is_not_json_is_refused_before_the_key(client: Client, route: Route) -> None:
    client.token = None
    reply = client.call(route.method, path_of(route), body=b"a=b", headers={"Content-Type": "text/plain"})
    assert (reply.status, reply.json["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("route", SECURED, ids=operation)
def test_without_a_key_nothing_is_answered_before_the_body_is_looked_at(client: Client, route: Route) -> None:
    client.token = None
    reply = broken(client, route)
    assert (reply.status, reply.json["code"]) == (401, "unauthorized")


@pytest.mark.parametrize("route", SECURED, ids=operation)
def test_a_key_without_the_scope_is_refused_before_the_body_is_looked_at(
    make_client: MakeClient, route: Route
) -> None:
    other = make_client(scopes=["jobs" if route.scope == "privacy" else "privacy"])
    reply = broken(other, route)
    assert (reply.status, reply.json["code"]) == (403, "insufficient_scope")
    left, limit = (reply.headers[f"X-RateLimit-{name}"] for name in ("Remaining", "Limit"))
    assert left == limit  # a request that may not be made is not counted


@pytest.mark.parametrize("route", SECURED, ids=operation)
def test_a_used_up_minute_is_refused_before_the_body_is_looked_at(
    make_client: MakeClient, route: Route
) -> None:
    client = make_client("free")
    for _ in range(30):
        client.get("/api/v1/usage")
    reply = broken(client, route)
    assert (reply.status, reply.json["code"]) == (429, "rate_limited")


@pytest.mark.parametrize("route", WITH_JSON, ids=operation)
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b"{", ""),
        (b"[]", ""),
        (b"null", ""),
        (b'"text"', ""),
        (b"\xff", ""),
        (b'{"none of ours": 1}', "/none of ours"),
        (b'{"a/b~c": 1}', "/a~1b~0c"),
        (b"[" * 50_000, ""),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "/a"),
    ],
    ids=["cut", "array", "null", "string", "no-utf8", "unknown", "escaped", "deep-array", "deep-object"],
)
def test_a_body_that_is_no_request_names_the_place(
    make_client: MakeClient, route: Route, body: bytes, pointer: str
) -> None:
    reply = make_client().call(route.method, path_of(route), body=body)
    assert (reply.status, reply.json["code"]) == (400, "invalid_request")
    assert [error["pointer"] for error in reply.json["errors"]] == [pointer]


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if not route.has_body and route.scope], ids=operation
)
@pytest.mark.parametrize(
    "query", ["none=1", "a=1&a=2", "broken", "%ff=1", "&".join(f"q{n}=1" for n in range(99))]
)
def test_a_query_that_is_no_request_is_refused(make_client: MakeClient, route: Route, query: str) -> None:
    reply = make_client().call(route.method, f"{path_of(route)}?{query}")
    assert (reply.status, reply.json["code"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/api/v1/enrich", {}, None),
        ("/api/v1/enrich", {"email": ["a@b.co", 3]}, "/email/1"),
        ("/api/v1/enrich", {"email": "a@b.co", "min_likelihood": 1.5}, "/min_likelihood"),
        ("/api/v1/enrich", {"email": "a@b.co", "required": ["shoe_size"]}, None),
        ("/api/v1/enrich/batch", {}, "/items"),
        ("/api/v1/enrich/batch", {"items": []}, "/items"),
        ("/api/v1/enrich/batch", {"items": [{}] * 1001}, "/items"),
        ("/api/v1/search/people", {"limit": 0}, "/limit"),
        ("/api/v1/search/people", {"limit": 101}, "/limit"),
        ("/api/v1/search/people", {"exclude": {"nope": 1}}, "/exclude/nope"),
        ("/api/v1/search/companies", {"status": "imaginary"}, None),
        ("/api/v1/keys", {}, "/name"),
        ("/api/v1/keys", {"name": "x", "scopes": ["everything"]}, "/scopes/0"),
        ("/api/v1/keys", {"name": "x", "expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ("/api/v1/keys", {"name": "x", "expires_at": "2030-01-01T00:00:00"}, "/expires_at"),
    ],
)
def test_wrong_parameters_are_named(
    make_client: MakeClient, path: str, body: Any, pointer: str | None
) -> None:
    reply = make_client().post(path, body)
    assert (reply.status, reply.json["code"]) == (400, "invalid_request"), reply.body
    if pointer is not None:
        assert [error["pointer"] for error in reply.json["errors"]] == [pointer]


@pytest.mark.parametrize("length", ["-1", "+5", "1.0", "0x10", "five", "1" * 18, "5,5", "²"])
def test_a_length_that_is_no_number_is_refused(client: Client, length: str) -> None:
    reply = client.call(
        "POST", "/api/v1/enrich", body=b"{}", environ={"CONTENT_LENGTH": length}, validated=False
    )
    assert reply.status == (413 if length.isascii() and length.isdigit() else 400)


@pytest.mark.parametrize(("declared", "status"), [(0, 400), (10, 400), (31, 200), (40, 400)])
def test_a_length_that_lies_is_never_believed(client: Client, declared: int, status: int) -> None:
    body = b'{"email":"amanda@northpeak.io"}'
    assert len(body) == 31
    reply = client.call("POST", "/api/v1/enrich", body=body, environ={"CONTENT_LENGTH": str(declared)})
    assert reply.status == status


def test_a_body_without_a_length_is_read_where_the_server_ends_it(client: Client) -> None:
    ended = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    body = {"email": "amanda@northpeak.io"}
    assert client.call("POST", "/api/v1/enrich", body=body, environ=ended).status == 200
    assert client.call("POST", "/api/v1/enrich", body=b" " * 65_537, environ=ended).status == 413
    del ended["wsgi.input_terminated"]
    assert client.call("POST", "/api/v1/enrich", body=body, environ=ended).status == 400  # taken as no body


@pytest.mark.parametrize("media", ["application/json; charset=utf-8", 'APPLICATION/JSON;charset="UTF-8"'])
def test_json_may_say_that_it_is_utf8(client: Client, media: str) -> None:
    reply = client.post("/api/v1/enrich", {"email": "amanda@northpeak.io"}, **{"Content-Type": media})
    assert reply.status == 200


@pytest.mark.parametrize("media", ["", "application/json; charset=utf-16", "application/jsonp", "text/json"])
def test_other_types_are_not_guessed(client: Client, media: str) -> None:
    assert client.post("/api/v1/enrich", {}, **{"Content-Type": media}).status == 415


@pytest.mark.parametrize(
    "path", [route.path for route in ROUTES if route.method == "GET" and "{" not in route.path]
)
def test_head_has_the_headers_of_get_and_no_body(make_client: MakeClient, path: str) -> None:
    client = make_client()
    got, head = client.get(path), client.call("HEAD", path)
    assert (head.status, head.body) == (got.status, b"")
    assert set(head.headers) == set(got.headers)


@pytest.mark.parametrize("request_id", ["abc", "a" * 128, "2026.01-x_Y"])
def test_a_callers_request_id_is_taken(client: Client, request_id: str) -> None:
    assert client.get("/api/health", **{"X-Request-Id": request_id}).headers["X-Request-Id"] == request_id


@pytest.mark.parametrize("request_id", ["", "a" * 129, "a b", "a\tb", "é", "<script>"])
def test_a_request_id_of_other_characters_is_replaced(client: Client, request_id: str) -> None:
    assert (
        client.get("/api/health", **{"X-Request-Id": request_id}).headers["X-Request-Id"].startswith("req_")
    )


def test_without_a_dataset_lookups_are_unavailable_and_health_says_so(
    tmp_path: Path, accounts: Accounts
) -> None:
    client = Client(Application(tmp_path, accounts, Published(tmp_path)), DEMO_TOKEN)
    assert client.get("/api/health").json["status"] == "degraded"
    assert client.get("/api/v1/me").status == 200
    reply = client.post("/api/v1/enrich", {"email": "a@b.co"})
    assert (reply.status, reply.json["code"]) == (503, "unavailable")


def test_the_unforeseen_is_an_internal_error_that_says_nothing_of_its_cause(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: Any, **_options: Any) -> None:
        raise RuntimeError("a secret of the house")

    client = make_client()
    before = client.get("/api/v1/me").json["credits"]["remaining"]
    monkeypatch.setattr("leadspro_engine.engine.Engine.enrich", fails)
    reply = client.post("/api/v1/enrich", {"email": "a@b.co"})
    assert (reply.status, reply.json["code"]) == (500, "internal_error")
    assert b"secret" not in reply.body
    assert "a secret of the house" in caplog.text
    assert reply.headers["X-Request-Id"] in caplog.text
    assert client.get("/api/v1/me").json["credits"]["remaining"] == before

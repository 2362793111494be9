"""A client that calls the WSGI application directly, and holds every answer to what the API promises of all.

Each simulated request goes through ``wsgiref.validate``, which checks both sides of PEP 3333.
"""

from __future__ import annotations

import io
import json
import re
import sys
from typing import TYPE_CHECKING, Any
from wsgiref.validate import validator

import msgspec
from msgspec import Struct

from leadspro_engine.api.problems import REFUSALS, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from wsgiref.types import WSGIApplication

META = {"request_id", "credits_used", "credits_remaining", "dataset_version"}


class Reply(Struct, frozen=True):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """Calls one application with one key."""

    def __init__(self, app: WSGIApplication, token: str | None = None) -> None:
        self.app = app
        self.token = token

    def get(self, path: str, **headers: str) -> Reply:
        return self.call("GET", path, headers=headers)

    def post(self, path: str, body: Any, **headers: str) -> Reply:
        return self.call("POST", path, body=body, headers=headers)

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        environ: Mapping[str, Any] | None = None,
        validated: bool = True,
    ) -> Reply:
        """Send one request; ``body`` is sent as it is when it is bytes, else as JSON.

        The validator refuses some of what real servers let through; ``validated=False`` goes around it.
        """
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = self._environ(method, path, content, has_body=body is not None)
        for name, value in (headers or {}).items():
            plain = name.upper().replace("-", "_")
            sent[plain if plain.startswith("CONTENT_") else f"HTTP_{plain}"] = value
        return self.send(sent | dict(environ or {}), validator(self.app) if validated else self.app)

    def _environ(self, method: str, path: str, content: bytes, *, has_body: bool) -> dict[str, Any]:
        path, _, query = path.partition("?")
        sent: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "test",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(content),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if has_body:
            sent |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(content))}
        if self.token is not None:
            sent["HTTP_AUTHORIZATION"] = f"Bearer {self.token}"
        return sent

    def send(self, environ: dict[str, Any], app: WSGIApplication) -> Reply:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _info: Any = None) -> Any:
            started.append((status, headers))
            return lambda _data: None

        answer = app(environ, start_response)
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        ((status, headers),) = started
        assert len({name for name, _ in headers}) == len(headers), "a header is sent twice"
        reply = Reply(int(status[:3]), dict(headers), body)
        check(reply, head=environ["REQUEST_METHOD"] == "HEAD")
        return reply


def check(reply: Reply, *, head: bool = False) -> None:
    """Hold a reply to what every answer promises."""
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", reply.headers["X-Request-Id"])
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert "Cache-Control" in reply.headers
    if reply.status != 304:
        assert head or int(reply.headers["Content-Length"]) == len(reply.body)
    if head or reply.status == 304:
        assert reply.body == b""
    elif reply.status >= 400:
        check_problem(reply)
    elif reply.headers["Content-Type"] == "application/json" and "openapi" not in reply.json:
        assert set(reply.json["meta"]) == META
        assert (
            reply.json["meta"]["request_id"] == reply.headers["X-Request-Id"]
            or "Idempotent-Replayed" in reply.headers
        )


def check_problem(reply: Reply) -> None:
    """The one shape of every refusal."""
    assert reply.headers["Content-Type"] == "application/problem+json"
    problem = msgspec.json.decode(reply.body, type=Problem)
    assert set(reply.json) == set(Problem.__struct_fields__)
    assert set(reply.json["meta"]) == META
    told = REFUSALS[problem.code]
    assert (problem.status, problem.title, problem.retryable) == (told.status, told.title, told.retryable)
    assert reply.status == problem.status
    assert problem.meta.request_id == reply.headers["X-Request-Id"]
    assert problem.meta.credits_used == 0
    assert problem.detail
    assert all(error.pointer == "" or error.pointer.startswith("/") for error in problem.errors)
    assert ("WWW-Authenticate" in reply.headers) == (reply.status == 401)
    assert ("Allow" in reply.headers) == (reply.status == 405)
    assert ("Retry-After" in reply.headers) == (reply.status in (429, 503))
    assert "Traceback" not in problem.detail

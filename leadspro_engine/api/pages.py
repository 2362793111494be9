"""What is served beside the operations: OpenAPI document, docs page, skill files, dashboard."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from typing import TYPE_CHECKING

import msgspec

from leadspro_engine.api import openapi, well_known
from leadspro_engine.api.headers import styled_page
from leadspro_engine.api.problems import REFUSALS, MethodNotAllowed
from leadspro_engine.api.response import Response
from leadspro_engine.api.routes import ROUTES
from leadspro_engine.api.skills import skill
from leadspro_engine.dashboard import asset

if TYPE_CHECKING:
    import datetime as dt

    from leadspro_engine.api.request import Request
    from leadspro_engine.api.route import Route

_OPENAPI = ("/openapi.json", "/api/openapi.json")
_STYLE = """\
body{font:16px/1.55 system-ui,sans-serif;color:#1b2330;background:#fff}
main{max-width:52rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.9rem}h2{margin-top:2.5rem;border-top:1px solid #d9dee7;padding-top:1.5rem}
code,pre{font:14px/1.5 ui-monospace,monospace;background:#f3f5f9;border-radius:4px}code{padding:.1em .3em}
pre{padding:.8rem;overflow:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d9dee7;vertical-align:top}
@media (prefers-color-scheme:dark){
body{color:#e4e8f0;background:#12161d}code,pre{background:#1d2430}a{color:#8ab4ff}
}
"""


def find(request: Request, now: dt.datetime) -> Response | None:
    """The page of a request that comes at an instant; None when its path is not that of a page.

    Raises:
        MethodNotAllowed: there is such a page, and it can only be read.
    """
    if request.path is None or request.path.startswith("/api/v1/"):
        return None
    page = _asset(request.path, request) or _page(request.path) or well_known.find(request.path, now)
    if page is not None and request.method not in ("GET", "HEAD"):
        raise MethodNotAllowed(("GET", "HEAD"))
    return None if page is None else _unless_known(page, request)


def _unless_known(page: Response, request: Request) -> Response:
    """The page, or 304 when the caller says that they have it as it is."""
    tag = dict(page.headers).get("ETag")
    if tag is not None and request.header("If-None-Match") == tag:
        return Response(304, page.content_type, b"", page.headers)
    return page


def _page(path: str) -> Response | None:
    """The page at a path, if there is one."""
    if path in _OPENAPI:
        return Response(200, "application/json", openapi.document())
    if path == "/docs":
        return _docs()
    if path.startswith("/skills/") and path.endswith(".md"):
        text = skill(path.removeprefix("/skills/").removesuffix(".md"))
        return None if text is None else Response(200, "text/markdown; charset=utf-8", text)
    return None


def _asset(path: str, request: Request) -> Response | None:
    """A file of the dashboard, packed when the caller takes it so."""
    if (found := asset(path)) is None:
        return None
    if not _takes_gzip(request.header("Accept-Encoding") or ""):
        return Response(200, found.content_type, found.body, found.headers)
    packed = tuple((name, f'{value[:-1]}-gz"' if name == "ETag" else value) for name, value in found.headers)
    return Response(200, found.content_type, found.packed, (*packed, ("Content-Encoding", "gzip")))


def _takes_gzip(accepted: str) -> bool:
    """Whether an ``Accept-Encoding`` names gzip and does not refuse it. Source: RFC 9110, 12.5.3."""
    for one in accepted.lower().replace(" ", "").split(","):
        coding, _, quality = one.partition(";q=")
        if coding == "gzip":
            return not quality or quality.strip("0.") != ""
    return False


@cache
def _docs() -> Response:
    """The readable page of every operation and error, without scripts."""
    style_hash = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    body = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Leads Pro API</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>'
        "<h1>Leads Pro API</h1><p>Machine-readable: <a href='/openapi.json'>OpenAPI 3.1</a>, "
        "<a href='/skills/index.md'>skill files</a>. Send your key as "
        "<code>Authorization: Bearer &lt;key&gt;</code> or <code>x-api-key</code>.</p>"
        + "".join(_section(route) for route in ROUTES)
        + _errors()
        + "</main></body></html>\n"
    )
    return Response(200, "text/html; charset=utf-8", body.encode(), (styled_page(style_hash),))


def _section(route: Route) -> str:
    """One operation."""
    fields = "".join(
        f"<li><code>{escape(field.name)}</code></li>" for field in msgspec.structs.fields(route.request)
    )
    examples = "".join(
        f"<p>{escape(name)}</p><pre>{escape(_curl(route, example))}</pre>"
        for name, example in route.examples.items()
    )
    scope = "no key needed" if route.scope is None else f"scope <code>{route.scope}</code>"
    return (
        f'<h2 id="{route.operation}">{escape(route.summary)}</h2>'
        f"<p><code>{route.method} {escape(route.path)}</code>, {scope}. {escape(route.price)}</p>"
        f"<p>{escape(route.description)}</p>"
        + (f"<details><summary>Fields</summary><ul>{fields}</ul></details>" if fields else "")
        + examples
    )


def _curl(route: Route, example: dict[str, object]) -> str:
    """A command line that sends an example; the reader fills in host and key."""
    body = msgspec.json.format(msgspec.json.encode(example), indent=2).decode()
    return (
        f'curl -X {route.method} "$LEADSPRO_URL{route.path}" \\\n'
        '  -H "Authorization: Bearer $LEADSPRO_KEY" \\\n'
        f"  -H \"Content-Type: application/json\" \\\n  -d '{body}'"
    )


def _errors() -> str:
    """Every code with its status; problem documents point here."""
    rows = "".join(
        f'<tr id="{code}"><td>{told.status}</td><td><code>{code}</code></td><td>{escape(told.title)}</td>'
        f"<td>{'yes' if told.retryable else 'no'}</td></tr>"
        for code, told in REFUSALS.items()
    )
    head = "<tr><th>HTTP</th><th>Code</th><th>Meaning</th><th>Retry as it is</th></tr>"
    return f'<h2 id="errors">Errors</h2><table><thead>{head}</thead><tbody>{rows}</tbody></table>'

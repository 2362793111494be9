"""The skill files: one Markdown guide a capability, for agents, made from the route table."""

from __future__ import annotations

from functools import cache
from typing import get_args

import msgspec

from leadspro_engine.api.openapi import codes
from leadspro_engine.api.problems import REFUSALS
from leadspro_engine.api.route import Capability, Route
from leadspro_engine.api.routes import ROUTES

_INTRO: dict[str, tuple[str, str]] = {
    "enrich": (
        "Leads Pro: who is this?",
        """\
Use this when you know something about a person (an e-mail address, a phone number, a LinkedIn slug, or a name
with a company or domain) and want the full, current record with their company.""",
    ),
    "search": (
        "Leads Pro: who fits this?",
        """\
Use this when you describe people or companies (title, seniority, industry, technology, place) and want a list
of those that fit.""",
    ),
    "workspace": (
        "Leads Pro: credits, limits and history",
        """\
Use this before large jobs to see how many credits and requests are left, and afterwards to see what a request
cost and returned.""",
    ),
    "jobs": (
        "Leads Pro: a whole file at once",
        """\
Use this to enrich more rows than a batch takes: upload a CSV or JSON lines file, read the dry run (columns,
match rate, cost), correct the columns if need be, start the job, ask how far it is, download the result.""",
    ),
    "keys": (
        "Leads Pro: API keys",
        "Use this to make, change, replace and revoke API keys. It needs a key with the scope `keys`.",
    ),
    "privacy": (
        "Leads Pro: hide a person",
        "Use this when somebody asks not to be shown any more. It needs a key with the scope `privacy`.",
    ),
    "service": (
        "Leads Pro: is it up?",
        "Use this to see whether the service can answer, and how fresh its dataset is.",
    ),
}
_RULES = """\
## Rules for every call

- Send the key as `Authorization: Bearer <key>` or `x-api-key: <key>`, never in the URL.
- Bodies are JSON with `Content-Type: application/json`. Unknown fields are refused.
- Every answer has `meta` with `request_id`, `credits_used`, `credits_remaining` and `dataset_version`.
- Errors are `application/problem+json`. Decide by `code`. Repeat the same request only when `retryable` is
  true, and after `Retry-After` seconds when that header is there.
- On POST calls that cost credits send an `Idempotency-Key`, and *reuse the same key when you retry*: you get
  the stored answer and pay once.
- `no_match` is an answer, not a failure: try other identifiers, do not repeat the call.
"""


@cache
def skill(name: str) -> bytes | None:
    """The skill file of that name, without its ending; None when there is none.

    ``index`` lists the others.
    """
    if name == "index":
        return _index().encode()
    return _skill(name).encode() if name in get_args(Capability) else None


def _index() -> str:
    """The list of skill files."""
    lines = [f"- [{title}](/skills/{name}.md): {use}" for name, (title, use) in _INTRO.items()]
    return "# Leads Pro skills\n\n" + "\n".join(lines) + "\n"


def _skill(name: str) -> str:
    """One skill file."""
    title, use = _INTRO[name]
    parts = [f"# {title}\n", f"{use}\n", _RULES]
    parts.extend(_section(route) for route in ROUTES if route.capability == name)
    return "\n".join(parts)


def _section(route: Route) -> str:
    """One operation: what it does, costs, takes and refuses."""
    lines = [f"## {route.summary}", "", f"`{route.method} {route.path}`", "", route.description, ""]
    lines += [
        f"- Scope: {'none, no key needed' if route.scope is None else f'`{route.scope}`'}",
        f"- Cost: {route.price}",
    ]
    lines += _inputs(route)
    lines += ["- Errors: " + ", ".join(f"`{code}` ({REFUSALS[code].status})" for code in codes(route)), ""]
    for title, example in route.examples.items():
        body = msgspec.json.format(msgspec.json.encode(example), indent=2).decode()
        lines += [f"Example, {title}:", "", "```json", body, "```", ""]
    return "\n".join(lines)


def _inputs(route: Route) -> list[str]:
    """The names of the fields of the request."""
    fields = msgspec.structs.fields(route.request)
    if not fields:
        return []
    names = ", ".join(f"`{field.name}`" + (" (required)" if field.required else "") for field in fields)
    where = "Body" if route.has_body and not route.uploads else "Query"
    return [f"- {where}: {names}"]

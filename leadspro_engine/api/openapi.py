"""The OpenAPI 3.1 document, made from the route table and the request and answer types."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from leadspro_engine import service
from leadspro_engine.api.meanings import meanings
from leadspro_engine.api.problems import CONTENT_TYPE, REFUSALS, Problem
from leadspro_engine.api.routes import ROUTES
from leadspro_engine.records import CompanyFilters, PeopleFilters
from leadspro_engine.service.requests import BatchItem

if TYPE_CHECKING:
    from leadspro_engine.api.route import Route

_REFERENCE = "#/components/schemas/{name}"
_ALWAYS = ("internal_error", "unavailable")
_WITH_KEY = ("unauthorized", "insufficient_scope", "rate_limited")
_WITH_BODY = ("payload_too_large", "unsupported_media_type")
_SECURITY_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer pl_live_…`"},
    "apiKey": {"type": "apiKey", "in": "header", "name": "x-api-key"},
}


@cache
def document() -> bytes:
    """The document as JSON text; the same bytes for the life of the process."""
    return msgspec.json.encode(build())


def build() -> dict[str, Any]:
    """The document as plain values."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Leads Pro API",
            "version": service.package_version(),
            "description": "Enrich, match and search people and companies of your own published dataset.",
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"apiKey": []}],
        "tags": [{"name": name} for name in dict.fromkeys(route.capability for route in ROUTES)],
        "paths": paths,
        "components": {"schemas": _schemas(), "securitySchemes": _SECURITY_SCHEMES},
    }


def codes(route: Route) -> tuple[str, ...]:
    """Every code that the route can be refused with, in the order of the table of refusals."""
    met = {*_ALWAYS, "invalid_request"}
    met.update(_WITH_KEY if route.scope is not None else ())
    met.update(_WITH_BODY if route.has_body else ())
    met.update(("quota_exceeded",) if route.charges else ())
    met.update(("batch_not_available",) if route.batch or route.uploads else ())
    met.update(("job_not_finished",) if route.download else ())
    met.update(("no_match",) if route.operation == "enrich" else ())
    met.update(("not_found",) if "{" in route.path else ())
    met.update(("cursor_expired",) if route.operation.startswith("search") else ())
    met.update(("idempotency_in_progress", "idempotency_mismatch") if route.replayable else ())
    return tuple(code for code in REFUSALS if code in met)


def _schemas() -> dict[str, Any]:
    """The schema of every type that requests and answers are made of."""
    bodies = [route.request for route in ROUTES if route.has_body and not route.uploads]
    answers = [route.answer for route in ROUTES if not route.download]
    types: list[type[msgspec.Struct]] = [*bodies, *answers, BatchItem, Problem]
    _, components = msgspec.json.schema_components(list(dict.fromkeys(types)), ref_template=_REFERENCE)
    types += [PeopleFilters, CompanyFilters]
    for one in types:
        for name, meaning in meanings(one).items():
            components[one.__name__]["properties"][name]["description"] = meaning
    return dict(sorted(components.items()))


def _operation(route: Route) -> dict[str, Any]:
    """One route as an operation object."""
    operation: dict[str, Any] = {
        "operationId": route.operation,
        "summary": route.summary,
        "description": f"{route.description}\n\n{route.price}",
        "tags": [route.capability],
        "responses": _responses(route),
    }
    if parameters := [*_path_parameters(route), *_query_parameters(route), *_header_parameters(route)]:
        operation["parameters"] = parameters
    if route.has_body:
        operation["requestBody"] = _body(route)
    if route.scope is None:
        operation["security"] = []
    return operation


def _body(route: Route) -> dict[str, Any]:
    """The request body with its examples."""
    if route.uploads:
        file = {"schema": {"type": "string", "minLength": 1}}
        return {"required": True, "content": dict.fromkeys(route.media, file)}
    content: dict[str, Any] = {"schema": _reference(route.request)}
    if route.examples:
        content["examples"] = {
            _slug(name): {"summary": name, "value": value} for name, value in route.examples.items()
        }
    required = any(field.required for field in msgspec.structs.fields(route.request)) or route.charges
    return {"required": required, "content": {"application/json": content}}


def _responses(route: Route) -> dict[str, Any]:
    """The answer, and a problem document for each status that the route can be refused with."""
    by_status: dict[int, list[str]] = {}
    for code in codes(route):
        by_status.setdefault(REFUSALS[code].status, []).append(code)
    answer = {"application/json": {"schema": _reference(route.answer)}}
    file = {media: {"schema": {"type": "string"}} for media in route.download}
    line = "The file." if route.download else _first_line(route.answer)
    told = {"description": line, "content": file or answer}
    return {str(route.status): told} | {str(status): _problem(names) for status, names in by_status.items()}


def _problem(names: list[str]) -> dict[str, Any]:
    """The response of one status: what its codes mean."""
    meaning = "; ".join(f"`{name}`: {REFUSALS[name].title}" for name in names)
    return {"description": meaning, "content": {CONTENT_TYPE: {"schema": _reference(Problem)}}}


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    """The variable segments of the path."""
    schema = {"type": "string", "minLength": 1, "maxLength": 200}
    names = re.findall(r"{([a-z_]+)}", route.path)
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name in names]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    """The fields of the request, for routes that read it from the query."""
    if route.has_body and not route.uploads:
        return []
    _, components = msgspec.json.schema_components([route.request], ref_template=_REFERENCE)
    properties = components[route.request.__name__]["properties"]
    return [{"name": name, "in": "query", "schema": schema} for name, schema in properties.items()]


def _header_parameters(route: Route) -> list[dict[str, Any]]:
    """The headers of a request beside its key."""
    if not route.replayable:
        return []
    text = (
        "Send the same value when you repeat a request: you get the stored answer, and pay once. Kept 24 h."
    )
    schema = {"type": "string", "minLength": 1, "maxLength": 255}
    return [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": route.key_required,
            "description": text,
            "schema": schema,
        }
    ]


def _reference(struct: type[msgspec.Struct]) -> dict[str, str]:
    """Where the schema of a type stands."""
    return {"$ref": _REFERENCE.format(name=struct.__name__)}


def _first_line(struct: type[msgspec.Struct]) -> str:
    """The first line of a type's docstring."""
    return (struct.__doc__ or struct.__name__).strip().splitlines()[0]


def _slug(name: str) -> str:
    """A name as it may stand as a key of a components map."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")

"""The one table of what can be called; routing, OpenAPI, docs, skill files and tests are made from it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from leadspro_engine.api.problems import MethodNotAllowed
from leadspro_engine.api.routes_jobs import JOBS
from leadspro_engine.api.routes_people import QUESTIONS
from leadspro_engine.api.routes_workspace import WORKSPACE
from leadspro_engine.errors import NotFound

if TYPE_CHECKING:
    from leadspro_engine.api.route import Route

ROUTES: tuple[Route, ...] = (*QUESTIONS, *JOBS, *WORKSPACE)


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

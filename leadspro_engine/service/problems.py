"""What is wrong with a request that could not be decoded: the place as a JSON pointer, and a sentence."""

from __future__ import annotations

import re

_PATH = re.compile(r"^(?P<detail>.*?)(?: - at `(?P<key>key in )?\$?(?P<path>[^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>[^.\[\]]+)|\[(?P<index>\d+)\]|\[\.\.\.\]")
_UNKNOWN = re.compile(r"unknown field `(?P<name>.*)`", re.DOTALL)
_MISSING = re.compile(r"missing required field `(?P<name>.*)`", re.DOTALL)

WHOLE = "query"
"""What the engine calls a request that is wrong as a whole, rather than in one field."""


def field_of(error: Exception) -> tuple[str, str]:
    """Where a decoding error lies and what it is; the pointer is empty for the document as a whole.

    >>> field_of(ValueError("Expected `str`, got `int` - at `$.items[3].email`"))
    ('/items/3/email', 'Expected `str`, got `int`')
    >>> field_of(ValueError("Object contains unknown field `mail`"))
    ('/mail', 'Object contains unknown field `mail`')
    """
    if isinstance(error, RecursionError):
        return "", "JSON is nested too deeply"
    found = _PATH.match(str(error))
    if found is None:
        return "", str(error)
    detail = found["detail"]
    pointer = _pointer(found["path"] or "")
    named = _UNKNOWN.search(detail) or _MISSING.search(detail)
    return (f"{pointer}/{_escaped(named['name'])}" if named else pointer), detail


def _pointer(path: str) -> str:
    """A path such as ``.items[3].email`` as a JSON pointer (RFC 6901)."""
    return "".join(f"/{_escaped(step['name'] or step['index'] or '*')}" for step in _STEP.finditer(path))


def _escaped(name: str) -> str:
    """A member name as it stands in a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")

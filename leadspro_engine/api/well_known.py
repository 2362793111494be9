"""What stands under ``/.well-known/``: where the API is described, and whom to tell of a weakness.

Sources: RFC 8615 (the folder), RFC 9727 (``api-catalog``), RFC 9116 (``security.txt``).
"""

from __future__ import annotations

import datetime as dt
import os

import msgspec

from leadspro_engine.api.response import Response

CONTACT_VARIABLE = "LEADSPRO_SECURITY_CONTACT"
"""Where weaknesses are to be reported: ``mailto:``, ``https:`` or ``tel:``; without it there is no file."""

_FOLDER = "/.well-known/"
_CATALOG = {
    "linkset": [
        {
            "anchor": "/api/v1",
            "service-desc": [{"href": "/openapi.json", "type": "application/json"}],
            "service-doc": [
                {"href": "/docs", "type": "text/html"},
                {"href": "/skills/index.md", "type": "text/markdown"},
            ],
            "status": [{"href": "/api/health", "type": "application/json"}],
        }
    ]
}
_LINKSET = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
_VALID = dt.timedelta(days=30)  # a reader asks again after that; RFC 9116 advises less than a year


def find(path: str, now: dt.datetime) -> Response | None:
    """The file at a path; None when there is none."""
    if path == f"{_FOLDER}api-catalog":
        return Response(200, _LINKSET, msgspec.json.encode(_CATALOG))
    contact = os.environ.get(CONTACT_VARIABLE)
    if path == f"{_FOLDER}security.txt" and contact:
        expires = (now + _VALID).astimezone(dt.UTC).replace(microsecond=0)
        text = f"Contact: {contact}\nExpires: {expires:%Y-%m-%dT%H:%M:%SZ}\nPreferred-Languages: en\n"
        return Response(200, "text/plain; charset=utf-8", text.encode())
    return None

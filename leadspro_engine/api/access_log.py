"""One JSON line for each request: what was asked of which path, by which key, and how it went; no secrets.

Queries, bodies and keys never get here, only the id of the key. Paths do, with what was in their segments.
The files of the dashboard have no line: a browser fetches twenty of them at once, and they tell of nobody.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
import logging
import sys
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from leadspro_engine.dashboard import assets_folder

if TYPE_CHECKING:
    from leadspro_engine.api.response import Response
    from leadspro_engine.api.visit import Visit

LOGGER = logging.getLogger("leadspro.access")


class Line(Struct, frozen=True):
    """One line of the log.

    Attributes:
        duration_ms: from the request's arrival to its finished answer, sending not included.
        size: of the body in bytes.
    """

    time: dt.datetime
    request_id: str
    method: str
    path: str | None
    status: int
    size: int
    duration_ms: float
    key_id: str | None
    credits: int
    dataset_version: str | None


def write(visit: Visit, response: Response, now: dt.datetime) -> None:
    """Log one answered request, if anybody listens."""
    if not LOGGER.isEnabledFor(logging.INFO) or (visit.request.path or "").startswith(assets_folder()):
        return
    line = Line(
        time=now,
        request_id=visit.request_id,
        method=visit.request.method,
        path=visit.request.path,
        status=response.status,
        size=response.size,
        duration_ms=round((now - visit.started_at).total_seconds() * 1000, 3),
        key_id=None if visit.caller is None else visit.caller.key.id,
        credits=visit.charged,
        dataset_version=visit.dataset_version,
    )
    LOGGER.info("%s", msgspec.json.encode(line).decode())


def to_stdout() -> None:
    """Send the lines to standard output, as they are."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    LOGGER.handlers = [handler]
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False

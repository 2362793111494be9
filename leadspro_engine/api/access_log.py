"""One JSON line for each request: what was asked of which path, by which key, and how it went; no secrets.

Queries, bodies and keys never get here, only the id of the key. Paths do, with what was in their segments.
The files of the dashboard have no line: a browser fetches twenty of them at once, and they tell of nobody.
Lines are written together, at most ``_LATEST_S`` after their request: a write for each would cost more than
the request does. The history is the record of what was charged; a worker that is killed loses the last lines.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
import os
import sys
import threading
from collections import deque
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from leadspro_engine.dashboard import assets_folder

if TYPE_CHECKING:
    from leadspro_engine.api.response import Response
    from leadspro_engine.api.visit import Visit

_LATEST_S = 0.1
_encode = msgspec.json.Encoder().encode


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


class Log:
    """Takes the lines of a process and writes them to a file descriptor, from a thread of its own."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._lines: deque[bytes] = deque()
        self._writing = threading.Lock()
        self._stopping = threading.Event()
        self._writer = threading.Thread(target=self._run, name="leadspro-access-log", daemon=True)
        self._writer.start()

    def write(self, visit: Visit, response: Response, now: dt.datetime) -> None:
        """Take the line of one answered request."""
        if not (visit.request.path or "").startswith(assets_folder()):
            self._lines.append(_encode(_line(visit, response, now)))

    def close(self) -> None:
        """Write what there is and stop."""
        self._stopping.set()
        self._writer.join()
        self._flush()

    def _run(self) -> None:
        while not self._stopping.wait(_LATEST_S):
            self._flush()

    def _flush(self) -> None:
        """Write the lines that came since the last time."""
        with self._writing:
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            rest = memoryview(b"".join(line + b"\n" for line in lines))
            while rest:
                rest = rest[os.write(self._file, rest) :]


def _line(visit: Visit, response: Response, now: dt.datetime) -> Line:
    """What is told of one request."""
    return Line(
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


def to_stdout() -> Log:
    """A log on standard output, closed when the process ends."""
    log = Log(sys.stdout.fileno())
    Finalize(None, log.close, exitpriority=0)  # unlike atexit, runs at the end of a server's child as well
    return log

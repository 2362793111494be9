"""How every asset calls a step: one at a time; again when the machine failed, not when the data did."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import dagster as dg

from leadspro_engine.errors import LeadsProError

if TYPE_CHECKING:
    from collections.abc import Iterator

POOL = "leadspro"
"""One step at a time writes into the work folder."""

OWNERS = ["team:data"]

RETRIES = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
"""For a full disk or a file share that is away for a moment: after 5 and 10 seconds, give or take."""


class Clock:
    """Seconds since a step began, as metadata."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def notes(self) -> dict[str, float]:
        """The entry ``seconds``."""
        return {"seconds": round(time.perf_counter() - self._began, 3)}


@contextmanager
def step() -> Iterator[Clock]:
    """Time one step; an error of ours fails it at once, in its own words and with its code.

    Raises:
        Failure: the step raised a ``LeadsProError``: the same files would give the same error again.
    """
    try:
        yield Clock()
    except LeadsProError as error:
        raise dg.Failure(str(error), metadata={"code": error.code}, allow_retries=False) from error

"""The engine over whatever is published: none before the first snapshot, the current one afterwards."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from leadspro_engine.engine import LiveEngine
from leadspro_engine.errors import DatasetMissing, LeadsProError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from leadspro_engine.engine import Engine

_LOG = logging.getLogger("leadspro.service")
_ANYBODY = {
    "email": "nobody@example.com",
    "phone": "+1 415 555 0100",
    "name": "No Body",
    "company": "Nobody Ltd",
    "title": "Nobody",
    "country": "United States",
    "city": "Nowhere",
}
_LOOK_EVERY_S = 2.0  # how soon a first snapshot is noticed; opening one that is damaged reads all of it


class Published:
    """Opens the dataset of a data folder as soon as there is one; safe to share between threads."""

    def __init__(self, home: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._home = home
        self._clock = clock
        self._live: LiveEngine | None = None
        self._look_at = clock()
        self._looking = threading.Lock()
        self.current()

    def current(self) -> Engine | None:
        """The engine to answer the next request from; None while nothing that can be used is published."""
        if self._live is None:
            self._look()
        return None if self._live is None else self._live.current()

    def warm(self) -> None:
        """Read the tables that look-ups need, so that the first callers do not all do it at once."""
        engine = self.current()
        if engine is not None:
            with suppress(LeadsProError):
                engine.enrich(_ANYBODY)

    def close(self) -> None:
        """Let go of the dataset."""
        if self._live is not None:
            self._live.close()

    def _look(self) -> None:
        """Open the dataset if there is one; one thread at a time, and not too often."""
        with self._looking:
            if self._live is not None or self._clock() < self._look_at:
                return
            self._look_at = self._clock() + _LOOK_EVERY_S
            try:
                self._live = LiveEngine(self._home)
            except DatasetMissing:
                pass
            except LeadsProError:
                _LOG.exception("the dataset cannot be used")

"""Requests a minute, counted together by several machines in a Redis server.

The windows are those of ``limits``: calendar minutes of our own clock. One atomic increment a request makes
the count exact; a request beyond the limit is taken back, as a plan may allow more within the minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.accounts.limits import WINDOW_S, Allowance
from leadspro_engine.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

_PREFIX = "leadspro"
_KEPT_S = 2 * WINDOW_S  # a counter outlives its minute a little, whatever the clocks of the machines say


class SharedLimiter:
    """Counts requests in Redis; safe to share between threads."""

    def __init__(self, url: str) -> None:
        try:
            from limits.storage import RedisStorage
        except ImportError as exc:
            raise InvalidInput("limits", url, "a URL once `leadspro-engine[redis]` is installed") from exc
        self._storage = RedisStorage(url, wrap_exceptions=True)

    def take(self, number: int, limit: int, now: dt.datetime) -> Allowance:
        """Count one request of the key with that number, if its minute still has room.

        Raises:
            Unavailable: the Redis server cannot be reached.
        """
        name = _name(number, now)
        seen = self._ask(lambda: self._storage.incr(name, _KEPT_S))
        if seen > limit:
            self._ask(lambda: self._storage.incr(name, _KEPT_S, -1))
        return Allowance.after(limit, min(seen, limit), now, allowed=seen <= limit)

    def peek(self, number: int, limit: int, now: dt.datetime) -> Allowance:
        """The allowance as it stands, without counting anything."""
        seen = self._ask(lambda: self._storage.get(_name(number, now)))
        return Allowance.after(limit, min(seen, limit), now, allowed=seen < limit)

    def close(self) -> None:
        """Let go of the connections."""
        self._storage.storage.close()

    def _ask(self, command: Callable[[], int]) -> int:
        """Run one command."""
        from limits.errors import StorageError

        try:
            return command()
        except StorageError as exc:
            raise Unavailable("The Redis server of the request limits") from exc


def _name(number: int, now: dt.datetime) -> str:
    """The counter of a key's minute."""
    return f"{_PREFIX}:{number}:{int(now.timestamp()) // WINDOW_S}"

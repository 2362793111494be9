"""Requests a minute, exact across threads and processes."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import multiprocessing.synchronize
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from leadspro_engine.accounts.limits import Allowance, Limiter
from leadspro_engine.accounts.shared_limits import SharedLimiter
from leadspro_engine.errors import Unavailable
from tests.accounts.servers import RedisServer, require

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = dt.datetime(2026, 3, 14, 12, 0, 15, tzinfo=dt.UTC)


def test_a_minute_holds_exactly_its_limit_and_the_next_one_is_fresh(tmp_path: Path) -> None:
    limiter = Limiter(tmp_path / "limits.bin")
    taken = [limiter.take(7, 3, NOON) for _ in range(5)]
    assert [allowance.allowed for allowance in taken] == [True, True, True, False, False]
    assert [allowance.remaining for allowance in taken] == [2, 1, 0, 0, 0]
    assert taken[0].reset_s == 45
    assert taken[0].resets_at == int(NOON.timestamp()) + 45
    assert limiter.take(7, 3, NOON + dt.timedelta(seconds=45)).remaining == 2
    limiter.close()


def test_keys_do_not_share_their_minutes(tmp_path: Path) -> None:
    limiter = Limiter(tmp_path / "limits.bin")
    assert limiter.take(1, 1, NOON).allowed
    assert limiter.take(2, 1, NOON).allowed
    assert not limiter.take(1, 1, NOON).allowed
    limiter.close()


def test_peeking_counts_nothing(tmp_path: Path) -> None:
    limiter = Limiter(tmp_path / "limits.bin")
    assert [limiter.peek(5, 2, NOON).remaining for _ in range(3)] == [2, 2, 2]
    limiter.close()


class Counted(Protocol):
    """Counts requests, in a file or in Redis."""

    def take(self, number: int, limit: int, now: dt.datetime) -> Allowance: ...
    def peek(self, number: int, limit: int, now: dt.datetime) -> Allowance: ...
    def close(self) -> None: ...


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    require("redis-server", package="redis-server")
    server = RedisServer()
    yield server
    server.stop()


@given(
    steps=st.lists(
        st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(0, 90), st.booleans()), max_size=30
    )
)
@example(steps=[(1, 1, 0, True), (1, 1, 0, True), (1, 2, 0, False)])  # the plan changes within the minute
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_redis_counts_as_the_file_does(
    tmp_path: Path, redis_server: RedisServer, steps: list[tuple[int, int, int, bool]]
) -> None:
    places = [tmp_path / "limits.bin", redis_server.url]
    (tmp_path / "limits.bin").unlink(missing_ok=True)
    redis_server.forget()
    told = []
    for place in places:
        limiter: Counted = Limiter(place) if isinstance(place, Path) else SharedLimiter(str(place))
        now = NOON
        answers = []
        for number, limit, seconds, takes in steps:
            now += dt.timedelta(seconds=seconds)
            answers.append((limiter.take if takes else limiter.peek)(number, limit, now))
        limiter.close()
        told.append(answers)
    assert told[0] == told[1]


def test_two_machines_get_exactly_the_limit_through_redis(redis_server: RedisServer) -> None:
    limiters = [SharedLimiter(redis_server.url) for _ in range(2)]
    allowed: list[bool] = []

    def take(limiter: SharedLimiter) -> None:
        allowed.extend(limiter.take(99, 500, NOON).allowed for _ in range(100))

    threads = [threading.Thread(target=take, args=(limiters[number % 2],)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(allowed), sum(allowed)) == (800, 500)
    for limiter in limiters:
        limiter.close()


def test_a_redis_server_that_is_gone_is_unavailable() -> None:
    limiter = SharedLimiter("redis://127.0.0.1:1")
    with pytest.raises(Unavailable):
        limiter.take(1, 1, NOON)
    limiter.close()


def test_threads_on_two_handles_get_exactly_the_limit(tmp_path: Path) -> None:
    limiters = [Limiter(tmp_path / "limits.bin") for _ in range(2)]
    allowed: list[bool] = []

    def take(limiter: Limiter) -> None:
        allowed.extend(limiter.take(1, 500, NOON).allowed for _ in range(100))

    threads = [threading.Thread(target=take, args=(limiters[number % 2],)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(allowed), sum(allowed)) == (800, 500)
    for limiter in limiters:
        limiter.close()


@given(st.datetimes(min_value=dt.datetime(1970, 1, 1), max_value=dt.datetime(2200, 1, 1)))  # noqa: DTZ001 - made aware below
def test_the_reset_is_ahead_and_within_the_minute(naive: dt.datetime) -> None:
    now = naive.replace(tzinfo=dt.UTC)
    allowance = Allowance.after(10, 3, now, allowed=True)
    assert 1 <= allowance.reset_s <= 60
    assert allowance.resets_at % 60 == 0


def _take(
    path: Path, start: multiprocessing.synchronize.Barrier, results: multiprocessing.Queue[int]
) -> None:
    """Take until nothing is left, in two threads, and tell how many were allowed."""
    limiter = Limiter(path)
    allowed: list[bool] = []

    def take() -> None:
        start.wait()
        while limiter.take(7, 5_000, NOON).allowed:
            allowed.append(True)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    limiter.close()
    results.put(len(allowed))


def test_processes_get_exactly_the_limit_and_the_counts_of_those_that_ended_stay(tmp_path: Path) -> None:
    path, context = tmp_path / "limits.bin", multiprocessing.get_context("spawn")
    first = Limiter(path)
    for _ in range(100):
        first.take(7, 5_000, NOON)
    first.close()  # whoever takes its cell over goes on from its count
    start, results = context.Barrier(6), context.Queue()
    processes = [context.Process(target=_take, args=(path, start, results)) for _ in range(3)]
    for process in processes:
        process.start()
    taken = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    assert sum(taken) == 4_900
    assert min(taken) > 0


def test_more_processes_than_cells_share_one(tmp_path: Path) -> None:
    limiters = [Limiter(tmp_path / "limits.bin") for _ in range(20)]
    assert [limiter.take(1, 1_000, NOON).remaining for limiter in limiters] == list(range(999, 979, -1))
    assert limiters[0].peek(1_000_000, 5, NOON).remaining == 5
    assert limiters[0].take(1, 1_000, NOON).remaining == 979
    for limiter in limiters:
        limiter.close()

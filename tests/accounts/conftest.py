"""A clock that tests set, and accounts that use it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from leadspro_engine.accounts import Accounts, Caller
from tests.accounts.servers import Cluster, require

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Clock:
    """Tells the instant that it was set to."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 3, 14, 12, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """Where accounts are kept: None for a file of the data folder, else a new database of PostgreSQL."""
    if request.param == "sqlite":
        return None
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.new_database()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL server of the tests' own."""
    require("initdb", "pg_ctl", package="postgresql")
    running = Cluster(tmp_path_factory)
    yield running
    running.stop()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock, database_url: str | None) -> Iterator[Accounts]:
    opened = Accounts.open(tmp_path, url=database_url, clock=clock, demo=True)
    yield opened
    opened.close()


@pytest.fixture
def free(accounts: Accounts) -> Caller:
    """A caller on the plan `free`: 100 credits a month, 30 requests a minute, no batches."""
    workspace = accounts.registry.create_workspace("acme", "free")
    return accounts.authenticate(accounts.registry.create_key(workspace.id, name="first").token)

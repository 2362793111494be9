"""The API over the demo data: one application for all tests, and a workspace of its own for each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Protocol

import pytest

from leadspro_engine.accounts import DEMO_TOKEN, SCOPES, Accounts
from leadspro_engine.api import Application
from leadspro_engine.service import Published
from tests.api.client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class Clock:
    """Tells the instant that it was set to."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 3, 14, 12, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


class MakeClient(Protocol):
    """Makes a client with a key of a new workspace."""

    def __call__(self, plan: str = "scale", scopes: Sequence[str] = SCOPES) -> Client: ...


@pytest.fixture(scope="session")
def session_clock() -> Clock:
    return Clock()


@pytest.fixture
def clock(session_clock: Clock) -> Clock:
    """The clock of the application, a minute after the last test, so that minutes are not shared."""
    session_clock.now += dt.timedelta(minutes=1)
    return session_clock


@pytest.fixture(scope="session")
def accounts(tmp_path_factory: pytest.TempPathFactory, session_clock: Clock) -> Iterator[Accounts]:
    opened = Accounts.open(tmp_path_factory.mktemp("accounts"), clock=session_clock, demo=True)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def app(demo_home: Path, accounts: Accounts) -> Iterator[Application]:
    published = Published(demo_home)
    yield Application(demo_home, accounts, published)
    published.close()


@pytest.fixture
def client(app: Application, clock: Clock) -> Client:  # noqa: ARG001 - a minute of its own
    """A client with the public demo key."""
    return Client(app, DEMO_TOKEN)


@pytest.fixture
def make_client(app: Application, accounts: Accounts, clock: Clock) -> MakeClient:  # noqa: ARG001 - a minute of its own
    """Makes clients, each with a workspace of its own."""

    def make(plan: str = "scale", scopes: Sequence[str] = SCOPES) -> Client:
        workspace = accounts.registry.create_workspace("test", plan)
        return Client(app, accounts.registry.create_key(workspace.id, name="test", scopes=scopes).token)

    return make

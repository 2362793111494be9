"""A clock that tests set, and accounts that use it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from leadspro_engine.accounts import Accounts, Caller

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


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    opened = Accounts.open(tmp_path, clock=clock, demo=True)
    yield opened
    opened.close()


@pytest.fixture
def free(accounts: Accounts) -> Caller:
    """A caller on the plan `free`: 100 credits a month, 30 requests a minute, no batches."""
    workspace = accounts.registry.create_workspace("acme", "free")
    return accounts.authenticate(accounts.registry.create_key(workspace.id, name="first").token)

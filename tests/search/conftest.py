"""The snapshot that the tests of this room search in."""

from __future__ import annotations

import pytest

from tests.search.small_snapshot import COMPANIES, PEOPLE, SmallSnapshot


@pytest.fixture(scope="session")
def snapshot() -> SmallSnapshot:
    return SmallSnapshot(PEOPLE, COMPANIES)

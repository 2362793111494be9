"""The snapshot that the tests of this room search in."""

from __future__ import annotations

import pytest

from tests.search.small_snapshot import COMPANIES, PEOPLE, SmallSnapshot


@pytest.fixture(scope="session", params=["tables", "index"])
def snapshot(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SmallSnapshot:
    """The same answers come from the tables and from the search index."""
    made = SmallSnapshot(PEOPLE, COMPANIES)
    return made if request.param == "tables" else made.with_index(tmp_path_factory.mktemp("text") / "text")

"""What tests of several rooms share: the demo data, refreshed once into a data folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from leadspro_engine.refresh import refresh

settings.register_profile("calm", deadline=None)  # the first call of a kind loads its table
settings.load_profile("calm")

SOURCES = Path(__file__).parent.parent / "datasets" / "demo" / "sources.toml"


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a published snapshot of the demo data; tests only read it."""
    home = tmp_path_factory.mktemp("demo") / "home"
    refresh(SOURCES, home)
    return home

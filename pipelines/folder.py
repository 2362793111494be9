"""The data folder as Dagster sees it: where a run's files lie and which sources it reads."""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg
from pydantic import Field

from leadspro_engine.dataset import home_folder
from leadspro_engine.ingest import Source, load_sources
from leadspro_engine.privacy import SuppressionList
from leadspro_engine.records import Suppressions
from leadspro_engine.refresh import Run, current_state, verdicts_of

SOURCES_VARIABLE = "LEADSPRO_SOURCES"
DEFAULT_SOURCES = "sources.toml"


def sources_file() -> Path:
    """The sources file: ``$LEADSPRO_SOURCES``, else ``./sources.toml``."""
    return Path(os.environ.get(SOURCES_VARIABLE) or DEFAULT_SOURCES)


class DataFolder(dg.ConfigurableResource):  # type: ignore[type-arg]  # its parameter is what it yields: itself
    """A data folder and its sources file."""

    home: str = Field(default_factory=lambda: str(home_folder()), description="the data folder")
    sources: str = Field(default_factory=lambda: str(sources_file()), description="the sources file")

    @property
    def path(self) -> Path:
        """The data folder."""
        return Path(self.home)

    def run(self) -> Run:
        """The chain's files, kept between runs so that one asset alone can be made again."""
        folder = self.path / "work" / "pipeline"
        folder.mkdir(parents=True, exist_ok=True)
        suppressions = Suppressions(SuppressionList(self.path).hashes())
        sources = tuple(load_sources(Path(self.sources)))
        return Run(folder, sources, suppressions, current_state(self.path), verdicts_of(self.path))

    def source(self, name: str) -> Source:
        """One declared source."""
        return next(source for source in self.run().sources if source.name == name)

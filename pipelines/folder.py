"""The data folder as Dagster sees it: where a run's files lie, which sources it reads, and who holds it."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import msgspec
from pydantic import Field

from leadspro_engine.dataset import current_version, home_folder, refresh_lock
from leadspro_engine.errors import RefreshInProgress
from leadspro_engine.ingest import Source, load_sources
from leadspro_engine.privacy import SuppressionList
from leadspro_engine.records import Suppressions
from leadspro_engine.steps import Run, begin

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES_VARIABLE = "LEADSPRO_SOURCES"
DEFAULT_SOURCES = "sources.toml"
INBOX = "inbox"
"""The folder of a data folder into which files are dropped."""

_ASK_AGAIN_S = 1.0


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
        return begin(self.path, folder, self.declared(), suppressions=self.suppressions())

    def suppressions(self) -> Suppressions:
        """People who asked not to be shown."""
        return Suppressions(SuppressionList(self.path).hashes())

    def declared(self) -> tuple[Source, ...]:
        """The declared sources, in their order."""
        return tuple(load_sources(Path(self.sources)))

    def source(self, name: str) -> Source:
        """One declared source."""
        return next(source for source in self.declared() if source.name == name)


class RefreshFolder(DataFolder):
    """A data folder held for one refresh, from the first step of a Dagster run to the last, and its options.

    The lock is the one that ``leadspro refresh`` takes, so that the two cannot meet: a run waits its turn.
    """

    relearn: bool = Field(default=False, description="learn new match weights from these records")
    accept_smaller: bool = Field(
        default=False,
        description="publish although many people or companies of the current snapshot are gone",
    )
    wait_s: float = Field(default=3600.0, description="how long to wait for another refresh, in seconds")

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[RefreshFolder]:
        """Hold the lock while the run's steps run in this process.

        Raises:
            RefreshInProgress: the other refresh did not end in time.
        """
        with ExitStack() as stack:
            deadline, told = time.monotonic() + self.wait_s, False
            while True:
                try:
                    stack.enter_context(refresh_lock(self.path))
                    break
                except RefreshInProgress as exc:
                    if time.monotonic() >= deadline:
                        raise
                    if not told and context.log is not None:
                        context.log.info(str(exc))
                    told = True
                    time.sleep(_ASK_AGAIN_S)
            yield self

    def run(self) -> Run:
        """The chain's files, with the options of the launchpad."""
        return msgspec.structs.replace(
            super().run(), relearn=self.relearn, accept_smaller=self.accept_smaller
        )

    def remember_base(self, table: str) -> None:
        """Note which snapshot the entities of ``people`` or ``company`` go on from."""
        self._base(table).write_text(current_version(self.path) or "", encoding="utf-8")

    def check_base(self) -> None:
        """Return when the current snapshot is still the one that the entities go on from.

        Raises:
            Failure: another refresh has published since, so ids would be given twice.
        """
        bases = {self._base(table).read_text(encoding="utf-8") for table in ("people", "company")}
        if bases != {current_version(self.path) or ""}:
            raise dg.Failure(
                "Another refresh has published a snapshot since these entities were resolved. "
                "Materialize again, beginning with people_clusters and company_clusters.",
                allow_retries=False,
            )

    def _base(self, table: str) -> Path:
        return self.path / "work" / "pipeline" / f"{table}_base"

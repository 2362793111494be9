"""The data folder as Dagster sees it: where a run's files lie, which sources it reads, and who holds it."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from msgspec import Struct
from pydantic import Field, PrivateAttr

from leadspro_engine.dataset import current_version, home_folder, refresh_lock
from leadspro_engine.errors import RefreshInProgress
from leadspro_engine.ingest import Source, load_sources
from leadspro_engine.privacy import SuppressionList
from leadspro_engine.records import Suppressions
from leadspro_engine.resolve import Verdict  # noqa: TC001 (msgspec may read the annotations of Inputs)
from leadspro_engine.steps import Run, begin, verdicts_of

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


class Inputs(Struct, frozen=True):
    """Everything that a refresh depends on beside the release: sources, suppressions, verdicts."""

    sources: tuple[Source, ...]
    suppressions: Suppressions
    verdicts: tuple[Verdict, ...]


class DataFolder(dg.ConfigurableResource):  # type: ignore[type-arg]  # its parameter is what it yields: itself
    """A data folder and its sources file."""

    home: str = Field(default_factory=lambda: str(home_folder()), description="the data folder")
    sources: str = Field(default_factory=lambda: str(sources_file()), description="the sources file")

    @property
    def path(self) -> Path:
        """The data folder."""
        return Path(self.home)

    def inputs(self) -> Inputs:
        """What a refresh would be made from now."""
        hidden = Suppressions(SuppressionList(self.path).hashes())
        return Inputs(self.declared(), hidden, verdicts_of(self.path))

    def declared(self) -> tuple[Source, ...]:
        """The declared sources, in their order."""
        return tuple(load_sources(Path(self.sources)))


class RefreshFolder(DataFolder):
    """A data folder held for one refresh, from the first step of a Dagster run to the last, and its options.

    The lock is the one that ``leadspro refresh`` takes, so that the two cannot meet: a run waits its turn.
    """

    relearn: bool = Field(default=False, description="learn new match weights from these records")
    anew: bool = Field(default=False, description="take over no record and no entity of the current snapshot")
    accept_smaller: bool = Field(
        default=False,
        description="publish although many people or companies of the current snapshot are gone",
    )
    wait_s: float = Field(default=3600.0, description="how long to wait for another refresh, in seconds")
    _run: Run | None = PrivateAttr(default=None)

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
            self._run = None
            yield self

    def run(self) -> Run:
        """The files of the chain, with the options of the launchpad; the same at every step of a Dagster run.

        They lie in one folder that is kept, so that one asset alone can be made again.
        """
        if self._run is None:
            folder = self.path / "work" / "pipeline"
            folder.mkdir(parents=True, exist_ok=True)
            inputs = self.inputs()
            self._run = begin(
                self.path,
                folder,
                inputs.sources,
                suppressions=inputs.suppressions,
                relearn=self.relearn,
                anew=self.anew,
                accept_smaller=self.accept_smaller,
            )
        return self._run

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

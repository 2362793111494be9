"""Source files to a published snapshot: the steps in order, each with the rules that its result must keep.

Two refreshes of the same files by the same release give the same tables. When nothing changed since the
current snapshot, ``refresh`` says so and does nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from leadspro_engine.dataset import NOBODY, current_manifest, current_version, home_folder, refresh_lock
from leadspro_engine.dataset.durable import sha256_of
from leadspro_engine.errors import ChecksFailed
from leadspro_engine.ingest import Source, load_sources
from leadspro_engine.quality import RULES, Rule
from leadspro_engine.steps import STEPS, Counts, Run, Step, begin, engine_version, publish, verdicts_of

if TYPE_CHECKING:
    from leadspro_engine.records import Suppressions
    from leadspro_engine.resolve import Verdict


class StepResult(Struct, frozen=True):
    """What one step did.

    Attributes:
        step: its name.
        counts: rows by table, or what else it counted.
        seconds: wall time, its rules included.
        warnings: what somebody should look at, a sentence each, although it does not stop the refresh.
    """

    step: str
    counts: Counts
    seconds: float
    warnings: tuple[str, ...] = ()


class RefreshResult(Struct, frozen=True):
    """What a refresh did.

    Attributes:
        version: the version that is current now.
        published: whether it is new; False when nothing had changed.
        steps: what each step did; empty when nothing had changed.
        seconds: wall time of the whole.
    """

    version: str
    published: bool
    steps: list[StepResult]
    seconds: float


Progress = Callable[[str, StepResult | None], None]
"""Called with the name of a step and None when it begins, and with its result when it is done."""


def refresh(  # noqa: PLR0913 - all but the first two by name only
    sources_path: str | Path,
    home: str | Path | None = None,
    *,
    suppressions: Suppressions = NOBODY,
    force: bool = False,
    relearn: bool = False,
    anew: bool = False,
    accept_smaller: bool = False,
    progress: Progress | None = None,
) -> RefreshResult:
    """Read all sources, resolve them into people and companies, and publish the result.

    Entities keep their ids, and the weights of the current snapshot are used again unless the tables have
    doubled or halved since they were learned; the manifest's fact ``weights_from`` says which were used.

    Args:
        sources_path: the sources file, see ``leadspro_engine.ingest.sources``.
        home: the data folder; ``$LEADSPRO_HOME``, else ``./leadspro-data``, when not given.
        suppressions: people who asked not to be shown, and are not published.
        force: do it even if neither the files, the suppressions, the verdicts nor the release changed.
        relearn: learn new weights from these records.
        anew: make every record and entity anew, with the ids and weights of the current snapshot. The result
            is the same; it takes as long as a first refresh less the learning.
        accept_smaller: publish although many people or companies of the current snapshot are gone.
        progress: called as steps begin and end.

    Raises:
        SourceError: the sources file is wrong, or a source file cannot be opened.
        ChecksFailed: a rule of ``quality`` has a grave finding; the current snapshot stays.
        RefreshInProgress: another refresh is running on this data folder.

    The work folder is removed at the end; after a failure it stays, and the error has a note with its path.
    """
    began = time.perf_counter()
    home = home_folder(home)
    sources = tuple(load_sources(Path(sources_path)))
    with refresh_lock(home):
        given = fingerprint(sources, suppressions, verdicts_of(home))
        current = current_version(home)
        if current is not None and not (force or relearn or anew) and published_from(home) == given:
            return RefreshResult(current, published=False, steps=[], seconds=time.perf_counter() - began)
        run = begin(
            home,
            _fresh_folder(home),
            sources,
            suppressions=suppressions,
            relearn=relearn,
            anew=anew,
            accept_smaller=accept_smaller,
        )
        try:
            results = [_timed(name, step, run, progress) for name, step in STEPS.items()]
            results.append(_timed("publish", lambda run: publish(home, run, given), run, progress))
        except BaseException as exc:
            exc.add_note(f"The files of this run are kept in {run.folder} until the next refresh succeeds.")
            raise
        _sweep(home)
    new = current_version(home)
    assert new is not None
    return RefreshResult(new, published=True, steps=results, seconds=time.perf_counter() - began)


def fingerprint(
    sources: Sequence[Source], suppressions: Suppressions = NOBODY, verdicts: Sequence[Verdict] = ()
) -> str:
    """One hash of all that a refresh depends on: release, sources, files, suppressions, verdicts."""
    content = {
        "verdicts": sorted([*verdict.pair, verdict.same] for verdict in verdicts),
        "suppressions": sorted(suppressions.hashes),
        "engine": engine_version(),
        "sources": [_declaration(source) for source in sources],
        "files": [[path.name, sha256_of(path)] for source in sources for path in source.files()],
    }
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def published_from(home: Path) -> str | None:
    """The fingerprint of the sources that the current snapshot was made from; None when it is not known."""
    current = current_manifest(home)
    return None if current is None else current.facts.get("inputs")


def _declaration(source: Source) -> dict[str, Any]:
    """A source without its folder, so that moving all files together changes nothing."""
    said = msgspec.structs.asdict(source)
    del said["folder"]
    return said


def _timed(name: str, step: Step, run: Run, progress: Progress | None) -> StepResult:
    if progress is not None:
        progress(name, None)
    began = time.perf_counter()
    counts = step(run)
    warnings = _asked(run, RULES.get(name, ()))
    result = StepResult(name, counts, time.perf_counter() - began, warnings)
    if progress is not None:
        progress(name, result)
    return result


def _asked(run: Run, rules: Sequence[Rule]) -> tuple[str, ...]:
    """Ask some rules of a run; gives what is wrong and not grave.

    Raises:
        ChecksFailed: something is grave.
    """
    findings = [rule.ask(run) for rule in rules]
    if grave := [problem for found in findings if found.grave for problem in found.problems]:
        raise ChecksFailed(grave)
    return tuple(problem for found in findings for problem in found.problems)


def _fresh_folder(home: Path) -> Path:
    """An empty work folder, named by the time and never used before."""
    (home / "work").mkdir(exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"run-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-", dir=home / "work"))


def _sweep(home: Path) -> None:
    """Remove the work folders of this run and of earlier ones that failed."""
    for folder in (home / "work").glob("run-*"):
        shutil.rmtree(folder, ignore_errors=True)

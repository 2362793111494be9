"""The steps from source files to a snapshot, as plain functions that anybody can call.

Each takes a ``Run`` (a work folder and what it works from) and gives counts; what passes between steps are
the Parquet files listed in docs/architecture.md. ``refresh`` calls them in order; the Dagster assets of
``pipelines`` call the same ones. ``quality`` has the rules that are asked after each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path  # noqa: TC003 - msgspec may read the annotations of Run
from typing import Any

import msgspec
import polars as pl
from msgspec import Struct

from leadspro_engine import dataset
from leadspro_engine.dataset import NOBODY, current_manifest, snapshots_folder
from leadspro_engine.dataset.home import RESOLUTION
from leadspro_engine.dataset.manifest import read as read_manifest
from leadspro_engine.dataset.state import current_state
from leadspro_engine.ingest import Source, SourceCounts, write_source
from leadspro_engine.ingest.canonical import write_companies, write_people
from leadspro_engine.ingest.chunk import REJECTS_SCHEMA
from leadspro_engine.ingest.known import Known, write_contents
from leadspro_engine.ingest.raw import RECORD_SCHEMA
from leadspro_engine.records import Suppressions  # noqa: TC001 - msgspec may read the annotations of Run
from leadspro_engine.resolve import (
    PriorState,
    Resolved,
    Verdict,
    check_verdicts,
    hand_over,
    merge,
    read_verdicts,
    resolve_companies,
    resolve_people,
)

VERDICTS = "verdicts.jsonl"
"""The file of a data folder in which people's verdicts about pairs of records are kept."""

Counts = dict[str, int]


class Run(Struct, frozen=True):
    """One run of the chain: where its files lie and what it works from.

    Attributes:
        folder: the work folder.
        sources: the sources that it reads.
        suppressions: hashed identifiers of people who asked not to be shown.
        prior: the state of the snapshot that is current, whose ids and weights go on; None for the first.
        verdicts: what people said about pairs of records.
        relearn: learn new weights although those of the current snapshot could be used.
        before: rows by table of the snapshot that is current; empty for the first.
        accept_smaller: publish although many people or companies of the current snapshot are gone.
    """

    folder: Path
    sources: tuple[Source, ...]
    suppressions: Suppressions = NOBODY
    prior: PriorState | None = None
    verdicts: tuple[Verdict, ...] = ()
    relearn: bool = False
    before: Mapping[str, int] = {}
    accept_smaller: bool = False

    def path(self, name: str) -> Path:
        """The file of the run with this name."""
        return self.folder / name

    def files_of(self, source: Source) -> Path:
        """The folder in which what the files of a source gave is kept."""
        return self.folder / "files" / source.name

    @property
    def one_record_each(self) -> list[str]:
        """The sources that have one record an entity."""
        return [source.name for source in self.sources if source.one_record_per_entity]


Step = Callable[[Run], Counts]


def begin(  # noqa: PLR0913 - all but the first three by name only
    home: Path,
    folder: Path,
    sources: Sequence[Source],
    *,
    suppressions: Suppressions = NOBODY,
    relearn: bool = False,
    anew: bool = False,
    accept_smaller: bool = False,
) -> Run:
    """A run in ``folder`` that goes on from the current snapshot of a data folder.

    With ``anew`` it takes over nothing but ids, weights and value frequencies.

    Raises:
        InvalidInput: the verdicts of the data folder are wrong, see ``verdicts_of``.
    """
    current, prior = current_manifest(home), current_state(home)
    if anew and prior is not None:
        prior = msgspec.structs.replace(prior, tables=None, anew=True)
    return Run(
        folder=folder,
        sources=tuple(sources),
        suppressions=suppressions,
        prior=prior,
        verdicts=verdicts_of(home),
        relearn=relearn,
        before={} if current is None else current.counts,
        accept_smaller=accept_smaller,
    )


def read_one(run: Run, source: Source) -> SourceCounts:
    """Read one source into ``sources/<name>.parquet`` and its rejects beside it.

    Files that this work folder has seen before are not read again, see ``ingest.written``.
    """
    folder = run.path("sources")
    folder.mkdir(parents=True, exist_ok=True)
    records, rejects = folder / f"{source.name}.parquet", folder / f"{source.name}.rejects.parquet"
    counts = write_source(source, records, rejects, kept=run.files_of(source))
    (folder / f"{source.name}.json").write_bytes(msgspec.json.encode(counts))
    return counts


def join_sources(run: Run) -> Counts:
    """All records as ``people_raw`` and ``companies_raw``, all unreadable rows as ``rejects_read``."""
    people = [source.name for source in run.sources if source.record == "person"]
    companies = [source.name for source in run.sources if source.record == "company"]
    return {
        "people_raw": _join(run, "people_raw", people, RECORD_SCHEMA),
        "companies_raw": _join(run, "companies_raw", companies, RECORD_SCHEMA),
        "rejects": _join(
            run, "rejects_read", [f"{source.name}.rejects" for source in run.sources], REJECTS_SCHEMA
        ),
    }


def read_sources(run: Run) -> Counts:
    """Read every source, then join them."""
    for source in run.sources:
        read_one(run, source)
    return join_sources(run)


def normalize(run: Run) -> Counts:
    """Canonical records of people and companies, and all rejects together."""
    people, people_rejects = write_people(
        run.path("people_raw.parquet"),
        run.path("people_records.parquet"),
        run.path("rejects_people.parquet"),
        _known(run, "people"),
    )
    companies, company_rejects = write_companies(
        run.path("companies_raw.parquet"),
        run.path("people_raw.parquet"),
        run.path("people_records.parquet"),
        run.path("company_records.parquet"),
        run.path("rejects_companies.parquet"),
        _known(run, "company"),
    )
    write_contents([run.path("people_raw.parquet")], run.path("people_contents.parquet"))
    write_contents(
        [run.path("companies_raw.parquet"), run.path("mentions_raw.parquet")],
        run.path("company_contents.parquet"),
    )
    parts = [pl.scan_parquet(run.path(f"rejects_{part}.parquet")) for part in ("read", "people", "companies")]
    pl.concat(parts).sort("source", "file", "line").sink_parquet(run.path("rejects.parquet"))
    rejects = people_rejects + company_rejects
    return {"people_records": people, "company_records": companies, "rejects": rejects}


def _known(run: Run, table: str) -> Known | None:
    """The canonical records of the snapshot that is current."""
    if run.prior is None or run.prior.damaged or run.prior.anew:
        return None
    return Known(run.prior.path(f"{table}_records.parquet"), run.prior.path(f"{table}_contents.parquet"))


def cluster_companies(run: Run) -> Counts:
    """``company_clusters``: which company records are one company."""
    found = resolve_companies(
        run.folder,
        prior=run.prior,
        verdicts=run.verdicts,
        one_each=run.one_record_each,
        relearn=run.relearn,
    )
    more = _more_counts(found)
    return {"company_records": found.records, "pairs": found.pairs, "companies": found.entities, **more}


def cluster_people(run: Run) -> Counts:
    """``people_clusters``: which person records are one person."""
    found = resolve_people(
        run.folder,
        prior=run.prior,
        suppressions=run.suppressions,
        verdicts=run.verdicts,
        one_each=run.one_record_each,
        relearn=run.relearn,
    )
    more = _more_counts(found)
    return {"people_records": found.records, "pairs": found.pairs, "people": found.entities, **more}


def _more_counts(found: Resolved) -> Counts:
    """What is worth a word only where there is any: see ``Resolved``."""
    counts = {"suppressed": found.hidden, "thinned": found.thinned}
    return {name: count for name, count in counts.items() if count}


def merge_entities(run: Run) -> Counts:
    """Golden people and companies, identifiers, lineage, changed ids, and ``weights.json`` of both models."""
    merged = merge(run.folder, run.prior)
    changes = [pl.scan_parquet(run.path(f"{name}_id_changes.parquet")) for name in ("people", "company")]
    pl.concat(changes).sort("old_id", "new_id").sink_parquet(run.path("id_changes.parquet"))
    weights = {
        "people": msgspec.Raw(run.path("people_weights.json").read_bytes()),
        "companies": msgspec.Raw(run.path("company_weights.json").read_bytes()),
    }
    run.path("weights.json").write_bytes(msgspec.json.encode(weights))
    return msgspec.structs.asdict(merged)


def publish(home: Path, run: Run, inputs: str) -> Counts:
    """Publish what the other steps wrote; gives the people, companies and rejects of the snapshot.

    Args:
        home: the data folder.
        run: all of whose files are there.
        inputs: the ``fingerprint`` of the sources, remembered in the manifest.
    """
    facts = {
        "sources": described(run),
        "inputs": inputs,
        "engine": engine_version(),
        "weights_from": {
            model: resolved_in(run, table).weights_from
            for model, table in (("people", "people"), ("companies", "company"))
        },
    }
    hand_over(run.folder, run.path(RESOLUTION))
    onto = None if run.prior is None or run.prior.tables is None else run.prior.version
    name = dataset.publish(home, run.folder, facts, onto=onto)
    counts = read_manifest(snapshots_folder(home) / name).counts
    return {table: counts[table] for table in ("people", "companies", "rejects")}


STEPS: dict[str, Step] = {
    "read sources": read_sources,
    "normalize": normalize,
    "cluster companies": cluster_companies,
    "cluster people": cluster_people,
    "merge": merge_entities,
}
"""The chain, in order; publishing comes last."""


def resolved_in(run: Run, table: str) -> Resolved:
    """What resolving ``people`` or ``company`` gave in this run."""
    return msgspec.json.decode(run.path(f"{table}_resolved.json").read_bytes(), type=Resolved)


def verdicts_of(home: Path) -> tuple[Verdict, ...]:
    """What people said about pairs of records, in the file ``verdicts.jsonl`` of a data folder.

    Raises:
        InvalidInput: a line is no verdict, or the verdicts contradict each other.
    """
    verdicts = read_verdicts(home / VERDICTS)
    check_verdicts(verdicts)
    return tuple(verdicts)


def described(run: Run) -> list[dict[str, Any]]:
    """What the manifest says of each source file: name, checksum, rows and column roles."""
    return [
        {"source": source.name, "record": source.record, **msgspec.to_builtins(file)}
        for source in run.sources
        for file in counts_of(run, source).files
    ]


def counts_of(run: Run, source: Source) -> SourceCounts:
    """What became of a source that this run has read."""
    return msgspec.json.decode((run.path("sources") / f"{source.name}.json").read_bytes(), type=SourceCounts)


def engine_version() -> str:
    """The release of this package; ``unknown`` when it runs from a checkout that is not installed."""
    try:
        return version("leadspro-engine")
    except PackageNotFoundError:
        return "unknown"


def _join(run: Run, name: str, parts: Sequence[str], schema: Mapping[str, pl.DataType]) -> int:
    """One table of several files of the folder ``sources``; returns its rows."""
    frames = [pl.scan_parquet(run.path("sources") / f"{part}.parquet") for part in parts]
    path = run.path(f"{name}.parquet")
    pl.concat([pl.LazyFrame(schema=dict(schema)), *frames]).sink_parquet(path)
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())

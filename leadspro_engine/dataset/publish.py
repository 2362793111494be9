"""Turning the Parquet of a refresh into the current snapshot.

Steps, each finished before the next begins: build in a staging folder, read back and compare, take
checksums, flush to the disk, rename, swap CURRENT. A process that dies at any instant leaves the current
snapshot whole, and a staging folder that the next one sweeps. Nothing is modified after its rename.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl
from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.dataset import keys, manifest, search_build, tables
from leadspro_engine.dataset.durable import flush
from leadspro_engine.dataset.home import (
    KEYS,
    MANIFEST,
    RESOLUTION,
    SEARCH,
    STAGING,
    TABLES,
    current_version,
    point_to,
    snapshots_folder,
)
from leadspro_engine.dataset.lock import publish_lock
from leadspro_engine.dataset.reader import TableReader
from leadspro_engine.dataset.versions import KEEP, prune_held
from leadspro_engine.errors import ChecksFailed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SAMPLE = 50

MADE_ANEW = "made_anew.parquet"

MOST_PATCHED = 0.2
"""Beyond this share of patched entities a snapshot is made from nothing: patches stand out of their order."""


def publish(  # noqa: PLR0913 - all but the first three by name only
    home: Path,
    work: Path,
    facts: Mapping[str, Any],
    *,
    onto: str | None = None,
    now: dt.datetime | None = None,
    keep: int = KEEP,
) -> str:
    """Publish the dataset in ``work`` and make it current; gives its version.

    Args:
        home: the data folder; made when it is not there.
        work: folder with the Parquet files that ``docs/architecture.md`` lists, ``weights.json``, and the
            folder ``resolution``, if the next refresh is to go on from this one.
        facts: what the manifest is to remember: ``sources`` (a list of mappings, one a source file, with its
            checksum), and anything else that JSON can hold.
        onto: the version, made by this very release, from which ``work`` differs only in the entities of
            ``made_anew.parquet``; its files are then patched. All is made from nothing when not given.
        now: when this is, with time zone; the clock when not given.
        keep: how many versions stay on the disk, this one included.

    Raises:
        ChecksFailed: the data breaks a rule that readers rely on; the current snapshot stays.
        RefreshInProgress: another process is publishing.
        SqlStepFailed: a Parquet file is missing or lacks a column.
    """
    when = (now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
    with publish_lock(home):
        _sweep(home)
        staging = snapshots_folder(home) / f"{STAGING}{os.getpid()}"
        staging.mkdir()
        try:
            patched = None if onto is None else _patchable(snapshots_folder(home) / onto, work)
            parent = current_version(home)
            version = _build(staging, work, dict(facts), patched=patched, parent=parent, when=when)
            _move(staging, snapshots_folder(home) / version)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        point_to(home, version)
        prune_held(home, keep=keep)
    return version


class _Patched(Struct, frozen=True):
    """The snapshot of which a copy is patched, and how many entities were made anew since it was whole."""

    folder: Path
    entities: int


def _patchable(folder: Path, work: Path) -> _Patched | None:
    """The snapshot to patch; None when so much of it has changed that it is better made from nothing."""
    before = manifest.read(folder)
    entities = before.patched + pl.scan_parquet(work / MADE_ANEW).select(pl.len()).collect().item()
    whole = before.counts["people"] + before.counts["companies"]
    return _Patched(folder, entities) if entities <= MOST_PATCHED * whole else None


def _build(  # noqa: PLR0913 - all but the first three by name only
    staging: Path,
    work: Path,
    facts: dict[str, Any],
    *,
    patched: _Patched | None,
    parent: str | None,
    when: dt.datetime,
) -> str:
    """Fill the staging folder with a finished, checked snapshot; gives its version."""
    counts = tables.build(work, staging / TABLES, None if patched is None else patched.folder / TABLES)
    reader = TableReader(staging / TABLES)
    try:
        keys.build(reader, staging / KEYS)
        _compare(reader, staging / KEYS)
    finally:
        reader.close()
    with sql.attached(staging / TABLES, spill=work) as con:
        search_build.build(con, staging / SEARCH)
    if (work / RESOLUTION).is_dir():
        shutil.copytree(work / RESOLUTION, staging / RESOLUTION)
    closing = manifest.named(
        manifest.Manifest(
            schema=manifest.SCHEMA_VERSION,
            version="",
            published_at=when,
            parent=parent,
            counts=counts,
            files=[manifest.file_fact(staging, file) for file in _files(staging)],
            sources=list(facts.pop("sources", ())),
            facts=facts,
            engines=manifest.engines(),
            code=manifest.code(),
            patched=0 if patched is None else patched.entities,
            weights=msgspec.Raw((work / "weights.json").read_bytes()),
        )
    )
    (staging / MANIFEST).write_bytes(manifest.encode(closing))
    return closing.version


def _files(folder: Path) -> list[Path]:
    """Every file below a folder, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _compare(reader: TableReader, path: Path) -> None:
    """Return when a sample of every kind of key leads to the same ids in the tables and in the key index.

    Raises:
        ChecksFailed: it does not, so the index was not built from these tables.
    """
    index = keys.KeyIndex(path)
    try:
        for kind in tables.KINDS:
            text = f"select distinct key from identifiers_{kind} order by hash(key) limit {_SAMPLE}"
            sample = [row[0] for row in reader.cursor().execute(text).fetchall()]
            if index.lookup(kind, sample) != reader.lookup(kind, sample):
                raise ChecksFailed([f"the key index differs from the table identifiers_{kind}"])
    finally:
        index.close()


def _move(staging: Path, folder: Path) -> None:
    """Give a finished snapshot its name, once all of it is on the disk."""
    for file in _files(staging):
        flush(file)
    for inner in {file.parent for file in _files(staging)}:
        flush(inner)
    staging.rename(folder)
    flush(folder.parent)


def _sweep(home: Path) -> None:
    """Remove what publishers that died left behind; the lock is held, so nobody is building."""
    for leftover in snapshots_folder(home).glob(f"{STAGING}*"):
        shutil.rmtree(leftover, ignore_errors=True)

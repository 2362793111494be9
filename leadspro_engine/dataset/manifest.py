"""What a snapshot says of itself: the manifest that closes it.

Written last, so that a folder with a readable manifest is a finished snapshot. The manifest carries the
checksum of every other file, the facts that the refresh wanted remembered, and the learned weights.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from leadspro_engine.code import code_checksum
from leadspro_engine.dataset.durable import sha256_of
from leadspro_engine.dataset.home import MANIFEST
from leadspro_engine.errors import DatasetCorrupt, DatasetMissing

SCHEMA_VERSION = 8
"""Layout of a snapshot. A reader opens exactly its own; raise it when a file of a snapshot changes shape."""

MAKE_ANEW = "make it anew with `leadspro refresh --force`"
"""What helps when a snapshot is whole, but of another release."""


class FileFact(Struct, frozen=True):
    """One file of the snapshot: its name (with the folder it lies in), size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What a published snapshot holds and where it came from.

    Attributes:
        schema: layout of the snapshot, see ``SCHEMA_VERSION``.
        version: name of the snapshot's folder, ``v-<utc>-<hash>``, where the hash is of this manifest itself.
        published_at: when it was published, UTC.
        parent: the version that was current before; None for the first.
        counts: number of rows of each table.
        files: every file of the folder except this one.
        sources: the source files that it was made from, as the refresh described them.
        facts: whatever else the refresh wanted remembered.
        engines: versions of the libraries that wrote the files.
        code: checksum of the code that made it.
        patched: how many entities were replaced in it, or in what it is a copy of, since all was made from
            nothing; 0 when it was.
        weights: the learned weights of both models, as ``resolve`` wrote them.
    """

    schema: int
    version: str
    published_at: dt.datetime
    parent: str | None
    counts: dict[str, int]
    files: list[FileFact]
    sources: list[dict[str, Any]]
    facts: dict[str, Any]
    engines: dict[str, str]
    weights: msgspec.Raw
    code: str
    patched: int


class _Layout(Struct):
    schema: int


def engines() -> dict[str, str]:
    """The libraries that write the files of a snapshot today, with their versions."""
    return {name: version(name) for name in ("duckdb", "lmdb", "pyarrow", "pyroaring")}


def code() -> str:
    """The checksum of the code that makes snapshots today."""
    return code_checksum(Path(__file__).parents[1])


def encode(manifest: Manifest) -> bytes:
    """The manifest as the JSON text that stands in its file."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def named(manifest: Manifest) -> Manifest:
    """The manifest with the version that follows from its content."""
    return msgspec.structs.replace(manifest, version=_version(manifest))


def read(folder: Path) -> Manifest:
    """The manifest of a snapshot's folder.

    Raises:
        DatasetMissing: there is no manifest, so this is no snapshot.
        DatasetCorrupt: it cannot be read, or is of another layout.
    """
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
        layout = msgspec.json.decode(content, type=_Layout).schema
        if layout == SCHEMA_VERSION:
            return msgspec.json.decode(content, type=Manifest)
    except FileNotFoundError as exc:
        raise DatasetMissing(folder) from exc
    except msgspec.DecodeError as exc:
        raise DatasetCorrupt(path, f"not a manifest ({exc})") from exc
    raise DatasetCorrupt(path, f"layout {layout}, this release reads layout {SCHEMA_VERSION}; {MAKE_ANEW}")


def file_fact(folder: Path, path: Path) -> FileFact:
    """A finished file of a snapshot's folder as the manifest lists it."""
    return FileFact(path.relative_to(folder).as_posix(), path.stat().st_size, sha256_of(path))


def check_sizes(folder: Path, manifest: Manifest) -> None:
    """Return when every listed file is there with its size; costs microseconds.

    Raises:
        DatasetCorrupt: names the first file that is not.
    """
    for fact in manifest.files:
        path = folder / fact.name
        if not path.is_file():
            raise DatasetCorrupt(path, "the file is missing")
        if path.stat().st_size != fact.size:
            raise DatasetCorrupt(path, f"{path.stat().st_size} bytes, the manifest says {fact.size}")


def check_content(folder: Path, manifest: Manifest) -> None:
    """Return when every file, the manifest included, is what was published; reads every byte.

    Raises:
        DatasetCorrupt: names the first file that is not.
    """
    if manifest.version != _version(manifest) or encode(manifest) != (folder / MANIFEST).read_bytes():
        raise DatasetCorrupt(folder / MANIFEST, "the content does not give the version that it names")
    check_sizes(folder, manifest)
    for fact in manifest.files:
        if sha256_of(folder / fact.name) != fact.sha256:
            raise DatasetCorrupt(
                folder / fact.name, "the content is not what was published (checksum differs)"
            )


def _version(manifest: Manifest) -> str:
    """``v-<utc>-<hash>``: sorts by time, and changes when any byte of the content does."""
    unnamed = msgspec.json.format(
        msgspec.json.encode(msgspec.structs.replace(manifest, version="")), indent=-1
    )
    return f"v-{manifest.published_at:%Y%m%dT%H%M%S.%fZ}-{hashlib.sha256(unnamed).hexdigest()[:12]}"

"""A published snapshot of people and companies: made from Parquet, read by matching and search.

A snapshot is a folder that never changes: one DuckDB file (the truth), a key index compiled from it, and
a manifest with the checksum of both. ``publish`` makes one and swaps it in; ``Dataset.open`` reads it.
"""

from leadspro_engine.dataset.difference import Difference, EntityChanges, diff
from leadspro_engine.dataset.earlier import as_of
from leadspro_engine.dataset.home import current_version, home_folder, snapshots_folder
from leadspro_engine.dataset.lock import refresh_lock
from leadspro_engine.dataset.manifest import FileFact, Manifest
from leadspro_engine.dataset.publish import publish
from leadspro_engine.dataset.snapshot import Dataset
from leadspro_engine.dataset.stored import StoredPerson
from leadspro_engine.dataset.suppressed import NOBODY, hidden_ids, hides, hides_identifier
from leadspro_engine.dataset.versions import Version, current_manifest, list_versions, prune, rollback, verify

__all__ = [
    "NOBODY",
    "Dataset",
    "Difference",
    "EntityChanges",
    "FileFact",
    "Manifest",
    "StoredPerson",
    "Version",
    "as_of",
    "current_manifest",
    "current_version",
    "diff",
    "hidden_ids",
    "hides",
    "hides_identifier",
    "home_folder",
    "list_versions",
    "prune",
    "publish",
    "refresh_lock",
    "rollback",
    "snapshots_folder",
    "verify",
]

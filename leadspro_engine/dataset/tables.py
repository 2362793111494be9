"""The DuckDB file of a snapshot: made from the Parquet of a refresh, checked, and never changed again.

One table for people, companies and what matching compares, each sorted by ``id``; one narrow table for
each kind of identifier, sorted by ``key``, so that a look-up reads one row group; and how frequent the
values are that matching weighs by their rarity. There are no indexes and no constraints: uniqueness is a
check here, and an ART index pins about 55 bytes a key and row in every process and is passed over as soon
as a second filter is present (0.5 ms becomes 53 ms).
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Literal, get_args

import polars as pl

from leadspro_engine import sql
from leadspro_engine.compare import PEOPLE
from leadspro_engine.errors import ChecksFailed
from leadspro_engine.normalize.record import PERSON_SCHEMA
from leadspro_engine.records import Company, IdentifierKind, Person, table_columns

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

KINDS: tuple[IdentifierKind, ...] = get_args(IdentifierKind)
"""Every kind of identifier; each has a table ``identifiers_<kind>`` of key, id and records."""

COMPANY_KINDS: tuple[IdentifierKind, ...] = ("company_domain", "company_linkedin", "company_name")
"""The kinds whose keys lead to companies; all others lead to people."""

_TYPES = {pl.String(): "varchar", pl.List(pl.String()): "varchar[]"}
_NAMES = list(PERSON_SCHEMA)

FEATURES: dict[str, str] = {
    name: _TYPES[PERSON_SCHEMA[name]]
    for name in _NAMES[_NAMES.index("given_key") : _NAMES.index("company_record_id")]
}
"""Columns of what matching compares: ``PERSON_SCHEMA`` from ``given_key`` on, with their DuckDB types."""

_LINEAGE = {
    "entity_id": "varchar", "field": "varchar", "value": "varchar", "record_id": "varchar",
    "source": "varchar", "observed_at": "date", "chosen": "boolean", "reason": "varchar",
}  # fmt: skip
_EMPLOYERS = {
    "person_id": "varchar", "company_id": "varchar", "job_title": "varchar", "first_seen": "date",
    "last_seen": "date", "records": "bigint",
}  # fmt: skip
_ID_CHANGES = {
    "old_id": "varchar", "new_id": "varchar", "change": "varchar", "records": "bigint",
    "last_version": "varchar",
}  # fmt: skip
_REJECTS = {"source": "varchar", "file": "varchar", "line": "bigint", "reason": "varchar", "raw": "varchar"}

TABLES: dict[str, tuple[dict[str, str], str]] = {
    "people": ({**table_columns(Person), "company_id": "varchar"}, "id"),
    "companies": (table_columns(Company), "id"),
    "people_features": ({"id": "varchar", **FEATURES}, "id"),
    "employers": (_EMPLOYERS, "person_id, company_id"),
    "lineage": (_LINEAGE, "entity_id, field, record_id, value"),
    "id_changes": (_ID_CHANGES, "old_id, new_id"),
    "rejects": (_REJECTS, "source, file, line"),
}
"""The tables made from the Parquet file of the same name: their columns, and what sorts their rows."""

Group = Literal["ids", "identifiers", "references", "not empty"]

RULES: dict[Group, dict[str, str]] = {
    "ids": {
        "two people have the same id": "select id from people group by id having count(*) > 1",
        "two companies have the same id": "select id from companies group by id having count(*) > 1",
        "two rows of features have the same id": """
            select id from people_features group by id having count(*) > 1""",
    },
    "identifiers": {
        "an identifier has an unknown kind": f"select kind from given where kind not in {KINDS}",
        "an identifier is listed twice": "select key from given group by kind, key, id having count(*) > 1",
        "an identifier has no key": "select id from given where key is null or key = ''",
    },
    "references": {
        "a person has no features": "select id from people except select id from people_features",
        "features belong to no person": "select id from people_features except select id from people",
        "a person's company does not exist": """
            select company_id from people where company_id is not null except select id from companies""",
        "an employer is of nobody": "select person_id from employers except select id from people",
        "an employer does not exist": "select company_id from employers except select id from companies",
        "an identifier leads to nobody": f"""
            select id from given where kind not in {COMPANY_KINDS} except select id from people""",
        "an identifier leads to no company": f"""
            select id from given where kind in {COMPANY_KINDS} except select id from companies""",
        "a changed id leads to nobody": """
            select new_id from id_changes where new_id is not null
            except (select id from people union select id from companies)""",
    },
    "not empty": {
        "there are no people and no companies": """
            select 'nothing' where not exists (from people) and not exists (from companies)""",
    },
}
"""What must not be: each query lists the offenders; ``given`` are the identifiers."""


def build(work: Path, path: Path, onto: Path | None = None) -> dict[str, int]:
    """Write the DuckDB file at ``path`` from the Parquet files in ``work``; gives the rows of each table.

    Args:
        work: the folder of the Parquet files.
        path: the new file.
        onto: the file of the current snapshot, of which all rows are still right but those of the entities
            in ``made_anew.parquet``; a copy of it is patched. The patched tables have the same rows as those
            that are made from nothing, but the new rows stand behind the others.

    Raises:
        ChecksFailed: the Parquet breaks a rule that readers rely on; each sentence names an example.
        SqlStepFailed: a Parquet file is missing or lacks a column.
    """
    if onto is not None:
        shutil.copyfile(onto, path)
    con = sql.workbench(spill=path.parent)
    try:
        for table in (*TABLES, "identifiers"):
            sql.read_parquet(con, f"{table}_given", work / f"{table}.parquet")
        sql.run(con, "attach the new file", f"attach {sql.quoted(str(path))} as snapshot")
        sql.run(con, "write to the new file", "use snapshot")
        if onto is None:
            _make(con)
        else:
            sql.read_parquet(con, "memory.made_anew", work / "made_anew.parquet")
            _patch(con)
        _check(con)
        counts = _counts(con)
        sql.run(con, "let go of the new file", "use memory")
        sql.run(con, "write everything to the new file", "checkpoint snapshot")
        sql.run(con, "close the new file", "detach snapshot")
    finally:
        con.close()
    return counts


def _make(con: DuckDBPyConnection) -> None:
    """Fill an empty file."""
    for table, (columns, order) in TABLES.items():
        _create(con, table, columns)
        _fill(con, table, order)
    for kind in KINDS:
        columns = {"key": "varchar", "id": "varchar", "records": "bigint"}
        _create(con, f"identifiers_{kind}", columns)
        _fill_identifiers(con, kind)
    _fill_frequencies(con)


def _patch(con: DuckDBPyConnection) -> None:
    """Replace the rows of the entities that were made anew, and what is told of the whole refresh."""
    for table, (_, order) in TABLES.items():
        if (owner := OWNERS.get(table)) is None:
            sql.run(con, f"empty {table}", f"delete from {table}")
            _fill(con, table, order)
        else:
            sql.run(con, f"remove from {table}", f"delete from {table} where {owner} in {_ANEW}")
            _fill(con, table, order, f"where {owner} in {_ANEW}")
    for kind in KINDS:
        sql.run(
            con,
            f"remove from identifiers_{kind}",
            f"delete from identifiers_{kind} where id in {_ANEW}",
        )
        _fill_identifiers(con, kind, f"and id in {_ANEW}")
    sql.run(con, "remove frequencies", "drop table frequencies")
    _fill_frequencies(con)


OWNERS = {
    "people": "id", "companies": "id", "people_features": "id", "employers": "person_id",
    "lineage": "entity_id",
}  # fmt: skip
"""The tables whose rows are of one entity each, and the column that names it."""

_ANEW = "(select id from memory.made_anew)"


def _create(con: DuckDBPyConnection, table: str, columns: dict[str, str]) -> None:
    """Create one empty table."""
    declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    sql.run(con, f"create {table}", f"create table {table} ({declared})")


def _fill(con: DuckDBPyConnection, table: str, order: str, where: str = "") -> None:
    """Fill one table, sorted; a column that the Parquet does not have stays null."""
    text = f"insert into {table} by name select * from memory.{table}_given {where} order by {order}"
    sql.run(con, f"fill {table}", text)


def _fill_identifiers(con: DuckDBPyConnection, kind: IdentifierKind, where: str = "") -> None:
    """Fill the table of one kind of identifier, sorted by key."""
    text = f"""
        insert into identifiers_{kind} select key, id, records
        from memory.identifiers_given where kind = '{kind}' {where} order by key, id"""
    sql.run(con, f"fill identifiers_{kind}", text)


def _fill_frequencies(con: DuckDBPyConnection) -> None:
    """Create the table of the share of people that have a value, for values that more than one has."""

    def one(column: str) -> str:
        value = f"unnest(list_distinct({column}))" if column in PEOPLE.list_columns else column
        return f"select '{column}' as field, {value} as value from people_features"

    parts = " union all ".join(one(column) for column in PEOPLE.frequency_columns)
    text = f"""
        create table frequencies as
        select field, value, count(*) / (select count(*) from people_features) as share
        from ({parts}) where value is not null
        group by field, value having count(*) > 1 order by field, value"""
    sql.run(con, "fill frequencies", text)


def broken_rules(work: Path, group: Group) -> dict[str, int]:
    """Each rule of a group, as what must not be, with the number of rows in ``work`` that break it.

    They are the rules without which ``build`` refuses to publish, asked of the Parquet files.

    Raises:
        SqlStepFailed: a Parquet file is missing or lacks a column.
    """
    con = sql.workbench(spill=work)
    try:
        for table in TABLES:
            sql.read_parquet(con, table, work / f"{table}.parquet")
        sql.read_parquet(con, "identifiers_given", work / "identifiers.parquet")
        return {sentence: number for sentence, number, _ in _offenders(con, RULES[group])}
    finally:
        con.close()


def _check(con: DuckDBPyConnection) -> None:
    """Return when nothing that must not be was found."""
    failures = [
        f"{sentence} ({number}, for example {example})"
        for rules in RULES.values()
        for sentence, number, example in _offenders(con, rules)
        if number
    ]
    if failures:
        raise ChecksFailed(failures)


def _offenders(con: DuckDBPyConnection, rules: dict[str, str]) -> list[tuple[str, int, object]]:
    """What must not be, how many rows are so, and one of them."""
    offenders = []
    for sentence, query in rules.items():
        text = f"""
            with given as (from memory.identifiers_given)
            select count(*), min(found) from ({query}) as offenders (found)"""
        ((number, example),) = sql.rows(con, f"check whether {sentence}", text)
        offenders.append((sentence, int(number), example))
    return offenders


def _counts(con: DuckDBPyConnection) -> dict[str, int]:
    """The number of rows of each table of the new file."""
    tables = [*TABLES, "frequencies", *(f"identifiers_{kind}" for kind in KINDS)]
    text = " union all ".join(f"select '{table}', count(*) from {table}" for table in tables)
    counted = dict(sql.run(con, "count rows", text).fetchall())
    return {table: counted[table] for table in tables}

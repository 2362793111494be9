"""One table of a refresh resolved: canonical records in, clusters with lasting ids and the weights out."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Literal

import msgspec
import polars as pl
from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.compare import COMPANIES, PEOPLE
from leadspro_engine.records import Suppressions
from leadspro_engine.resolve.entities import resolve
from leadspro_engine.resolve.hidden import without_hidden
from leadspro_engine.resolve.identity import Before, name_entities
from leadspro_engine.resolve.remembered import EVIDENCE, contents_sql

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from leadspro_engine.compare import Model, Weights
    from leadspro_engine.resolve.prior import PriorState
    from leadspro_engine.resolve.verdicts import Verdicts


class Resolved(Struct, frozen=True):
    """What resolving one table of a refresh gave.

    Attributes:
        records: rows read.
        pairs: candidate pairs scored.
        thinned: distinct records that some blocking rule compared with a few neighbors only.
        entities: clusters, those of one record included and hidden ones left out.
        hidden: clusters left out because their people asked not to be shown.
        weights_from: ``learned`` from these records, or the ``parent`` snapshot's.
    """

    records: int
    pairs: int
    thinned: int
    entities: int
    hidden: int
    weights_from: Literal["learned", "parent"]


class _Table(Struct, frozen=True):
    """One of the two tables of a refresh: names of files, of its model, and what leads to its entities."""

    name: str
    records: str
    prefix: str
    model: Model
    handles: str


_PEOPLE = _Table(
    "people", "people_records", "p", PEOPLE,
    "select record_id, 'email:' || unnest(email_keys) as handle, {id} from {records} "
    "union all select record_id, 'linkedin:' || linkedin, {id} from {records} where linkedin is not null",
)  # fmt: skip
_COMPANIES = _Table(
    "company", "company_records", "c", COMPANIES,
    "select record_id, 'domain:' || unnest(domains) as handle, {id} from {records} "
    "union all select record_id, 'linkedin:' || linkedin, {id} from {records} where linkedin is not null",
)  # fmt: skip


def resolve_people(  # noqa: PLR0913 - all but the first by name only
    work: Path,
    *,
    prior: PriorState | None = None,
    suppressions: Suppressions = Suppressions(),  # noqa: B008 - a frozen value
    verdicts: Verdicts = (),
    one_each: Collection[str] = (),
    relearn: bool = False,
) -> Resolved:
    """Group ``people_records.parquet`` into people.

    Writes ``people_clusters.parquet`` (``record_id, entity_id``), ``people_id_changes.parquet``,
    ``people_weights.json``, ``people_frequencies.parquet`` (``field, value, share``),
    ``people_evidence.parquet`` (``x, y, bits``) and ``people_resolved.json``. The records of people
    who are not to be shown are taken out of ``people_records.parquet``.

    Args:
        work: the work folder.
        prior: the state of the current snapshot, whose ids and weights go on.
        suppressions: hashed identifiers of people who asked not to be shown.
        verdicts: what people said about pairs of records.
        one_each: sources of which no two records are one person.
        relearn: learn new weights although the current ones could be used.
    """
    return _resolve(work, _PEOPLE, prior, suppressions, verdicts, one_each=one_each, relearn=relearn)


def resolve_companies(
    work: Path,
    *,
    prior: PriorState | None = None,
    verdicts: Verdicts = (),
    one_each: Collection[str] = (),
    relearn: bool = False,
) -> Resolved:
    """Group ``company_records.parquet`` into companies.

    Writes ``company_clusters.parquet``, ``company_id_changes.parquet``, ``company_weights.json``,
    ``company_frequencies.parquet``, ``company_evidence.parquet`` and ``company_resolved.json``.
    """
    return _resolve(work, _COMPANIES, prior, Suppressions(), verdicts, one_each=one_each, relearn=relearn)


def _resolve(  # noqa: PLR0913 - what the two doors above hand on
    work: Path,
    table: _Table,
    prior: PriorState | None,
    suppressions: Suppressions,
    verdicts: Verdicts,
    *,
    one_each: Collection[str],
    relearn: bool,
) -> Resolved:
    """Resolve one table of canonical records."""
    with closing(sql.workbench(spill=work)) as con:
        sql.read_parquet(con, "stored", work / f"{table.records}.parquet")
        sql.run(con, "input", _input_sql(con, table, work / "company_clusters.parquet"))
        known = None if relearn or prior is None or prior.damaged else _known_weights(con, table, prior)
        resolution = resolve(con, table.model, learned=known, verdicts=verdicts, one_each=one_each)
        shown = (
            without_hidden(con, resolution.clusters, suppressions)
            if table is _PEOPLE
            else resolution.clusters
        )
        named = name_entities(shown, _handles(con, table, "input"), table.prefix, _before(con, table, prior))
        con.register("named", named.clusters.to_arrow())
        con.register("changes", named.changes.to_arrow())
        sql.run(con, "contents", contents_sql(table.model))
        for what, query in _WRITTEN.items():
            sql.write_parquet(
                con, query, work / f"{table.name}_{what}.parquet", step=f"write {table.name}_{what}"
            )
        if shown.height < resolution.clusters.height:
            _rewrite(con, work / f"{table.records}.parquet")
    (work / f"{table.name}_weights.json").write_bytes(msgspec.json.encode(resolution.weights))
    entities = shown.get_column("entity").n_unique()
    resolved = Resolved(
        records=resolution.records,
        pairs=resolution.pairs,
        thinned=resolution.thinned,
        entities=entities,
        hidden=resolution.entities - entities,
        weights_from="learned" if known is None else "parent",
    )
    (work / f"{table.name}_resolved.json").write_bytes(msgspec.json.encode(resolved))
    return resolved


def _input_sql(con: DuckDBPyConnection, table: _Table, employers: Path) -> str:
    """``input``: the stored records; people's with their employer's id among its domains.

    So an employer known to one record by name and to another by its site is one employer.
    """
    if table is not _PEOPLE or not employers.exists():
        return "create view input as select * from stored"
    sql.read_parquet(con, "employers", employers)
    return """
create view input as
select p.* replace (
  case when e.entity_id is null then p.domains else list_append(coalesce(p.domains, []), e.entity_id) end
  as domains
)
from stored p left join employers e on e.record_id = p.company_record_id"""


_WRITTEN = {
    "clusters": "select * from named order by record_id",
    "id_changes": "select * from changes order by old_id, new_id",
    "frequencies": "select field, value, share from frequencies order by field, value",
    "evidence": EVIDENCE,
}


def _known_weights(con: DuckDBPyConnection, table: _Table, prior: PriorState) -> Weights | None:
    """The current snapshot's weights when they fit, with what was found under them as ``known_…``."""
    for what in ("frequencies", "evidence"):
        sql.read_parquet(con, f"known_{what}", prior.path(f"{table.name}_{what}.parquet"))
    if prior.anew:
        nothing = (
            "create or replace view known_evidence as select 0::ubigint as x, 0::ubigint as y, 0.0 as bits"
        )
        sql.run(con, "no known evidence", f"{nothing} where false")
    return prior.reusable(
        table.name, table.model, sql.number(con, "count input", "select count(*) from input")
    )


def _handles(con: DuckDBPyConnection, table: _Table, records: str, entity_id: str = "null") -> pl.DataFrame:
    """What leads to the entities of a view of records, whatever the records are called."""
    text = table.handles.format(records=records, id=f"{entity_id} as entity_id")
    return sql.frame(con, "handles", text)


def _before(con: DuckDBPyConnection, table: _Table, prior: PriorState | None) -> Before | None:
    """The entities of the current snapshot."""
    if prior is None or not prior.has_ids(table.name):
        return None
    sql.read_parquet(con, "earlier_records", prior.path(f"{table.records}.parquet"))
    sql.read_parquet(con, "earlier_clusters", prior.path(f"{table.name}_clusters.parquet"))
    sql.run(
        con,
        "earlier members",
        "create or replace view earlier as "
        "select * from earlier_records join earlier_clusters using (record_id)",
    )
    changes = pl.read_parquet(prior.path("id_changes.parquet"))
    return Before(
        members=sql.frame(con, "members", "select record_id, entity_id from earlier_clusters"),
        handles=_handles(con, table, "earlier", "entity_id").select("handle", "entity_id"),
        changes=changes.filter(pl.col("old_id").str.starts_with(f"{table.prefix}_")),
        version=prior.version,
    )


def _rewrite(con: DuckDBPyConnection, path: Path) -> None:
    """Take the records of hidden entities out of a file of records."""
    beside = path.with_suffix(".shown")
    shown = "select i.* from stored i semi join named using (record_id) order by record_id"
    sql.write_parquet(con, shown, beside, step="write who may be shown")
    beside.replace(path)

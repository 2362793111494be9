"""What a refresh must look like before anybody should answer from it: rules over the files of a run.

Each function looks at one thing and gives a ``Finding``. ``RULES`` says which are asked after which step:
``refresh`` asks them and stops at a grave finding, the checks of ``pipelines`` ask them and show them.
Rules that readers of a snapshot rely on are asked again by ``dataset.publish``, which refuses; the ones here
come earlier and say more. A finding carries numbers and names of columns and sources, never a person's value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable  # noqa: TC003 (msgspec reads the annotations of Rule)
from functools import partial
from typing import TYPE_CHECKING, Literal

import msgspec
import polars as pl
from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.compare import Weights
from leadspro_engine.dataset import tables
from leadspro_engine.ingest.labels import read_labels
from leadspro_engine.ingest.raw import RECORD_SCHEMA
from leadspro_engine.normalize import domain, email, linkedin, phone, place
from leadspro_engine.normalize.record import COMPANY_SCHEMA, PERSON_SCHEMA
from leadspro_engine.resolve.accuracy import Accuracy, expected, measured
from leadspro_engine.steps import Run, counts_of

if TYPE_CHECKING:
    from pathlib import Path

MAX_REJECTS_SHARE = 0.25
"""More rejects than this share of a source's rows means that the file is not what it was declared to be."""

FEW_ROWS = 20
"""Below this many rows a share says nothing."""

LEAST_KEPT = 0.75
"""A dataset with less than this share of the last one's people or companies has probably lost a source."""

MOST_RECORDS_SHARE = 0.05
"""A cluster with more than this share of all records is no person and no company."""

SMALL_CLUSTER = 50
"""Clusters of up to so many records are never too large."""

GOOD_F1 = 0.8
"""Below this F1 somebody should look at the pairs."""

LEAST_F1 = 0.5
"""Below this F1 more is wrong than right, and nothing should be published."""

Table = Literal["people", "company"]

_RECORD_SCHEMAS = {
    "people_raw": RECORD_SCHEMA,
    "companies_raw": RECORD_SCHEMA,
    "people_records": PERSON_SCHEMA,
    "company_records": COMPANY_SCHEMA,
}


class Finding(Struct, frozen=True):
    """What came of one rule.

    Attributes:
        problems: one sentence for each thing that is wrong; empty when the rule holds.
        facts: the figures that were looked at.
        grave: whether a dataset with these problems must not be published.
    """

    problems: tuple[str, ...]
    facts: dict[str, int | float | str]
    grave: bool = True


class Rule(Struct, frozen=True):
    """One rule and what it is asked of.

    Attributes:
        about: the table that it looks at.
        name: unique among the rules about a table.
        text: what holds, as a sentence.
        ask: gives the finding.
    """

    about: str
    name: str
    text: str
    ask: Callable[[Run], Finding]


def columns_as_declared(run: Run, name: str) -> Finding:
    """Whether a file of the run has the columns and types that the steps after it rely on."""
    if name in _RECORD_SCHEMAS:
        have, declared = dict(pl.read_parquet_schema(run.path(f"{name}.parquet"))), _RECORD_SCHEMAS[name]
        return _compared({c: str(t) for c, t in have.items()}, {c: str(t) for c, t in declared.items()})
    con = sql.workbench()
    try:
        sql.read_parquet(con, "given", run.path(f"{name}.parquet"))
        nulls = ", ".join(f"null::{kind} as {column}" for column, kind in tables.TABLES[name][0].items())
        declared_types = sql.rows(con, "declared types", f"describe select {nulls}")
        found = sql.rows(con, "types", "describe select * from given")
    finally:
        con.close()
    return _compared({row[0]: row[1] for row in found}, {row[0]: row[1] for row in declared_types})


def columns_of_sources(run: Run) -> Finding:
    """Whether both tables of source records have the columns and types that the steps after them rely on."""
    one, other = (columns_as_declared(run, name) for name in ("people_raw", "companies_raw"))
    return Finding((*one.problems, *other.problems), one.facts)


def rejects_share(run: Run) -> Finding:
    """Whether every source is what it was declared to be: few of its rows are rejects."""
    counts = [counts_of(run, source) for source in run.sources]
    rows = {one.source: sum(file.rows for file in one.files) for one in counts}
    told = (too_many_rejects(one.source, rows[one.source], one.rejects) for one in counts)
    return Finding(
        problems=tuple(problem for problem in told if problem),
        facts={one.source: round(one.rejects / max(rows[one.source], 1), 4) for one in counts},
    )


def state_is_whole(run: Run) -> Finding:
    """Whether what the current snapshot left to this refresh is what it left; never grave."""
    if run.prior is None or not run.prior.damaged:
        return Finding((), {"damaged": 0}, grave=False)
    problem = (
        f"snapshot {run.prior.version}: damaged or missing in its folder resolution: "
        f"{', '.join(run.prior.damaged)}; everything is made anew and new weights are learned"
    )
    return Finding((problem,), {"damaged": len(run.prior.damaged)}, grave=False)


def rules_hold(run: Run, group: tables.Group) -> Finding:
    """Whether the entities keep a group of the rules that a snapshot relies on."""
    broken = tables.broken_rules(run.folder, group)
    problems = tuple(f"{sentence}: {number} rows" for sentence, number in broken.items() if number)
    return Finding(problems, dict(broken))


def somebody(run: Run) -> Finding:
    """Whether there are people at all."""
    rows = _rows(run.path("people_records.parquet"))
    return Finding(() if rows else ("no source has a person in it",), {"people_records": rows})


def all_clustered(run: Run, table: Table) -> Finding:
    """Whether each record is in exactly one cluster."""
    records, clusters = (
        pl.scan_parquet(run.path(f"{table}_{what}.parquet"))
        .select("record_id")
        .collect()
        .get_column("record_id")
        for what in ("records", "clusters")
    )
    facts: dict[str, int | float | str] = {
        "records": records.len(),
        "distinct": records.n_unique(),
        "clustered": clusters.len(),
    }
    whole = records.n_unique() == records.len() and records.sort().equals(clusters.sort())
    return Finding(() if whole else ("records and clusters do not have the same ids, each once",), facts)


def values_canonical(run: Run) -> Finding:
    """Whether e-mails, phones, profiles, domains and countries of the entities are valid and canonical.

    Entities that were taken over from the current snapshot have been asked before.
    """
    facts: dict[str, int | float | str] = {}
    for name, (table, value, canonical) in _VALUES.items():
        given = _made_here(run, table).select(value.alias("v")).collect()["v"]
        distinct = given.drop_nulls().unique()
        same = canonical(distinct) == distinct
        facts[name] = distinct.len() - int(same.fill_null(value=False).sum())
    wrong = tuple(f"{name}: {number} are not canonical" for name, number in facts.items() if number)
    return Finding(wrong, facts)


def _made_here(run: Run, table: str) -> pl.LazyFrame:
    """The entities that this run made, without those that it took over."""
    rows, anew = pl.scan_parquet(run.path(f"{table}.parquet")), run.path("made_anew.parquet")
    return rows.join(pl.scan_parquet(anew), on="id", how="semi") if anew.exists() else rows


def size_kept(run: Run) -> Finding:
    """Whether the dataset has about as many people and companies as the one that is current.

    A finding is grave unless the run says ``accept_smaller``.
    """
    facts: dict[str, int | float | str] = {}
    problems = []
    for table in ("people", "companies"):
        now, then = _rows(run.path(f"{table}.parquet")), run.before.get(table, 0)
        facts |= {table: now, f"{table} before": then}
        if then >= FEW_ROWS and now < LEAST_KEPT * then:
            problems.append(f"{now} {table}, after {then}: fewer than {LEAST_KEPT:.0%} are left")
    return Finding(tuple(problems), facts, grave=not run.accept_smaller)


def clusters_small(run: Run, table: Table) -> Finding:
    """Whether no cluster holds so many records that it cannot be one entity."""
    clusters = pl.scan_parquet(run.path(f"{table}_clusters.parquet"))
    sizes = clusters.group_by("entity_id").len().select("len").collect()["len"]
    most = max(SMALL_CLUSTER, int(MOST_RECORDS_SHARE * int(sizes.sum())))
    largest = int(sizes.max() or 0)  # type: ignore[arg-type]  # the column is of whole numbers
    problems = (f"a cluster has {largest} records, more than {most}",) if largest > most else ()
    return Finding(problems, {"largest": largest, "allowed": most, "clusters": sizes.len()})


def expected_accuracy(run: Run, table: Table) -> Accuracy:
    """What the model itself expects of the pairs that it accepts."""
    return expected(run.path(f"{table}_evidence.parquet"), learned_weights(run, table))


def measured_accuracy(run: Run, table: Table) -> Accuracy | None:
    """What the labelled samples of the sources show; None when no source names one."""
    kind, raw = {"people": ("person", "people_raw"), "company": ("company", "companies_raw")}[table]
    sources = [source for source in run.sources if source.record == kind and source.labels is not None]
    if not sources:
        return None
    labels = [read_labels(source, run.path(f"{raw}.parquet")) for source in sources]
    clusters = pl.read_parquet(run.path(f"{table}_clusters.parquet"))
    return measured(clusters, pl.concat(labels).unique("record_id", keep="first", maintain_order=True))


def accurate(run: Run, table: Table) -> Finding:
    """Whether the expected F1, and the measured one where there are labels, are good enough."""
    measures = {"expected": expected_accuracy(run, table), "measured": measured_accuracy(run, table)}
    known = {name: one for name, one in measures.items() if one is not None and one.pairs >= FEW_ROWS}
    problems = tuple(
        f"{name} F1 is {one.f1:.3f}, below {GOOD_F1}" for name, one in known.items() if one.f1 < GOOD_F1
    )
    return Finding(
        problems=problems,
        facts={f"{name} F1": round(one.f1, 4) for name, one in known.items()},
        grave=any(one.f1 < LEAST_F1 for one in known.values()),
    )


def sources_recent(run: Run, now: dt.datetime | None = None) -> Finding:
    """Whether the newest file of each source is as young as its ``max_age_days`` asks; never grave."""
    moment = now or dt.datetime.now(dt.UTC)
    ages = {
        source.name: (moment - _newest(files)).days
        for source in run.sources
        if source.max_age_days is not None and (files := source.files())
    }
    allowed = {source.name: source.max_age_days for source in run.sources}
    problems = tuple(
        f"the newest file of source {name} is {age} days old, more than {allowed[name]}"
        for name, age in ages.items()
        if age > (allowed[name] or 0)
    )
    return Finding(problems, {f"{name}, days": age for name, age in ages.items()}, grave=False)


def too_many_rejects(source: str, rows: int, rejects: int) -> str | None:
    """Why a source with so many rejects among its rows cannot be believed; None when it can."""
    if rows < FEW_ROWS or rejects <= MAX_REJECTS_SHARE * rows:
        return None
    return f"source {source}: {rejects} of {rows} rows are rejects, more than {MAX_REJECTS_SHARE:.0%}"


def learned_weights(run: Run, table: Table) -> Weights:
    """The weights that a table was resolved with."""
    return msgspec.json.decode(run.path(f"{table}_weights.json").read_bytes(), type=Weights)


def _compared(have: dict[str, str], declared: dict[str, str]) -> Finding:
    """The differences between two sets of columns."""
    problems = [f"column {name} is missing" for name in declared if name not in have]
    problems += [f"column {name} is not declared" for name in have if name not in declared]
    problems += [
        f"column {name} is {have[name]}, declared as {kind}"
        for name, kind in declared.items()
        if name in have and have[name] != kind
    ]
    return Finding(tuple(problems), {"columns": len(have)})


def _codes(values: pl.Series) -> pl.Series:
    """The country codes among some texts, null for what is none."""
    return pl.Series([code if place.country_name(code) else None for code in values], dtype=pl.String)


def _profiles(values: pl.Series) -> pl.Series:
    """LinkedIn slugs as their own address gives them back."""
    return linkedin.column("https://www.linkedin.com/in/" + values).struct.field("slug")


_COUNTRY = pl.col("location").struct.field("country_code")
_VALUES: dict[str, tuple[str, pl.Expr, Callable[[pl.Series], pl.Series]]] = {
    "e-mails": (
        "people",
        pl.col("emails").list.explode().struct.field("address"),
        lambda values: email.column(values).struct.field("address"),
    ),
    "phones": (
        "people",
        pl.col("phones").list.explode().struct.field("number"),
        lambda values: phone.column(values).struct.field("number"),
    ),
    "profiles": ("people", pl.col("linkedin"), _profiles),
    "countries of people": ("people", _COUNTRY, _codes),
    "domains": (
        "companies",
        pl.col("domain"),
        lambda values: domain.column(values).struct.field("registrable"),
    ),
    "countries of companies": ("companies", _COUNTRY, _codes),
}
"""Values of the entities: where they stand, and the canonical form that they must equal."""


def _rows(path: Path) -> int:
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def _newest(files: list[Path]) -> dt.datetime:
    """When the newest of some files was changed."""
    return dt.datetime.fromtimestamp(max(file.stat().st_mtime for file in files), dt.UTC)


def _clusters(table: Table, one: str) -> tuple[Rule, ...]:
    """The rules about the clusters of a table, of which each is one person or one company."""
    about = f"{table}_clusters"
    return (
        Rule(about, "all_clustered", "Each record is in one cluster.", partial(all_clustered, table=table)),
        Rule(
            about, "cluster_size", f"None is too large to be one {one}.", partial(clusters_small, table=table)
        ),
        Rule(about, "accuracy", "F1 expected, and measured where labelled.", partial(accurate, table=table)),
    )


def _columns(about: str, of: str) -> Rule:
    """The rule about the columns of a table."""
    return Rule(about, "columns", f"Its columns are those of {of}.", partial(columns_as_declared, name=about))


def _keeps(about: str, name: str, text: str, group: tables.Group) -> Rule:
    """The rule that entities keep a group of the rules that a snapshot relies on."""
    return Rule(about, name, text, partial(rules_hold, group=group))


RULES: dict[str, tuple[Rule, ...]] = {
    "read sources": (
        Rule("source_records", "columns", "Its columns are those of a source record.", columns_of_sources),
        Rule("source_records", "rejects_share", "No source has too many rejects.", rejects_share),
        Rule("source_records", "state_whole", "What the last refresh left is whole.", state_is_whole),
        Rule("source_records", "sources_recent", "No source is past its `max_age_days`.", sources_recent),
    ),
    "normalize": (
        _columns("people_records", "a canonical person"),
        _columns("company_records", "a canonical company"),
        Rule("people_records", "somebody", "There are people.", somebody),
    ),
    "cluster companies": _clusters("company", "company"),
    "cluster people": _clusters("people", "person"),
    "merge": (
        _columns("people", "a person"),
        _columns("companies", "a company"),
        _keeps("people", "ids_unique", "Each person and each company stands once.", "ids"),
        Rule(
            "people",
            "values_canonical",
            "E-mails, phones, domains and so on are canonical.",
            values_canonical,
        ),
        _keeps(
            "identifiers", "unique_per_kind", "Each leads to an entity once, by kind and key.", "identifiers"
        ),
        _keeps("identifiers", "no_orphans", "Identifiers and employers lead to what exists.", "references"),
        Rule("companies", "size_is_kept", "People and companies are about as many as before.", size_kept),
    ),
}
"""The rules that are asked after each step, by the step's name."""

"""Checks on the assets: the rules of ``leadspro_engine.quality``, shown in the UI.

A grave finding is an error and blocks what comes after, so that the current snapshot stays; any other is a
warning. The last check reads the published snapshot back.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

import dagster as dg

from leadspro_engine.dataset import current_version, verify
from leadspro_engine.errors import DatasetCorrupt
from leadspro_engine.quality import (
    Finding,
    accurate,
    all_clustered,
    clusters_small,
    columns_as_declared,
    rejects_share,
    rules_hold,
    size_kept,
    somebody,
    sources_recent,
    values_canonical,
)
from pipelines.folder import DataFolder  # noqa: TC001 (Dagster reads the annotations at run time)
from pipelines.steps import step

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadspro_engine.refresh import Run


def _check(asset: str, name: str, text: str, rule: Callable[[Run], Finding]) -> dg.AssetChecksDefinition:
    """A blocking check that asks one rule of the files of the run."""

    @dg.asset_check(asset=asset, name=name, description=text, blocking=True)
    def check(folder: DataFolder) -> dg.AssetCheckResult:
        with step():
            return shown(rule(folder.run()))

    return check


def shown(finding: Finding) -> dg.AssetCheckResult:
    """A finding as Dagster shows it."""
    return dg.AssetCheckResult(
        passed=not finding.problems,
        severity=dg.AssetCheckSeverity.ERROR if finding.grave else dg.AssetCheckSeverity.WARN,
        description="; ".join(finding.problems) or None,
        metadata=cast("dict[str, Any]", finding.facts),
    )


@dg.asset_check(
    asset="companies",
    additional_deps=["people"],
    blocking=True,
    description="There are about as many people and companies as in the current snapshot.",
)
def size_is_kept(folder: DataFolder) -> dg.AssetCheckResult:
    """Row counts against the last snapshot; the launchpad can accept fewer."""
    with step():
        return shown(size_kept(folder.run(), folder.path, accepted=folder.accept_smaller))


@dg.asset_check(asset="snapshot", description="Every file has the checksum that the manifest says.")
def snapshot_is_whole(folder: DataFolder) -> dg.AssetCheckResult:
    """Read every byte of the current snapshot."""
    try:
        manifest = verify(folder.path)
    except DatasetCorrupt as exc:
        return dg.AssetCheckResult(passed=False, description=str(exc))
    return dg.AssetCheckResult(
        passed=manifest.version == current_version(folder.path), metadata={"version": manifest.version}
    )


def _columns_of_sources(run: Run) -> Finding:
    """The columns of both files of source records."""
    one, other = (columns_as_declared(run, name) for name in ("people_raw", "companies_raw"))
    return Finding((*one.problems, *other.problems), one.facts)


CHECKS = [
    _check("source_records", "columns", "Its columns are those of a source record.",
           _columns_of_sources),
    _check("source_records", "rejects_share", "No source has too many rejects.", rejects_share),
    _check("source_records", "sources_recent", "No source is older than its `max_age_days`.",
           lambda run: sources_recent(run, dt.datetime.now(dt.UTC))),
    _check("people_records", "columns", "Its columns are those of a canonical person.",
           lambda run: columns_as_declared(run, "people_records")),
    _check("company_records", "columns", "Its columns are those of a canonical company.",
           lambda run: columns_as_declared(run, "company_records")),
    _check("people_records", "somebody", "There are people.", somebody),
    _check("people_clusters", "all_clustered", "Each person record is in exactly one cluster.",
           lambda run: all_clustered(run, "people")),
    _check("company_clusters", "all_clustered", "Each company record is in exactly one cluster.",
           lambda run: all_clustered(run, "company")),
    _check("people_clusters", "cluster_size", "No cluster is too large to be one person.",
           lambda run: clusters_small(run, "people")),
    _check("company_clusters", "cluster_size", "No cluster is too large to be one company.",
           lambda run: clusters_small(run, "company")),
    _check("people_clusters", "accuracy", "F1 of people: expected, and measured where there are labels.",
           lambda run: accurate(run, "people")),
    _check("company_clusters", "accuracy", "F1 of companies: expected, and measured where there are labels.",
           lambda run: accurate(run, "company")),
    _check("people", "columns", "Its columns are those of a person.",
           lambda run: columns_as_declared(run, "people")),
    _check("companies", "columns", "Its columns are those of a company.",
           lambda run: columns_as_declared(run, "companies")),
    _check("people", "ids_unique", "Each person and each company stands once.",
           lambda run: rules_hold(run, "ids")),
    _check("identifiers", "unique_per_kind", "An identifier leads to an entity once; it has kind and key.",
           lambda run: rules_hold(run, "identifiers")),
    _check("identifiers", "no_orphans", "Identifiers, employers and changed ids lead to entities that exist.",
           lambda run: rules_hold(run, "references")),
    _check("people", "values_canonical", "E-mails, phones, profiles, domains, countries are canonical.",
           values_canonical),
    size_is_kept,
    snapshot_is_whole,
]  # fmt: skip
"""Every check; all but the last are asked before publishing."""

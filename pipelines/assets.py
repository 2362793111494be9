"""The assets after reading: each calls one step of ``leadspro_engine.refresh`` and says what came of it.

``source_records`` -> ``people_records``, ``company_records``, ``rejects`` -> candidate pairs, weights,
clusters -> ``people``, ``companies``, ``identifiers``, ``lineage`` -> ``snapshot`` with its indexes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from leadspro_engine.dataset import Manifest, current_manifest
from leadspro_engine.dataset.home import KEYS, SEARCH
from leadspro_engine.quality import expected_accuracy, learned_weights, measured_accuracy
from leadspro_engine.refresh import fingerprint
from leadspro_engine.steps import (
    Run,
    cluster_companies,
    cluster_people,
    merge_entities,
    normalize,
    publish,
)
from pipelines.columns import column_lineage, shown_columns
from pipelines.describe import (
    accuracy_notes,
    cluster_notes,
    file_notes,
    markdown,
    reject_notes,
    score_notes,
    weight_notes,
)
from pipelines.folder import RefreshFolder  # noqa: TC001 (Dagster reads the annotations at run time)
from pipelines.source_assets import joined, source_asset, source_files
from pipelines.steps import OWNERS, POOL, RETRIES, Clock, step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from leadspro_engine.ingest import Source
    from leadspro_engine.quality import Table
    from leadspro_engine.steps import Counts

Results = Iterator[dg.MaterializeResult[Any]]


def chain_assets(sources: Sequence[Source]) -> list[dg.AssetsDefinition]:
    """All assets of a refresh, for these sources."""
    read = [source_files, *(source_asset(source) for source in sources), joined(sources)]
    return [*read, normalized, companies_resolved, people_resolved, accuracy_report, merged, published]


def _spec(
    name: str, deps: Sequence[str], group: str, kinds: set[str], text: str, **more: Any
) -> dg.AssetSpec:
    return dg.AssetSpec(
        name, deps=deps, group_name=group, kinds=kinds, owners=OWNERS, description=text, **more
    )


@dg.multi_asset(
    name="normalize",
    specs=[
        _spec(name, ["source_records"], "normalized", {"polars", "parquet"}, text)
        for name, text in (
            ("people_records", "People as their sources have them, in canonical form."),
            ("company_records", "Companies and distinct employers, in canonical form."),
            ("rejects", "Rows that could not be read or in which nothing is usable: line, reason, text."),
        )
    ],
    pool=POOL,
    retry_policy=RETRIES,
)
def normalized(refresh: RefreshFolder) -> Results:
    """Canonical records."""
    with step() as clock:
        run = refresh.run()
        normalize(run)
        reasons = dg.MetadataValue.md(reject_notes(run.path("rejects.parquet")))
        yield from _files(run, ("people_records", "company_records"), clock)
        yield _file(run, "rejects", clock, notes={"reasons": reasons})


def _resolving(table: Table, records: str, resolve: Callable[[Run], Counts], of: str) -> dg.AssetsDefinition:
    """The three assets that resolving one table gives."""
    pairs, weights, clusters = f"{table}_pairs", f"{table}_weights", f"{table}_clusters"

    @dg.multi_asset(
        name=f"resolve_{of}",
        specs=[
            _spec(pairs, [records], "resolved", {"duckdb", "parquet"},
                  f"Candidate pairs of {of} that share a blocking key, with their evidence in bits."),
            _spec(weights, [records, pairs], "resolved", {"json"},
                  f"What each level of agreement of two {of} is worth, learned without labels."),
            _spec(clusters, [records, pairs, weights], "resolved", {"duckdb", "parquet"},
                  f"Which records are one of the {of}."),
        ],
        pool=POOL,
        retry_policy=RETRIES,
    )  # fmt: skip
    def resolved(refresh: RefreshFolder) -> Results:
        with step() as clock:
            run = refresh.run()
            counts = resolve(run)
            refresh.remember_base(table)
            evidence = run.path(f"{table}_evidence.parquet")
            learned = learned_weights(run, table)
            scores = dg.MetadataValue.md(score_notes(evidence, learned))
            yield _file(run, pairs, clock, file=evidence.name, notes={"scores": scores})
            yield dg.MaterializeResult(
                asset_key=weights,
                metadata={
                    **shown_columns(weights),
                    "match rate": learned.match_rate,
                    "threshold": learned.threshold,
                    "records": learned.records,
                    "match weights": dg.MetadataValue.md(weight_notes(learned)),
                    **clock.notes(),
                },
            )
            path = run.path(f"{clusters}.parquet")
            sizes = dg.MetadataValue.md(cluster_notes(path))
            yield _file(run, clusters, clock, notes={"sizes": sizes, **counts})

    return resolved


companies_resolved = _resolving("company", "company_records", cluster_companies, "companies")
people_resolved = _resolving("people", "people_records", cluster_people, "people")


@dg.asset(
    deps=["source_records", "people_pairs", "people_weights", "people_clusters",
          "company_pairs", "company_weights", "company_clusters"],
    group_name="resolved",
    kinds={"markdown"},
    owners=OWNERS,
    description="How right the clusters are: the F1 that the model itself expects, and the F1 against a "
    "labelled sample where a source names one.",
    pool=POOL,
    retry_policy=RETRIES,
)  # fmt: skip
def accuracy_report(refresh: RefreshFolder) -> dg.MaterializeResult[Any]:
    """Measure both tables."""
    with step() as clock:
        run = refresh.run()
        tables: tuple[tuple[Table, str], ...] = (("people", "people"), ("company", "companies"))
        measures = {
            f"{of}, {how}": measure(run, table)
            for table, of in tables
            for how, measure in (("expected", expected_accuracy), ("measured", measured_accuracy))
        }
        figures = {f"F1 of {name}": one.f1 for name, one in measures.items() if one is not None}
        return dg.MaterializeResult(
            metadata={
                **shown_columns("accuracy_report"),
                "report": dg.MetadataValue.md(accuracy_notes(measures)),
                **figures,
                **clock.notes(),
            }
        )


@dg.multi_asset(
    name="merge",
    specs=[
        _spec(
            name,
            ["people_records", "company_records", "people_clusters", "company_clusters"],
            "entities",
            {"duckdb", "parquet"},
            text,
        )
        for name, text in (
            ("people", "Golden people: one row a person."),
            ("companies", "Golden companies: one row a company."),
            ("identifiers", "What leads to them: e-mails, phones, profiles, names with employers, domains."),
            ("lineage", "Which source record gave each value, and which values lost."),
        )
    ],
    pool=POOL,
    retry_policy=RETRIES,
)
def merged(refresh: RefreshFolder) -> Results:
    """Merge the records of each entity."""
    with step() as clock:
        run = refresh.run()
        merge_entities(run)
        yield from _files(run, ("people", "companies", "identifiers", "lineage"), clock)


_ENTITIES = ["people", "companies", "identifiers", "lineage", "rejects"]


@dg.multi_asset(
    name="publish",
    specs=[
        _spec("key_index", _ENTITIES, "published", {"lmdb"},
              "Identifiers to entities in mapped memory, compiled from the tables of the snapshot."),
        _spec("search_index", _ENTITIES, "published", {"lmdb"},
              "The index of texts and values that search reads, compiled from the tables of the snapshot."),
        _spec("snapshot", [*_ENTITIES, "accuracy_report", "key_index", "search_index"], "published",
              {"duckdb"}, "The published snapshot that the API answers from.",
              freshness_policy=dg.FreshnessPolicy.time_window(
                  fail_window=dt.timedelta(hours=50), warn_window=dt.timedelta(hours=26))),
    ],
    pool=POOL,
    retry_policy=RETRIES,
)  # fmt: skip
def published(refresh: RefreshFolder) -> Results:
    """Publish what the other assets wrote."""
    with step() as clock:
        run = refresh.run()
        refresh.check_base()
        publish(refresh.path, run, fingerprint(run.sources, run.suppressions, run.verdicts))
        manifest = current_manifest(refresh.path)
        assert manifest is not None
        seconds = clock.notes()
    yield _index("key_index", manifest, KEYS, seconds)
    yield _index("search_index", manifest, SEARCH, seconds)
    rows = markdown(("table", "rows"), [(name, f"{rows:,}") for name, rows in manifest.counts.items()])
    yield dg.MaterializeResult(
        asset_key="snapshot",
        metadata={
            **shown_columns("snapshot"),
            "dagster/row_count": manifest.counts["people"],
            "version": manifest.version,
            "parent": manifest.parent or "none",
            "size (bytes)": sum(file.size for file in manifest.files),
            "tables": dg.MetadataValue.md(rows),
            **seconds,
        },
        data_version=dg.DataVersion(manifest.version),
    )


def _index(
    asset: str, manifest: Manifest, name: str, seconds: Mapping[str, float]
) -> dg.MaterializeResult[Any]:
    """What there is to say of the files of an index."""
    files = [file for file in manifest.files if file.name.startswith(name)]
    identifiers = sum(rows for table, rows in manifest.counts.items() if table.startswith("identifiers_"))
    entities = manifest.counts["people"] + manifest.counts["companies"]
    return dg.MaterializeResult(
        asset_key=asset,
        metadata={
            **shown_columns(asset),
            "dagster/row_count": identifiers if asset == "key_index" else entities,
            "size (bytes)": sum(file.size for file in files),
            "version": manifest.version,
            **seconds,
        },
        data_version=dg.DataVersion("-".join(file.sha256[:12] for file in files[:4])),
    )


def _files(run: Run, names: Sequence[str], clock: Clock) -> Results:
    """One result for each Parquet file that a step wrote."""
    for name in names:
        yield _file(run, name, clock)


def _file(
    run: Run,
    asset: str,
    clock: Clock,
    *,
    file: str | None = None,
    notes: Mapping[str, Any] | None = None,
) -> dg.MaterializeResult[Any]:
    """The result of an asset that is one Parquet file, with more notes."""
    seconds = clock.notes()
    found = file_notes(run.path(file or f"{asset}.parquet"))
    return dg.MaterializeResult(
        asset_key=asset, metadata={**found, **column_lineage(asset), **(notes or {}), **seconds}
    )

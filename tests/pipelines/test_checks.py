"""What each check refuses, through Dagster: nothing after it is made, and the snapshot goes on answering."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import dagster as dg
import polars as pl
import pytest

from leadspro_engine.dataset import Dataset, current_version, snapshots_folder
from leadspro_engine.dataset.home import RESOLUTION, TABLES
from pipelines.assets import chain_assets
from pipelines.checks import CHECKS
from pipelines.definitions import definitions_for
from pipelines.folder import DataFolder, RefreshFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAMES = [
    "Ada Lovelace",
    "Boris Petrov",
    "Clara Moreau",
    "Dmitri Ivanov",
    "Elif Demir",
    "Farid Haddad",
    "Greta Lindqvist",
    "Hugo Castillo",
    "Ines Okafor",
    "Jakob Weiss",
    "Keiko Tanaka",
    "Liam Byrne",
    "Mona Rahman",
    "Nadia Popescu",
    "Oskar Nilsson",
    "Paula Ferreira",
    "Quentin Dubois",
    "Rosa Marino",
    "Stefan Kowalski",
    "Tara Singh",
    "Umberto Conti",
    "Vera Horvat",
    "Walter Schmidt",
    "Ximena Herrera",
    "Yusuf Aydin",
    "Zelda Novak",
    "Amos Fischer",
    "Birgit Hansen",
    "Casper Jensen",
    "Daphne Papadakis",
]
HEADER = "ID,Name,Email,Phone,Company\n"
PEOPLE = [
    f"{2 * n + again},{name},p{n}@acme{n}.com,+1415555{1000 + n},{name.split()[1]} Mills\n"
    for n, name in enumerate(NAMES)
    for again in (0, 1)
]
"""Thirty people of two records each."""
FIRMS = [
    f"f{2 * n + again},{name.split()[0]}works Ltd,{name.split()[0].lower()}works.com\n"
    for n, name in enumerate(NAMES)
    for again in (0, 1)
]
"""Thirty companies of two records each."""
SOURCES = """
[[source]]
name = "p"
path = "p.csv"
observed_at = 2026-05-01
max_age_days = 30
labels = "p_labels.csv"
[source.columns]
ID = "source_record_id"

[[source]]
name = "f"
path = "f.csv"
record = "company"
observed_at = 2026-05-01
labels = "f_labels.csv"
[source.columns]
ID = "source_record_id"
"""


PEOPLE_IDS, FIRM_IDS = [str(n) for n in range(60)], [f"f{n}" for n in range(60)]


def labels(of: str, ids: list[str], shift: int = 0) -> str:
    """A sample that says that each two records in a row are one, beginning with the one at ``shift``."""
    rows = "".join(f"{name},{(place + shift) // 2}\n" for place, name in enumerate(ids))
    return f"source_record_id,{of}_id\n{rows}"


class Damage(NamedTuple):
    """What is done to a data folder, and what a check must say of it.

    Attributes:
        told: part of the check's sentence.
        act: changes the folder; the run begins with the check, because the files of the run are changed.
        source: ``act`` changes source files, so the run begins with them.
    """

    told: str
    act: Callable[[Path], None]
    source: bool = False


def table(name: str, told: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Damage:
    """Change a table that the run before wrote."""

    def act(place: Path) -> None:
        path = place / "home" / "work" / "pipeline" / f"{name}.parquet"
        change(pl.read_parquet(path)).write_parquet(path)

    return Damage(told, act)


def file(name: str, told: str, text: str) -> Damage:
    """Give a file beside the declarations another text."""

    def act(place: Path) -> None:
        (place / name).write_text(text)

    return Damage(told, act, source=name == "p.csv")


def flipped(place: Path) -> None:
    """Flip one byte of the published tables."""
    home = place / "home"
    path = snapshots_folder(home) / str(current_version(home)) / TABLES
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def aged(place: Path) -> None:
    """A file of people that nobody has renewed since 2020."""
    os.utime(place / "p.csv", (1.6e9, 1.6e9))


def drop(name: str, column: str) -> Damage:
    return table(name, f"column {column} is missing", lambda frame: frame.drop(column))


def one_cluster(name: str, records: int) -> Damage:
    together = pl.lit("one").alias("entity_id")
    return table(name, f"a cluster has {records} records", lambda frame: frame.with_columns(together))


def twice(name: str, told: str) -> Damage:
    return table(name, told, lambda frame: pl.concat([frame, frame.head(1)]))


def first_lost(name: str, told: str) -> Damage:
    return table(name, told, lambda frame: frame.tail(-1))


REFUSED: dict[str, Damage] = {
    "source_records/columns": drop("people_raw", "trust"),
    "source_records/rejects_share": file(
        "p.csv", "40 of 42 rows are rejects", HEADER + "".join(PEOPLE[:2]) + "broken\n" * 40
    ),
    "people_records/columns": drop("people_records", "title"),
    "people_records/somebody": file("p.csv", "no source has a person", HEADER + "1,n/a,none,,\n"),
    "company_records/columns": drop("company_records", "name"),
    "people_clusters/all_clustered": first_lost("people_clusters", "do not have the same ids"),
    "people_clusters/cluster_size": one_cluster("people_clusters", 60),
    "people_clusters/accuracy": file(
        "p_labels.csv", "measured F1 is 0.000", labels("person", PEOPLE_IDS, shift=1)
    ),
    "company_clusters/all_clustered": twice("company_clusters", "do not have the same ids"),
    "company_clusters/cluster_size": one_cluster("company_clusters", 90),
    "company_clusters/accuracy": file(
        "f_labels.csv", "measured F1 is 0.000", labels("company", FIRM_IDS, shift=1)
    ),
    "people/columns": table("people", "column id is INTEGER", lambda frame: frame.with_columns(id=1)),
    "people/ids_unique": twice("people", "two people have the same id: 1 rows"),
    "people/values_canonical": table(
        "people", "profiles: 1 are not", lambda frame: frame.with_columns(linkedin=pl.lit("No Slug!"))
    ),
    "companies/columns": drop("companies", "domain"),
    "companies/size_is_kept": table(
        "companies", "10 companies, after 60: fewer than 75%", lambda frame: frame.head(10)
    ),
    "identifiers/unique_per_kind": twice("identifiers", "listed twice"),
    "identifiers/no_orphans": first_lost("people", "an identifier leads to nobody"),
}
"""Every blocking check with something that it must refuse."""


def forgotten(place: Path) -> None:
    """Lose a part of what the current snapshot left to the next refresh."""
    home = place / "home"
    version = str(current_version(home))
    (snapshots_folder(home) / version / RESOLUTION / "people_records.parquet").unlink()


WARNED: dict[str, Damage] = {
    "source_records/sources_recent": Damage("the newest file of source p is", aged, source=True),
    "source_records/state_whole": Damage("people_records.parquet", forgotten, source=True),
}
"""The checks that only warn."""

AFTERWARDS = {"snapshot/snapshot_is_whole": Damage(TABLES, flipped)}
"""The check of what is published already."""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sources and a data folder, refreshed through Dagster, every check passed."""
    place = tmp_path_factory.mktemp("good")
    (place / "p.csv").write_text(HEADER + "".join(PEOPLE))
    (place / "f.csv").write_text("ID,Company,Website\n" + "".join(FIRMS))
    (place / "p_labels.csv").write_text(labels("person", PEOPLE_IDS))
    (place / "f_labels.csv").write_text(labels("company", FIRM_IDS))
    (place / "sources.toml").write_text(SOURCES)
    with dg.DagsterInstance.ephemeral() as instance:
        done = (
            definitions_for(folder_in(place)).resolve_job_def("refresh").execute_in_process(instance=instance)
        )
    assert failed_checks(done) == {}
    return place


@pytest.fixture
def place(good: Path, tmp_path: Path) -> Path:
    """The same, to be damaged."""
    return Path(shutil.copytree(good, tmp_path / "place"))


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def folder_in(place: Path) -> DataFolder:
    return DataFolder(home=str(place / "home"), sources=str(place / "sources.toml"))


def run(place: Path, instance: dg.DagsterInstance, check: str, *, source: bool) -> dg.ExecuteInProcessResult:
    """Everything, or one check with whatever comes after what it looks at."""
    folder = folder_in(place)
    if source:
        job = definitions_for(folder).resolve_job_def("refresh")
        return job.execute_in_process(instance=instance, raise_on_error=False)
    asset, _, name = check.partition("/")
    after = dg.AssetSelection.assets(asset).downstream(include_self=False)
    return dg.materialize(
        [*chain_assets(folder.declared()), *CHECKS],
        selection=dg.AssetSelection.checks(dg.AssetCheckKey(dg.AssetKey(asset), name)) | after,
        resources={"refresh": RefreshFolder(home=folder.home, sources=folder.sources)},
        instance=instance,
        raise_on_error=False,
    )


def failed_checks(done: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {
        f"{one.asset_key.to_user_string()}/{one.check_name}": one
        for one in done.get_asset_check_evaluations()
        if not one.passed
    }


def test_every_check_is_in_one_of_the_tables() -> None:
    keys = [key for check in CHECKS for key in check.check_keys]
    names = {f"{key.asset_key.to_user_string()}/{key.name}" for key in keys}
    assert names == REFUSED.keys() | WARNED.keys() | AFTERWARDS.keys()


@pytest.mark.parametrize("check", REFUSED)
def test_a_blocking_check_stops_what_comes_after_and_the_snapshot_stays(
    place: Path, instance: dg.DagsterInstance, check: str
) -> None:
    before = current_version(place / "home")
    REFUSED[check].act(place)
    done = run(place, instance, check, source=REFUSED[check].source)
    assert not done.success
    failed = failed_checks(done)
    assert REFUSED[check].told in str(failed[check].description)
    assert failed[check].blocking
    assert failed[check].severity is dg.AssetCheckSeverity.ERROR
    made = {event.asset_key for event in done.get_asset_materialization_events()}
    assert dg.AssetKey("snapshot") not in made
    assert current_version(place / "home") == before
    with Dataset.open(place / "home") as dataset:
        assert len(dataset.lookup("email", ["p7@acme7.com"])["p7@acme7.com"]) == 1


def test_warnings_are_told_and_stop_nothing(place: Path, instance: dg.DagsterInstance) -> None:
    before = current_version(place / "home")
    for damage in WARNED.values():
        damage.act(place)
    done = run(place, instance, "", source=True)
    assert done.success
    failed = failed_checks(done)
    assert failed.keys() == WARNED.keys()
    for check, damage in WARNED.items():
        assert damage.told in str(failed[check].description)
        assert failed[check].severity is dg.AssetCheckSeverity.WARN
    assert current_version(place / "home") != before


def test_a_damaged_snapshot_is_told(place: Path, instance: dg.DagsterInstance) -> None:
    ((check, damage),) = AFTERWARDS.items()
    damage.act(place)
    done = run(place, instance, check, source=False)
    assert done.success
    assert damage.told in str(failed_checks(done)[check].description)


def test_a_dataset_that_shrank_is_published_when_the_launchpad_accepts_it(
    place: Path, instance: dg.DagsterInstance
) -> None:
    (place / "p.csv").write_text(HEADER + "".join(PEOPLE[:20]))
    (place / "p_labels.csv").write_text(labels("person", PEOPLE_IDS[:20]))
    done = (
        definitions_for(folder_in(place))
        .resolve_job_def("refresh")
        .execute_in_process(
            instance=instance, run_config={"resources": {"refresh": {"config": {"accept_smaller": True}}}}
        )
    )
    assert failed_checks(done)["companies/size_is_kept"].severity is dg.AssetCheckSeverity.WARN
    with Dataset.open(place / "home") as dataset:
        assert dataset.manifest.counts["people"] == 10

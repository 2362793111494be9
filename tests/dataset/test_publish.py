from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

import msgspec
import polars as pl
import pytest

from leadspro_engine.compare import PEOPLE, shipped_weights
from leadspro_engine.dataset import (
    Dataset,
    current_version,
    list_versions,
    publish,
    refresh_lock,
    snapshots_folder,
)
from leadspro_engine.dataset.lock import publish_lock
from leadspro_engine.errors import (
    ChecksFailed,
    DatasetCorrupt,
    DatasetMissing,
    RefreshInProgress,
    SqlStepFailed,
)
from leadspro_engine.match import enrich
from tests.dataset.made import AMANDA, BOB, NORTH_PEAK, NOW, SMALL, Made, every_key, write_work

if TYPE_CHECKING:
    from pathlib import Path


def test_a_published_dataset_answers_with_what_was_written(tmp_path: Path) -> None:
    version = publish(
        tmp_path / "home", write_work(tmp_path / "work"), {"sources": [{"name": "crm"}], "run": "r1"}, now=NOW
    )

    assert current_version(tmp_path / "home") == version
    with Dataset.open(tmp_path / "home", verify=True) as dataset:
        assert dataset.version == version
        assert dataset.manifest.counts["people"] == 2
        assert dataset.manifest.sources == [{"name": "crm"}]
        assert dataset.manifest.facts == {"run": "r1"}
        assert dataset.manifest.parent is None
        assert dataset.weights["people"] == shipped_weights(PEOPLE, records=2)
        for kind, keys in every_key().items():
            assert dataset.lookup(kind, [*keys, "nobody"]) == keys  # type: ignore[arg-type]  # kind comes from KINDS
        found = dataset.people(["person-bob", "person-amanda", "person-nobody"])
        assert [one.person for one in found.values()] == [BOB.entity, AMANDA.entity]
        assert found["person-amanda"].features == AMANDA.features
        assert found["person-amanda"].company_id == "company-north-peak"
        assert dataset.companies(["company-north-peak"]) == {"company-north-peak": NORTH_PEAK.entity}
        assert dataset.frequency("phone_texts", "4155550100") == 1.0
        assert dataset.frequency("given_key", "amanda") is None


def test_weights_of_an_older_model_are_used_where_they_still_fit(tmp_path: Path) -> None:
    work = write_work(tmp_path / "work")
    weights = json.loads((work / "weights.json").read_bytes())
    del weights["people"]["fields"]["phone"]
    weights["people"]["fields"]["email"].pop()
    (work / "weights.json").write_text(json.dumps(weights))
    publish(tmp_path / "home", work, {})
    with Dataset.open(tmp_path / "home") as dataset:
        assert {one.field for one in PEOPLE.comparisons} - dataset.learned_fields == {"email", "phone"}
        assert enrich(dataset, {"phone": "+1 415 555 0100", "linkedin": "amanda-lee"}).status == "no_match"


def test_the_version_is_named_after_time_and_content(tmp_path: Path) -> None:
    work = write_work(tmp_path / "work")
    first = publish(tmp_path / "one", work, {}, now=NOW)
    assert re.fullmatch(r"v-20260501T120000\.000000Z-[0-9a-f]{12}", first)
    assert publish(tmp_path / "two", work, {"run": "other"}, now=NOW) != first


def test_the_second_version_names_the_first_as_its_parent(tmp_path: Path) -> None:
    work = write_work(tmp_path / "work")
    first = publish(tmp_path, work, {})
    second = publish(tmp_path, work, {})
    assert [one.name for one in list_versions(tmp_path)] == [first, second]
    newest = list_versions(tmp_path)[1].manifest
    assert newest is not None
    assert newest.parent == first


def test_only_the_newest_versions_stay(tmp_path: Path) -> None:
    work = write_work(tmp_path / "work")
    versions = [publish(tmp_path, work, {}, keep=2) for _ in range(4)]
    assert [one.name for one in list_versions(tmp_path)] == versions[-2:]


def _twice(one: Made) -> tuple[Made, ...]:
    return (*SMALL, one)


@pytest.mark.parametrize(
    ("entities", "sentence"),
    [
        (_twice(AMANDA), "two people have the same id (1, for example person-amanda)"),
        (_twice(NORTH_PEAK), "two companies have the same id"),
        (_twice(NORTH_PEAK), "an identifier is listed twice"),
        ((AMANDA,), "a person's company does not exist (1, for example company-north-peak)"),
        ((), "there are no people and no companies"),
        (
            (msgspec.structs.replace(BOB, identifiers={"shoe_size": ["44"]}),),
            "an identifier has an unknown kind",
        ),
        ((msgspec.structs.replace(BOB, identifiers={"email": [""]}),), "an identifier has no key"),
        (
            (msgspec.structs.replace(BOB, identifiers={"company_domain": ["a.io"]}),),
            "an identifier leads to no company",
        ),
        (
            (msgspec.structs.replace(NORTH_PEAK, identifiers={"email": ["a@a.io"]}),),
            "an identifier leads to nobody",
        ),
    ],
)
def test_a_dataset_that_breaks_a_rule_is_not_published(
    tmp_path: Path, entities: tuple[Made, ...], sentence: str
) -> None:
    with pytest.raises(ChecksFailed) as caught:
        publish(tmp_path / "home", write_work(tmp_path / "work", entities), {})
    assert any(failure.startswith(sentence) for failure in caught.value.failures)
    assert current_version(tmp_path / "home") is None
    assert not list(snapshots_folder(tmp_path / "home").glob("*-*"))


@pytest.mark.parametrize("table", ["people", "people_features"])
def test_people_and_features_must_belong_together(tmp_path: Path, table: str) -> None:
    work = write_work(tmp_path / "work")
    path = work / f"{table}.parquet"
    pl.read_parquet(path).head(1).write_parquet(path)
    with pytest.raises(ChecksFailed, match="features"):
        publish(tmp_path / "home", work, {})


def test_a_missing_file_is_named_and_the_current_snapshot_stays(tmp_path: Path) -> None:
    work = write_work(tmp_path / "work")
    first = publish(tmp_path / "home", work, {})
    (work / "people.parquet").unlink()
    with pytest.raises(SqlStepFailed, match=r"people\.parquet"):
        publish(tmp_path / "home", work, {})
    assert current_version(tmp_path / "home") == first
    assert [folder.name for folder in snapshots_folder(tmp_path / "home").glob("*-*")] == [first]


def test_what_a_dead_publisher_left_is_swept(tmp_path: Path) -> None:
    left = snapshots_folder(tmp_path) / "staging-1"
    left.mkdir(parents=True)
    (left / "dataset.duckdb").write_bytes(b"half")
    publish(tmp_path, write_work(tmp_path / "work"), {})
    assert not left.exists()


def test_a_second_refresh_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    with refresh_lock(tmp_path):
        with pytest.raises(RefreshInProgress) as caught, refresh_lock(tmp_path):
            pass
        assert caught.value.holder == f"process {os.getpid()}"
    with refresh_lock(tmp_path):
        pass


def test_a_second_publisher_is_refused(tmp_path: Path) -> None:
    work = write_work(tmp_path / "work")
    with publish_lock(tmp_path), pytest.raises(RefreshInProgress):
        publish(tmp_path, work, {})


def test_nothing_published_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(DatasetMissing, match="leadspro refresh"):
        Dataset.open(tmp_path)


def test_what_became_of_earlier_ids_is_answered_and_the_files_for_the_next_refresh_are_checked(
    tmp_path: Path,
) -> None:
    def change(new_id: str | None, kind: str, records: int) -> dict[str, object]:
        return {"old_id": f"old-{kind}", "new_id": new_id, "change": kind, "records": records}

    changes = [
        change("person-bob", "merged", 2),
        change("person-amanda", "split", 1),
        change("person-bob", "split", 3),
        change(None, "gone", 1),
    ]
    work = write_work(tmp_path / "work", changes=changes)
    (work / "resolution").mkdir()
    (work / "resolution" / "people_weights.json").write_text("{}")
    version = publish(tmp_path / "home", work, {}, now=NOW)
    with Dataset.open(tmp_path / "home", verify=True) as dataset:
        assert dataset.successors(["old-merged", "old-split", "old-gone", "person-bob"]) == {
            "old-merged": ["person-bob"],
            "old-split": ["person-bob", "person-amanda"],
            "old-gone": [],
        }
    kept = snapshots_folder(tmp_path / "home") / version / "resolution" / "people_weights.json"
    kept.write_text("[]")
    with pytest.raises(DatasetCorrupt, match="checksum differs"):
        Dataset.open(tmp_path / "home", verify=True)


def test_a_changed_id_that_leads_to_nobody_is_not_published(tmp_path: Path) -> None:
    changes = [{"old_id": "old", "new_id": "nobody", "change": "merged", "records": 1}]
    with pytest.raises(ChecksFailed, match="a changed id leads to nobody"):
        publish(tmp_path / "home", write_work(tmp_path / "work", changes=changes), {}, now=NOW)

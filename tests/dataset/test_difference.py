from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from leadspro_engine.dataset import diff, publish
from leadspro_engine.errors import DatasetCorrupt, InvalidInput
from leadspro_engine.records import Company, Location, Person
from tests.dataset.made import AMANDA, BOB, NORTH_PEAK, SMALL, Made, write_work

if TYPE_CHECKING:
    from pathlib import Path


def test_who_came_went_became_one_and_which_fields_changed(tmp_path: Path) -> None:
    before = publish(tmp_path, write_work(tmp_path / "one", [*SMALL, _somebody("gone")]), {})
    moved = msgspec.structs.replace(AMANDA.entity, job_title="CRO", location=Location("Austin"))
    now = [msgspec.structs.replace(AMANDA, entity=moved), NORTH_PEAK, _somebody("new"), _company("fresh")]
    merged = {"old_id": BOB.entity.id, "new_id": AMANDA.entity.id, "change": "merged", "records": 1}
    gone = {"old_id": "gone", "new_id": None, "change": "gone", "records": 1}
    after = publish(tmp_path, write_work(tmp_path / "two", now, [merged, gone]), {})
    found = diff(tmp_path, before, after)
    people, companies = found.people, found.companies
    assert (people.added, people.removed, people.merged, people.changed) == (1, 1, 1, 1)
    assert people.fields == {"job_title": 1, "location": 1}
    assert [(one.id, one.change, one.into, one.fields) for one in people.examples] == [
        ("new", "added", [], []),
        ("gone", "removed", [], []),
        (BOB.entity.id, "merged", [AMANDA.entity.id], []),
        (AMANDA.entity.id, "changed", [], ["job_title", "location"]),
    ]
    assert (companies.added, companies.removed, companies.merged, companies.changed) == (1, 0, 0, 0)
    assert diff(tmp_path, before, after, examples=0).people.examples == []


def test_nothing_changed_between_a_version_and_its_like(tmp_path: Path) -> None:
    work = write_work(tmp_path / "work")
    found = diff(tmp_path, publish(tmp_path, work, {}), publish(tmp_path, work, {"again": True}))
    for one in (found.people, found.companies):
        assert (one.added, one.removed, one.merged, one.changed, one.fields, one.examples) == (
            0, 0, 0, 0, {}, [],
        )  # fmt: skip


def test_versions_that_are_not_there_or_damaged_are_named(tmp_path: Path) -> None:
    version = publish(tmp_path, write_work(tmp_path / "work"), {})
    with pytest.raises(InvalidInput, match=version):
        diff(tmp_path, version, "v-1999")
    with pytest.raises(InvalidInput, match="number from 0"):
        diff(tmp_path, version, version, examples=-1)
    path = tmp_path / "snapshots" / version / "dataset.duckdb"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DatasetCorrupt) as caught:
        diff(tmp_path, version, version)
    assert caught.value.path == path


def _somebody(ident: str) -> Made:
    return Made(Person(id=ident, full_name=f"Somebody {ident}"), {})


def _company(ident: str) -> Made:
    return Made(Company(id=ident, name=ident), {})

from __future__ import annotations

from typing import TYPE_CHECKING

import lmdb
import msgspec
import pytest

from leadspro_engine.dataset import (
    Dataset,
    current_version,
    list_versions,
    prune,
    publish,
    rollback,
    snapshots_folder,
    verify,
)
from leadspro_engine.dataset.manifest import SCHEMA_VERSION
from leadspro_engine.errors import DatasetCorrupt, DatasetMissing, InvalidInput
from tests.dataset.made import write_work

if TYPE_CHECKING:
    from pathlib import Path

FILES = ("dataset.duckdb", "keys.lmdb", "manifest.json", "resolution/clusters.parquet")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with two versions."""
    work = write_work(tmp_path / "work")
    (work / "resolution").mkdir()
    (work / "resolution" / "clusters.parquet").write_bytes(b"PAR1 what the next refresh goes on from PAR1")
    publish(tmp_path, work, {"number": 1})
    publish(tmp_path, work, {"number": 2})
    return tmp_path


def _current(home: Path) -> Path:
    return snapshots_folder(home) / str(current_version(home))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("place", [0.0, 0.3, 0.6, 0.999])
def test_verify_finds_a_flipped_byte_and_names_the_file(home: Path, name: str, place: float) -> None:
    path = _current(home) / name
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 0x01
    path.write_bytes(content)
    with pytest.raises(DatasetCorrupt) as caught:
        verify(home)
    assert caught.value.path == path
    with pytest.raises(DatasetCorrupt):
        Dataset.open(home, verify=True)


@pytest.mark.parametrize("name", FILES)
def test_open_itself_finds_a_cut_file(home: Path, name: str) -> None:
    path = _current(home) / name
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(DatasetCorrupt) as caught:
        Dataset.open(home)
    assert caught.value.path == path


@pytest.mark.parametrize("name", ["dataset.duckdb", "keys.lmdb"])
def test_open_itself_finds_a_missing_file_and_a_foreign_header(home: Path, name: str) -> None:
    path = _current(home) / name
    path.write_bytes(b"\0" * path.stat().st_size)
    with pytest.raises(DatasetCorrupt, match="does not begin as its kind does"):
        Dataset.open(home)
    path.unlink()
    with pytest.raises(DatasetCorrupt, match="missing"):
        Dataset.open(home)


def test_a_snapshot_of_another_layout_is_refused(home: Path) -> None:
    path = _current(home) / "manifest.json"
    path.write_text(path.read_text().replace(f'"schema": {SCHEMA_VERSION}', '"schema": 99'))
    with pytest.raises(DatasetCorrupt, match=r"layout 99.*refresh --force"):
        Dataset.open(home)
    path.write_text('{"schema": 0, "tables": []}')
    with pytest.raises(DatasetCorrupt, match=r"layout 0.*refresh --force"):
        Dataset.open(home)


def test_a_key_index_of_another_release_is_refused_by_what_it_lacks(home: Path) -> None:
    path = _current(home) / "keys.lmdb"
    index = lmdb.open(str(path), subdir=False, lock=False, max_dbs=20)
    with index, index.begin(write=True) as transaction:
        transaction.drop(index.open_db(b"colleagues", txn=transaction))
    _declare_size(path)
    for _ in range(2):  # the first refusal lets go of the file
        with pytest.raises(DatasetCorrupt, match=r"lacks colleagues.*refresh --force") as caught:
            Dataset.open(home)
        assert caught.value.path == path


@pytest.mark.parametrize("weights", [b"{}", b'{"people": 1}'])
def test_weights_of_another_release_are_refused(home: Path, weights: bytes) -> None:
    path = _current(home) / "manifest.json"
    found = msgspec.json.decode(path.read_bytes())
    path.write_bytes(msgspec.json.encode(found | {"weights": msgspec.Raw(weights)}))
    with pytest.raises(DatasetCorrupt, match=r"weights.*refresh --force"):
        Dataset.open(home)


def _declare_size(path: Path) -> None:
    """Let the manifest say the size that a file beside it has now."""
    manifest = path.with_name("manifest.json")
    found = msgspec.json.decode(manifest.read_bytes())
    for file in found["files"]:
        if file["name"] == path.name:
            file["size"] = path.stat().st_size
    manifest.write_bytes(msgspec.json.encode(found))


def test_rollback_goes_to_the_parent_and_forward_again(home: Path) -> None:
    first, second = [one.name for one in list_versions(home)]
    assert rollback(home) == first
    with Dataset.open(home) as dataset:
        assert dataset.manifest.facts == {"number": 1}
    assert rollback(home, second) == second == current_version(home)


def test_rollback_helps_when_the_current_manifest_cannot_be_read(home: Path) -> None:
    first, _ = [one.name for one in list_versions(home)]
    (_current(home) / "manifest.json").write_text("{")
    with pytest.raises(DatasetCorrupt, match="rollback"):
        Dataset.open(home)
    assert rollback(home) == first == current_version(home)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_version_is_listed_with_what_is_wrong_beside_the_others(home: Path, name: str) -> None:
    path = _current(home) / name
    path.write_bytes(path.read_bytes()[:-2])
    whole, damaged = list_versions(home)
    assert whole.problem is None
    assert whole.manifest is not None
    assert damaged.manifest is None
    assert isinstance(damaged.problem, DatasetCorrupt)
    assert damaged.problem.path == path


def test_rollback_refuses_what_is_not_there_or_damaged(home: Path) -> None:
    first, second = [one.name for one in list_versions(home)]
    with pytest.raises(InvalidInput, match=first):
        rollback(home, "v-1999")
    with (snapshots_folder(home) / first / "keys.lmdb").open("ab") as file:
        file.write(b"more")
    with pytest.raises(DatasetCorrupt):
        rollback(home)
    assert current_version(home) == second


def test_the_first_version_has_nothing_to_go_back_to(tmp_path: Path) -> None:
    publish(tmp_path, write_work(tmp_path / "work"), {})
    with pytest.raises(InvalidInput, match="one of v-"):
        rollback(tmp_path)


def test_pruning_keeps_the_newest_and_the_current(home: Path) -> None:
    first, second = [one.name for one in list_versions(home)]
    rollback(home)
    third = publish(home, home / "work", {}, keep=9)
    rollback(home, first)
    assert prune(home, keep=1) == [second]
    assert [one.name for one in list_versions(home)] == [first, third]


def test_a_version_may_be_opened_by_its_own_folder(home: Path) -> None:
    first = list_versions(home)[0].name
    with Dataset.open(snapshots_folder(home) / first) as dataset:
        assert dataset.version == first


def test_verifying_what_is_not_there_says_so(home: Path) -> None:
    with pytest.raises(DatasetMissing):
        verify(home, "v-1999")

"""A second refresh: ids that last, people who asked not to be shown, weights that are used again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl
import pytest

from leadspro_engine.dataset import Dataset, current_version
from leadspro_engine.dataset.manifest import SCHEMA_VERSION
from leadspro_engine.privacy import SuppressionList
from leadspro_engine.records import Suppressions
from leadspro_engine.refresh import refresh

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = '[[source]]\nname = "crm"\npath = "crm.csv"\nobserved_at = 2026-05-01\n'
HEADER = "id,First Name,Last Name,Email,Phone,Company"
ADA = "1,Ada,Lovelace,ada@acme.com,+14155550101,Acme Inc."
ADA_AGAIN = "2,Ada,Lovelace,ada.l@gmail.com,+14155550101,Acme Inc."
BOB = "3,Bob,Ray,bob@beta.io,+14155550103,Beta"
CY = "4,Cy,Young,cy@gamma.de,,Gamma"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text(SOURCES)
    return path


def refreshed(sources: Path, *rows: str, **options: Any) -> Dataset:
    sources.with_name("crm.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    refresh(sources, sources.parent / "home", **options)
    return Dataset.open(sources.parent / "home")


def people(dataset: Dataset) -> dict[str, str]:
    rows = dataset.cursor().execute("select full_name, id from people").fetchall()
    return dict(rows)


def test_an_entity_keeps_its_id_when_its_records_change_and_others_come_and_go(sources: Path) -> None:
    with (
        refreshed(sources, ADA, ADA_AGAIN, BOB) as first,
        refreshed(sources, ADA.replace("Acme Inc.", "Delta"), ADA_AGAIN, CY) as second,
    ):
        assert people(second)["Ada Lovelace"] == people(first)["Ada Lovelace"]
        bob = people(first)["Bob Ray"]
        assert bob not in people(second).values()
        assert second.successors([bob, people(first)["Ada Lovelace"]]) == {bob: []}


def test_an_id_that_was_merged_leads_to_the_person_it_became(sources: Path) -> None:
    apart = ADA.replace("Ada,Lovelace", "A,L").replace("+14155550101", "")
    with (
        refreshed(sources, apart, ADA_AGAIN, BOB) as first,
        refreshed(sources, ADA, ADA_AGAIN, BOB) as second,
    ):
        assert first.manifest.counts["people"] == 3
        assert second.manifest.counts["people"] == 2
        gone = set(people(first).values()) - set(people(second).values())
        assert second.successors(sorted(gone)) == {one: [people(second)["Ada Lovelace"]] for one in gone}


@pytest.mark.parametrize(
    ("kind", "value"), [("email", "ada.l@gmail.com"), ("phone", "+14155550101")], ids=["e-mail", "phone"]
)
def test_a_suppressed_person_is_in_no_later_snapshot_with_none_of_their_records(
    sources: Path, kind: Any, value: str
) -> None:
    home = sources.parent / "home"
    with refreshed(sources, ADA, ADA_AGAIN, BOB) as first:
        ada = people(first)["Ada Lovelace"]
    listed = SuppressionList(home)
    listed.add(kind, value, reason=None, now=dt.datetime.now(dt.UTC))
    for rows in ((ADA, ADA_AGAIN, BOB), (ADA, ADA_AGAIN, BOB, CY)):
        with refreshed(sources, *rows, suppressions=Suppressions(listed.hashes())) as later:
            assert set(people(later)) == {"Bob Ray", "Cy Young"} - ({"Cy Young"} if CY not in rows else set())
            assert later.successors([ada]) == {ada: []}
            assert later.lookup("email", ["ada@acme.com", "ada.l@gmail.com"]) == {}
    snapshot = home / "snapshots" / str(current_version(home))
    content = b"".join(path.read_bytes() for path in snapshot.rglob("*") if path.is_file())
    assert b"ada@acme.com" not in content
    assert b"bob@beta.io" in content
    left = pl.read_parquet(snapshot / "resolution" / "people_records.parquet")
    assert set(left["full_name"]) == {"Bob Ray", "Cy Young"}


def test_a_new_suppression_alone_is_reason_enough_to_refresh(sources: Path) -> None:
    home = sources.parent / "home"
    refreshed(sources, ADA, BOB).close()
    assert not refresh(sources, home).published
    listed = SuppressionList(home)
    listed.add("email", "bob@beta.io", reason=None, now=dt.datetime.now(dt.UTC))
    assert refresh(sources, home, suppressions=Suppressions(listed.hashes())).published


def test_weights_are_those_of_the_parent_until_asked_for_or_the_tables_doubled(sources: Path) -> None:
    def used(dataset: Dataset) -> str:
        with dataset:
            said: str = dataset.manifest.facts["weights_from"]["people"]
            return said

    assert used(refreshed(sources, ADA, BOB)) == "learned"
    assert used(refreshed(sources, ADA, BOB, CY)) == "parent"
    assert used(refreshed(sources, ADA, BOB, CY, relearn=True)) == "learned"
    assert (
        used(
            refreshed(sources, ADA, *(BOB.replace("Bob", f"B{n}").replace("3,", f"1{n},") for n in range(9)))
        )
        == "learned"
    )


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("people_evidence.parquet", b"not what was published"),
        ("people_clusters.parquet", None),
        ("company_weights.json", b"{}"),
    ],
    ids=["evidence", "no clusters", "weights"],
)
def test_a_damaged_state_is_warned_of_and_everything_is_made_anew(
    sources: Path, name: str, damage: bytes | None
) -> None:
    home = sources.parent / "home"
    with refreshed(sources, ADA, ADA_AGAIN, BOB) as first:
        state = home / "snapshots" / first.version / "resolution" / name
    if damage is None:
        state.unlink()
    else:
        state.write_bytes(damage)
    with sources.with_name("crm.csv").open("a") as file:
        file.write(f"{CY}\n")
    result = refresh(sources, home)
    (warning,) = (text for step in result.steps for text in step.warnings)
    assert name in warning
    assert first.version in warning
    with Dataset.open(home) as second:
        assert second.manifest.facts["weights_from"] == {"people": "learned", "companies": "learned"}
        assert set(people(second)) == {"Ada Lovelace", "Bob Ray", "Cy Young"}


def test_the_ids_of_a_snapshot_of_another_layout_go_on_and_its_records_are_made_anew(sources: Path) -> None:
    """A file of the state has another form in it, too."""
    home = sources.parent / "home"
    with refreshed(sources, ADA, BOB) as first:
        before, folder = people(first), home / "snapshots" / first.version
    older = msgspec.json.decode((folder / "manifest.json").read_bytes()) | {"schema": SCHEMA_VERSION - 1}
    (folder / "manifest.json").write_bytes(msgspec.json.encode(older))
    contents = folder / "resolution" / "people_contents.parquet"
    pl.read_parquet(contents).select("record_id", "content").write_parquet(contents)
    with refreshed(sources, ADA, BOB, CY) as second:
        assert {**before, "Cy Young": people(second)["Cy Young"]} == people(second)

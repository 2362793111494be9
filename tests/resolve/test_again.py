"""A run that remembers what an earlier one worked out gives what a run that does not remember gives."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadspro_engine.compare import COMPANIES, PEOPLE, shipped_weights
from leadspro_engine.normalize.record import COMPANY_SCHEMA, person_columns
from leadspro_engine.resolve import hand_over, resolve_people
from leadspro_engine.resolve.prior import FILES, PriorState

GIVEN = ("Robert", "Bob", "Liz", "Elizabeth", "Ann", "R")
FAMILY = ("Hartwell", "Hartwel", "Coldstrom", "Oakden")
rows = st.fixed_dictionaries(
    {
        "full_name": st.builds("{} {}".format, st.sampled_from(GIVEN), st.sampled_from(FAMILY)),
        "email": st.lists(
            st.sampled_from(("bob@acme.com", "liz@acme.com", "bob@beta.io", "a.oak@beta.io")), max_size=1
        ),
        "phone": st.lists(st.sampled_from(("+14155550101", "+14155550102")), max_size=1),
        "city": st.sampled_from((None, "Oslo", "Quito")),
    }
)
tables = st.dictionaries(st.integers(0, 24), rows, min_size=4, max_size=24)


def write(work: Path, table: dict[int, dict[str, Any]]) -> None:
    kinds: dict[str, Any] = {"email": pl.List(pl.String), "phone": pl.List(pl.String)}
    given_rows = [{"record_id": f"t:{n:02}", "source": "t", **row} for n, row in sorted(table.items())]
    person_columns(pl.DataFrame(given_rows, schema_overrides=kinds)).write_parquet(
        work / "people_records.parquet"
    )
    for name in FILES:  # what a whole refresh hands over beside people
        if not (work / name).exists() and name.endswith(".parquet"):
            schema = {**COMPANY_SCHEMA, "entity_id": pl.String()}
            pl.DataFrame(schema=schema).write_parquet(work / name)
        elif not (work / name).exists():
            (work / name).write_text("{}")


def partition(work: Path) -> set[frozenset[str]]:
    clusters = pl.read_parquet(work / "people_clusters.parquet")
    return {frozenset(one) for one in clusters.group_by("entity_id").agg("record_id")["record_id"].to_list()}


def state(work: Path, version: str) -> PriorState:
    pl.read_parquet(work / "people_id_changes.parquet").write_parquet(work / "id_changes.parquet")
    hand_over(work, work / "state")
    return PriorState(work / "state", version)


def forgetting(prior: PriorState, folder: Path) -> PriorState:
    folder.mkdir()
    for name in FILES:
        (folder / name).write_bytes(prior.path(name).read_bytes())
    evidence = pl.read_parquet(prior.path("people_evidence.parquet")).clear()
    evidence.write_parquet(folder / "people_evidence.parquet")
    return PriorState(folder, prior.version)


@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(tables, st.lists(tables, min_size=1, max_size=2))
def test_incremental_is_full(
    first: dict[int, dict[str, Any]], later: list[dict[int, dict[str, Any]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        works = [Path(folder) / str(number) for number in range(len(later) + 1)]
        works[0].mkdir()
        write(works[0], first)
        resolve_people(works[0])
        table = first
        for number, changed in enumerate(later, start=1):
            prior = state(works[number - 1], f"v-{number}")
            kept = {n: row for n, row in table.items() if n % 4}
            table = {**kept, **{n: row for n, row in changed.items() if n % 3 == 0}}
            found = []
            for work, known in (
                (works[number], prior),
                (Path(folder) / f"full-{number}", forgetting(prior, Path(folder) / f"forgot-{number}")),
            ):
                work.mkdir()
                write(work, table)
                resolved = resolve_people(work, prior=known)
                evidence = pl.read_parquet(work / "people_evidence.parquet").unique().sort("x", "y", "bits")
                found.append((partition(work), resolved.pairs, resolved.weights_from, evidence.rows()))
            assert found[0] == found[1]


def test_what_is_known_is_not_worked_out_again(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    table = {
        n: {"full_name": f"{GIVEN[n % 6]} {FAMILY[n % 4]}", "email": ["bob@acme.com"]} for n in range(12)
    }
    write(tmp_path / "first", table)
    resolve_people(tmp_path / "first")
    prior = state(tmp_path / "first", "v-1")
    lie = pl.read_parquet(prior.path("people_evidence.parquet")).with_columns(bits=pl.lit(-50.0))
    lie.write_parquet(prior.path("people_evidence.parquet"))
    write(tmp_path / "second", table)
    resolve_people(tmp_path / "second", prior=prior)
    assert len(partition(tmp_path / "first")) < len(partition(tmp_path / "second"))


def test_weights_of_another_form_model_or_size_are_not_used_again(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_text("{}")
    prior = PriorState(tmp_path, "v-1")
    assert prior.reusable("people", PEOPLE, 100) is None
    path = prior.path("people_weights.json")
    path.write_bytes(msgspec.json.encode(shipped_weights(PEOPLE, records=100)))
    assert prior.reusable("people", PEOPLE, 150) == shipped_weights(PEOPLE, records=100)
    assert prior.reusable("people", PEOPLE, 49) is None
    assert prior.reusable("people", PEOPLE, 201) is None
    path.write_bytes(msgspec.json.encode(shipped_weights(COMPANIES, records=100)))
    assert prior.reusable("people", PEOPLE, 100) is None

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadspro_engine.dataset import Dataset, publish
from leadspro_engine.dataset.nearby import Colleague
from leadspro_engine.dataset.tables import KINDS
from leadspro_engine.records import Person
from tests.dataset.made import NOW, SMALL, Made, every_key, write_work

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from leadspro_engine.records import IdentifierKind

HARD = "ab|.@ é\u0300ßİıſ\uffff𐍈\n\x00'\"\\%"
"""Characters whose order or escaping could differ between DuckDB, LMDB and Python."""

keys = st.text(HARD, min_size=1, max_size=6) | st.text("é", min_size=200, max_size=300)
person_kinds = st.sampled_from([kind for kind in KINDS if not kind.startswith("company")])


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    folder = tmp_path_factory.mktemp("home")
    publish(folder, write_work(folder / "work"), {}, now=NOW)
    with Dataset.open(folder) as opened:
        yield opened


def test_the_index_gives_what_the_tables_give(dataset: Dataset) -> None:
    ids = [one.entity.id for one in SMALL] + ["nobody", ""]
    assert dataset.keys.people(ids) == dataset.people(ids)
    assert dataset.keys.companies(ids) == dataset.companies(ids)
    for kind in KINDS:
        asked = [*every_key()[kind], "nobody", "", "é" * 400]
        assert dataset.keys.lookup(kind, asked) == dataset.lookup(kind, asked)
    assert dataset.keys.frequency("phone_texts", "4155550100") == 1.0
    assert dataset.keys.frequency("given_key", "amanda") is None


def test_the_index_knows_who_is_near(dataset: Dataset) -> None:
    amanda = Colleague("person-amanda", "amanda lee")
    assert dataset.keys.colleagues(["northpeak.io|a", "northpeak.io|l", "north peak|l", "north peak|x"]) == [
        amanda
    ]
    assert dataset.keys.colleagues(["north peak|b"]) == []
    assert dataset.keys.companies_spelled_like("nroth peak") == ["north peak"]
    assert dataset.keys.companies_spelled_like("south peak") == []


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.dictionaries(person_kinds, st.lists(keys, unique=True, max_size=4)), min_size=1, max_size=5)
)
def test_any_key_is_found_in_both_forms(
    tmp_path_factory: pytest.TempPathFactory, identifiers: list[dict[IdentifierKind, list[str]]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    entities = [
        Made(
            Person(id=f"person-{number}"),
            {str(kind): listed for kind, listed in one.items()},
            None,
            {"given_key": "ann"},
        )
        for number, one in enumerate(identifiers)
    ]
    publish(folder, write_work(folder / "work", entities), {}, now=NOW)
    with Dataset.open(folder) as opened:
        for kind, truth in every_key(entities).items():
            asked = [*truth, "\uffff\uffff"]
            assert opened.lookup(kind, asked) == truth  # type: ignore[arg-type]  # kind comes from KINDS
            assert opened.keys.lookup(kind, asked) == truth  # type: ignore[arg-type]


def test_an_index_may_be_open_twice_and_outlives_its_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("twice")
    work = write_work(folder / "work")
    publish(folder, work, {}, now=NOW)
    one, two = Dataset.open(folder), Dataset.open(folder)
    one.close()
    for _ in range(4):
        publish(folder, work, {}, keep=1)
    assert two.keys.lookup("email", ["amanda@northpeak.io"]) == {"amanda@northpeak.io": ["person-amanda"]}
    assert two.lookup("email", ["amanda@northpeak.io"]) == {"amanda@northpeak.io": ["person-amanda"]}
    two.close()


def test_many_threads_get_right_answers_from_both_forms(dataset: Dataset) -> None:
    truth = every_key()["phone"] | every_key()["email"]
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(60):
            for kind in ("phone", "email"):
                for key in every_key()[kind]:
                    for form in (dataset, dataset.keys):
                        found = form.lookup(kind, [key])
                        if found != {key: truth[key]}:
                            wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_index_gives_what_the_tables_give_of_all_of_the_demo(demo_home: Path) -> None:
    with Dataset.open(demo_home) as opened:
        for kind in ("people", "companies"):
            ids = [one for (one,) in opened.cursor().execute(f"select id from {kind}").fetchall()]
            stored, told = getattr(opened.keys, kind)(ids), getattr(opened, kind)(ids)
            assert stored == told
            assert list(stored) == list(told) == ids

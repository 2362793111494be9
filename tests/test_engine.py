from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

import leadspro_engine as lp
from leadspro_engine.dataset import publish, snapshots_folder
from leadspro_engine.engine import LOOK_EVERY_S
from leadspro_engine.records import EnrichAnswer
from tests.dataset.made import write_work
from tests.match.town import TOWN

if TYPE_CHECKING:
    from pathlib import Path

EMAIL = "amanda@northpeak.io"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    publish(tmp_path, write_work(tmp_path / "work", TOWN), {})
    return tmp_path


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_all_forms_of_a_query_have_one_answer(home: Path) -> None:
    with lp.open(home) as engine:
        answer = engine.enrich(email=EMAIL, company="North Peak")
        assert answer.person is not None
        assert answer.person.full_name == "Amanda Reyes"
        assert engine.enrich({"email": EMAIL, "company": "North Peak"}) == answer
        assert engine.enrich(lp.PersonQuery(email=EMAIL, company="North Peak")) == answer
        (item,) = engine.enrich_batch([{"email": EMAIL, "company": "North Peak"}])
        assert (item.person, item.company, item.match) == (answer.person, answer.company, answer.match)


def test_a_question_in_two_forms_is_refused_and_no_part_of_it_goes_unheard(home: Path) -> None:
    with lp.open(home) as engine:
        with pytest.raises(lp.InvalidInput, match="keywords company, not both"):
            engine.enrich({"email": EMAIL}, company="North Peak")
        with pytest.raises(lp.InvalidInput, match="keywords country, not both"):
            engine.search_people({"company": "North Peak"}, country="US")
        with pytest.raises(lp.InvalidInput, match="keywords status, not both"):
            engine.search_companies({"name": "North Peak"}, status="verified")


def test_a_file_goes_through_the_engine(home: Path) -> None:
    (home / "given.csv").write_text(f"email\n{EMAIL}\nnobody@nowhere.com\n")
    with lp.open(home) as engine:
        counts = engine.enrich_table(home / "given.csv", home / "out.csv")
    assert (counts.rows, counts.matched, counts.no_match) == (2, 1, 1)
    assert "Amanda Reyes" in (home / "out.csv").read_text()


def test_search_goes_through_the_engine(home: Path) -> None:
    with lp.open(home) as engine:
        found = engine.search_people(company="North Peak", limit=2)
        assert found.total.value == 3
        assert engine.search_companies({"domain": "northpeak.io"}).results[0].company.name == "North Peak"


def test_the_folder_may_come_from_the_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADSPRO_HOME", str(home))
    with lp.open() as engine:
        assert engine.version == engine.manifest.version


def test_hidden_people_are_neither_answered_nor_found(home: Path) -> None:
    from hashlib import sha256

    hidden = lp.Suppressions(frozenset({sha256(f"email:{EMAIL}".encode()).hexdigest()}))
    with lp.open(home) as everybody:
        engine = everybody.hiding(hidden)
        assert engine.enrich(email=EMAIL) == EnrichAnswer("no_match")
        assert engine.search_people(company="North Peak").total.value == 2
        assert everybody.enrich(email=EMAIL).status == "matched"


def test_a_live_engine_takes_up_a_new_snapshot_after_a_second(home: Path) -> None:
    clock = Clock()
    live = lp.LiveEngine(home, clock=clock)
    old = live.current()
    version = publish(home, write_work(home / "work", TOWN), {"second": True})
    assert live.current() is old
    clock.now += LOOK_EVERY_S
    assert _within(5, lambda: live.current().version == version)
    assert live.problem is None
    assert old.enrich(email=EMAIL).status == "matched"
    live.close()


def test_a_damaged_new_snapshot_is_left_aside(home: Path) -> None:
    live = lp.LiveEngine(home)
    old = live.current()
    version = publish(home, write_work(home / "work", TOWN), {"second": True})
    _flip_a_byte(snapshots_folder(home) / version / "dataset.duckdb")
    assert live.look() is old
    found = live.problem
    assert isinstance(found, lp.DatasetCorrupt)
    assert old.enrich(email=EMAIL).status == "matched"
    third = publish(home, write_work(home / "work", TOWN), {"third": True})
    assert live.look().version == third
    assert live.problem is None
    live.close()


def test_no_reader_sees_a_failed_or_mixed_answer_while_snapshots_are_swapped(home: Path) -> None:
    live = lp.LiveEngine(home)
    wrong: list[Any] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            engine = live.current()
            seen = (
                engine.enrich(email=EMAIL),
                engine.version,
                engine.search_people(company="North Peak").total.value,
            )
            if (seen[0].status, seen[1], seen[2]) != ("matched", engine.version, 3):
                wrong.append(seen)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    work = write_work(home / "work", TOWN)
    for number in range(6):
        version = publish(home, work, {"number": number}, keep=1)
        assert live.look().version == version
    done.set()
    for reader in readers:
        reader.join()
    live.close()
    assert wrong == []


def test_nothing_published_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(lp.DatasetMissing, match="leadspro refresh"):
        lp.LiveEngine(tmp_path)


def _within(seconds: float, holds: Any) -> bool:
    """Whether something becomes true soon."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.01)
    return False


def _flip_a_byte(path: Path) -> None:
    """Change one byte in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)

"""The list of who asked not to be shown."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

import pytest

from leadspro_engine.errors import NotFound
from leadspro_engine.privacy import SuppressionList, identifier_hash

if TYPE_CHECKING:
    from pathlib import Path

NOON = dt.datetime(2026, 3, 14, 12, tzinfo=dt.UTC)


def test_what_one_process_enters_every_other_sees_at_once(tmp_path: Path) -> None:
    ours, theirs = SuppressionList(tmp_path), SuppressionList(tmp_path)
    assert theirs.hashes() == frozenset()
    first = ours.add("email", "hide.me@example.org", reason="asked", now=NOON)
    assert theirs.hashes() == {identifier_hash("email", "hide.me@example.org")}
    theirs.add("phone", "+14155550106", reason=None, now=NOON)
    assert len(ours.hashes()) == 2
    assert theirs.get(first.id) == first


def test_the_identifier_itself_is_not_kept(tmp_path: Path) -> None:
    SuppressionList(tmp_path).add("email", "hide.me@example.org", reason=None, now=NOON)
    assert b"hide.me" not in (tmp_path / "suppressions.jsonl").read_bytes()


def test_an_unknown_entry_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        SuppressionList(tmp_path).get("sup_none")


def test_an_entry_cut_short_by_a_crash_hides_no_other(tmp_path: Path) -> None:
    entries = SuppressionList(tmp_path)
    entries.add("email", "first@example.org", reason=None, now=NOON)
    with (tmp_path / "suppressions.jsonl").open("ab") as file:
        file.write(b'{"id": "sup_cut')
    assert len(SuppressionList(tmp_path).hashes()) == 1
    again = SuppressionList(tmp_path)
    again.add("email", "second@example.org", reason=None, now=NOON)
    assert identifier_hash("email", "second@example.org") in SuppressionList(tmp_path).hashes()


def test_entries_of_many_threads_are_all_kept(tmp_path: Path) -> None:
    lists = [SuppressionList(tmp_path) for _ in range(4)]

    def enter(number: int) -> None:
        for item in range(10):
            lists[number].add("email", f"{number}.{item}@example.org", reason=None, now=NOON)

    threads = [threading.Thread(target=enter, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(len(entries.hashes()) == 40 for entries in lists)


def test_the_newest_entry_is_known_to_every_process(tmp_path: Path) -> None:
    ours, theirs = SuppressionList(tmp_path), SuppressionList(tmp_path)
    assert ours.newest() is None
    theirs.add("email", "later@example.org", reason=None, now=NOON + dt.timedelta(hours=1))
    theirs.add("email", "earlier@example.org", reason=None, now=NOON)
    assert ours.newest() == NOON + dt.timedelta(hours=1)

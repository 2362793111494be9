"""The golden set of searches: large enough, judged, and frozen for exactly its queries."""

from __future__ import annotations

import pytest

from benchmarks.accuracy.search import flips, frozen, gain, queries
from datasets.demo.world import build


def test_each_query_is_written_once_means_somebody_and_is_frozen() -> None:
    asked, people = queries(), build().people
    texts = [query.text for query in asked]
    assert len(set(texts)) == len(texts) >= 120
    assert texts == list(frozen())
    assert [query.text for query in asked if not any(query.grade(truth) for truth in people)] == []


def test_the_gain_of_what_comes_late_is_less() -> None:
    assert gain([3]) == 7.0
    assert gain([0, 3]) == pytest.approx(4.4165, abs=0.001)
    assert gain([3, 1]) > gain([1, 3])


def test_flips_name_queries_that_moved_and_which_way() -> None:
    assert flips({"a": 0.5, "b": 1.0, "new": 0.1}, {"a": 0.6, "b": 1.0}) == ["worse 0.600 -> 0.500: a"]

"""What people said about pairs: it always holds, it teaches, and its file outlives rebuilds."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspro_engine import sql
from leadspro_engine.compare import PEOPLE, shipped_weights
from leadspro_engine.errors import InvalidInput
from leadspro_engine.normalize.record import person_columns
from leadspro_engine.resolve import Verdict, add_verdict, check_verdicts, read_verdicts, resolve
from leadspro_engine.resolve.cluster import cluster
from leadspro_engine.resolve.labels import label_shift, shifted

if TYPE_CHECKING:
    from pathlib import Path

ADA = {"full_name": "Ada Lovelace", "email": ["ada@acme.com"]}
BOB = {"full_name": "Bob Ray", "email": ["bob@beta.io"]}


def groups(rows: list[dict[str, Any]], *verdicts: Verdict) -> set[frozenset[str]]:
    given_rows = [{"record_id": f"t:{n}", "source": "t", **row} for n, row in enumerate(rows)]
    frame = pl.DataFrame(given_rows, schema_overrides={"email": pl.List(pl.String)})
    with closing(sql.workbench(threads=1)) as con:
        con.register("input", person_columns(frame).to_arrow())
        found = resolve(con, PEOPLE, verdicts=verdicts).clusters
    return {frozenset(one) for one in found.group_by("entity").agg("record_id")["record_id"].to_list()}


def test_two_strangers_are_one_when_somebody_says_so() -> None:
    assert groups([ADA, BOB, BOB]) == {frozenset({"t:0"}), frozenset({"t:1", "t:2"})}
    assert groups([ADA, BOB, BOB], Verdict("t:0", "t:1", same=True)) == {frozenset({"t:0", "t:1", "t:2"})}


def test_identical_rows_are_two_when_somebody_says_so() -> None:
    assert groups([ADA] * 3) == {frozenset({"t:0", "t:1", "t:2"})}
    found = groups([ADA] * 3, Verdict("t:2", "t:0", same=False))
    assert len(found) == 2
    assert not any({"t:0", "t:2"} <= group for group in found)


def test_a_verdict_about_records_that_are_not_there_says_nothing() -> None:
    verdicts = (Verdict("t:0", "gone:1", same=True), Verdict("t:0", "t:0", same=True))
    assert groups([ADA, BOB], *verdicts) == {frozenset({"t:0"}), frozenset({"t:1"})}


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.floats(-20, 20)),
        unique_by=lambda e: frozenset(e[:2]),
    ),
    st.dictionaries(
        st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda p: p[0] < p[1]), st.booleans()
    ),
)
def test_whatever_the_evidence_says_the_verdicts_hold(
    edges: list[tuple[int, int, float]], judged: dict[tuple[int, int], bool]
) -> None:
    said = [Verdict(str(a), str(b), same) for (a, b), same in judged.items()]
    try:
        check_verdicts(said)
    except InvalidInput:
        return
    found = cluster([edge for edge in edges if edge[0] != edge[1]], judged=judged)
    for (a, b), same in judged.items():
        assert (found.get(a, a) == found.get(b, b)) == same


def test_verdicts_that_cannot_all_be_true_are_refused() -> None:
    chain = [Verdict("a", "b", same=True), Verdict("b", "c", same=True), Verdict("c", "a", same=False)]
    check_verdicts(chain[:2])
    with pytest.raises(InvalidInput, match="c and a are two"):
        check_verdicts(chain)


def test_the_last_verdict_about_a_pair_counts_and_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    assert read_verdicts(path) == []
    add_verdict(path, Verdict("a", "b", same=True))
    add_verdict(path, Verdict("c", "d", same=True))
    add_verdict(path, Verdict("b", "a", same=False))
    assert read_verdicts(path) == [Verdict("b", "a", same=False), Verdict("c", "d", same=True)]
    path.write_text(path.read_text() + "yes\n")
    with pytest.raises(InvalidInput, match="line 4"):
        read_verdicts(path)


@given(st.lists(st.tuples(st.floats(-40, 40), st.booleans()), min_size=1, max_size=30))
def test_labels_move_the_prior_towards_what_they_say(labelled: list[tuple[float, bool]]) -> None:
    shift = label_shift(labelled)
    assert label_shift([*labelled, (0.0, True)]) >= shift - 1e-6
    assert label_shift([*labelled, (0.0, False)]) <= shift + 1e-6


def test_without_labels_nothing_moves() -> None:
    weights = shipped_weights(PEOPLE, records=100)
    assert shifted(weights, []) == weights.match_rate
    assert shifted(weights, [(5.0, False)] * 20) < weights.match_rate

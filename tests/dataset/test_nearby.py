from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from leadspro_engine.dataset.nearby import BEGINNING, SPELLINGS, colleague_keys, spellings

words = st.text("abno", min_size=1, max_size=8)
company_keys = st.lists(words, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=30, deadline=None)
@given(company_keys)
def test_the_query_spells_as_the_index_does(company_key: str) -> None:
    con = duckdb.connect()
    con.execute("create table identifiers_company_name as select ? as key", [company_key])
    assert sorted(row[0] for row in con.execute(SPELLINGS).fetchall()) == spellings(company_key)


@given(
    st.text("abcd", min_size=2, max_size=BEGINNING - 1), st.text("abcd", min_size=2, max_size=BEGINNING - 1)
)
def test_names_one_slip_apart_have_a_spelling_in_common(one: str, other: str) -> None:
    if OSA.distance(one, other) <= 1:
        assert not set(spellings(one)).isdisjoint(spellings(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("north peak", "nroth peak"), ("north peak", "northpeak"), ("north peak", "north peak analytics")],
)
def test_companies_that_are_spelled_alike(one: str, other: str) -> None:
    assert not set(spellings(one)).isdisjoint(spellings(other))


def test_colleagues_stand_under_the_initials_of_both_names() -> None:
    assert colleague_keys(["a.io", "b"], "ann", "lee") == ["a.io|a", "a.io|l", "b|a", "b|l"]

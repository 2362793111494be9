"""The words of a text: folding in Python and in SQL are the same."""

from __future__ import annotations

import sys
import unicodedata

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.dataset.words import fold, fold_sql, words, words_sql

TROUBLE = "IİıiÉe\u0301ΑΣσςßẞæŒœþðđłøÅ\u212b가\u1100\u1161ﬁⅣ+#&/.'’\u200d\u00a0\u0345ῷ हिन्दी 中文 Ж"


CON = duckdb.connect()


def in_sql(texts: list[str], expression: str) -> list[str]:
    """The value of an expression over ``text`` for each text, in order."""
    query = f"select list_transform($texts::varchar[], lambda text: {expression})"
    rows = CON.execute(query, {"texts": texts}).fetchall()
    return list(rows[0][0])


def test_folding_agrees_on_every_assigned_character() -> None:
    characters = [
        chr(point)
        for point in range(1, sys.maxunicode + 1)
        if unicodedata.category(chr(point)) not in ("Cn", "Cs")
    ]
    assert len(characters) > 200_000
    folded = in_sql(characters, fold_sql("text"))
    assert [c for c, other in zip(characters, folded, strict=True) if fold(c) != other] == []


def test_words_agree_on_every_assigned_character() -> None:
    characters = [
        chr(point)
        for point in range(1, sys.maxunicode + 1)
        if unicodedata.category(chr(point)) not in ("Cn", "Cs")
    ]
    cut = in_sql([f"a{c}b" for c in characters], words_sql("text"))
    assert [c for c, other in zip(characters, cut, strict=True) if words(f"a{c}b") != other.split()] == []


@settings(deadline=None)
@given(st.lists(st.text(alphabet=TROUBLE, max_size=12), min_size=1, max_size=20))
def test_folding_and_words_agree_on_texts_of_troublesome_characters(texts: list[str]) -> None:
    assert in_sql(texts, fold_sql("text")) == [fold(text) for text in texts]
    assert [one.split() for one in in_sql(texts, words_sql("text"))] == [words(text) for text in texts]


@given(st.text(alphabet=TROUBLE, max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("V.P., Sales & Marketing", ["v", "p", "sales", "marketing"]),
        ("C++ / C# Engineer", ["c++", "c#", "engineer"]),
        ("Développeur Généraliste", ["developpeur", "generaliste"]),
        ("Łódź — Straße", ["lodz", "strasse"]),
        ("Διευθυντής ΠΩΛΉΣΕΩΝ", ["διευθυντησ", "πωλησεων"]),
        ("営業部長", ["営業部長"]),
        ("  ", []),
        ("!?", []),
    ],
)
def test_words_of_real_titles(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_null_stays_null_in_sql() -> None:
    con = duckdb.connect()
    assert con.execute(f"select {fold_sql('null::varchar')}, {words_sql('null::varchar')}").fetchone() == (
        None,
        None,
    )

"""Abbreviations and synonyms of titles lead to each other."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from leadspro_engine.dataset.words import words
from leadspro_engine.search.synonyms import plain_terms, terms


def fits(query: str, title: str) -> bool:
    present = set(words(title))
    return all(any(present.issuperset(alternative) for alternative in term) for term in terms(query))


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("VP", "Vice President of Sales"),
        ("vice president", "VP, Sales"),
        ("V.P. Sales", "Sales Vice President"),
        ("RevOps", "Director, Revenue Operations"),
        ("Revenue Operations", "RevOps Lead"),
        ("VP RevOps", "Vice President Revenue Operations"),
        ("Head of R&D", "Research and Development Head"),
        ("IT Manager", "Information Technology Mgr"),
        ("Sr. Engineer", "Senior Software Engineer"),
        ("operations revenue", "Revenue Operations Manager"),
        ("pm", "Project Manager"),
        ("pm", "Product Manager"),
        ("CHIEF EXECUTIVE", "Co-Founder & CEO"),
    ],
)
def test_query_fits_title(query: str, title: str) -> None:
    assert fits(query, title)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("VP Sales", "Sales Director"),
        ("Revenue Operations", "Sales Operations"),
        ("president", "VP Sales"),
        ("market", "Marketing Manager"),
        ("Head of Sales", "Head of Marketing"),
    ],
)
def test_query_does_not_fit_title(query: str, title: str) -> None:
    assert not fits(query, title)


def test_every_phrase_of_a_group_fits_every_other() -> None:
    groups: dict[str, list[str]] = {}
    with (
        files("leadspro_engine.search")
        .joinpath("tables", "title_synonyms.csv")
        .open(encoding="utf-8") as file
    ):
        for row in csv.DictReader(file):
            groups.setdefault(row["group"], []).append(row["phrase"])
    assert all(len(phrases) > 1 for phrases in groups.values())
    misses = [
        (one, other)
        for phrases in groups.values()
        for one in phrases
        for other in phrases
        if not fits(one, other)
    ]
    assert misses == []


def test_small_words_are_asked_for_only_when_nothing_else_is() -> None:
    assert terms("Head of Sales") == terms("Head, Sales")
    assert terms("of the") == ((("of",),), (("the",),))


def test_text_without_words_has_no_terms() -> None:
    assert terms(" ?! ") == plain_terms(" ?! ") == ()

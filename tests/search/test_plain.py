"""Plain text becomes filters: a golden table, and what holds of every text."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.cli import main
from leadspro_engine.errors import InvalidInput
from leadspro_engine.search.filters import company_plan, people_plan
from leadspro_engine.search.plain import LONGEST, Kind, understand
from leadspro_engine.search.plain_titles import title_of

if TYPE_CHECKING:
    from leadspro_engine.search.plain import Understood

with (Path(__file__).with_name("plain.csv")).open(encoding="utf-8", newline="") as file:
    GOLDEN = [(row["text"], row["kind"], row["filters"]) for row in csv.DictReader(file)]

VOCABULARY = """VP sales of and & or , in at @ near with using who the Berlin köln Ontario "new york"
    "San José" france US IN AT IS Georgia revops RevOps CTOs directors leaders head founders python C++ C# Go
    salesforce "google cloud" email phone linkedin saas insurance "real estate" northpeak.io acme.com/x
    North Peak "quoted words" " 51-200 employees over 1k employees 200+ founded after 2015 before 1000 9999
    since within 30 km of 0 updated since 2026-13-45 2026-01-01 people companies team data analysts
    ... ?! – ’ İ ß ² 日本 Москва emea verified inactive interns between 2010-2005 10,000"""
WORDS = st.sampled_from(VOCABULARY.split())
TEXTS = st.lists(WORDS, max_size=12).map(lambda words: " ".join(words)[:LONGEST])
KINDS = st.sampled_from(get_args(Kind))


def shown(understood: Understood) -> str:
    return "; ".join(f"{field}={'|'.join(values)}" for field, values in understood.filters.items())


@pytest.mark.parametrize(("text", "kind", "filters"), GOLDEN)
def test_the_golden_table(text: str, kind: Kind, filters: str) -> None:
    assert shown(understand(text, kind)) == filters


def test_the_golden_table_is_large_enough() -> None:
    assert len({(text, kind) for text, kind, _ in GOLDEN}) >= 60


@settings(max_examples=300)
@given(TEXTS | st.text(max_size=60), KINDS)
def test_every_text_gives_filters_that_a_search_accepts(text: str, kind: Kind) -> None:
    filters = understand(text, kind).filters
    if filters:
        plan = (people_plan if kind == "people" else company_plan)(filters)
        assert len(plan.must) == len(filters)


@settings(max_examples=200)
@given(TEXTS | st.text(max_size=60), KINDS)
def test_every_letter_is_in_one_part_in_order(text: str, kind: Kind) -> None:
    parts = understand(text, kind).parts
    assert "".join("".join(part.text for part in parts).split()) == "".join(text.split())


@settings(max_examples=200)
@given(TEXTS, KINDS)
def test_case_does_not_matter(text: str, kind: Kind) -> None:
    def fields(given: str) -> list[str]:
        return list(understand(given, kind).filters)

    if text.isascii():
        assert fields(text.upper()) == fields(text.lower())


@given(TEXTS, KINDS)
def test_the_same_text_always_means_the_same(text: str, kind: Kind) -> None:
    assert understand(text, kind) == understand(text, kind)


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_any_words_may_be_asked_for_as_a_title(words: list[str]) -> None:
    title_of([word.lower() for word in words])


def test_what_was_understood_says_which_words() -> None:
    parts = understand("VPs in köln with Salesforce").parts
    assert [(part.text, part.field, part.values) for part in parts] == [
        ("VPs", "job_title", ["vp"]),
        ("in", None, []),
        ("köln", "city", ["Cologne"]),
        ("with", None, []),
        ("Salesforce", "skills", ["Salesforce"]),
    ]


@pytest.mark.parametrize("text", ["x" * (LONGEST + 1), None, 3])
def test_a_text_that_cannot_be_read_is_refused(text: object) -> None:
    with pytest.raises(InvalidInput, match=r"^text: "):
        understand(text)  # type: ignore[arg-type]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"did you mean 'people'"):
        understand("cto", "peopl")  # type: ignore[arg-type]


def test_the_command_searches_for_what_was_understood(
    demo_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--json", "--home", str(demo_home)]
    assert main(["search", "people", "--text", "revops in the united states", *home]) == 0
    told = capsys.readouterr()
    assert "'revops' is job title: revops" in told.err
    assert main(["search", "people", "--job-title", "revops", "--country", "United States", *home]) == 0
    assert capsys.readouterr().out == told.out

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from leadspro_engine.dataset.words import words
from leadspro_engine.errors import InvalidInput
from leadspro_engine.records import Suppressions, ValueCount
from leadspro_engine.search import autocomplete
from leadspro_engine.search.complete import COMPLETED
from tests.search.small_snapshot import COMPANIES, PEOPLE, SmallSnapshot, person

SMALL = SmallSnapshot(PEOPLE, COMPANIES)
TITLES = [
    "Sales Manager",
    "sales manager",
    "Salesforce Admin",
    "Head of Sales",
    "Séles Lead",
    "Saleswoman",
    "CTO",
]
TITLED = SmallSnapshot([person(f"p{number}", title) for number, title in enumerate(TITLES)], [])


@pytest.mark.parametrize(
    ("field", "prefix", "values"),
    [
        ("job_title", "rev", [("Director of RevOps", 1), ("VP, Revenue Operations", 1)]),
        ("job_title", "vice p", [("Vice President", 1)]),
        ("company", "NORTH", [("North Peak", 2), ("North Peak Capital", 1)]),
        ("company", "mull", [("Müller Logistik GmbH", 1)]),
        ("skill", "s", [("SAP", 1), ("Salesforce", 1)]),
        ("skill", "forcasting", [("Forecasting", 1)]),
        ("technology", "aws", [("aws", 2)]),
        ("industry", "logistics", [("logistics and supply chain", 1)]),
        ("city", "são", [("São Paulo", 1)]),
        ("region", "cal", [("California", 1)]),
        ("country", "united", [("United States", 2)]),
        ("country", "zz", []),
    ],
)
def test_values_that_begin_so_come_with_their_counts(
    field: str, prefix: str, values: list[tuple[str, int]]
) -> None:
    assert autocomplete(SMALL, field, prefix) == [ValueCount(*one) for one in values]


def slowly(prefix: str, limit: int) -> list[ValueCount]:
    """The rule as it is written, value by value."""
    typed = " ".join(words(prefix))
    groups: dict[str, list[str]] = {}
    for title in TITLES:
        groups.setdefault(" ".join(words(title)), []).append(title)
    found = []
    for text, spellings in groups.items():
        begins = f" {text}".find(f" {typed}") >= 0
        lengths = range(len(typed) - 1, len(typed) + 2)
        near = len(typed) >= 4 and any(Levenshtein.distance(text[:one], typed) <= 1 for one in lengths)
        if begins or near:
            shown = max(spellings, key=lambda one: (spellings.count(one), one))
            found.append((not begins, -len(spellings), shown))
    return [ValueCount(shown, -fewer) for _, fewer, shown in sorted(found)[:limit]]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(TITLES), st.integers(1, 8), st.text("salemw é", max_size=2), st.integers(1, 5))
def test_it_offers_what_the_rule_says(title: str, length: int, more: str, limit: int) -> None:
    prefix = title[:length] + more
    assert autocomplete(TITLED, "job_title", prefix, limit=limit) == slowly(prefix, limit)


def test_who_asked_not_to_be_shown_is_not_counted() -> None:
    hidden = Suppressions(frozenset({hashlib.sha256(b"linkedin:amanda-reyes").hexdigest()}))
    assert autocomplete(SMALL, "job_title", "vp", suppressions=hidden) == []
    assert autocomplete(SMALL, "company", "north peak", suppressions=hidden)[0] == ValueCount("North Peak", 1)
    assert autocomplete(SMALL, "technology", "aws", suppressions=hidden) == [ValueCount("aws", 2)]


@pytest.mark.parametrize(
    ("arguments", "field", "hint"),
    [
        ({"field": "title"}, "/field", "did you mean 'job_title'"),
        ({"prefix": " - "}, "/prefix", "a letter"),
        ({"prefix": "x" * 101}, "/prefix", "100 characters"),
        ({"limit": 0}, "/limit", "1 to 50"),
        ({"limit": True}, "/limit", "1 to 50"),
    ],
)
def test_what_cannot_be_completed_is_refused(arguments: dict[str, Any], field: str, hint: str) -> None:
    with pytest.raises(InvalidInput, match=hint) as caught:
        autocomplete(SMALL, **{"field": "job_title", "prefix": "vp", **arguments})
    assert caught.value.field == field


@pytest.mark.parametrize("field", COMPLETED)
def test_every_field_can_be_completed(field: str) -> None:
    assert isinstance(autocomplete(SMALL, field, "north"), list)

from __future__ import annotations

import hashlib
import itertools
import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from leadspro_engine.dataset.searchable import COMPLETED
from leadspro_engine.dataset.words import words
from leadspro_engine.errors import InvalidInput
from leadspro_engine.records import Suppressions, ValueCount
from leadspro_engine.search import autocomplete
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
TITLED_PEOPLE = [person(f"p{number}", title) for number, title in enumerate(TITLES)]
TITLED = SmallSnapshot(TITLED_PEOPLE, [])
FOLDER = TemporaryDirectory()


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
    snapshot: SmallSnapshot, field: str, prefix: str, values: list[tuple[str, int]]
) -> None:
    assert autocomplete(snapshot, field, prefix) == [ValueCount(*one) for one in values]


BOTH = {"tables": TITLED, "index": SmallSnapshot(TITLED_PEOPLE, []).with_index(Path(FOLDER.name) / "few")}


def slowly(prefix: str, limit: int) -> list[ValueCount]:
    """The rule as it is written, value by value."""
    typed = " ".join(words(prefix))
    groups: dict[str, list[str]] = {}
    for title in TITLES:
        groups.setdefault(" ".join(words(title)), []).append(title)
    found = []
    for text, spellings in groups.items():
        parts = text.split()
        goes_on = [" ".join(parts[first:]) for first in range(len(parts))]
        begins = any(one.startswith(typed) for one in goes_on)
        lengths = range(len(typed) - 1, len(typed) + 2)
        near = len(typed) >= 4 and any(
            OSA.distance(one[:length], typed) <= 1 for one in goes_on for length in lengths
        )
        if begins or near:
            shown = max(spellings, key=lambda one: (spellings.count(one), one))
            found.append((not begins, -len(spellings), shown))
    return [ValueCount(shown, -fewer) for _, fewer, shown in sorted(found)[:limit]]


@pytest.mark.parametrize("by", BOTH)
@settings(max_examples=200, deadline=None)
@given(st.sampled_from(TITLES), st.integers(1, 8), st.text("salemw é", max_size=2), st.integers(1, 5))
def test_it_offers_what_the_rule_says(by: str, title: str, length: int, more: str, limit: int) -> None:
    prefix = title[:length] + more
    assert autocomplete(BOTH[by], "job_title", prefix, limit=limit) == slowly(prefix, limit)


FIRST = ["Sales", "Senior", "Software", "Support", "Staff", "Service", "Strategy", "Solar", "Süd", "Saas"]
THEN = ["Sales", "Product", "Account", "Data", "Field", "Safety", "Risk", "Credit", "Stock", "Sálés"]
LAST = ["Manager", "Lead", "Specialist", "Clerk", "Analyst", "Managers"]
DRAWN = random.Random(7)
MANY = [
    person(f"m{number:04}", f"{one} {two} {three}", linkedin=f"p{number}")
    for number, (one, two, three) in enumerate(
        one for one in itertools.product(FIRST, THEN, LAST) for _ in range(DRAWN.choice([1, 1, 2, 3, 9]))
    )
]
"""More than ``completions.MANY`` titles that begin with the same letter."""
MANY_BY = {
    "tables": SmallSnapshot(MANY, []),
    "index": SmallSnapshot(MANY, []).with_index(Path(FOLDER.name) / "many"),
}


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(FIRST + THEN + LAST),
    st.integers(1, 6),
    st.text("saelr ", max_size=2),
    st.sampled_from([1, 10, 50]),
    st.one_of(
        st.just([]), st.lists(st.integers(0, len(MANY) - 1), max_size=60), st.just(list(range(len(MANY))))
    ),
)
def test_the_index_offers_what_the_tables_say(
    word: str, length: int, more: str, limit: int, hidden: list[int]
) -> None:
    suppressions = Suppressions(
        frozenset(hashlib.sha256(f"linkedin:p{number}".encode()).hexdigest() for number in hidden)
    )
    by_tables, by_index = (
        autocomplete(one, "job_title", word[:length] + more, limit=limit, suppressions=suppressions)
        for one in MANY_BY.values()
    )
    assert by_index == by_tables


def test_who_asked_not_to_be_shown_is_not_counted(snapshot: SmallSnapshot) -> None:
    hidden = Suppressions(frozenset({hashlib.sha256(b"linkedin:amanda-reyes").hexdigest()}))
    assert autocomplete(snapshot, "job_title", "vp", suppressions=hidden) == []
    assert autocomplete(snapshot, "company", "north peak", suppressions=hidden)[0] == ValueCount(
        "North Peak", 1
    )
    assert autocomplete(snapshot, "technology", "aws", suppressions=hidden) == [ValueCount("aws", 2)]


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
def test_every_field_can_be_completed(snapshot: SmallSnapshot, field: str) -> None:
    assert autocomplete(snapshot, field, "n") == autocomplete(SMALL, field, "n")

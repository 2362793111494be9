"""Job titles: the labelled table, the words of other vendors, and what every title must hold."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.normalize import title
from leadspro_engine.normalize.tables import rows

LABELLED = list(csv.DictReader(io.StringIO((Path(__file__).parent / "titles.csv").read_text("utf-8"))))
SEEN = [row for row in LABELLED if row["split"] == "rules"]
HELD_BACK = [row for row in LABELLED if row["split"] == "held_back"]


def told(cell: str) -> tuple[str, str]:
    found = title.parse(cell)
    assert found is not None
    return found.department or "", found.level or ""


@pytest.mark.parametrize("row", SEEN, ids=lambda row: row["title"])
def test_titles_that_the_rules_were_written_with(row: dict[str, str]) -> None:
    assert told(row["title"]) == (row["department"], row["level"])


def test_titles_that_the_rules_were_not_written_with() -> None:
    """The floor of the held-back third; the failures are deliberately not shown."""
    right = sum(told(row["title"]) == (row["department"], row["level"]) for row in HELD_BACK)
    assert right / len(HELD_BACK) >= 0.98, f"{right} of {len(HELD_BACK)}"


def test_a_third_of_the_labelled_titles_is_held_back() -> None:
    assert len(LABELLED) >= 600
    assert 0.3 < len(HELD_BACK) / len(LABELLED) < 0.37
    assert len({row["title"] for row in LABELLED}) == len(LABELLED)


@pytest.mark.parametrize(
    ("cell", "display"),
    [
        ("MARKETING MANAGER", "Marketing Manager"),
        ("vp sales emea", "VP Sales EMEA"),
        ("head of r&d", "Head of R&D"),
        ("Senior iOS Developer", "Senior iOS Developer"),
        ("🚀 SDR at Initech", "SDR"),
        ("CEO @ Datacorp | Speaker | Author", "CEO"),
        ("CO-FOUNDER/CTO", "Co-Founder/CTO"),
        ("  Sales\u200b  Manager - ", "Sales Manager"),
    ],
)
def test_display(cell: str, display: str) -> None:
    found = title.parse(cell)
    assert found is not None
    assert found.display == display


@pytest.mark.parametrize("cell", [None, "", " ", "-", "123", "🚀", 4.0, [], "|||", "@"])
def test_no_title(cell: object) -> None:
    assert title.parse(cell) is None


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        *((word, word) for word in title.LEVELS),
        ("C_SUITE", "cxo"),
        ("c-level", "cxo"),
        ("head", "director"),
        ("founder", "owner"),
        ("intern", "training"),
        ("executive", "cxo"),
        ("Vice President", "vp"),
        ("junior", "entry"),
        ("Geschäftsführer", "cxo"),
        ("directr", None),
        ("", None),
        (None, None),
    ],
)
def test_levels_by_the_words_of_other_vendors(word: object, ours: str | None) -> None:
    assert title.level(word) == ours


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        *((word, word) for word in title.DEPARTMENTS),
        ("Human Resources", "human_resources"),
        ("IT", "engineering"),
        ("executive", "operations"),
        ("communication", "marketing"),
        ("master_engineering_technical", "engineering"),
        ("Revenue Operations", "operations"),
        ("Buchhaltung", "finance"),
        ("marketng", None),
        ("", None),
        (None, None),
    ],
)
def test_departments_by_the_words_of_other_vendors(word: object, ours: str | None) -> None:
    assert title.department(word) == ours


def test_the_crosswalk_names_only_our_words() -> None:
    accepted: dict[str, set[str]] = {"level": set(title.LEVELS), "department": set(title.DEPARTMENTS)}
    for kind, ours, _ in rows("title_words.tsv"):
        assert kind not in accepted or ours in accepted[kind]


def test_the_rows_of_the_tables_are_known() -> None:
    assert {name for name, *_ in rows("title_departments.tsv")} == {*title.DEPARTMENTS, "none"}
    ranks = {*title.LEVELS, "junior", "bare", "none"} - {"entry"}
    assert {name for name, _ in rows("title_levels.tsv")} == ranks


@settings(deadline=None)
@given(st.text(max_size=80) | st.sampled_from([row["title"] for row in LABELLED]))
def test_reading_the_display_again_gives_the_same_title(cell: str) -> None:
    found = title.parse(cell)
    if found is not None:
        again = title.parse(found.display)
        assert again is not None
        assert again.display == found.display


@given(
    st.sampled_from([row["title"] for row in SEEN if "|" not in row["title"] and "MD" not in row["title"]])
)
def test_capitals_do_not_change_what_a_title_tells(cell: str) -> None:
    assert told(cell.upper()) == told(cell.lower())

"""The report: everything that was asked for is in it, and no cell of a table can do anything in it."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import polars as pl
import pytest

import leadspro_engine as lp
from leadspro_engine.errors import InvalidInput
from tests.dedupe.hostile import ATTACKS, hostile_report

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a small hostile table."""
    return hostile_report(tmp_path_factory.mktemp("report") / "report.html")


def test_the_sections_are_there_and_the_bars_of_a_waterfall_sum_to_its_score(page: Path) -> None:
    text = page.read_text("utf-8")
    for title in (
        "The most doubtful pairs",
        "Scores of the compared pairs",
        "The biggest clusters",
        "Weights",
        "What was compared",
    ):
        assert title in text
    pairs = re.findall(r"<details(?: open)?>\n.*?</details>", text, flags=re.DOTALL)
    waterfalls = [re.findall(r'<span class="number">([+-][\d.]+)</span>', pair) for pair in pairs]
    assert any(waterfalls)
    for steps in filter(None, waterfalls):
        *bars, score = map(float, steps)
        assert sum(bars) == pytest.approx(score, abs=0.05 * len(steps))


def test_every_cell_is_shown_as_it_stands(page: Path) -> None:
    text = page.read_text("utf-8")
    assert "<script" not in text
    assert "<img" not in text
    assert "<svg" not in text
    for attack in ATTACKS:
        assert html.escape(attack) in text


def test_a_table_in_which_nothing_was_compared_has_a_report_too(tmp_path: Path) -> None:
    lp.dedupe(pl.DataFrame({"name": ["Ada Lovelace"]}), report=tmp_path / "one.html")
    assert "No pair was compared." in (tmp_path / "one.html").read_text("utf-8")
    lp.dedupe(pl.DataFrame({"name": []}, schema={"name": pl.String}), report=tmp_path / "none.html")


def test_a_report_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="report"):
        lp.dedupe(pl.DataFrame({"name": ["Ada Lovelace"]}), report=tmp_path / "no folder" / "r.html")

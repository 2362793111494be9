"""Searches in a published snapshot of the demo data: the documented examples, and the doors agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from leadspro_engine.dataset import Dataset
from leadspro_engine.dataset.words import words
from leadspro_engine.search import search_companies, search_people

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def dataset(demo_home: Path) -> Iterator[Dataset]:
    with Dataset.open(demo_home) as opened:
        yield opened


def test_the_documented_search_for_people(dataset: Dataset) -> None:
    page = search_people(dataset, {"job_title": "Revenue Operations", "country": "United States"}, limit=5)
    assert len(page.results) == 5
    assert page.total.value > 5
    assert page.next_cursor is not None
    for one in page.results:
        assert one.person.location.country_code == "US"
        assert {"revops"} & set(words(one.person.job_title or "")) or {"revenue"} <= set(
            words(one.person.job_title or "")
        )


def test_the_documented_search_for_companies(dataset: Dataset) -> None:
    page = search_companies(
        dataset, {"technology": "AWS", "country": "United States", "status": "verified"}, limit=100
    )
    assert "North Peak" in [one.company.name for one in page.results]
    assert page.total.value == len(page.results)
    for one in page.results:
        assert "AWS" in one.company.technologies
        assert (one.company.location.country_code, one.company.status) == ("US", "verified")


def test_every_page_of_a_large_result_joins_without_repeats(dataset: Dataset) -> None:
    seen: list[str] = []
    cursor = None
    while cursor is not None or not seen:
        page = search_people(dataset, {"country": "US"}, limit=100, cursor=cursor)
        seen += [one.person.id for one in page.results]
        cursor = page.next_cursor
    assert len(set(seen)) == len(seen) == page.total.value


@pytest.mark.parametrize(
    "company", ["North Peak", "northpeak.io", "https://www.northpeak.io/team", "NORTH PEAK"]
)
def test_a_company_is_found_by_name_and_by_domain(dataset: Dataset, company: str) -> None:
    people = search_people(dataset, {"company": company, "job_title": "revops"}).results
    assert "Amanda" in [one.person.first_name for one in people]

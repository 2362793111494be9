"""The report of ``dedupe`` in the browser that the dashboard is tested in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dedupe.hostile import hostile_report

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


def test_nothing_runs_nothing_is_fetched_and_nothing_is_wider_than_the_page(
    browser: Browser, size: dict[str, int], tmp_path: Path
) -> None:
    report = hostile_report(tmp_path / "report.html")
    page = browser.new_page(viewport={"width": size["width"], "height": size["height"]})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    for closed in page.locator("summary").all():
        closed.click()
    assert page.title() == "Duplicates"
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert asked == [report.as_uri()]
    page.close()

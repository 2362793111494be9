"""Every workflow with the keyboard alone, and every page when the API refuses."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import PAGES, as_owner, go

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import FilePayload, Locator, Page, Route

    from tests.dashboard.conftest import Site

MOST_STEPS = 60
FOCUSED = "one => one === document.activeElement"
SAMPLE: FilePayload = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"email\namanda@northpeak.io\n"}


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(MOST_STEPS):
        if wanted.count() and wanted.first.evaluate(FOCUSED):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{wanted} is not reached within {MOST_STEPS} steps")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_role("main").get_by_label(label, exact=True))
    page.keyboard.insert_text(text)


def look_up(page: Page) -> None:
    write(page, "E-mail", "amanda@northpeak.io")
    page.keyboard.press("Enter")
    expect(page.locator(".profile-head").first).to_contain_text("Amanda")
    press(page, page.get_by_role("button", name="JSON"))
    expect(page.locator("pre")).to_contain_text("lineage")


def search(page: Page) -> None:
    write(page, "In your own words", "revops in the united states")
    page.keyboard.press("Enter")
    rows = page.get_by_role("region", name="Results").locator("tbody tr")
    expect(rows.first).to_be_visible()
    press(page, page.get_by_role("button", name="Remove United States"))
    press(page, rows.first.get_by_role("button"))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    assert rows.first.get_by_role("button").evaluate(FOCUSED)


def batch(page: Page) -> None:
    write(page, "One a line, or a JSON array", "amanda@northpeak.io")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Results")).to_contain_text("1 of 1 matched")


def jobs(page: Page) -> None:
    tab_to(page, page.locator("#file"))
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")  # Enter opens no chooser in Chromium
    chosen.value.set_files(SAMPLE)
    press(page, page.get_by_role("button", name="Enrich 1 row"))
    press(page, page.get_by_role("link", name="All files"))
    press(page, page.get_by_role("link", name="a.csv").first)
    expect(page.get_by_role("region", name="Matched")).to_contain_text("1 of 1")
    with page.expect_download():
        press(page, page.get_by_role("button", name="For a spreadsheet"))


def keys(page: Page) -> None:
    press(page, page.get_by_role("button", name="New key"))
    tab_to(page, page.get_by_role("dialog").get_by_label("Name", exact=True))
    page.keyboard.insert_text("By keyboard")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Copy your key now")).to_be_visible()
    press(page, page.get_by_role("button", name="Close"))
    press(page, page.get_by_role("button", name="Revoke By keyboard"))
    press(page, page.get_by_role("dialog").get_by_role("button", name="Revoke"))
    expect(page.get_by_role("row", name="By keyboard")).to_contain_text("revoked")


def history(page: Page) -> None:
    rows = page.get_by_role("region", name="Requests").locator("tbody tr")
    press(page, rows.first.get_by_role("button"))
    expect(page.get_by_role("dialog")).to_contain_text("On record")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def docs(page: Page) -> None:
    one = page.locator("details.operation", has_text="Who is this?")
    press(page, one.locator("summary").first)
    press(page, one.get_by_role("button", name="Run"))
    expect(one.get_by_label("the answer")).to_contain_text("Amanda")


WORKFLOWS: dict[str, Callable[[Page], None]] = {
    "lookup": look_up, "search": search, "batch": batch, "jobs": jobs, "keys": keys, "history": history,
    "docs": docs,
}  # fmt: skip


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_needs_no_mouse(page: Page, closed_site: Site, name: str) -> None:
    """From the first Tab on: past the skip link, through the navigation, to the end of the work."""
    as_owner(page, closed_site)
    go(page, closed_site, "overview")
    expect(page.locator(".waiting")).to_have_count(0)
    page.evaluate("document.activeElement.blur()")
    press(page, page.locator(f'nav a[data-page="{name}"]'))
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator(".waiting")).to_have_count(0)
    WORKFLOWS[name](page)


def test_the_navigation_can_be_skipped(page: Page, closed_site: Site) -> None:
    as_owner(page, closed_site)
    page.goto(closed_site.url)
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_focused()
    press(page, page.get_by_role("link", name="Skip to content"))
    expect(page.locator("main")).to_be_focused()


def ask(page: Page, name: str) -> None:
    """Ask something on a page that asks nothing by itself."""
    if name == "lookup":
        write(page, "E-mail", "a@b.co")
        page.keyboard.press("Enter")
    elif name == "search":
        write(page, "City", "Berlin")
        press(page, page.get_by_role("button", name="Search"))
    elif name == "batch":
        write(page, "One a line, or a JSON array", "a@b.co")
        page.keyboard.press("Control+Enter")


@pytest.mark.parametrize("name", PAGES)
def test_a_refusal_is_shown_with_its_code_what_helps_and_its_request_id(
    page: Page, closed_site: Site, name: str
) -> None:
    as_owner(page, closed_site)
    go(page, closed_site, "overview" if name != "overview" else "keys")
    expect(page.locator(".waiting")).to_have_count(0)
    problem = {
        "code": "unavailable", "title": "Not now", "detail": "The dataset rests.", "status": 503,
        "retryable": True, "meta": {"request_id": "req_of_the_test"},
    }  # fmt: skip

    def refuse(route: Route) -> None:
        route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))

    page.route(re.compile(r"/api/|/openapi\.json$"), refuse)
    page.evaluate(f"location.hash = '#/{name}'")
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_focused()
    ask(page, name)
    alert = page.get_by_role("main").get_by_role("alert").first
    for told in ("Not now", "unavailable", "The dataset rests", "leadspro refresh", "req_of_the_test"):
        expect(alert).to_contain_text(told)
    expect(alert.get_by_role("button", name="Try again")).to_be_visible()

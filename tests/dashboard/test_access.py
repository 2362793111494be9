"""Everybody can use every page: axe-core finds nothing serious, in light and in dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.dashboard.conftest import PAGES, as_owner, go

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.dashboard.conftest import Site

SERIOUS = ("serious", "critical")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def serious(page: Page) -> list[tuple[str, str, list[str]]]:
    """The rules of axe-core that a page breaks seriously in a color scheme, with the elements that do."""
    broken: list[tuple[str, str, list[str]]] = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page).response["violations"]
        broken += [
            (scheme, one["id"], [node["html"] for node in one["nodes"]])
            for one in found
            if one["impact"] in SERIOUS
        ]
    return broken


def look_up(page: Page) -> None:
    page.get_by_label("E-mail").fill("amanda@northpeak.io")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("list", name="Reasons")).to_be_visible()


def search(page: Page) -> None:
    page.get_by_label("Country").fill("Germany")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("region", name="Results").locator("tbody button").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def batch(page: Page) -> None:
    page.get_by_role("button", name="Put in a sample").click()
    page.get_by_role("button", name="Look up all").click()
    expect(page.get_by_role("region", name="Results")).to_be_visible()


def jobs(page: Page) -> None:
    content = b"email,Note\namanda@northpeak.io,x\ntoo,many,cells\n"
    page.locator("#file").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": content})
    expect(page.get_by_role("button", name="Enrich 1 row")).to_be_visible()


def keys(page: Page) -> None:
    page.get_by_role("button", name="New key").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def docs(page: Page) -> None:
    page.locator("details.operation summary").nth(1).click()
    expect(page.get_by_role("button", name="Run")).to_be_visible()


def loaded(page: Page) -> None:
    expect(page.locator(".waiting")).to_have_count(0)


WORK: dict[str, Callable[[Page], None]] = {
    "lookup": look_up, "search": search, "batch": batch, "jobs": jobs, "keys": keys, "docs": docs,
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(page: Page, closed_site: Site, name: str) -> None:
    as_owner(page, closed_site)
    go(page, closed_site, name)
    loaded(page)
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_have_count(1)
    assert serious(page) == []
    if name in WORK:
        WORK[name](page)
        assert serious(page) == []


def test_axe_finds_nothing_serious_at_the_door(page: Page, closed_site: Site) -> None:
    page.goto(closed_site.url)
    page.get_by_label("API key").fill("pl_live_nonsense")
    page.get_by_role("button", name="Open workspace").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert serious(page) == []

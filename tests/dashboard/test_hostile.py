"""Data that tries to become a program stays text, wherever the page shows it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec
import pytest
from playwright.sync_api import expect

from leadspro_engine.dataset import publish
from leadspro_engine.records import Company, Location, Person
from tests.dashboard.conftest import Running, as_owner, go
from tests.dataset.made import AMANDA, NORTH_PEAK, NOW, Made, write_work

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.dashboard.conftest import Site

SHOTS = (
    "<img src=x onerror=\"window.hit='img'\">",
    "<script>window.hit='script'</script>",
    '"><svg onload="window.hit=\'svg\'">',
    "javascript:window.hit='url'",
    "=cmd|' /C calc'!A0",
)
ALL = " ".join(SHOTS)


def hostile_people() -> Iterator[Made]:
    """Amanda, her company, and a person and a company whose every text is hostile."""
    yield AMANDA
    yield NORTH_PEAK
    where = Location(ALL, ALL, ALL, "US")
    yield Made(
        Company(
            id="company-hostile", name=f"Evil {ALL}", domain="evil.example", website=SHOTS[3], industry=ALL,
            technologies=list(SHOTS), location=where, linkedin=ALL, updated_at=dt.date(2026, 1, 1),
        ),
        {},
    )  # fmt: skip
    golden = Person(
        id="person-hostile", full_name=f"Mallory {ALL}", job_title=f"Chief {ALL}", department=ALL,
        management_level=ALL, linkedin=ALL, linkedin_url=SHOTS[3], location=where, skills=list(SHOTS),
    )  # fmt: skip
    yield Made(
        golden, {"linkedin": ["mallory"]}, "company-hostile", {"given_key": "mallory", "family_key": "evil"}
    )


def hostile_claims() -> list[dict[str, object]]:
    """A claim of each hostile text about Mallory and her company, with a hostile source and reason."""
    return [
        {"entity_id": entity, "field": field, "value": f"{shot} {number}", "record_id": f"{ALL} {number}",
         "source": ALL, "chosen": number == 0, "reason": ALL}
        for entity, field in (("person-hostile", "job_title"), ("company-hostile", "name"))
        for number, shot in enumerate(SHOTS)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home: Path = tmp_path_factory.mktemp("hostile") / "home"
    work = write_work(home / "work" / "run", hostile_people(), lineage=hostile_claims())
    publish(home, work, {}, now=NOW)
    running = Running(home, tmp_path_factory.mktemp("hostile-site"), demo=True)
    yield running.site
    running.stop()


def untouched(page: Page) -> None:
    """Nothing ran, and no element of the data was made."""
    assert page.evaluate("window.hit") is None
    assert page.locator("#main img, #main script, dialog img, dialog script").count() == 0
    assert page.locator('a[href^="javascript:"]').count() == 0


def test_hostile_people_and_companies_are_shown_as_text(page: Page, hostile_site: Site) -> None:
    page.goto(f"{hostile_site.url}/#/search")
    page.get_by_label("Job title").fill("chief")
    page.get_by_role("button", name="Search").click()
    rows = page.get_by_role("region", name="Results").locator("tbody tr")
    expect(rows.first).to_contain_text(SHOTS[0])
    rows.first.get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    for shot in SHOTS:
        expect(drawer).to_contain_text(shot)
    untouched(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Companies").click()
    page.get_by_label("Name").fill("evil")
    page.get_by_role("button", name="Search").click()
    rows.first.click()
    expect(drawer).to_contain_text(SHOTS[1])
    untouched(page)


def test_hostile_claims_of_sources_are_shown_as_text(page: Page, hostile_site: Site) -> None:
    as_owner(page, hostile_site)
    go(page, hostile_site, "lookup")
    page.get_by_label("LinkedIn").fill("mallory")
    page.get_by_label("Answer only").fill("0")
    page.get_by_role("button", name="Look up").click()
    page.get_by_text("Where the company's fields come from").click()
    for origins in page.locator(".origins").all():
        for shot in SHOTS:
            expect(origins).to_contain_text(shot)
    untouched(page)


def test_formulas_are_disarmed_in_saved_tables(page: Page, hostile_site: Site) -> None:
    page.goto(f"{hostile_site.url}/#/batch")
    page.get_by_label("One a line").fill(
        msgspec.json.encode([{"linkedin": "=cmd()"}, {"email": "+1@x.io"}]).decode()
    )
    page.get_by_role("button", name="Look up all").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    lines = saved.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("'=cmd()")
    assert lines[2].startswith("'+1@x.io")


@pytest.mark.parametrize("shot", SHOTS)
def test_hostile_input_is_shown_as_text(page: Page, hostile_site: Site, shot: str) -> None:
    page.goto(f"{hostile_site.url}/#/batch")
    page.get_by_label("One a line").fill(
        msgspec.json.encode([{shot: shot}, {"name": shot, "company": shot}]).decode()
    )
    page.get_by_role("button", name="Look up all").click()
    expect(page.get_by_role("region", name="Results")).to_contain_text(shot)
    untouched(page)
    page.goto(f"{hostile_site.url}/#/search")
    page.get_by_label("Seniority").fill(shot)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("alert")).to_contain_text("/seniority")
    untouched(page)


def test_hostile_names_of_keys_are_shown_as_text(page: Page, hostile_site: Site) -> None:
    as_owner(page, hostile_site)
    page.goto(f"{hostile_site.url}/#/keys")
    page.get_by_role("button", name="New key").click()
    page.get_by_label("Name", exact=True).fill(SHOTS[0])
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_role("dialog", name="Copy your key now")).to_contain_text(SHOTS[0])
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Keys")).to_contain_text(SHOTS[0])
    untouched(page)


def test_hostile_files_headers_and_cells_are_shown_as_text(page: Page, hostile_site: Site) -> None:
    as_owner(page, hostile_site)
    go(page, hostile_site, "jobs")
    header = ",".join(f'"{shot.replace(chr(34), chr(34) * 2)}"' for shot in SHOTS)
    name = "<img src=x onerror=window.hit=1>.csv"
    content = f"linkedin,{header}\nmallory,{header}\nbad,{header},more\n".encode()
    page.locator("#file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    columns = page.get_by_role("region", name="Columns")
    for shot in SHOTS:
        expect(columns).to_contain_text(shot)
    page.get_by_role("button", name="Enrich 1 row").click()
    page.get_by_role("button", name="For a spreadsheet").wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="For a spreadsheet").click()
    first = saved.value.path().read_text().splitlines()[0]
    assert "'=cmd" in first
    assert ",=cmd" not in first
    go(page, hostile_site, "jobs")
    expect(page.get_by_role("region", name="Files")).to_contain_text(name)
    untouched(page)


def test_hostile_questions_in_the_history_are_shown_as_text(page: Page, hostile_site: Site) -> None:
    as_owner(page, hostile_site)
    go(page, hostile_site, "lookup")
    page.get_by_label("LinkedIn").fill("mallory")
    page.get_by_label("Company", exact=True).fill(ALL)
    page.get_by_label("Answer only").fill("0")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("main")).to_contain_text(SHOTS[0])
    go(page, hostile_site, "history")
    row = page.get_by_role("region", name="Requests").locator("tbody tr").first
    expect(row).to_contain_text("<img src=x")
    row.get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("<script>window.hit")
    drawer.get_by_role("button", name="Show it from").click()
    expect(drawer.get_by_role("region", name="Then and today")).to_contain_text("Mallory")
    untouched(page)

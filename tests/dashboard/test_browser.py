"""The dashboard as a person uses it, in a real browser on a real server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import PAGES, as_owner, go

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.dashboard.conftest import Site


CLIPPED = (
    """[...document.querySelectorAll(".table")].filter(one => one.scrollWidth > one.clientWidth).length"""
)
"""How many tables of the page are wider than their place."""


def sign_in(page: Page, site: Site) -> None:
    page.goto(site.url)
    page.get_by_label("API key").fill(site.owner)
    page.get_by_role("button", name="Open workspace").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


def test_demo_mode_signs_in_by_itself_and_says_so(page: Page, demo_site: Site) -> None:
    page.goto(demo_site.url)
    expect(page.get_by_role("region", name="Demo")).to_contain_text("pl_demo_public")
    expect(page.get_by_role("heading", name="Overview")).to_be_focused()
    expect(page.get_by_role("row", name="crm people 741")).to_be_visible()


def test_a_key_is_asked_for_and_kept_for_the_tab_only(page: Page, closed_site: Site) -> None:
    sign_in(page, closed_site)
    expect(page.get_by_role("region", name="Demo")).to_have_count(0)
    assert page.evaluate("Object.values(sessionStorage)") == [closed_site.owner]
    assert closed_site.owner not in page.evaluate(
        "JSON.stringify(localStorage) + document.cookie + location.href"
    )
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("API key")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


def test_a_wrong_key_is_refused_with_code_and_request_id(page: Page, closed_site: Site) -> None:
    page.goto(closed_site.url)
    page.get_by_label("API key").fill("pl_live_nonsense")
    page.get_by_role("button", name="Open workspace").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("unauthorized")
    expect(alert).to_contain_text("req_")
    assert page.evaluate("sessionStorage.length") == 0


def test_a_look_up_shows_the_person_the_reasons_and_the_code(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "lookup")
    page.get_by_label("E-mail").fill("amanda@northpeak.io")
    page.get_by_label("Company", exact=True).fill("North Peak")
    page.get_by_role("button", name="Look up").click()
    expect(page.locator(".profile-head").first).to_contain_text("Amanda")
    expect(page.get_by_role("main")).to_contain_text("northpeak.io")
    reasons = page.get_by_role("list", name="Reasons").get_by_role("listitem")
    weights = [float(text.replace("−", "-")) for text in reasons.locator(".bits").all_inner_texts()]
    assert len(weights) > 2
    assert sum(weights[:-1]) == pytest.approx(weights[-1], abs=0.05 * len(weights))
    origins = page.locator("details", has_text="Where the person's fields come from")
    expect(origins.locator(".claim", has_text="Mandy Reeves")).to_contain_text("not chosen: fewer sources")
    expect(origins.locator(".claim", has_text="vendor:").first).to_contain_text("Mandy")
    page.get_by_role("button", name="JSON").click()
    expect(page.locator("pre")).to_contain_text('"full_name": "Amanda')
    page.get_by_role("button", name="Code").click()
    expect(page.locator("pre").first).to_contain_text(f"curl -X POST {demo_site.url}/api/v1/enrich")
    expect(page.locator("pre").first).not_to_contain_text("pl_demo_public")


def test_the_python_program_shown_for_a_look_up_is_a_program(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "lookup")
    page.get_by_label("E-mail").fill('it\'s "quoted" \\ ünï@northpeak.io')
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("alert")).to_be_visible()
    compile(page.locator("pre").nth(1).inner_text(), "shown", "exec")


def test_the_programs_shown_are_run_as_they_are(page: Page, demo_site: Site) -> None:
    """Pasted into a shell and into a file, with the key in the environment."""
    go(page, demo_site, "lookup")
    page.get_by_label("E-mail").fill("amanda@northpeak.io")
    page.get_by_label("Company", exact=True).fill("It's $HOME")
    page.get_by_role("button", name="Look up").click()
    page.get_by_role("button", name="Code").click()
    for answer in ran(page.locator("pre"), demo_site):
        assert answer["person"]["full_name"] == "Amanda Reeves"
    go(page, demo_site, "search")
    page.get_by_label("City", exact=True).fill("Berlin")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Code").click()
    for answer in ran(page.get_by_role("dialog").locator("pre"), demo_site):
        assert answer["results"][0]["person"]["location"]["city"] == "Berlin"


def ran(programs: Locator, site: Site) -> list[Any]:
    """What the shown curl command and the shown Python program print, as JSON."""
    expect(programs).to_have_count(2)
    with_key = os.environ | {"LEADSPRO_KEY": site.owner}
    commands = (
        ["sh", "-c", programs.nth(0).inner_text()],
        [sys.executable, "-c", programs.nth(1).inner_text()],
    )
    return [
        json.loads(subprocess.run(one, capture_output=True, check=True, env=with_key).stdout)
        for one in commands
    ]


def test_nobody_found_and_nothing_given_say_what_to_do(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "lookup")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing to go by")
    page.get_by_label("E-mail").fill("nobody.at.all@example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("no_match")


def test_a_preview_is_free_and_candidates_can_be_chosen_from(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "lookup")
    page.get_by_label("First name").fill("Amanda")
    page.get_by_label("Last name").fill("Reeves")
    page.get_by_label("Domain").fill("northpeak.io")
    left = page.locator(".side-credits b")
    before = left.inner_text()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="What the answer would hold")).to_contain_text("Emails")
    assert left.inner_text() == before
    page.get_by_role("button", name="Candidates").click()
    page.get_by_role("main").locator("tbody").get_by_role("button", name="Amanda Reeves").first.click()
    expect(
        page.get_by_role("dialog", name="Amanda Reeves").get_by_role("list", name="Reasons")
    ).to_be_visible()


def test_who_came_near_is_told_with_what_would_settle_it(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "lookup")
    page.get_by_label("First name").fill("Amanda")
    page.get_by_label("Last name").fill("Reeves")
    page.get_by_label("Domain").fill("northpeak.io")
    page.get_by_label("Answer only").fill("100")
    page.get_by_role("button", name="Look up").click()
    near = page.get_by_role("region", name="Who came near")
    expect(near).to_contain_text("Would settle it")
    expect(near).not_to_contain_text("Amanda")


def test_people_are_searched_paged_and_opened(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "search")
    page.get_by_label("Job title").fill("RevOps")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Remove RevOps")).to_be_visible()
    page.get_by_label("Country").fill("United States")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    results = page.get_by_role("region", name="Results")
    expect(results.locator("tbody tr")).to_have_count(10)
    page.get_by_role("button", name="Show 10 more").click()
    expect(results.locator("tbody tr")).to_have_count(20)
    assert page.evaluate(CLIPPED) == 0
    names = results.locator("tbody tr td:first-child button").all_inner_texts()
    results.locator("tbody tr button").first.press("Enter")
    drawer = page.get_by_role("dialog", name=names[0])
    expect(drawer).to_contain_text("Location")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    with page.expect_download() as saved:
        results.get_by_role("button", name="CSV").click()
    lines = saved.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 21
    assert not any(re.search(r'(^|,)"?[=+@-]', line) for line in lines)


def test_values_are_offered_while_typing_and_counts_narrow_the_search(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "search")
    title = page.get_by_label("Job title")
    title.press_sequentially("reven")
    offered = page.locator(f"datalist#{title.get_attribute('list')} option")
    expect(offered.first).to_have_attribute("label", re.compile(r"[Rr]evenue.*\(\d+\)"))
    title.fill("")
    page.get_by_label("Country").fill("United States")
    page.get_by_label("Order").select_option("Newest first")
    page.get_by_role("button", name="Search").click()
    results = page.get_by_role("region", name="Results")
    cities = page.get_by_role("region", name="City").get_by_role("listitem")
    expect(cities.first).to_be_visible()
    city, number = cities.first.inner_text().split("\n")
    cities.first.get_by_role("button").click()
    expect(results.get_by_role("heading")).to_contain_text(f"{number} people")
    expect(page.get_by_role("button", name=f"Remove {city}")).to_be_visible()


def test_an_unknown_word_is_told_with_the_field(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "search")
    page.get_by_label("Seniority").fill("directr")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("alert")).to_contain_text("/seniority")
    expect(page.get_by_role("alert")).to_contain_text("did you mean 'director'")


def test_plain_words_fill_the_filters_in(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "search")
    page.get_by_label("In your own words").fill("sales managers in the united states")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Results").locator("tbody tr").first).to_be_visible()
    expect(page.get_by_text("united states” as country")).to_be_visible()
    expect(page.get_by_role("button", name="Remove United States")).to_be_visible()


def test_companies_are_searched(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "search")
    page.get_by_role("button", name="Companies").click()
    page.get_by_label("Technology").fill("AWS")
    page.get_by_label("Status").fill("verified")
    page.get_by_role("button", name="Search").click()
    results = page.get_by_role("region", name="Results")
    expect(results.locator("tbody tr").first).to_contain_text("Verified")
    results.locator("tbody tr").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("AWS")


def test_a_batch_answers_each_line_in_its_place(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "batch")
    page.get_by_label("One a line").fill(
        "amanda@northpeak.io\n+1 415 555 0106\npriya-shah-growth\nnobody@example.com"
    )
    page.keyboard.press("Control+Enter")
    results = page.get_by_role("region", name="Results")
    expect(results.get_by_role("heading")).to_have_text("3 of 4 matched")
    rows = results.locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("Amanda")
    expect(rows.nth(2)).to_contain_text("Priya Shah")
    expect(rows.nth(3)).to_contain_text("No match")


def test_a_batch_of_json_keeps_bad_items_apart_and_retries_them(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "batch")
    area = page.get_by_label("One a line")
    area.fill('[{"email": "amanda@northpeak.io"}, {"mail": "x"}]')
    page.get_by_role("button", name="Look up all").click()
    results = page.get_by_role("region", name="Results")
    expect(results.locator("tbody tr").nth(1)).to_contain_text("unknown field")
    results.get_by_role("button", name="Retry 1 that failed").click()
    expect(results.get_by_role("heading")).to_have_text("1 of 2 matched")
    area.fill("[{")
    page.get_by_role("button", name="Look up all").click()
    expect(page.get_by_role("alert")).to_contain_text("not the JSON of a list")


def test_keys_are_made_edited_rotated_and_revoked(page: Page, closed_site: Site) -> None:
    sign_in(page, closed_site)
    go(page, closed_site, "keys")
    page.get_by_role("button", name="New key").click()
    page.get_by_label("Name", exact=True).fill("CRM sync")
    page.get_by_role("button", name="Make the key").click()
    shown = page.get_by_role("dialog", name="Copy your key now")
    expect(shown.locator("pre")).to_have_text(re.compile(r"^pl_live_\w{38}$"))
    token = shown.locator("pre").inner_text()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Edit CRM sync").click()
    page.get_by_label("Name", exact=True).fill("CRM, Europe")
    page.get_by_label("search: people, companies").uncheck()
    page.get_by_label("Expires").select_option("In 90 days")
    page.get_by_role("button", name="Save").click()
    edited = page.get_by_role("region", name="Keys").locator("tbody tr", has_text="CRM, Europe")
    expect(edited).to_contain_text("enrich, batch, usage")
    expect(edited).to_contain_text("until")
    page.get_by_role("button", name="Rotate CRM, Europe").click()
    page.get_by_role("button", name="Make the new key").click()
    expect(shown.locator("pre")).not_to_have_text(token)
    page.keyboard.press("Escape")
    rows = page.get_by_role("region", name="Keys").locator("tbody tr", has_text="CRM, Europe")
    expect(rows).to_have_count(2)
    rows.nth(0).get_by_role("button", name="Revoke").click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    expect(rows.filter(has_text="revoked")).to_have_count(1)
    assert token not in page.content()


def test_the_demo_key_is_told_that_it_may_not_make_keys(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "keys")
    expect(page.get_by_role("alert")).to_contain_text("insufficient_scope")
    expect(page.get_by_role("button", name="New key")).to_be_hidden()


def test_history_is_filtered_opened_and_shown_again_from_todays_dataset(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "lookup")
    for phone in ("+1 415 555 0106", "+1 415 555 9999"):
        page.get_by_role("textbox", name="Phone").fill(phone)
        page.get_by_role("button", name="Look up").click()
        expect(page.locator(".profile-head, [role=alert]").first).to_be_visible()
        expect(page.get_by_role("button", name="Look up")).not_to_have_attribute("aria-busy", "true")
    go(page, demo_site, "history")
    rows = page.get_by_role("region", name="Requests").locator("tbody tr")
    expect(rows.first).to_contain_text("+1 415 555 9999")
    page.get_by_label("Kind").select_option("Look-up")
    page.get_by_label("Status").select_option("404 no match")
    expect(rows.filter(has_text="200")).to_have_count(0)
    expect(rows.first).to_contain_text("404 no_match")
    page.get_by_label("Status").select_option("200 answered")
    expect(rows.filter(has_text="404")).to_have_count(0)
    rows.filter(has_text="+1 415 555 0106").first.get_by_role("button").click()
    drawer = page.get_by_role("dialog", name="Look-up")
    expect(drawer.locator("pre").first).to_contain_text('"phone": "+1 415 555 0106"')
    drawer.get_by_role("button", name="Show it from today's dataset").click()
    expect(drawer.get_by_role("region", name="Then and today")).to_contain_text("the same dataset")
    expect(drawer.get_by_role("listitem").filter(has_text="Marcus Bell")).to_contain_text("As it was")
    page.go_back()
    expect(drawer).to_have_count(0)


def test_history_of_a_day_to_come_is_empty_and_says_so(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "history")
    page.get_by_label("From").fill("2099-01-01")
    expect(page.get_by_role("main")).to_contain_text("No such request")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("region", name="Requests").locator("tbody tr").first).to_be_visible()


def test_the_overview_counts_what_was_asked_by_endpoint_and_status(page: Page, closed_site: Site) -> None:
    sign_in(page, closed_site)
    go(page, closed_site, "search")
    page.get_by_label("City", exact=True).fill("Berlin")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    go(page, closed_site, "overview")
    days = page.get_by_role("region", name="Last 30 days")
    expect(days.get_by_role("table")).to_contain_text("People search")
    expect(days.locator(".day")).to_have_count(30)
    days.get_by_role("button", name="By status").click()
    expect(days.get_by_role("table")).to_contain_text("200 answered")
    expect(page.get_by_role("region", name="Credits left")).to_contain_text("of 250,000")
    expect(page.get_by_role("region", name="Requests this minute")).to_contain_text("of 3,000")


def test_every_operation_is_documented_and_can_be_run(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "docs")
    operations = page.locator("details.operation")
    paths = page.request.get(f"{demo_site.url}/openapi.json").json()["paths"]
    expect(operations).to_have_count(
        sum(len(set(one) & {"get", "post", "patch", "delete"}) for one in paths.values())
    )
    enrich = operations.filter(has_text="Who is this?")
    enrich.locator("summary").first.click()
    expect(enrich).to_contain_text("min_likelihood")
    enrich.get_by_role("button", name="Run").click()
    expect(enrich.locator("pre").last).to_contain_text('"full_name"')
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_reference_runs_files_queries_and_downloads_too(page: Page, demo_site: Site) -> None:
    as_owner(page, demo_site)
    go(page, demo_site, "docs")
    upload, result, usage = (
        page.locator("details.operation", has_text=name)
        for name in ("Upload a file of people", "Download a job's result", "What was used?")
    )
    upload.locator("summary").first.click()
    upload.get_by_label("start").fill("true")
    upload.get_by_role("button", name="Run").click()
    answer = upload.get_by_label("the answer")
    expect(answer).to_contain_text('"status": "queued"')
    job_id = json.loads(answer.inner_text())["job"]["id"]
    upload.get_by_role("button", name="curl").click()
    expect(upload.get_by_label("the curl command")).to_contain_text("--data-binary 'Name,E-mail")
    result.locator("summary").first.click()
    result.get_by_label("job_id").fill(job_id)
    result.get_by_label("format").fill("raw")
    file = result.get_by_label("the file")
    for _ in range(20):
        result.get_by_role("button", name="Run").click()
        expect(file.or_(result.get_by_role("alert"))).to_be_visible()
        if file.count():
            break
    expect(file).to_contain_text("lp_status")
    usage.locator("summary").first.click()
    usage.get_by_label("month").fill("2020-01")
    usage.get_by_role("button", name="Run").click()
    expect(usage.get_by_label("the answer")).to_contain_text('"month": "2020-01"')


def test_a_server_that_went_away_is_told_and_the_page_recovers(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "lookup")
    page.context.set_offline(True)
    page.get_by_label("E-mail").fill("amanda@northpeak.io")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".profile-head").first).to_contain_text("Amanda")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_says_that_the_server_is_away_and_recovers(
    page: Page, closed_site: Site, name: str
) -> None:
    """Opened while the server is away, whether its program was fetched before or not."""
    as_owner(page, closed_site)
    go(page, closed_site, "overview" if name != "overview" else "keys")
    expect(page.locator(".waiting")).to_have_count(0)
    page.context.set_offline(True)
    page.evaluate(f"location.hash = '#/{name}'")
    alert = page.get_by_role("alert").first
    expect(alert).to_contain_text("offline")
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
    page.context.set_offline(False)
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".waiting")).to_have_count(0)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_the_screen(page: Page, closed_site: Site, name: str) -> None:
    as_owner(page, closed_site)
    go(page, closed_site, name)
    expect(page.get_by_role("main").locator("h1")).to_be_focused()
    expect(page.locator(".waiting")).to_have_count(0)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CLIPPED) == 0


def test_the_menu_of_a_phone_opens_by_keyboard_and_closes_by_escape(page: Page, demo_site: Site) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    go(page, demo_site, "overview")
    menu = page.get_by_role("button", name="Menu")
    menu.press("Enter")
    expect(page.get_by_role("link", name="Overview")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(page.get_by_role("link", name="Lookup")).to_be_hidden()


def test_first_load_is_quick_and_small(page: Page, demo_site: Site) -> None:
    page.goto(demo_site.url)
    expect(page.get_by_role("region", name="Dataset")).to_be_visible()
    sizes = page.evaluate(
        """() => performance.getEntriesByType("resource").filter((one) => one.name.includes("/static/"))
             .map((one) => one.decodedBodySize)"""
    )
    assert 0 < sum(sizes) < 150_000


def test_the_theme_can_be_chosen_and_is_remembered(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "overview")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Theme: auto").click()
    page.get_by_role("button", name="Theme: light").click()
    expect(page.get_by_role("button", name="Theme: dark")).to_be_focused()
    assert page.evaluate(paper) != light
    page.reload()
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()

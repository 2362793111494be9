"""A file of people on the page: dropped, looked at, corrected, run, followed, taken away."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.dashboard.conftest import as_owner, go

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.dashboard.conftest import Site

KNOWN = "amanda@northpeak.io"
NOBODY = "nobody@example.com"


def drop(page: Page, name: str, text: str) -> None:
    page.locator("#file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})


def saved_rows(page: Page, button: str) -> list[dict[str, str]]:
    with page.expect_download() as saved:
        page.get_by_role("button", name=button).click()
    return list(csv.DictReader(io.StringIO(saved.value.path().read_text(encoding="utf-8-sig"))))


def test_ten_thousand_rows_go_through_the_page(page: Page, closed_site: Site) -> None:
    as_owner(page, closed_site)
    go(page, closed_site, "jobs")
    known = [number % 7 < 3 for number in range(10_000)]
    cells = [f"{KNOWN if one else NOBODY},{number},=1+{number}" for number, one in enumerate(known)]
    drop(page, "leads.csv", "\n".join(["Work e-mail,Row,Note", *cells, "too,many,cells,here", ""]))
    # 200 of the rows are tried: nearly always within three standard deviations of 43 %.
    expect(page.get_by_role("region", name="Likely to match")).to_contain_text(
        re.compile("(3[3-9]|4.|5[0-3]) %")
    )
    expect(page.get_by_role("region", name="Credits expected")).to_contain_text(re.compile("[345],"))
    expect(page.get_by_role("region", name="Ask the same twice")).to_contain_text("9,998")
    expect(page.get_by_role("region", name="Rows that cannot be read")).to_contain_text("10,002")
    page.get_by_role("button", name="Enrich 10,000 rows").click()
    expect(page.get_by_role("region", name="Matched")).to_contain_text(f"{sum(known):,}", timeout=60_000)
    rows = saved_rows(page, "For a spreadsheet")
    assert [row["Row"] for row in rows] == [str(number) for number in range(10_000)]
    assert [row["lp_status"] == "matched" for row in rows] == known
    assert rows[0]["Note"] == "'=1+0"
    assert saved_rows(page, "CSV, cells as they are")[0]["Note"] == "=1+0"


def test_columns_are_corrected_before_anything_is_spent(page: Page, closed_site: Site) -> None:
    as_owner(page, closed_site)
    go(page, closed_site, "jobs")
    drop(page, "two.csv", "Kontakt,Ansprechpartner\namanda@northpeak.io,x\n")
    meaning = page.get_by_label("Meaning of the column Kontakt")
    expect(meaning).to_have_value("name")
    expect(page.get_by_role("region", name="Likely to match")).to_contain_text("0 %")
    meaning.select_option("E-mail")
    expect(page.get_by_role("button", name="Enrich 1 row")).to_be_disabled()
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("region", name="Likely to match")).to_contain_text("100 %")
    expect(page.get_by_role("button", name="Enrich 1 row")).to_be_enabled()
    expect(meaning).to_have_value("email")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("CSV enrichment")
    expect(page.get_by_role("row", name="two.csv")).to_have_count(0)


def test_a_running_file_can_be_left_found_again_cancelled_and_resumed(page: Page, closed_site: Site) -> None:
    as_owner(page, closed_site)
    go(page, closed_site, "jobs")
    drop(page, "long.csv", "name,company\n" + "Amanda Reeves,North Peak\n" * 10_000)  # slower than an address
    page.get_by_role("button", name="Enrich 10,000 rows").click()
    expect(page.get_by_role("progressbar", name="Rows answered")).to_be_visible()
    page.get_by_role("link", name="All files").click()
    page.get_by_role("link", name="long.csv").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("region", name="Not finished")).to_contain_text("Cancelled")
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("region", name="Matched")).to_contain_text("10,000 of 10,000", timeout=60_000)
    expect(page.get_by_role("region", name="Credits")).to_contain_text("10,000")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("CSV enrichment")
    expect(page.get_by_role("link", name="long.csv")).to_have_count(0)


def test_files_that_are_no_tables_are_refused_with_what_to_do(page: Page, closed_site: Site) -> None:
    as_owner(page, closed_site)
    go(page, closed_site, "jobs")
    drop(page, "report.pdf", "%PDF-1.7")
    expect(page.get_by_role("alert")).to_contain_text("unsupported_media_type")
    drop(page, "empty.csv", "email\n")
    expect(page.get_by_role("alert")).to_contain_text("invalid_request")
    expect(page.get_by_role("alert")).to_contain_text("req_")


def test_a_visitor_of_the_demo_tries_a_sample_and_is_told_who_sees_it(page: Page, demo_site: Site) -> None:
    go(page, demo_site, "jobs")
    expect(page.get_by_role("main")).to_contain_text("Everybody who uses the demo sees these files")
    page.get_by_role("button", name="Try a sample file").click()
    page.get_by_role("button", name="Enrich 4 rows").click()
    expect(page.get_by_role("region", name="Matched")).to_contain_text("3 of 4")
    rows = saved_rows(page, "For a spreadsheet")
    assert [row["lp_status"] for row in rows] == ["matched", "matched", "matched", "no_match"]
    assert rows[3]["Note"] == "'=1+1"

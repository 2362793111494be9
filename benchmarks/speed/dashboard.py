"""The first load of the dashboard in Chromium on loopback: from the address to the Overview with its numbers.

Each load is by a browser profile of its own (cold: nothing is cached, no connection is open) and once more in
the same profile (warm). ``painted`` is the first contentful paint, ``loaded`` the load event, ``shown`` the
instant on which the Overview shows figures that came from the API; medians, in milliseconds since navigation
began. ``baseline`` is a page of the same server that needs no script: ``/docs``.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from benchmarks._serving import served
from benchmarks.harness import Row, percentile
from benchmarks.speed.batch import home_of, snapshot_options

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext

BASELINE = "/docs, without a script"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_WATCH = """
new MutationObserver((_, watching) => {
  if (!document.querySelector(".figure .value")) return;
  window.shownAt = performance.now();
  watching.disconnect();
}).observe(document, { childList: true, subtree: true });
"""
_TIMES = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const files = performance.getEntriesByType("resource").filter((one) => !one.name.includes("/api/"));
  return {
    "painted ms": performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null,
    "loaded ms": page.loadEventEnd,
    "shown ms": window.shownAt ?? null,
    requests: 1 + performance.getEntriesByType("resource").length,
    kb: [page, ...files].reduce((sum, one) => sum + one.decodedBodySize, 0) / 1000,
    "sent kb": [page, ...files].reduce((sum, one) => sum + one.transferSize, 0) / 1000,
  };
}"""


def options(parser: argparse.ArgumentParser) -> None:
    """Which snapshot, and how many loads."""
    snapshot_options(parser)
    parser.add_argument("--loads", type=int, default=15, help="loads of each kind")


def run(options: argparse.Namespace) -> list[Row]:
    """Rows for the dashboard, cold and warm, and for the baseline."""
    program = next(path for name in _BROWSERS if (path := shutil.which(name)))
    with home_of(options) as home, served(home) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        address = f"http://127.0.0.1:{site.port}"
        ours = list(_loads(browser, f"{address}/", site.token, options.loads))
        plain = list(_loads(browser, f"{address}/docs", site.token, options.loads))
        browser.close()
    cold, warm = zip(*ours, strict=True)
    return [
        {"page": "dashboard, cold", **_medians(cold)},
        {"page": "dashboard, warm", **_medians(warm)},
        {"page": BASELINE, **_medians([first for first, _ in plain])},
    ]


def _loads(browser: Browser, url: str, token: str, number: int) -> Iterator[tuple[Any, Any]]:
    """The times of a first and a second load, so many times; one more before warms the server up."""
    for turn in range(number + 1):
        context = browser.new_context(viewport={"width": 1280, "height": 860})
        context.add_init_script(f"sessionStorage.setItem('leadspro.key', '{token}');{_WATCH}")
        pair = _load(context, url), _load(context, url)
        context.close()
        if turn:
            yield pair


def _load(context: BrowserContext, url: str) -> Any:
    """The times of one load in a tab of its own."""
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    times = page.evaluate(_TIMES)
    page.close()
    return times


def _medians(loads: Any) -> Row:
    """The medians of some loads."""
    row: Row = {}
    for name in loads[0]:
        known = [one[name] for one in loads if one[name] is not None]
        row[name] = round(percentile(known, 50), 1) if known else None
    return row

"""``python -m pipelines`` as people run it: web page, daemon, an API that notices, somebody who is told.

Everything here shares one started instance, because a start costs many seconds. With
``LEADSPRO_SCREENSHOTS=1`` the pictures of the documentation are taken anew.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from playwright.sync_api import sync_playwright

from leadspro_engine.dataset import current_version
from leadspro_engine.refresh import refresh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "datasets" / "demo"
IMAGES = ROOT / "docs" / "images"
PATIENCE_S = 400
INBOX_ENTRY = """
[[source]]
name = "dropped"
path = "../home/inbox/*.csv"
optional = true
trust = 0.9
observed_at = 2026-06-01
"""


class Instance(NamedTuple):
    """What is running.

    Attributes:
        home: the data folder.
        page: address of Dagster's page.
        api: address of the API.
        told: the file to which runs that end are told.
        heard: what the address heard to which they are told as well.
    """

    home: Path
    page: str
    api: str
    told: Path
    heard: list[bytes]


class Listener(ThreadingHTTPServer):
    """A server that keeps what is posted to it."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        super().__init__(("127.0.0.1", 0), Heard)


class Heard(BaseHTTPRequestHandler):
    """One request to the listener."""

    def do_POST(self) -> None:
        assert isinstance(self.server, Listener)
        self.server.heard.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """Somebody who wants to be told of runs."""
    with Listener() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(true: Callable[[], Any]) -> Any:
    """What a question gives once it gives something; fails when it never does."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.5)
    return pytest.fail("it did not come about")


def asked(address: str, body: dict[str, Any] | None = None) -> Any:
    """The JSON that an address answers; None while nobody listens."""
    headers = {"Content-Type": "application/json", "Authorization": "Bearer pl_demo_public"}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)
    except OSError:
        return None


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[Instance]:
    """The demo data with an inbox, published with the same declarations, served by the API and by Dagster."""
    place = tmp_path_factory.mktemp("running")
    home = place / "home"
    (home / "inbox").mkdir(parents=True)
    shutil.copytree(DEMO, place / "sources")
    sources = place / "sources" / "sources.toml"
    sources.write_text(sources.read_text() + INBOX_ENTRY)
    refresh(sources, home)
    page, api = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    made = Instance(home, page, api, place / "runs.jsonl", listener.heard)
    notify = f"{made.told}, http://127.0.0.1:{listener.server_port}/hook"
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from leadspro_engine.cli import main; main()"
    serve = ["-c", code, "serve", "--demo", "--home", str(home), "--port", made.api.rpartition(":")[2]]
    dagster = ["-m", "pipelines", "--home", str(home), "--sources", str(sources),
               "--port", made.page.rpartition(":")[2]]  # fmt: skip
    with (place / "log").open("wb") as log:
        processes = [
            subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**os.environ, "LEADSPRO_NOTIFY": notify},
                stdout=log,
                stderr=log,
            )
            for command in (serve, dagster)
        ]
        try:
            until(lambda: asked(f"{made.api}/api/v1/health") or asked(f"{made.api}/health"))
            until(lambda: asked(f"{made.page}/server_info"))
            yield made
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            codes = [process.wait(PATIENCE_S) for process in processes]
    assert codes[1] == 0


def runs(running: Instance) -> list[dict[str, Any]]:
    """Every run that Dagster knows, newest first."""
    query = "{ runsOrError { ... on Runs { results { runId jobName status } } } }"
    answer = asked(f"{running.page}/graphql", {"query": query})
    return list(answer["data"]["runsOrError"]["results"]) if answer else []


def finished(running: Instance, number: int) -> list[dict[str, Any]]:
    """The runs, once there are so many and all have ended; nothing before."""
    found = runs(running)
    ended = all(one["status"] in ("SUCCESS", "FAILURE") for one in found)
    return found if len(found) >= number and ended else []


def test_files_dropped_into_the_inbox_change_what_the_api_answers(running: Instance) -> None:
    question = {"email": "zora.quill@harbourlight.example"}
    assert asked(f"{running.api}/api/v1/enrich", question)["code"] == "no_match"
    for name, person in (
        ("may.csv", "Zora Quill,zora.quill@harbourlight.example"),
        ("june.csv", "Bo Ek,bo@ek.example"),
    ):
        (running.home / "inbox" / name).write_text(f"Name,Email,Title\n{person},Harbour Pilot\n")
    until(lambda: "person" in (asked(f"{running.api}/api/v1/enrich", question) or {}))
    (run,) = until(lambda: finished(running, 1))
    assert (run["jobName"], run["status"]) == ("refresh_files", "SUCCESS")


def test_a_bad_file_is_told_and_the_api_answers_as_before(running: Instance) -> None:
    before = len(until(lambda: finished(running, 1)))
    version = current_version(running.home)
    bad = running.home / "inbox" / "bad.csv"
    bad.write_text("Name,Email\n" + "broken\n" * 40)
    newest = until(lambda: finished(running, before + 1))[0]
    bad.unlink()
    assert newest["status"] == "FAILURE"
    told = until(lambda: [line for line in lines(running) if line["status"] == "failure"])
    assert (told[0]["run"], told[0]["snapshot"]) == (newest["runId"], version)
    assert told[0]["failed_checks"] == ["source_records/rejects_share"]
    question = {"email": "zora.quill@harbourlight.example"}
    answer = until(lambda: (asked(f"{running.api}/api/v1/enrich", question) or {}).get("person"))
    assert answer["full_name"] == "Zora Quill"  # asked until the demo key's limit lets it through


def lines(running: Instance) -> list[dict[str, Any]]:
    """The runs that were told to the file."""
    text = running.told.read_text() if running.told.exists() else ""
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def page() -> Iterator[Page]:
    """Chromium at Dagster's page, which may ask nobody else for anything."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        reason = "the Dagster page is not tested: Chromium is missing (Debian: apt-get install chromium)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1280, "height": 760})
        context.set_default_timeout(60_000)
        # The page greets a first visitor with a form for an e-mail address.
        context.add_init_script("localStorage.setItem('communityNux', '1')")
        opened = context.new_page()
        abroad: list[str] = []
        opened.on("request", lambda sent: abroad.append(sent.url) if _abroad(sent.url) else None)
        yield opened
        browser.close()
    assert abroad == []


def _abroad(url: str) -> bool:
    return url.startswith(("http", "ws")) and "//127.0.0.1:" not in url


def shot(page: Page, name: str) -> None:
    """A picture for the documentation, when somebody wants new ones."""
    if os.environ.get("LEADSPRO_SCREENSHOTS"):
        page.wait_for_timeout(2500)
        IMAGES.mkdir(exist_ok=True)
        page.screenshot(path=IMAGES / f"{name}.png")


def test_everything_is_materialized_and_checked_from_the_page(running: Instance, page: Page) -> None:
    before = len(until(lambda: finished(running, 1)))
    page.goto(f"{running.page}/locations/pipelines.definitions/jobs/refresh")
    skip, materialize = (
        page.get_by_role("button", name="Skip"),
        page.get_by_role("button", name="Materialize all"),
    )
    skip.or_(materialize).first.wait_for()
    page.wait_for_timeout(1000)
    if skip.is_visible():
        skip.click()
    shot(page, "dagster-refresh")
    materialize.click()
    newest = until(lambda: finished(running, before + 1))[0]
    assert (newest["jobName"], newest["status"]) == ("refresh", "SUCCESS")
    page.goto(f"{running.page}/assets/people_clusters?view=checks")
    page.get_by_text("measured F1").first.wait_for()
    for name in ("accuracy", "all_clustered", "cluster_size"):
        assert page.get_by_text(name, exact=True).first.is_visible()
    assert page.get_by_text("Succeeded").count() == 3
    shot(page, "dagster-checks")
    page.goto(f"{running.page}/assets/people_pairs")
    page.get_by_text("scores", exact=True).first.wait_for()
    page.get_by_text("[Show Markdown]").last.click()
    page.locator("img[src^='data:image/svg+xml']").first.wait_for()
    shot(page, "dagster-scores")


def test_partitions_are_filled_again_from_the_page(running: Instance, page: Page) -> None:
    before = len(until(lambda: finished(running, 1)))
    page.goto(f"{running.page}/assets/source_files?view=partitions")
    page.get_by_text("dropped/june.csv").first.wait_for(state="attached")
    page.get_by_role("button", name="Materialize").first.click()
    page.get_by_text("Select a partition or create one").click()
    for name in ("dropped/june.csv", "dropped/may.csv"):
        page.get_by_role("menuitem").filter(has_text=name).filter(visible=True).last.click()
    page.get_by_text("Launch runs to materialize source_files").click()  # closes the list
    page.get_by_role("button", name="Launch backfill").click()
    newest = until(lambda: finished(running, before + 1))[0]
    assert newest["status"] == "SUCCESS"
    run = f'runOrError(runId: "{newest["runId"]}")'
    query = f"{{ {run} {{ ... on Run {{ assetMaterializations {{ partition }} }} }} }}"
    answer = asked(f"{running.page}/graphql", {"query": query})
    filled = answer["data"]["runOrError"]["assetMaterializations"]
    assert [event["partition"].partition("@")[0] for event in filled] == [
        "dropped/june.csv",
        "dropped/may.csv",
    ]


def test_every_run_that_ended_was_told_to_the_file_and_to_the_address(running: Instance) -> None:
    ended = [run["runId"] for run in until(lambda: finished(running, 1))]
    until(lambda: len(running.heard) >= len(ended))
    assert sorted(line["run"] for line in lines(running)) == sorted(ended)
    assert [json.loads(body) for body in running.heard] == lines(running)

"""A real server over real data, and a real browser that must stay free of errors and at home."""

from __future__ import annotations

import os
import shutil
import threading
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playwright.sync_api import expect, sync_playwright

from leadspro_engine.accounts import DEMO_TOKEN, Accounts
from leadspro_engine.api import Application
from leadspro_engine.privacy import SuppressionList
from leadspro_engine.service import Published, Runner

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


PAGES = ["overview", "lookup", "search", "batch", "jobs", "keys", "history", "docs"]


class Site(NamedTuple):
    """A running server: its address, and keys to sign in with."""

    url: str
    owner: str
    demo: str = DEMO_TOKEN


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Running:
    """The API, the dashboard and the runner of jobs over the snapshots of a data folder, in threads."""

    def __init__(self, snapshots_of: Path, home: Path, *, demo: bool) -> None:
        (home / "snapshots").symlink_to(snapshots_of / "snapshots")
        self._accounts = Accounts.open(home, demo=demo)
        self._published = Published(home)
        app = Application(home, self._accounts, self._published)
        self._server = make_server("127.0.0.1", 0, app, _Server, _Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._runner = Runner(home, self._accounts, SuppressionList(home), self._published)
        self._runner.hold()
        self._stopping = threading.Event()
        self._working = threading.Thread(target=self._runner.run, args=(self._stopping.is_set,))
        self._thread.start()
        self._working.start()
        workspace = self._accounts.registry.create_workspace("Acme", "scale")
        owner = self._accounts.registry.create_key(workspace.id, name="owner")
        self.site = Site(f"http://127.0.0.1:{self._server.server_port}", owner.token)

    def stop(self) -> None:
        """Answer no more."""
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._working.join()
        self._runner.close()
        self._server.server_close()
        self._published.close()
        self._accounts.close()


@pytest.fixture(scope="session")
def demo_site(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server in demo mode over the demo data."""
    running = Running(demo_home, tmp_path_factory.mktemp("demo-accounts"), demo=True)
    yield running.site
    running.stop()


@pytest.fixture(scope="session")
def closed_site(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that asks for a key."""
    running = Running(demo_home, tmp_path_factory.mktemp("closed-accounts"), demo=False)
    yield running.site
    running.stop()


@pytest.fixture(scope="module")  # Playwright keeps an event loop running, which Dagster's tests cannot have
def browser() -> Iterator[Browser]:
    """Chromium of the system; its absence skips these tests, and fails them in CI."""
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        _absent(f"none of {', '.join(BROWSERS)} is installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(params=["wide", "phone"])
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    """A laptop and a phone."""
    return {"wide": {"width": 1280, "height": 860}, "phone": {"width": 390, "height": 844}}[request.param]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser profile of its own, which must end without a script error or a policy violation."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(15_000)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("request", lambda sent: complaints.append(sent.url) if _abroad(sent.url) else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console", lambda said: complaints.append(said.text) if _serious(said.type, said.text) else None
    )
    yield opened
    context.close()
    assert complaints == []


def as_owner(page: Page, site: Site) -> None:
    """Come with the key of a plan whose limits many tests in one minute do not reach."""
    page.add_init_script(f"sessionStorage.setItem('leadspro.key', '{site.owner}')")


def go(page: Page, site: Site, name: str) -> None:
    """Open a page of the workspace."""
    page.goto(f"{site.url}/#/{name}")
    expect(page.locator(f'nav a[data-page="{name.partition("?")[0]}"]')).to_have_attribute(
        "aria-current", "page"
    )


def _serious(kind: str, text: str) -> bool:
    """Whether a console message is a defect of the page; the browser reports each 4xx answer as one, too."""
    return kind in ("error", "warning") and not text.startswith("Failed to load resource")


def _abroad(url: str) -> bool:
    """Whether a request leaves this machine."""
    return not url.startswith(("http://127.0.0.1:", "blob:http://127.0.0.1:", "data:"))


def _absent(reason: str) -> NoReturn:
    """Skip with the reason, or fail where a browser is part of the deal."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"the dashboard cannot be tested: {reason}")
    pytest.skip(f"the dashboard is not tested: {reason}")

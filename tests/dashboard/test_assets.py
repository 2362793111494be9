"""The files of the dashboard: small, self-contained, and nothing inline."""

from __future__ import annotations

import gzip
import posixpath
import re
from importlib.resources import files
from typing import get_args

import pytest

from leadspro_engine.accounts import SCOPES
from leadspro_engine.accounts.jobs import ENDPOINT
from leadspro_engine.api.route import Capability
from leadspro_engine.api.routes import ROUTES
from leadspro_engine.dashboard import CONTENT_SECURITY_POLICY, asset, assets_folder
from leadspro_engine.dashboard.assets import _assets
from leadspro_engine.match.question import ROLES
from leadspro_engine.normalize import headcount, title
from leadspro_engine.records import CompanyFilters, CompanyStatus, PeopleFilters
from leadspro_engine.search import fields
from leadspro_engine.search.facets import FACETS
from leadspro_engine.search.plan import Detail

LARGEST_BYTES = 150_000
PLACE = assets_folder()
SOURCES = {path.replace(PLACE, "/static/"): found.body.decode() for path, found in _assets().items()}
SCRIPTS = {path: text for path, text in SOURCES.items() if path.endswith(".js")}


def vocabulary(name: str) -> tuple[str, ...]:
    """A constant list of vocabulary.js."""
    found = re.search(rf"export const {name} = \[(.*?)\];", SOURCES["/static/vocabulary.js"], re.DOTALL)
    assert found is not None
    return tuple(re.findall(r'"([^"]+)"', found[1]))


def loaded_with(path: str) -> set[str]:
    """A file and all that it names: what a page links to, what a script imports when it begins."""
    seen, left = set[str](), [path]
    while left:
        one = left.pop()
        if one not in seen:
            seen.add(one)
            text = SOURCES[one].replace(PLACE, "/static/")
            named = re.findall(r'(?:from|src=|href=)\s*"([^"]+\.(?:js|css|svg))"', text)
            left += [posixpath.normpath(posixpath.join(posixpath.dirname(one), name)) for name in named]
    return seen


def test_the_first_page_is_small() -> None:
    first = loaded_with("/") | loaded_with("/static/views/overview.js")
    assert {"/static/app.js", "/static/base.css", "/static/dom.js"} <= first
    assert sum(len(SOURCES[path].encode()) for path in first) < LARGEST_BYTES


@pytest.mark.parametrize(
    "path",
    [
        "/static",
        "/static/",
        "/static/app.js",
        "/static/000000000000/app.js",
        f"{PLACE}../assets.py",
        "/index.html",
        f"{PLACE}nothing.js",
        f"{PLACE}index.html",
    ],
)
def test_other_paths_have_no_file(path: str) -> None:
    assert asset(path) is None


def test_every_file_is_sent_with_the_policy_its_type_and_a_tag() -> None:
    for found in _assets().values():
        headers = dict(found.headers)
        assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert re.fullmatch(r'"[0-9a-f]{16}"', headers["ETag"])
        assert gzip.decompress(found.packed) == found.body
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_only_the_page_is_asked_for_again_and_it_names_the_files_of_today() -> None:
    asked = {path for path, found in _assets().items() if dict(found.headers)["Cache-Control"] == "no-cache"}
    assert asked == {"/"}
    named = re.findall(r'(?:src|href)="(/static/[^"]+)"', SOURCES["/"])
    assert len(named) > 10
    assert all(name.startswith(PLACE) and asset(name) for name in named)


def test_no_file_names_another_by_a_folder_that_may_be_another_tomorrow() -> None:
    assert [path for path, text in SOURCES.items() if path != "/" and "/static/" in text] == []


def test_the_page_holds_no_inline_script_or_style() -> None:
    page = SOURCES["/"]
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", page) == []


@pytest.mark.parametrize(
    "sink",
    ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc"],
)
def test_no_script_can_turn_text_into_markup(sink: str) -> None:
    assert [path for path, text in SCRIPTS.items() if sink in text] == []


def test_nothing_is_loaded_from_elsewhere() -> None:
    allowed = {"http://www.w3.org/2000/svg", "https://www.linkedin.com/company/$"}
    found = {url for text in SOURCES.values() for url in re.findall(r"https?://[\w./$-]+", text)}
    assert found <= allowed


def test_every_import_names_a_file() -> None:
    for path, text in SCRIPTS.items():
        folder = path.rsplit("/", 1)[0]
        for target in re.findall(r'from "(\.[^"]+)"', text):
            joined = f"{folder}/{target.removeprefix('./')}"
            while "/../" in joined:
                joined = re.sub(r"/[^/]+/\.\./", "/", joined, count=1)
            assert joined in SCRIPTS, f"{path} imports {target}"


def test_vocabularies_are_those_of_the_engine() -> None:
    assert set(vocabulary("SENIORITIES")) == set(title.LEVELS)
    assert set(vocabulary("DEPARTMENTS")) == set(title.DEPARTMENTS)
    assert vocabulary("HEADCOUNTS") == tuple(headcount.RANGES)
    assert set(vocabulary("STATUSES")) == set(get_args(CompanyStatus))
    assert vocabulary("DETAILS") == get_args(Detail)
    assert set(vocabulary("SCOPES")) == set(SCOPES)
    assert vocabulary("QUERY_FIELDS") == tuple(ROLES)
    charged = {route.operation for route in ROUTES if route.charges} | {ENDPOINT}
    assert charged <= set(vocabulary("ASKING"))
    assert set(vocabulary("ASKING")) <= {route.operation for route in ROUTES} | {ENDPOINT}


def test_the_search_page_has_every_filter() -> None:
    text = SOURCES["/static/views/search.js"]
    for filters, meanings in ((PeopleFilters, fields.PEOPLE), (CompanyFilters, fields.COMPANIES)):
        assert set(meanings) <= set(filters.__struct_fields__)
        missing = [name for name in meanings if f'["{name}"' not in text]
        assert missing == []
    for kind, known in FACETS.items():
        shown = re.search(rf"{kind}: {{.*?facets: \[(.*?)\]", text, re.DOTALL)
        assert shown is not None
        assert set(re.findall(r'"(\w+)"', shown[1])) <= set(known)


def test_skill_files_named_on_the_keys_page_exist() -> None:
    found = re.search(r"const SKILLS = \[(.*?)\]", SOURCES["/static/views/keys.js"])
    assert found is not None
    assert set(re.findall(r'"(\w+)"', found[1])) <= set(get_args(Capability))


def test_the_folder_holds_only_what_is_served() -> None:
    root = files("leadspro_engine.dashboard").joinpath("static")
    names = {entry.name for entry in root.iterdir() if not entry.is_dir()}
    assert names == {path.rsplit("/", 1)[-1] for path in SOURCES if path.count("/") == 2} | {"index.html"}

"""docs/security.md names tests that exist, and says of the code what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import leadspro_engine

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text()
NAMED = re.findall(r"`(tests/[a-z_/]+\.py)(?:::([a-z_0-9]+))?`", TEXT)
SERVING = ("accounts", "privacy", "service", "api")


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_test_that_is_named_exists(file: str, name: str) -> None:
    assert f"def {name}" in (ROOT / file).read_text()


def test_every_item_of_the_top_ten_is_there_once() -> None:
    assert re.findall(r"^\| API(\d+) ", TEXT, re.MULTILINE) == [str(number) for number in range(1, 11)]


def test_the_service_opens_no_connection_of_its_own() -> None:
    package = Path(str(leadspro_engine.__file__)).parent
    opening = re.compile(
        r"\b(urlopen|http\.client|requests\.(?:get|post)|create_connection|urllib\.request)\b"
    )
    found = [
        path.name
        for room in SERVING
        for path in (package / room).rglob("*.py")
        if opening.search(path.read_text())
    ]
    assert found == []

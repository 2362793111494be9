"""docs/normalize.md: its examples run, and it names every kind."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "normalize.md"
KINDS = (
    "email", "phone", "domain", "url", "linkedin", "name", "company", "title", "place", "address", "industry",
    "headcount", "technology", "skill", "date", "identifier",
)  # fmt: skip


def test_examples_run() -> None:
    assert doctest.testfile(str(PAGE), module_relative=False).failed == 0


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_three_doors_and_is_named(kind: str) -> None:
    module = import_module(f"leadspro_engine.normalize.{kind}")
    assert callable(module.parse)
    assert callable(module.column)
    assert isinstance(module.why("\0"), tuple)
    assert f"`{kind}`" in PAGE.read_text(encoding="utf-8")

"""The sources file: what is accepted, and errors that name the entry, the field and the remedy."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from leadspro_engine.errors import SourceError
from leadspro_engine.ingest import load_sources

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = '[[source]]\nname = "crm"\npath = "crm.csv"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_are_filled_in(tmp_path: Path) -> None:
    (source,) = load_sources(written(tmp_path, ENTRY))
    assert (source.record, source.layout, source.mode, source.trust) == ("person", "guess", "full", 0.5)
    assert (source.region, source.observed_at, source.columns) == (None, None, {})
    assert source.folder == tmp_path


def test_everything_can_be_said(tmp_path: Path) -> None:
    said = """record = "company"
layout = "hubspot_companies"
mode = "delta"
trust = 1
region = "DE"
observed_at = 2026-05-01
[source.columns]
"Work Email" = "email"
"""
    (source,) = load_sources(written(tmp_path, ENTRY + said))
    assert (source.record, source.mode, source.trust, source.region) == ("company", "delta", 1.0, "DE")
    assert source.observed_at == dt.date(2026, 5, 1)
    assert source.columns == {"Work Email": "email"}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["declares no source", "[[source]]"]),
        ("[[sources]]\n", ["unknown table `sources`", "'source' (did you mean that?)"]),
        ("source = 3", ["declares no source"]),
        ("this is not toml", ["not TOML", "line 1"]),
        ('[[source]]\npath = "x.csv"', ["#1", "`name` is missing"]),
        ('[[source]]\nname = "crm"', ["crm", "`path` is missing"]),
        (ENTRY + 'recrod = "person"', ["crm", "unknown field `recrod`", "'record' (did you mean that?)"]),
        (ENTRY + 'record = "persn"', ["crm", "`record`", "'persn'"]),
        (ENTRY + 'trust = "high"', ["crm", "`trust`", "expected `float`"]),
        (ENTRY + "trust = 1.5", ["crm", "`trust` is 1.5", "0 to 1"]),
        (ENTRY + 'region = "USA"', ["crm", "`region` is 'USA'", "two capital letters"]),
        (ENTRY + 'layout = "linkedin"', ["crm", "`layout` is 'linkedin'", "linkedin_connections"]),
        (ENTRY + 'observed_at = "May"', ["crm", "`observed_at`"]),
        (ENTRY + '[source.columns]\nM = "e-mail"', ["crm", "columns.'M'", "'email' (did you mean that?)"]),
        (ENTRY + ENTRY, ["crm", "two entries have this name"]),
        (ENTRY.replace('crm"', 'CRM 1"'), ["CRM 1", "lower-case"]),
    ],
)  # fmt: skip
def test_errors_name_the_entry_and_the_field(tmp_path: Path, text: str, parts: list[str]) -> None:
    with pytest.raises(SourceError) as caught:
        load_sources(written(tmp_path, text))
    for part in parts:
        assert part in str(caught.value)


def test_a_missing_sources_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        load_sources(tmp_path / "nowhere.toml")


def test_patterns_give_files_by_name_and_nothing_is_an_error(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "c.txt"):
        (tmp_path / name).write_text("email\n")
    (source,) = load_sources(written(tmp_path, ENTRY.replace("crm.csv", "*.csv")))
    assert [path.name for path in source.files()] == ["a.csv", "b.csv"]
    (missing,) = load_sources(written(tmp_path, ENTRY))
    with pytest.raises(SourceError, match="no file at"):
        missing.files()

"""The sources file: what is accepted, and errors that name the entry, the field and the remedy."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from leadspro_engine.errors import SourceError
from leadspro_engine.ingest import load_sources, sources

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
one_record_per_entity = true
optional = true
max_age_days = 45
labels = "labels.csv"
[source.columns]
"Work Email" = "email"
"""
    (tmp_path / "labels.csv").write_text("source_record_id,company_id\n")
    (source,) = load_sources(written(tmp_path, ENTRY + said))
    assert (source.record, source.mode, source.trust, source.region) == ("company", "delta", 1.0, "DE")
    assert source.observed_at == dt.date(2026, 5, 1)
    assert (source.one_record_per_entity, source.optional, source.max_age_days) == (True, True, 45)
    assert source.labels == "labels.csv"
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
        (ENTRY + 'region = "UK"', ["crm", "`region` is 'UK'", "ISO 3166-1"]),
        (ENTRY + 'observed_at = "May"', ["crm", "`observed_at`", "a date without quotes"]),
        (ENTRY + "mode = 1", ["crm", "`mode`", "'full'", "'delta'"]),
        (ENTRY + 'optional = "yes"', ["crm", "`optional`", "true or false"]),
        (ENTRY + "one_record_per_entity = 1", ["crm", "`one_record_per_entity`", "true or false"]),
        (ENTRY + "max_age_days = 0", ["crm", "`max_age_days` is 0", "1 or more"]),
        (ENTRY + "max_age_days = 1.5", ["crm", "`max_age_days`", "a whole number of days"]),
        (ENTRY + 'labels = "none.csv"', ["crm", "`labels` is 'none.csv'", "there is none of this name"]),
        (ENTRY + "[source.columns]\nM = 3", ["crm", "`columns", "a table of column = role"]),
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
    (inbox,) = load_sources(written(tmp_path, ENTRY + "optional = true"))
    assert inbox.files() == []


def test_every_field_of_an_entry_says_what_it_accepts() -> None:
    assert set(sources.FIELDS) == set(sources._ACCEPTED)


def test_the_documentation_at_the_head_names_every_field() -> None:
    for field in sources.FIELDS:
        assert field in (sources.__doc__ or "")

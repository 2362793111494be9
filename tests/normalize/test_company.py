from __future__ import annotations

import csv
import string
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadspro_engine.normalize import company, company_tables
from leadspro_engine.normalize.company import CompanyName
from leadspro_engine.normalize.tables import rows

GOLDEN = list(
    csv.DictReader((Path(__file__).parent / "companies.csv").read_text(encoding="utf-8").splitlines())
)

HARD_LETTERS = "aAzéßİΣяЯЇ株式会社王カ한ב\u0e33ش\u0301\u200b\u202e\u1ff7\U0001f680\u3231\ufb01"
HARD_SIGNS = " .,;:|-–/\\&+'\"()（）«»\t\u3000\x00"
WORDS = st.sampled_from(
    [
        "The",
        "Acme",
        "Widgets",
        "GmbH",
        "&",
        "Co.",
        "KG",
        "AG",
        "S.A.",
        "de",
        "C.V.",
        "Ltd",
        "Limited",
        "(UK)",
        "Inc.",
        "A/S",
        "S.",
        "p.",
        "A.",
        "ООО",
        "PT",
        "Oy",
        "AB",
        "und",
        "et",
        "株式会社",
        "有限公司",
        "주식회사",
        "(주)",
        "d/b/a",
        "dba",
        "формы",
        "N/A",
        "AS",
        "co",
        "Pty",
        "Bhd",
    ]
)
HARD_TEXT = st.lists(st.one_of(WORDS, st.text(HARD_LETTERS + HARD_SIGNS, max_size=5)), max_size=8).map(
    " ".join
)


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row['jurisdiction']}: {row['raw']!r}")
def test_golden_companies_have_their_key_and_form(row: dict[str, str]) -> None:
    found = company.parse(row["raw"])
    assert (found and found.key) == (row["key"] or None)
    assert (found and found.legal_form) == (row["legal_form"] or None)


def test_the_golden_table_is_wide_enough() -> None:
    assert len(GOLDEN) >= 150
    assert len({row["jurisdiction"] for row in GOLDEN} - {"*"}) >= 40
    assert all(row["note"] for row in GOLDEN)


def test_the_table_of_forms_covers_more_than_forty_jurisdictions_with_no_row_that_is_lost() -> None:
    table = list(rows("legal_forms.tsv"))
    assert len({country for countries, *_ in table for country in countries.split(",")} - {"*"}) >= 40
    assert all(len(row) == 4 and row[2] in {"end", "both", "both_cyrillic", "glued"} for row in table)
    forms = company_tables.legal_forms()
    assert "" not in forms.end


@settings(deadline=None)  # the tables are read on first use
@given(HARD_TEXT)
@example("Ltd Ltd Ltd")
@example("and")
@example("& Co")
def test_a_name_with_letters_has_a_key_in_its_alphabet(text: str) -> None:
    found = company.parse(text)
    if found is not None:
        assert found.display.strip() == found.display != ""
        assert found.key == " ".join(found.key.split()) != ""
        assert set(found.key) <= set(string.ascii_lowercase + string.digits + " ")
        assert found.acronym is None or found.acronym.isalnum()


@settings(deadline=None)  # the tables are read on first use
@given(
    st.lists(
        st.sampled_from(
            ["Acme", "Widgets", "Inc.", "GmbH", "&", "Co.", "KG", "Ltd", "S.A.", "The", "and", "of"]
        ),
        min_size=1,
    )
)
def test_no_name_made_of_words_is_left_without_a_key(words: list[str]) -> None:
    assert company.parse(" ".join(words)) is not None or words == ["&"] * len(words)


@settings(deadline=None)  # the tables are read on first use
@given(st.lists(st.one_of(st.none(), HARD_TEXT), max_size=12))
def test_the_column_forms_agree_with_the_scalar_forms(cells: list[str | None]) -> None:
    column = pl.Series("cells", cells, pl.String())
    expected = [company.parse(cell) for cell in cells]
    assert [None if row is None else CompanyName(**row) for row in company.column(column)] == expected
    assert company.key_column(column).to_list() == [None if c is None else c.key for c in expected]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siemens AG", "SIEMENS AKTIENGESELLSCHAFT"),
        ("AT&T Inc.", "AT and T"),
        ("Müller & Söhne GmbH", "Mueller"),
        ("J.P. Widget & Co.", "JP Widget"),
        ("The Acme Group, Inc.", "Acme Group"),
        ("ООО «Ромашка»", "Romashka LLC"),
        ("Société Exemple S.A.", "Societe Exemple"),
    ],
)
def test_spellings_of_one_company_have_one_key(one: str, other: str) -> None:
    same = company.key(one) == company.key(other)
    assert same is (other != "Mueller")  # "ue" for "ü" and a shorter name are for the score to see


@pytest.mark.parametrize(
    ("raw", "acronym"),
    [
        ("International Widget Machines Corp.", "iwm"),
        ("Bank of Widgets", "bw"),
        ("IWM", "iwm"),
        ("Acme", None),
        ("Widgetly GmbH", None),
    ],
)
def test_acronyms_are_the_initials_of_the_words_that_count(raw: str, acronym: str | None) -> None:
    found = company.parse(raw)
    assert found is not None
    assert found.acronym == acronym


@pytest.mark.parametrize("value", [None, True, [1], {}, object(), float("nan"), b"", "\u200b", "...", "🚀"])
def test_cells_without_a_letter_or_digit_name_no_company(value: object) -> None:
    assert company.parse(value) is None


@pytest.mark.parametrize(
    "filler", ["a", " ", "a ", "a.", ".", "(", "()", "(uk)", "& ", "dba ", " d/b/a ", "co ", "株", "ltd "]
)
def test_64_kib_of_anything_is_read_in_linear_time(filler: str) -> None:
    text = (filler * 65_536)[:65_536]
    began = time.perf_counter()
    company.parse(text)
    company.parse(text[:300])
    company.why(text)
    company.core_words(text)
    assert time.perf_counter() - began < 1.0


@pytest.mark.parametrize(
    ("cell", "codes"),
    [("", ["blank"]), ("freelance", ["refused"]), ("Acme LLC dba Zoom Parts", ["ignored"]), ("Acme LLC", [])],
)
def test_why_says_what_was_wrong_or_left_out(cell: str, codes: list[str]) -> None:
    assert [note.code for note in company.why(cell)] == codes

"""LinkedIn addresses: the golden table of forms, and properties over what people paste."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.normalize import linkedin

TABLE = Path(__file__).parent / "linkedin_forms.csv"
FORMS = list(csv.DictReader(io.StringIO(TABLE.read_text(encoding="utf-8"), newline="")))
HARD = st.text(
    st.sampled_from("aZ9-_./\\?#%@&:;, '’\u0308ÄßİΣ山\u200b\u200d\u202e🚀\x00ﬁ％")
    | st.characters(exclude_categories=["Cs"]),
    max_size=60,
)


def test_table_has_300_forms() -> None:
    assert len(FORMS) >= 300


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row["form"][:80])
def test_form(row: dict[str, str]) -> None:
    found = linkedin.parse(row["form"])
    expected = linkedin.LinkedIn(row["kind"], row["slug"]) if row["kind"] else None  # type: ignore[arg-type]  # text of the table
    assert found == expected, row["note"]


@pytest.mark.parametrize(
    ("bare", "person", "company"),
    [
        ("priya-shah-growth", "priya-shah-growth", "priya-shah-growth"),
        ("@priya-shah-growth", "priya-shah-growth", "priya-shah-growth"),
        ("/priya-shah/", "priya-shah", "priya-shah"),
        ("J%C3%BCrgen", "jürgen", "jürgen"),
        ("1035", None, "1035"),
        ("priya shah", None, None),
        ("acme.com", None, None),
        ("priya@acme.com", None, None),
        ("n/a", None, None),
        ("none", None, None),
        ("https://www.linkedin.com/company/acme", None, "acme"),
        ("https://www.linkedin.com/in/ada", "ada", None),
    ],
)
def test_bare_slugs_are_a_persons_or_a_companys(bare: str, person: str | None, company: str | None) -> None:
    assert (linkedin.person(bare), linkedin.company(bare)) == (person, company)
    assert linkedin.person_column(pl.Series([bare])).to_list() == [person]
    assert linkedin.company_column(pl.Series([bare])).to_list() == [company]


@settings(deadline=None)
@given(st.sampled_from(("", "in/", "https://www.linkedin.com/in/", "linkedin.com/company/", "@")), HARD)
def test_slug_found_again_in_its_own_address(front: str, rest: str) -> None:
    found = linkedin.parse(front + rest)
    if found is not None:
        section = "in" if found.kind == "person" else "company"
        assert linkedin.parse(f"https://www.linkedin.com/{section}/{found.slug}") == found


@settings(deadline=None)
@given(st.lists(HARD | st.none() | st.sampled_from([row["form"] for row in FORMS])))
def test_column_form_equals_scalar_form(cells: list[str | None]) -> None:
    column = linkedin.column(pl.Series(cells, dtype=pl.String))
    scalar = [linkedin.parse(cell) for cell in cells]
    assert column.to_list() == [None if f is None else {"kind": f.kind, "slug": f.slug} for f in scalar]


PLAIN = st.text(st.sampled_from("aain0-9-meinto"), max_size=12) | st.sampled_from(("me", "none", "123", "in"))


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(("", "https://", "http://", "https://www.", "uk.", "https://de.", "xyz.")),
    st.sampled_from(("in", "company", "pub", "school")),
    PLAIN,
    st.sampled_from(("", "/", "//", "/de", "?a=b")),
)
def test_the_short_way_gives_what_the_long_way_gives(host: str, section: str, slug: str, rest: str) -> None:
    cell = f"{host}linkedin.com/{section}/{slug}{rest}"
    assert linkedin.parse(cell) == linkedin.parse_slowly(cell)


def test_why_tells_refused_addresses_from_other_text() -> None:
    assert "not the page" in linkedin.why("https://www.linkedin.com/feed/")[0].detail
    assert "neither" in linkedin.why("https://acme.com/in/jane")[0].detail
    assert linkedin.why("priya-shah")[0].code == "repaired"
    assert linkedin.why("")[0].code == "blank"

from __future__ import annotations

import csv
import string
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadspro_engine.normalize import name, name_plain
from leadspro_engine.normalize.name import PersonName
from leadspro_engine.normalize.name_text import taken_apart

GOLDEN = list(csv.DictReader((Path(__file__).parent / "names.csv").read_text(encoding="utf-8").splitlines()))
FIELDS = ("full", "prefix", "given", "middle", "family", "suffix")

HARD_LETTERS = (
    "aAzZéÉßİıǅﬁΣςяЯЇყდჯשלمبकिंกำ王김민カ々Ａ\u0301\u0308\u0307\u200d\u200b\u202e\u00ad\u1ff7\U0001f680\u2161"
)
HARD_SIGNS = " .,;:|-–—_/\\@&+*#\"'’`“”()[]<>・·\t\n\u00a0\u3000\x00\ud800"
WORDS = st.sampled_from(
    [
        "van",
        "DE",
        "la",
        "Dr.",
        "PhD",
        "Jr",
        "J.R.R.",
        "McDonald",
        "O'Brien",
        "Abdul",
        "bin",
        "y",
        "e",
        "Nguyen",
        "Ma",
        "García",
        "López",
        "del",
        "Carmen",
        "CEO",
        "at",
        "n/a",
        "Ivanovich",
        "KIM",
        "王小明",
        "김민수",
        "님",
        "s/o",
        "ı",
        "İ",
    ]
)
HARD_TEXT = st.lists(st.one_of(WORDS, st.text(HARD_LETTERS + HARD_SIGNS, max_size=6)), max_size=8).map(
    " ".join
)


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row['culture']}: {row['raw']!r}")
def test_golden_names_are_read_as_their_owners_would(row: dict[str, str]) -> None:
    found = name.parse(row["raw"])
    expected = tuple(row[field] or None for field in FIELDS)
    assert expected == (None,) * 6 if found is None else tuple(getattr(found, f) for f in FIELDS) == expected


def test_the_golden_table_is_wide_enough() -> None:
    assert len(GOLDEN) >= 500
    assert len({row["culture"] for row in GOLDEN}) >= 20
    assert all(row["note"] for row in GOLDEN)
    assert len({(row["culture"], row["raw"]) for row in GOLDEN}) == len(GOLDEN)


@settings(deadline=None)  # the tables are read on first use
@given(HARD_TEXT)
@example("Σ Σας")
@example(". .")
@example("Mr")
@example("PhD, PhD")
@example("(Ann")
@example("van der")
def test_parse_gives_none_or_clean_parts(text: str) -> None:
    found = name.parse(text)
    if found is not None:
        parts = [getattr(found, field) for field in FIELDS]
        assert all(part is None or part == " ".join(part.split()) != "" for part in parts)
        assert found.given or found.family
        assert any(c.isalpha() for c in found.full)


@pytest.mark.parametrize("full", sorted({row["full"] for row in GOLDEN if row["full"]}))
def test_a_display_form_is_read_as_itself(full: str) -> None:
    again = name.parse(full)
    assert again is not None
    assert again.full == full


@settings(deadline=None)  # the tables are read on first use
@given(st.one_of(HARD_TEXT, st.text()))
@example("\u1ff7\u0300")
def test_keys_are_ascii_and_keys_of_keys_are_the_same(text: str) -> None:
    key = name.key(text)
    if key is not None:
        assert key
        assert set(key) <= set(string.ascii_lowercase + string.digits + " ")
        assert name.key(key) == key == " ".join(key.split())


@settings(deadline=None)  # the tables are read on first use
@given(st.lists(st.one_of(st.none(), HARD_TEXT), max_size=12))
def test_the_column_forms_agree_with_the_scalar_forms(cells: list[str | None]) -> None:
    clean = [None if cell is None else cell.replace("\ud800", "") for cell in cells]
    column = pl.Series("cells", clean, pl.String())
    assert [None if row is None else PersonName(**row) for row in name.column(column)] == [
        name.parse(c) for c in clean
    ]
    assert name.key_column(column).to_list() == [name.key(cell) for cell in clean]


PLAIN_WORDS = st.sampled_from(
    [
        *("Ada", "Lovelace", "José", "García", "López", "O'Brien", "Anne-Marie", "McDonald", "Mackenzie"),
        *("Maria", "J.", "Q", "Ma", "Jr", "Sales", "Ivanovna", "Petrov", "Nguyen", "İlker", "ßa", "Ǆin"),
        *("van", "at", "chez", "nobody", "Al", "Bin", "e", "n/a", "Mary", "Ann", "CEO", "no", "name"),
    ]
).flatmap(lambda word: st.sampled_from([word, word, word.upper(), word.lower(), word.capitalize()]))
PLAIN_CELLS = st.lists(PLAIN_WORDS, min_size=1, max_size=3).map(" ".join)


@settings(deadline=None, max_examples=500)  # the tables are read on first use
@given(
    st.lists(PLAIN_CELLS | st.tuples(PLAIN_WORDS, PLAIN_CELLS).map(", ".join), min_size=1, max_size=8),
    st.lists(
        st.tuples(PLAIN_CELLS, st.none() | st.just("") | PLAIN_CELLS, PLAIN_CELLS), min_size=1, max_size=8
    ),
)
def test_columns_of_plain_words_agree_with_the_long_way(
    cells: list[str], rows: list[tuple[str, str | None, str]]
) -> None:
    whole = name.column(pl.Series("cells", cells))
    assert [row and PersonName(**row) for row in whole] == [name.parse(cell) for cell in cells]
    parts = ("given", "middle", "family", "prefix", "suffix")
    frame = pl.DataFrame(
        [(*row, None, None) for row in rows], dict.fromkeys(parts, pl.String()), orient="row"
    )
    expected = [name.from_parts(*row) for row in rows]
    assert [row and PersonName(**row) for row in name.from_parts_column(frame)] == expected


@settings(deadline=None)  # the tables are read on first use
@given(st.lists(st.tuples(*[st.one_of(st.none(), HARD_TEXT)] * 5), max_size=6))
def test_the_column_form_of_parts_agrees_with_the_scalar_form(rows: list[tuple[str | None, ...]]) -> None:
    clean = [tuple(None if cell is None else cell.replace("\ud800", "") for cell in row) for row in rows]
    frame = pl.DataFrame(
        clean, {f: pl.String() for f in ("given", "middle", "family", "prefix", "suffix")}, orient="row"
    )
    expected = [name.from_parts(g, m, f, prefix=p, suffix=s) for g, m, f, p, s in clean]
    assert [None if row is None else PersonName(**row) for row in name.from_parts_column(frame)] == expected


@pytest.mark.parametrize(
    "value", [None, 3.5, float("nan"), 14155550106.0, True, b"Jane Doe", [1], {}, object(), b"\xff\xfe"]
)
def test_cells_of_any_type_are_read_or_refused(value: object) -> None:
    found = name.parse(value)
    assert found is None or found.full == "Jane Doe"


@pytest.mark.parametrize(
    "filler",
    [
        "a",
        " ",
        "a ",
        ".",
        "J.",
        "(",
        "((",
        '"',
        "' ",
        "-",
        " -",
        "|",
        ",",
        "a,",
        "\u0301",
        "王",
        "van ",
        "Dr. ",
        "aa-",
        "aa ",
    ],
)
def test_64_kib_of_anything_is_read_in_linear_time(filler: str) -> None:
    text = (filler * 65_536)[:65_536]
    began = time.perf_counter()
    name.parse(text)
    name.parse(text[:200])
    name.key(text)
    name.why(text)
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    ("parts", "full", "given_name", "family"),
    [
        (("Jane", None, "Doe"), "Jane Doe", "Jane", "Doe"),
        (("JANE", None, "DOE"), "Jane Doe", "Jane", "Doe"),
        (("Dr. Jane", None, "Doe, PhD"), "Jane Doe", "Jane", "Doe"),
        (("maria josé", None, "garcía lópez"), "Maria José García López", "Maria José", "García López"),
        (("Jan", None, "van der Berg"), "Jan van der Berg", "Jan", "van der Berg"),
        (("Jane Doe", None, None), "Jane Doe", "Jane", "Doe"),
        ((None, None, "Doe, Jane"), "Jane Doe", "Jane", "Doe"),
        (("小明", None, "王"), "王小明", "小明", "王"),
        (("Jane", None, "n/a"), "Jane", "Jane", None),
        ((None, None, "Doe"), "Doe", None, "Doe"),
        (("Jane (she/her)", None, "Doe 🚀"), "Jane Doe", "Jane", "Doe"),
        (("Jane Doe", None, "Doe"), "Jane Doe", "Jane", "Doe"),
    ],
)
def test_a_source_that_names_the_parts_is_believed(
    parts: tuple[str | None, str | None, str | None], full: str, given_name: str | None, family: str | None
) -> None:
    found = name.from_parts(*parts)
    assert found is not None
    assert (found.full, found.given, found.family) == (full, given_name, family)


def test_titles_and_degrees_of_the_parts_are_kept_apart() -> None:
    found = name.from_parts("Dr. Jane", "Q.", "Doe Jr.", suffix="PhD")
    assert found == PersonName("Jane Q. Doe", "Dr.", "Jane", "Q.", "Doe", "Jr. PhD")


VARIANTS = (
    "bob robert; peggy margaret; sascha alexander; paco francisco; beppe giuseppe; kasia katarzyna; "
    "zhenya evgeny; jussi johannes; pepe jose; ze jose; fritz friedrich; sasha aleksandr; "
    "mohammed muhammad; yiannis ioannis; juan john"
)


@pytest.mark.parametrize("pair", VARIANTS.split("; "))
def test_people_are_called_by_variants_of_their_names(pair: str) -> None:
    one, other = pair.split()
    assert other in name.variants(one)
    assert one in name.variants(other)


@settings(deadline=None)  # the tables are read on first use
@given(
    st.one_of(
        st.text(string.ascii_lowercase + " ", min_size=1), st.sampled_from(["bob", "jose", "alexander"])
    )
)
def test_variants_are_sorted_and_hold_the_name_itself(given_key: str) -> None:
    found = name.variants(given_key)
    assert given_key in found
    assert list(found) == sorted(set(found))


def test_unlike_short_names_of_one_name_are_not_variants() -> None:
    assert "margaret" in name.variants("peg")
    assert "meg" not in name.variants("peg")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "blank"),
        ("12345", "refused"),
        ("n/a", "refused"),
        ("Jane Doe | CEO", "ignored"),
        ("Jane (Jo) Doe", "ignored"),
    ],
)
def test_why_says_what_was_wrong_or_left_out(cell: str, code: str) -> None:
    assert [note.code for note in name.why(cell)] == [code]


def test_why_has_nothing_to_say_of_a_plain_name() -> None:
    assert name.why("Jane Doe") == ()


def test_reversed_names_have_one_sorted_key() -> None:
    keys = {
        name.sorted_key(found) for raw in ("Jane Doe", "Doe, Jane", "DOE Jane") if (found := name.parse(raw))
    }
    assert keys == {"doe jane"}


PLAIN = st.lists(
    st.one_of(
        WORDS,
        st.sampled_from(
            [
                "Amelia",
                "HARTWELL",
                "ashby",
                "O'Hara",
                "Anne-Marie",
                "J.",
                "Q",
                "García",
                "de",
                "MacKenzie",
                "mcdonald",
                "Ivanovna",
                "José",
                "Ma",
            ]
        ),
        st.text(HARD_LETTERS, max_size=4),
    ),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=500)  # the tables are read on first use
@given(PLAIN, st.sampled_from([" ", ", "]))
@example(["LinkedIn", "Member"], " ")
@example(["Hartwell", "CEO"], ", ")
def test_the_short_way_gives_what_the_long_way_gives(words: list[str], joint: str) -> None:
    text = joint.join([words[0], " ".join(words[1:])])
    short = name_plain.easy(text) if text.strip() else None
    if short is not None:
        found = taken_apart(text)
        assert found is not None
        assert short == name._assembled(found)


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: repr(row["raw"]))
def test_the_short_way_agrees_on_golden_names(row: dict[str, str]) -> None:
    short = name_plain.easy(row["raw"]) if row["raw"] else None
    found = taken_apart(row["raw"])
    assert short is None or (found is not None and short == name._assembled(found))

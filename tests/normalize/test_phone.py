"""Telephone numbers: the short way against phonenumbers, over every region, type, format and mutations."""

from __future__ import annotations

import functools

import phonenumbers
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from leadspro_engine.normalize import phone, phone_plan

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
TYPES = PhoneNumberType.values()
FORMATS = (
    PhoneNumberFormat.E164,
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.NATIONAL,
    PhoneNumberFormat.RFC3966,
)
ABROAD = ("US", "GB", "IT", "BR", "AR", "MX", "RU", "AU", "JP")


@functools.cache
def examples() -> tuple[tuple[str, str | None], ...]:
    """Example numbers of every region and type from the library, as they may be written, each with a home."""
    written: list[tuple[str, str | None]] = []
    for region in REGIONS:
        for kind in TYPES:
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                written += forms(number, region)
    for code in phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS:
        number = phonenumbers.example_number_for_non_geo_entity(code)
        if number is not None:
            written += forms(number, None)
    return tuple(dict.fromkeys(written))


def forms(number: phonenumbers.PhoneNumber, region: str | None) -> list[tuple[str, str | None]]:
    texts = [phonenumbers.format_number(number, form) for form in FORMATS]
    bare = phonenumbers.national_significant_number(number)
    texts += [bare, f"{number.country_code}{bare}", f"00{number.country_code}{bare}", f"0{bare}"]
    homes: list[tuple[str, str | None]] = [
        (text, home) for text in texts for home in (region, None, "US", "DE")
    ]
    return homes + [
        (phonenumbers.format_out_of_country_calling_number(number, home), home) for home in ABROAD
    ]


def test_examples_cover_every_region() -> None:
    assert len(examples()) > 30_000
    assert {home for _, home in examples()} >= set(REGIONS)


def test_the_short_way_agrees_with_the_library_on_every_example() -> None:
    differing = [
        (text, home)
        for text, home in examples()
        if phone_plan.settle(text, home) != phone_plan.UNSETTLED
        and phone.judge(text, home) != phone.judge_slowly(text, home)
    ]
    assert differing == []


def test_the_short_way_settles_most_written_numbers() -> None:
    plain = [
        (t, r) for t, r in examples() if (t.startswith("+") or r is not None) and not t.startswith("tel:")
    ]
    settled = sum(phone_plan.settle(text, home) != phone_plan.UNSETTLED for text, home in plain)
    assert settled > 0.9 * len(plain)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, str | None]:
    text, home = draw(st.sampled_from(examples()))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        put = draw(
            st.sampled_from([*"0123456789 ().-+/x#*", "", "00", "011", "(0)", "١", "＋", "ext", " x "])
        )
        text = text[:at] + put + text[at + draw(st.integers(0, 2)) :]
    return text, draw(st.sampled_from([home, home, None, *REGIONS]))


@settings(deadline=None)
@given(mutated())
def test_the_short_way_agrees_with_the_library_on_mutations(written: tuple[str, str | None]) -> None:
    assert phone.judge(*written) == phone.judge_slowly(*written)


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(examples()),
    st.sampled_from(("x", " x", " ext. ", " ext ", "ext.", "  x", "   x", "#", " X ", "extension ")),
    st.text(st.sampled_from("0123456789"), min_size=1, max_size=8),
)
def test_the_short_way_agrees_with_the_library_on_extensions(
    written: tuple[str, str | None], label: str, extension: str
) -> None:
    text, home = f"{written[0]}{label}{extension}", written[1]
    assert phone.judge(text, home) == phone.judge_slowly(text, home)


@settings(deadline=None)
@given(st.text(st.sampled_from("0123456789 ().-+"), max_size=24), st.sampled_from([None, *REGIONS]))
def test_the_short_way_agrees_with_the_library_on_random_digits(text: str, region: str | None) -> None:
    assert phone.judge(text, region) == phone.judge_slowly(text, region)


@settings(deadline=None)
@given(mutated())
def test_one_number_in_a_cell_is_what_the_library_reads(written: tuple[str, str | None]) -> None:
    text, region = written
    trimmed = text.strip()
    judged = phone.judge_slowly(trimmed, region)
    if judged is not None and region is not None and trimmed.isascii() and "  " not in trimmed:
        assert phone.parse(text, region) == judged


@settings(deadline=None)
@given(mutated())
def test_a_canonical_number_is_its_own_canonical_form(written: tuple[str, str | None]) -> None:
    found = phone.parse(*written)
    if found is not None:
        again = phone.parse(found.number)
        assert phone.national_column(pl.Series([found.number])).to_list() == [phone.national(found.number)]
        assert again == phone.Phone(found.number, found.region, found.type)
        code_length = len(found.number) - len(phone.national(found.number)) - 1
        assert int(found.number[1 : 1 + code_length]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE


@settings(deadline=None)
@given(st.lists(mutated() | st.just((None, "US"))))
def test_column_form_equals_scalar_form(cells: list[tuple[str | None, str | None]]) -> None:
    texts = pl.Series([text for text, _ in cells], dtype=pl.String)
    regions = pl.Series([region for _, region in cells], dtype=pl.String)
    as_rows = [
        None if p is None else {f: getattr(p, f) for f in p.__struct_fields__}
        for p in (phone.parse(text, region) for text, region in cells)
    ]
    assert phone.column(texts, regions).to_list() == as_rows


@pytest.mark.parametrize(
    ("cell", "region", "number"),
    [
        ("+1 415 555 0106", None, "+14155550106"),
        ("(415) 555-0106", "US", "+14155550106"),
        ("415.555.0106", "us", "+14155550106"),
        ("1-415-555-0106", "US", "+14155550106"),
        ("415-555-0106", None, None),
        ("14155550106", None, "+14155550106"),
        ("0014155550106", "US", "+14155550106"),
        ("00 44 20 7946 0123", "US", "+442079460123"),
        ("14155550106.0", None, "+14155550106"),
        (14155550106.0, None, "+14155550106"),
        (14155550106, None, "+14155550106"),
        ("4155550106.0", "US", "+14155550106"),
        ("1.4155550106E+10", None, "+14155550106"),
        ("1.41556E+10", None, None),
        ("1.41556E+10", "US", None),
        ("0044 20 7946 0123", None, "+442079460123"),
        ("0044 20 7946 0123", "GB", "+442079460123"),
        ("011 44 20 7946 0123", "US", "+442079460123"),
        ("020 7946 0123", "GB", "+442079460123"),
        ("+44 (0)20 7946 0123", None, "+442079460123"),
        ("020 7946 0123", None, None),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("Tel: +49 30 901820", None, "+4930901820"),
        ("tel:+1-415-555-0106", None, "+14155550106"),
        ("+1 415 555 0106 ext. 22", None, "+14155550106"),
        ("+1\u00a0415\u2011555\u20110106", None, "+14155550106"),
        ("\u202a+1 415 555 0106\u202c", None, "+14155550106"),
        ("＋１ ４１５ ５５５ ０１０６", None, "+14155550106"),
        ("+39 06 6982", None, "+39066982"),
        ("+800 1234 5678", None, "+80012345678"),
        ("555-0106", "US", None),
        ("+1 415 555", None, None),
        ("123", "US", None),
        ("+999 123 456 789", None, None),
        ("n/a", "US", None),
        ("", "US", None),
        (None, "US", None),
        (float("nan"), "US", None),
        ("+1 415 555 0106", "XX", "+14155550106"),
        ("+1 415 555 0106", 7, "+14155550106"),
    ],
)
def test_cells(cell: object, region: object, number: str | None) -> None:
    found = phone.parse(cell, region)
    assert (None if found is None else found.number) == number


@pytest.mark.parametrize(
    ("cell", "region", "numbers"),
    [
        ("+1 415 555 0106; +1 415 555 0107", None, ["+14155550106", "+14155550107"]),
        ("(415) 555-0106 / (415) 555-0107", "US", ["+14155550106", "+14155550107"]),
        ("415-555-0106, 415-555-0107", "US", ["+14155550106", "+14155550107"]),
        ("+1 415 555 0106\n+1 415 555 0107", None, ["+14155550106", "+14155550107"]),
        ("+1 415 555 0106 +1 415 555 0107", None, ["+14155550106", "+14155550107"]),
        ("415-555-0106 or 415-555-0107", "US", ["+14155550106", "+14155550107"]),
        ("+1 415 555 0106 | n/a", None, ["+14155550106"]),
        ("+1 415 555 0106; +14155550106", None, ["+14155550106"]),
        ("030/901820", "DE", ["+4930901820"]),
        ("office: 415-555-0106; cell: 415-555-0107", "US", ["+14155550106", "+14155550107"]),
        ("nothing; here", "US", []),
    ],
)
def test_several_numbers_in_one_cell(cell: str, region: str | None, numbers: list[str]) -> None:
    assert [found.number for found in phone.parse_all(cell, region)] == numbers


def test_extension_and_type_are_kept_apart() -> None:
    assert phone.parse("+1 800 555 0199 x7") == phone.Phone("+18005550199", "US", "toll_free", "7")
    assert phone.parse("+44 7400 123456") == phone.Phone("+447400123456", "GB", "mobile")
    assert phone.parse("+800 1234 5678") == phone.Phone("+80012345678", None, "toll_free")


def test_national_leaves_the_calling_code_out() -> None:
    assert phone.national("+35312345678") == "12345678"
    assert phone.national("+74955550106") == "4955550106"


def test_why() -> None:
    assert phone.why("+1 415 555 0106", "US") == ()
    assert "rounded" in phone.why("1.41556E+10", "US")[0].detail
    assert phone.why("415 555 01", "US")[0].detail == "no such number in the numbering plan of +1"
    assert [n.code for n in phone.why("+1 415 555 0106 x2; +1 415 555 0107", "GB")] == [
        "several",
        "region",
        "ignored",
    ]

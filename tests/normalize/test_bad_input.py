"""No cell makes a normalizer raise, and none makes it slow: hostile values for every kind of this room."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.normalize import domain, email, linkedin, phone, record
from leadspro_engine.normalize.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable

PARSERS: dict[str, Callable[[Any], object]] = {
    "email.parse": email.parse,
    "email.why": email.why,
    "phone.parse": phone.parse,
    "phone.parse in the US": lambda value: phone.parse(value, "US"),
    "phone.parse_all": phone.parse_all,
    "phone.why": phone.why,
    "domain.parse": domain.parse,
    "domain.company_domain": domain.company_domain,
    "domain.why": domain.why,
    "linkedin.parse": linkedin.parse,
    "linkedin.person": linkedin.person,
    "linkedin.company": linkedin.company,
    "linkedin.why": linkedin.why,
}
LONGEST = 64 * 1024
PATTERNS = (
    *(
        "a",
        "@",
        ".",
        " ",
        "\n",
        "-",
        "/",
        "+",
        "1",
        "0",
        "%",
        "%2",
        "a@",
        "a.",
        ".@",
        "1 ",
        "1,",
        "1;",
        "1/",
        "+1",
    ),
    *(
        "é",
        "\u0301",
        "\u200b",
        "\u202e",
        "١",
        "\ud800",
        "\x00",
        "🚀",
        "ß",
        "İ",
        "(",
        "<",
        '"',
        "\\",
        "a-",
        "xn--",
    ),
    *(
        "www.linkedin.com/in/",
        "https://",
        "http:/",
        "in/a",
        "1 or ",
        "1\t",
        "0.",
        "1e9",
        "ext",
        "x1",
        "%25",
        "%C3",
    ),
)
ANYTHING = (
    st.text(max_size=200)
    | st.text(st.characters(), max_size=200)
    | st.binary(max_size=200)
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.dates()
    | st.booleans()
    | st.none()
    | st.lists(st.text(max_size=5), max_size=3)
    | st.builds(object)
)


@settings(deadline=None)
@given(ANYTHING)
def test_nothing_raises(value: object) -> None:
    for parse in PARSERS.values():
        parse(value)


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("pattern", PATTERNS, ids=ascii)
def test_long_cells_are_read_in_time_linear_in_their_length(name: str, pattern: str) -> None:
    for cell in (pattern * (LONGEST // len(pattern)), "ada@acme.com" + pattern * (LONGEST // len(pattern))):
        started = time.process_time()
        PARSERS[name](cell)
        assert time.process_time() - started < 1.0


@settings(deadline=None)
@given(st.text(max_size=100))
def test_clean_text_is_visible_trimmed_and_stays_as_it_is(value: str) -> None:
    text = clean(value)
    if text is not None:
        assert text
        assert text == text.strip()
        assert "  " not in text
        assert clean(text) == text
        assert not any(ord(character) < 32 for character in text)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(record.ROLES), st.text(max_size=30)), max_size=5))
def test_records_of_any_text_are_read(rows: list[dict[str, str]]) -> None:
    raw = pl.DataFrame(
        {role: [_cell(role, row.get(role)) for row in rows] for role in record.ROLES},
        schema={role: record.RAW_SCHEMA[role] for role in record.ROLES},
    )
    assert record.person_columns(raw).height == record.company_columns(raw).height == len(rows)


def _cell(role: str, value: str | None) -> object:
    return value if value is None or role not in record.LIST_ROLES else [value]

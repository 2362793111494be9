"""Web addresses: forms that are one page, what is refused, and what every canonical address holds."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.normalize import url

HARD = st.text(st.sampled_from("aZ09-._~/\\?#%&=:@[]{}|^ <>\"'\té山\u200b\u0301ß％"), max_size=30)
FRONTS = st.sampled_from(("", "http://", "https://acme.com", "acme.com/", "HTTPS:acme.com?", "//acme.co.uk:"))


@pytest.mark.parametrize(
    ("cell", "canonical"),
    [
        ("https://acme.com", "https://acme.com"),
        ("https://acme.com/", "https://acme.com"),
        ("https://acme.com//", "https://acme.com"),
        ("acme.com", "https://acme.com"),
        ("www.acme.com/About", "https://www.acme.com/About"),
        ("//acme.com/a", "https://acme.com/a"),
        ("HTTP://ACME.COM/A", "http://acme.com/A"),
        ("http:/acme.com", "http://acme.com"),
        ("http:\\\\acme.com\\a", "http://acme.com/a"),
        ("https://acme.com:443/a", "https://acme.com/a"),
        ("http://acme.com:080", "http://acme.com"),
        ("https://acme.com:8443/a", "https://acme.com:8443/a"),
        ("acme.com:8080/a", "https://acme.com:8080/a"),
        ("https://acme.com:99999", None),
        ("https://user:secret@acme.com/a", "https://acme.com/a"),
        ("https://acme.com/a/./b/../c", "https://acme.com/a/c"),
        ("https://acme.com/../../a", "https://acme.com/a"),
        ("https://acme.com/a/..", "https://acme.com"),
        ("https://acme.com/a/b/..", "https://acme.com/a/"),
        ("https://acme.com/%7euser/%c3%a9", "https://acme.com/~user/%C3%A9"),
        ("https://acme.com/é", "https://acme.com/%C3%A9"),
        ("https://acme.com/100%", "https://acme.com/100%"),
        ("https://acme.com/a?b=1&utm_source=x&utm_medium=y", "https://acme.com/a?b=1"),
        ("https://acme.com/?gclid=1", "https://acme.com"),
        ("https://acme.com/?track=1", "https://acme.com?track=1"),
        ("https://acme.com/a#team", "https://acme.com/a"),
        ("<https://acme.com/a>,", "https://acme.com/a"),
        ("(see https://acme.com/a)", None),
        ("(https://acme.com/a).", "https://acme.com/a"),
        ("https://acme.com/a_(b)", "https://acme.com/a_(b)"),
        ("https://acme.com/a our site", "https://acme.com/a"),
        ("https://münchen.de/x", "https://xn--mnchen-3ya.de/x"),
        ("mailto:ada@acme.com", None),
        ("ada@acme.com", None),
        ("javascript:alert(1)", None),
        ("ftp://acme.com", None),
        ("https://localhost/a", None),
        ("https://10.0.0.1/", None),
        ("n/a", None),
        ("acme", None),
        ("", None),
        (None, None),
        (14155550106.0, None),
    ],
)
def test_canonical_forms(cell: object, canonical: str | None) -> None:
    assert url.parse(cell) == canonical


@settings(deadline=None)
@given(FRONTS, HARD)
def test_a_canonical_address_is_its_own_canonical_form_and_ascii(front: str, rest: str) -> None:
    found = url.parse(front + rest)
    if found is not None:
        assert found.isascii()
        assert found.startswith(("http://", "https://"))
        assert url.parse(found) == found
        assert not set(found) & set(' "<>\\^`{|}#')


@settings(deadline=None)
@given(st.lists(st.none() | HARD | st.builds(str.__add__, FRONTS, HARD)))
def test_column_form_equals_scalar_form(cells: list[str | None]) -> None:
    assert url.column(pl.Series(cells, dtype=pl.String())).to_list() == [url.parse(cell) for cell in cells]


@given(st.binary() | st.floats() | st.booleans() | st.builds(object))
def test_nothing_raises(value: object) -> None:
    url.parse(value)
    assert url.why(value)

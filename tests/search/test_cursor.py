"""Cursors are opaque, and bound to the query and the dataset they were made on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspro_engine.errors import CursorExpired, InvalidInput
from leadspro_engine.search.cursor import Place, decode, encode

PLACE = Place(2, 1, "p_0042")


@given(
    st.builds(
        Place,
        st.integers(0, 10**6),
        st.integers(0, 10),
        st.text(st.characters(codec="utf-8"), max_size=40),
    )
)
def test_decoding_gives_the_place_that_was_encoded(place: Place) -> None:
    text = encode(place, version="v-1", query="abc")
    assert decode(text, version="v-1", query="abc") == place
    assert text.replace("-", "").replace("_", "").isalnum()


def test_cursor_of_an_older_dataset_has_expired() -> None:
    with pytest.raises(CursorExpired, match=r"made on dataset v-1.*now v-2.*without a cursor"):
        decode(encode(PLACE, version="v-1", query="abc"), version="v-2", query="abc")


def test_cursor_of_another_query_is_refused() -> None:
    with pytest.raises(InvalidInput, match="same filters") as caught:
        decode(encode(PLACE, version="v-1", query="abc"), version="v-1", query="def")
    assert caught.value.field == "/cursor"


@pytest.mark.parametrize(
    "text", ["", "nonsense", "W10", "é", "a" * 100_000, "WyJ2LTEiLCJhYmMiLDNd", "====", "bnVsbA"]
)
def test_text_that_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="/cursor"):
        decode(text, version="v-1", query="abc")


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda b: b.decode("latin-1")))
def test_any_text_is_decoded_or_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        decode(text, version="v-1", query="abc")

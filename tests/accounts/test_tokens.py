"""The text of API keys."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspro_engine.accounts import tokens


@pytest.mark.parametrize("mode", ["live", "test"])
def test_a_new_key_has_the_documented_shape_and_passes_its_own_check(mode: tokens.Mode) -> None:
    token = tokens.new_token(mode)
    assert re.fullmatch(rf"pl_{mode}_[0-9A-Za-z]{{38}}", token)
    assert tokens.well_formed(token)


def test_no_two_keys_are_alike() -> None:
    assert len({tokens.new_token("live") for _ in range(500)}) == 500


@given(st.data())
def test_one_wrong_character_is_noticed_wherever_it_stands(data: st.DataObject) -> None:
    token = tokens.new_token("live")
    place = data.draw(st.integers(len("pl_live_"), len(token) - 1))
    other = data.draw(st.sampled_from(sorted(set(string.ascii_letters + string.digits) - {token[place]})))
    assert not tokens.well_formed(token[:place] + other + token[place + 1 :])


@given(st.text())
def test_any_text_is_judged_without_raising(text: str) -> None:
    assert not tokens.well_formed(text)


@pytest.mark.parametrize(
    "text",
    ["", "pl_live_", "pl_demo_public", "pl_test_000000000000000000000000000000000aN4Fn\n", "PL_TEST_0"],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    assert not tokens.well_formed(text)


def test_hint_and_digest_do_not_give_the_key_away() -> None:
    token = tokens.new_token("live")
    assert token not in tokens.hint(token)
    assert len(tokens.hint(token).replace("…", "")) == 16
    assert token[8:] not in tokens.digest(token)

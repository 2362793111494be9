"""Misspelt words of titles: what is mended, and which real words never stand for each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from leadspro_engine.search import slips
from leadspro_engine.search.corrections import corrected


class Counted:
    """Words of titles with their numbers."""

    def __init__(self, **numbers: int) -> None:
        self._numbers = numbers

    def number(self, word: str) -> int:
        return self._numbers.get(word, 0)

    def near(self, word: str) -> list[str]:
        return [one for one in self._numbers if OSA.distance(one, word) == 1]


TITLES = Counted(
    manager=5000, manger=3, engineer=4000, engineers=90, barista=300, baristas=2, sales=6000, scales=200,
    officer=80, officers=80, lead=900, head=900, vet=3,
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("mangaer", "manager"),
        ("manger", "manager"),
        ("Sr. Enginer", "sr engineer"),
        ("slaes manager", "sales manager"),
        ("baristas", "barista"),
        ("scales", "scales"),  # a real word, which is not rare enough
        ("lead", "lead"),
        ("head", "head"),
        ("vt", "vt"),  # too short
        ("officr", "officer"),
        ("xylophonist", "xylophonist"),
        ("2026a", "2026a"),
    ],
)
def test_a_slip_is_mended_and_a_real_word_stays(asked: str, meant: str) -> None:
    assert corrected(asked, TITLES) == meant


LISTED = st.sets(st.text("abcé\U0010ffff\ud7ff\ue000", min_size=1, max_size=6), max_size=12)


@given(LISTED, st.text("abcé\U0010ffff\ud7ff\ue000", min_size=1, max_size=5))
def test_the_walk_finds_what_comparing_everything_finds(listed: set[str], typed: str) -> None:
    def first_from(text: str) -> str | None:
        return min((one for one in listed if one >= text), default=None)

    assert slips.entries(typed, first_from) == {one for one in listed if OSA.distance(one, typed) == 1}
    near = slips.beginnings(typed, first_from)
    lengths = range(len(typed) - 1, len(typed) + 2)
    for one in listed:
        within = any(OSA.distance(one[:length], typed) <= 1 for length in lengths)
        found = one.startswith(typed) or any(one.startswith(text) for text in near)
        assert found == within

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.compare.names import SAME_NAME, Kind, similarity

SAME: dict[Kind, list[tuple[str, str]]] = {
    "person": [
        ("Amelia Hartwell", "Hartwell, Amelia"),
        ("Bob Ashby", "Robert Ashby"),
        ("A. Hartwell", "Amelia Hartwell"),
        ("Thomas Edward Ashby", "Thomas Ashby"),
        ("Dr. Amelia Hartwell", "Amelia Hartwell"),
        ("Ameila Hartwell", "Amelia Hartwell"),
        ("AmeliaHartwell", "Amelia Hartwell"),
        ("Femke van der Berg", "Femke Vanderberg"),
        ("Мария Соколова", "Maria Sokolova"),
        ("Мухаммед Каримов", "Mohammad Karimov"),
        ("محمد منصور", "Mohammed Mansour"),
        ("Abd al-Aziz Qasim", "Abdulaziz Kassem"),
        ("Paco Moreno", "Francisco Moreno"),
        ("4melia H4rtwell", "Amelia Hartwell"),
        ("Hartwell Hartwell Amelia", "Amelia Hartwell"),
        ("王小明", "王 小明"),
    ],
    "organization": [
        ("Acme Widgets GmbH", "ACME Widgets Gesellschaft mit beschränkter Haftung"),
        ("AcmeWidgets AG", "Acme Widgets AG"),
        ("The Acme Widget Company", "Acme Widget Corp."),
        ("Acme Widgets & Sons", "Acme Widgets and Sons Ltd"),
        ("United Widget Works", "UWW"),
        ("Acme Wigdets Ltd", "Acme Widgets Ltd"),
        ("First Widget Bank", "1st Widget Bank"),
        ("Acme Widgets", "Acme Widgets Europe Sp. z o.o."),
        ("ООО Ромашка", "Romashka LLC"),
        ("Brigade Forty 2", "Brigade 42"),
    ],
}
DIFFERENT: dict[Kind, list[tuple[str, str]]] = {
    "person": [
        ("Amelia Hartwell", "Amelia Ashby"),
        ("Amelia Hartwell", "Thomas Hartwell"),
        ("Ivan Petrovich Sokolov", "Ivan Sergeevich Sokolov"),
        ("Amelia J. Hartwell", "Amelia K. Hartwell"),
        ("Omar bin Khalid Mansour", "Khalid bin Omar Mansour"),
        ("王小明", "王小红"),
        ("김민수", "김민호"),
        ("", "Amelia Hartwell"),
    ],
    "organization": [
        ("Acme Widgets AG", "Zenith Gadgets AG"),
        ("Acme Steel Ltd", "Acme Widgets Ltd"),
        ("Bank of Widgets (Hong Kong) Ltd", "Bank of Widgets (Singapore) Ltd"),
        ("BD Ltd", "BP Ltd"),
        ("A.B.C. Company", "C.B.A. Company"),
        ("Widget Fund VIII", "Widget Fund XI"),
        ("", "Acme"),
    ],
}
KINDS: tuple[Kind, ...] = ("person", "organization")
TEXT = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(
            [
                "Abd",
                "al",
                "bin",
                "Bob",
                "Robert",
                "J.",
                "王小明",
                "محمد",
                "GmbH",
                "Ltd",
                "ABC",
                "Forty",
                "4",
                "the",
                "of",
                "II",
                "O'Hara",
                "ß",
            ]
        ),
        max_size=6,
    ).map(" ".join),
)


@pytest.mark.parametrize(("kind", "pair"), [(kind, pair) for kind in KINDS for pair in SAME[kind]])
def test_two_writings_of_one_name_are_the_same(kind: Kind, pair: tuple[str, str]) -> None:
    assert similarity(*pair, kind=kind) >= SAME_NAME


@pytest.mark.parametrize(("kind", "pair"), [(kind, pair) for kind in KINDS for pair in DIFFERENT[kind]])
def test_two_names_are_different(kind: Kind, pair: tuple[str, str]) -> None:
    assert similarity(*pair, kind=kind) < SAME_NAME


@settings(deadline=None)  # the tables are read on first use
@given(TEXT, TEXT, st.sampled_from(KINDS))
def test_the_score_is_a_share_and_never_raises(left: str, right: str, kind: Kind) -> None:
    assert 0.0 <= similarity(left, right, kind=kind) <= 1.0


@settings(deadline=None)  # the tables are read on first use
@given(TEXT, TEXT, st.sampled_from(KINDS))
def test_the_order_of_the_two_names_does_not_matter(left: str, right: str, kind: Kind) -> None:
    assert similarity(left, right, kind=kind) == pytest.approx(similarity(right, left, kind=kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["Amelia Hartwell", "王小明", "محمد منصور", "Acme GmbH", "3M"])
def test_a_name_is_wholly_like_itself(name: str, kind: Kind) -> None:
    assert similarity(name, name, kind=kind) == 1.0


def test_more_slips_never_make_names_more_alike() -> None:
    slips = ["Amelia Hartwell", "Amelia Hartwel", "Amelia Hartwe", "Amelia Hartw", "Amelia Hart"]
    scores = [similarity("Amelia Hartwell", name, kind="person") for name in slips]
    assert scores == sorted(scores, reverse=True)

"""How alike the name asked for and a name on record are, well enough to choose whom to compare in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import JaroWinkler

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from leadspro_engine.match.question import Question

Name = tuple[str, str]
"""Given and family name in compare form."""


class AskedName(NamedTuple):
    """A name that a question asks for; ``nicknames`` are other forms of the given name."""

    given: str
    nicknames: Sequence[str]
    family: str


def names_of(question: Question) -> list[AskedName]:
    """The names that a question asks for: those of its readings that have both parts."""
    return [
        AskedName(one["given_key"], one.get("given_variants", ()), one["family_key"])
        for one in question.readings
        if {"given_key", "family_key"} <= one.keys()
    ]


def likeness(recorded: str, names: Sequence[AskedName]) -> float:
    """How like a recorded name ("given family") is to the likest of some names, 0..1.

    The less alike of both parts counts, in the order that suits better; an initial is as its name, and so is
    a nickname without a slip.

    >>> ada = AskedName("ada", ("adele",), "lovelace")
    >>> likeness("a lovelace", [ada]), likeness("lovelace ada", [ada]), likeness("adele lovelace", [ada])
    (1.0, 1.0, 1.0)
    >>> likeness("ada king", [ada]) < 0.5
    True
    """
    return max(_pair(split, names) for split in _splits(recorded))


def likest(recorded: Collection[str], names: Sequence[AskedName]) -> Name | None:
    """The likest of some recorded names, of equal ones the longest, in given and family name; None of none.

    >>> likest({"ana maria lopez", "a lopez"}, [AskedName("ana maria", (), "lopez")])
    ('ana maria', 'lopez')
    """
    splits = [split for one in sorted(recorded) for split in _splits(one)]
    return max(splits, key=lambda split: (_pair(split, names), len(split[0]) + len(split[1])), default=None)


def _splits(recorded: str) -> Iterator[Name]:
    """Every way to part a name into given and family name."""
    words = recorded.split(" ")
    for at in range(1, max(len(words), 2)):
        yield " ".join(words[:at]), " ".join(words[at:])


def _pair(recorded: Name, names: Sequence[AskedName]) -> float:
    """How alike a recorded name and the likest of some are, in either order."""
    first, second = recorded
    return max(
        max(
            min(_given(first, name), _part(second, name.family)),
            min(_part(first, name.family), _given(second, name)),
        )
        for name in names
    )


def _given(recorded: str, name: AskedName) -> float:
    """How alike a recorded given name and the one asked for are."""
    return 1.0 if recorded in name.nicknames else _part(recorded, name.given)


def _part(one: str, other: str) -> float:
    """How alike two parts of a name are."""
    if min(len(one), len(other)) == 1 and one[0] == other[0]:
        return 1.0
    return JaroWinkler.similarity(one, other)

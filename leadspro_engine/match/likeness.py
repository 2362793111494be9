"""How alike the name asked for and a name on record are, well enough to choose whom to compare in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz.distance import JaroWinkler

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from leadspro_engine.match.question import Question

Name = tuple[str, str]
"""Given and family name in compare form."""


def names_of(question: Question) -> list[Name]:
    """The names that a question asks for: those of its readings that have both parts."""
    readings = (one for one in question.readings if {"given_key", "family_key"} <= one.keys())
    return list(dict.fromkeys((one["given_key"], one["family_key"]) for one in readings))


def likeness(recorded: str, names: Sequence[Name]) -> float:
    """How like a recorded name ("given family") is to the likest of some names, 0..1.

    The less alike of both parts counts, in the order that suits better; an initial is as its name.

    >>> likeness("ada lovelace", [("a", "lovelace")]), likeness("lovelace ada", [("ada", "lovelace")])
    (1.0, 1.0)
    >>> likeness("ada lovelace", [("ada", "king")]) < 0.5
    True
    """
    return max(_pair(split, names) for split in _splits(recorded))


def likest(recorded: Collection[str], names: Sequence[Name]) -> Name | None:
    """The likest of some recorded names, of equal ones the longest, in given and family name; None of none.

    >>> likest({"ana maria lopez", "a lopez"}, [("ana maria", "lopez")])
    ('ana maria', 'lopez')
    """
    splits = [split for one in sorted(recorded) for split in _splits(one)]
    return max(splits, key=lambda split: (_pair(split, names), len(split[0]) + len(split[1])), default=None)


def _splits(recorded: str) -> Iterator[Name]:
    """Every way to part a name into given and family name."""
    words = recorded.split(" ")
    for at in range(1, max(len(words), 2)):
        yield " ".join(words[:at]), " ".join(words[at:])


def _pair(one: Name, names: Sequence[Name]) -> float:
    """How alike a name and the likest of others are."""
    return max(
        max(
            min(_part(one[0], given), _part(one[1], family)), min(_part(one[0], family), _part(one[1], given))
        )
        for given, family in names
    )


def _part(one: str, other: str) -> float:
    """How alike two parts of a name are."""
    if min(len(one), len(other)) == 1 and one[0] == other[0]:
        return 1.0
    return JaroWinkler.similarity(one, other)

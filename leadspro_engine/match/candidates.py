"""Whom a question may mean: everybody to whom one of its keys leads."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadspro_engine.dataset.keys import KeyIndex
    from leadspro_engine.match.question import Question
    from leadspro_engine.records import IdentifierKind

MOST_CANDIDATES = 200
"""Candidates that are scored. A key that leads to more people than this identifies nobody by itself."""


class Candidate(Struct, frozen=True):
    """One person whom the question may mean.

    Attributes:
        id: the person's.
        holders: for each kind of identifier by which they were found, how many people its key leads to
            (the fewest, when several keys of a kind do).
        elsewhere: the kinds of identifier whose keys lead to other people only.
    """

    id: str
    holders: dict[IdentifierKind, int]
    elsewhere: frozenset[IdentifierKind]


def candidates(index: KeyIndex, question: Question) -> list[Candidate]:
    """The people to whom the keys lead, at most ``MOST_CANDIDATES``, sorted by id.

    When there are more, those to whom most keys lead are kept, of equal ones the first by id.
    """
    holders: dict[str, dict[IdentifierKind, int]] = {}
    keys_to: Counter[str] = Counter()
    for kind, keys in question.keys.items():
        for ids in index.lookup(kind, keys).values():
            keys_to.update(ids)
            for one in ids:
                found = holders.setdefault(one, {})
                found[kind] = min(len(ids), found.get(kind, len(ids)))
    kinds = frozenset(kind for found in holders.values() for kind in found)
    return [Candidate(one, holders[one], kinds - holders[one].keys()) for one in sorted(_most_named(keys_to))]


def _most_named(keys_to: Mapping[str, int]) -> Sequence[str]:
    """The ids to whom most keys lead."""
    if len(keys_to) <= MOST_CANDIDATES:
        return list(keys_to)
    return sorted(keys_to, key=lambda one: (-keys_to[one], one))[:MOST_CANDIDATES]

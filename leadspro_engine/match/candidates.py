"""Whom a question may mean: everybody to whom one of its keys leads, else who is nearly named so.

1. E-mail, hash, phone and profile, and the name with a domain or company, are looked up as they are; the name
   also with its nicknames and swapped, the company by all its names and domains.
2. When the name leads nowhere, the colleagues at the company are searched for a similar name (a slip, an
   initial), and the company for a similar spelling.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct
from rapidfuzz.distance import JaroWinkler

from leadspro_engine.dataset.nearby import colleague_keys
from leadspro_engine.match.employers import employers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from leadspro_engine.dataset.keys import KeyIndex
    from leadspro_engine.dataset.nearby import Colleague
    from leadspro_engine.match.question import Question
    from leadspro_engine.records import IdentifierKind

MOST_CANDIDATES = 200
"""Candidates that are scored. A key that leads to more people than this identifies nobody by itself."""

MOST_SIMILAR = 20
"""Colleagues of similar name that are scored; the likest come first."""

ALIKE = 0.8
"""Jaro-Winkler similarity from which on names are compared further, as in the people model."""


class Candidate(Struct, frozen=True):
    """One person whom the question may mean.

    Attributes:
        id: the person's.
        holders: for each kind of identifier by which they were found, how many people its key leads to
            (the fewest, when several keys of a kind do); empty for a similar name.
        elsewhere: the kinds of identifier whose keys lead to other people only.
    """

    id: str
    holders: dict[IdentifierKind, int]
    elsewhere: frozenset[IdentifierKind]


def candidates(index: KeyIndex, question: Question) -> list[Candidate]:
    """The people whom the question may mean, at most ``MOST_CANDIDATES``, sorted by id.

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
    if kinds.isdisjoint({"name_domain", "name_company"}):
        keys_to.update(_similar(index, question))
    return [
        Candidate(one, holders.get(one, {}), kinds - holders.get(one, {}).keys())
        for one in sorted(_most_named(keys_to))
    ]


def _most_named(keys_to: Mapping[str, int]) -> Sequence[str]:
    """The ids to whom most keys lead."""
    if len(keys_to) <= MOST_CANDIDATES:
        return list(keys_to)
    return sorted(keys_to, key=lambda one: (-keys_to[one], one))[:MOST_CANDIDATES]


def _similar(index: KeyIndex, question: Question) -> list[str]:
    """The ids of the colleagues at the question's company whose names are like one of its names."""
    names = [
        (one["given_key"], one["family_key"])
        for one in question.readings
        if {"given_key", "family_key"} <= one.keys()
    ]
    if not names:
        return []
    keys = colleague_keys(employers(index, question), *(part for name in names for part in name))
    ranked = sorted(_ranked(index.colleagues(keys), names))
    return [ident for _, ident in ranked[:MOST_SIMILAR]]


def _ranked(colleagues: Iterable[Colleague], names: Sequence[tuple[str, str]]) -> Iterator[tuple[float, str]]:
    """Those of the colleagues who have a similar name, with minus their likeness."""
    for one in colleagues:
        likeness = max(_likeness(one, given, family) for given, family in names)
        if likeness >= ALIKE:
            yield -likeness, one.id


def _likeness(colleague: Colleague, given: str, family: str) -> float:
    """How alike two names are, 0..1: the less alike of both parts, in the order that suits better."""
    theirs = (colleague.given_key or "", colleague.family_key or "")
    straight = min(_part(given, theirs[0]), _part(family, theirs[1]))
    swapped = min(_part(given, theirs[1]), _part(family, theirs[0]))
    return max(straight, swapped)


def _part(one: str, other: str) -> float:
    """How alike two names are, 0..1; an initial is as its name."""
    if min(len(one), len(other)) == 1 and one[0] == other[0]:
        return 1.0
    return JaroWinkler.similarity(one, other)

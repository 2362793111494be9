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

from leadspro_engine.dataset.nearby import colleague_keys
from leadspro_engine.match.employers import employers
from leadspro_engine.match.likeness import likeness, likest, names_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadspro_engine.dataset.keys import KeyIndex
    from leadspro_engine.dataset.nearby import Colleague
    from leadspro_engine.match.likeness import AskedName
    from leadspro_engine.match.question import Question
    from leadspro_engine.records import IdentifierKind

MOST_CANDIDATES = 200
"""Candidates that are scored. A key that leads to more people than this identifies nobody by itself."""

MOST_SIMILAR = 20
"""Colleagues of similar name that are scored; the likest come first."""

_BY_NAME = frozenset({"name_domain", "name_company"})

ALIKE = 0.8
"""Jaro-Winkler similarity from which on names are compared further, as in the people model."""


class Candidate(Struct, frozen=True):
    """One person whom the question may mean.

    Attributes:
        id: the person's.
        holders: for each kind of identifier by which they were found, how many people its key leads to
            (the fewest, when several keys of a kind do); empty for a similar name.
        elsewhere: the kinds of identifier whose keys lead to other people only.
        name: given and family name by which a record knows them at the company, when they were found by it.
    """

    id: str
    holders: dict[IdentifierKind, int]
    elsewhere: frozenset[IdentifierKind]
    name: tuple[str, str] | None


def candidates(index: KeyIndex, question: Question) -> list[Candidate]:
    """The people whom the question may mean, at most ``MOST_CANDIDATES``, sorted by id.

    When there are more, those to whom most keys lead are kept, of equal ones the first by id.
    """
    holders: dict[str, dict[IdentifierKind, int]] = {}
    keys_to: Counter[str] = Counter()
    known_as: dict[str, set[str]] = {}
    for kind, keys in question.keys.items():
        for key, ids in index.lookup(kind, keys).items():
            keys_to.update(ids)
            for one in ids:
                found = holders.setdefault(one, {})
                found[kind] = min(len(ids), found.get(kind, len(ids)))
                if kind in _BY_NAME:
                    known_as.setdefault(one, set()).add(key.partition("|")[0])
    names = names_of(question)
    if names and not known_as:
        for colleague in _similar(index, question, names):
            keys_to[colleague.id] += 1
            known_as.setdefault(colleague.id, set()).add(colleague.name)
    kinds = frozenset(kind for found in holders.values() for kind in found)
    return [
        Candidate(one, led := holders.get(one, {}), kinds - led.keys(), likest(known_as.get(one, ()), names))
        for one in sorted(_most_named(keys_to))
    ]


def _most_named(keys_to: Mapping[str, int]) -> Sequence[str]:
    """The ids to whom most keys lead."""
    if len(keys_to) <= MOST_CANDIDATES:
        return list(keys_to)
    return sorted(keys_to, key=lambda one: (-keys_to[one], one))[:MOST_CANDIDATES]


def _similar(index: KeyIndex, question: Question, names: Sequence[AskedName]) -> list[Colleague]:
    """The colleagues at the question's company whose names are like one of its names, the likest first."""
    parts = (part for name in names for part in (name.given, *name.nicknames, name.family))
    keys = colleague_keys(employers(index, question), *parts)
    ranked = sorted((-likeness(one.name, names), one) for one in index.colleagues(keys))
    return [one for unlike, one in ranked[:MOST_SIMILAR] if -unlike >= ALIKE]

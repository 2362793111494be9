"""Abbreviations and synonyms of job titles, both ways.

``terms`` cuts a text into *terms*, longest known phrase first; each term lists its *alternatives*, and an
alternative is the words that must all be present. A text fits when every term has an alternative that is
present: ``"VP RevOps"`` fits "Vice President, Revenue Operations" and the other way round. A phrase that
stands in several groups of the table (PM) has the alternatives of all of them.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from importlib.resources import files

from leadspro_engine.dataset.words import STOP_WORDS, words

Alternative = tuple[str, ...]
"""Words that must all be present."""
Term = tuple[Alternative, ...]
"""Alternatives of which one must be present."""


def terms(text: str) -> tuple[Term, ...]:
    """The terms of a text; empty when it has no words.

    >>> terms("VP of Growth")
    ((('v', 'p'), ('vice', 'president'), ('vp',)), (('growth',),))
    """
    rest, found = words(text), []
    while rest:
        length, alternatives = _longest_phrase(rest)
        found.append(alternatives)
        rest = rest[length:]
    meaningful = [term for term in found if term[0][0] not in STOP_WORDS]
    return tuple(meaningful or found)


def plain_terms(text: str) -> tuple[Term, ...]:
    """The terms of a text where no synonyms are known: each word for itself.

    >>> plain_terms("North Peak")
    ((('north',),), (('peak',),))
    """
    return tuple(((word,),) for word in words(text))


@cache
def known_phrases() -> frozenset[Alternative]:
    """Every phrase of the packaged table."""
    return frozenset(_alternatives()[0])


def _longest_phrase(rest: list[str]) -> tuple[int, Term]:
    """How many of the next words make a known phrase, and its alternatives; one word when none does."""
    table, longest = _alternatives()
    for length in range(min(longest, len(rest)), 0, -1):
        phrase = tuple(rest[:length])
        if phrase in table:
            return length, table[phrase]
    return 1, ((rest[0],),)


@cache
def _alternatives() -> tuple[dict[Alternative, Term], int]:
    """Each phrase of the packaged table with all phrases of its groups; and the longest phrase's length."""
    groups: defaultdict[str, set[Alternative]] = defaultdict(set)
    with files(__package__).joinpath("tables", "title_synonyms.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            groups[row["group"]].add(tuple(words(row["phrase"])))
    known: defaultdict[Alternative, set[Alternative]] = defaultdict(set)
    for phrases in groups.values():
        for phrase in phrases:
            known[phrase] |= phrases
    return {phrase: tuple(sorted(all_of)) for phrase, all_of in known.items()}, max(map(len, known))

"""The company that a question names: known by all its names and domains, and when it is misspelt."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import JaroWinkler

from leadspro_engine.match.question import with_keys
from leadspro_engine.normalize import company

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leadspro_engine.dataset.keys import KeyIndex
    from leadspro_engine.match.question import Question

MOST_COMPANIES = 5
"""Companies of one name that are all taken to be meant; a name that more companies share says too little."""

ALIKE = 0.9
"""Jaro-Winkler similarity from which on a company name counts as a misspelling, as in the people model."""


def widened(index: KeyIndex, question: Question) -> Question:
    """The question with the other names and the domains of the company that it names.

    A record may know the employer by its domain and the question by its name, or the other way round. A name
    that no company has is read as part of a longer one, or as one with a word too many.
    """
    readings = tuple(_widened(index, reading) for reading in question.readings)
    return question if readings == question.readings else with_keys(question, readings)


def employers(index: KeyIndex, question: Question) -> list[str]:
    """The domains and company keys of the question's company, and those of companies spelled alike."""
    found: dict[str, None] = {}
    for reading in question.readings:
        keys = reading.get("company_keys", [])
        found |= dict.fromkeys([*reading.get("domains", []), *keys])
        for alike in _spelled_alike(index, keys):
            found |= dict.fromkeys([alike, *_known(index, [], [alike])[0]])
    return list(found)


def _widened(index: KeyIndex, reading: dict[str, Any]) -> dict[str, Any]:
    """A reading with all domains and names of its company; itself when that adds nothing."""
    domains, keys = reading.get("domains", []), reading.get("company_keys", [])
    if "family_key" not in reading or not (domains or keys):
        return reading
    more_domains, more_keys = _known(index, domains, keys)
    if not (domains or more_domains or more_keys):
        longer = [one for key in keys for one in _of_the_same_words(index, key)][:MOST_COMPANIES]
        more_domains, more_keys = _known(index, [], longer)
    wide = {
        "domains": list(dict.fromkeys([*domains, *more_domains])),
        "company_keys": list(dict.fromkeys([*keys, *more_keys])),
    }
    return reading | {column: values for column, values in wide.items() if values}


def _known(index: KeyIndex, domains: list[str], keys: list[str]) -> tuple[list[str], list[str]]:
    """The domains and the company keys of the companies that have one of these."""
    led = [*index.lookup("company_domain", domains).values(), *index.lookup("company_name", keys).values()]
    ids = {one for several in led if len(several) <= MOST_COMPANIES for one in several}
    companies = index.companies(sorted(ids)).values()
    names = (_key(one.name) for one in companies if one.name is not None)
    return [one.domain for one in companies if one.domain is not None], [
        key for key in names if key is not None
    ]


def _spelled_alike(index: KeyIndex, keys: Iterable[str]) -> list[str]:
    """The company keys in the dataset that look like a misspelling of one of these, the likest first."""
    near = [
        (-JaroWinkler.similarity(key, one), one)
        for key in keys
        for one in index.companies_spelled_like(key)
        if one != key
    ]
    return [one for likeness, one in sorted(near) if -likeness >= ALIKE][:MOST_COMPANIES]


def _of_the_same_words(index: KeyIndex, key: str) -> list[str]:
    """The company keys that say more words than this one, or fewer ("lumen" for "lumen labs")."""
    words = set(key.split())
    return [
        one
        for one in index.companies_spelled_like(key)
        if words <= set(one.split()) or words >= set(one.split())
    ]


@lru_cache(maxsize=65_536)
def _key(name: str) -> str | None:
    """The compare key of a company's display name."""
    parsed = company.parse(name)
    return None if parsed is None else parsed.key

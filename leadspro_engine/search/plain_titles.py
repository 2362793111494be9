"""Words of a plain text as a job title or a department."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from leadspro_engine.normalize.title_tables import departments, levels, telling, vocabulary
from leadspro_engine.search.synonyms import known_phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINKS = frozenset(("of", "and", "&"))
_OFFICES = frozenset(
    ("analyst", "creative", "engineering", "finance", "human_resources", "legal", "marketing", "operations",
     "partnerships", "product", "research", "sales", "support")
)  # fmt: skip
"""Departments that a field of work alone names; the others ("insurance", "education") are industries too."""
_LONG_ENOUGH = 6
"""Letters of a word from which on its ending tells that it is somebody who does something."""
_VAGUE = frozenset(("leader", "maker"))
"""Words that say how high somebody stands, and are in few titles: "revops leaders"."""
_DOERS = ("er", "or", "ist", "yst", "ant", "ian", "ive")
_PROFESSION = 3
"""Strength of a phrase that is a profession, in ``title_departments.tsv``."""


def title_of(words: Sequence[str]) -> tuple[str, str] | None:
    """The field (job_title or department) and value that words stand for; None when they are no title.

    Plurals are taken for their singular. A field of work alone ("marketing") is a department, unless it has
    several words or an entry among the synonyms of titles only ("revops").

    >>> title_of(["heads", "of", "growth"]), title_of(["marketing"]), title_of(["berlin"])
    (('job_title', 'head of growth'), ('department', 'marketing'), None)
    """
    one_each = [_singular(word) for word in words]
    if one_each[0] in _LINKS or one_each[-1] in _LINKS or not _covered(one_each):
        return None
    text = " ".join(one_each)
    named = vocabulary("department").get(text)
    if list(words) == one_each[:1] and named in _OFFICES:
        return "department", named
    if _are_two_roles(one_each):
        return None
    if _is_a_role(one_each) or tuple(one_each) in known_phrases():
        return "job_title", text
    return None if named not in _OFFICES else ("department", named)


def _covered(words: Sequence[str]) -> bool:
    """Every word belongs to a phrase that titles are known by."""
    said = telling(list(words))
    seen = set()
    for table in (departments(), levels()):
        seen |= {i for hit in table.find(said) for i in range(hit.start, hit.end)}
    for start in range(len(said)):
        for end in range(start + 1, min(start + 4, len(said)) + 1):
            if tuple(said[start:end]) in known_phrases():
                seen |= set(range(start, end))
    if seen and said[-1].endswith(_DOERS) and len(said[-1]) >= _LONG_ENOUGH and said[-1] not in _VAGUE:
        seen.add(len(said) - 1)  # a strategist or specialist of something that is known
    return len(said) > 0 and len(seen) == len(said)


def _is_a_role(words: Sequence[str]) -> bool:
    """Somebody can be it: it has a level, is a profession, or ends as the names of those who do something."""
    said = telling(list(words))
    professions = (hit for hit in departments().find(said) if hit.meaning.strength >= _PROFESSION)
    return bool(levels().find(said)) or any(professions) or any(word.endswith(_DOERS) for word in said[-1:])


def _are_two_roles(words: Sequence[str]) -> bool:
    """Whether "and" joins two that somebody can be: CTOs and VPs, and not sales and marketing."""
    if "and" not in words:
        return False
    place = list(words).index("and")
    return all(side and _is_a_role(side) for side in (words[:place], words[place + 1 :]))


@cache
def known_word(word: str) -> bool:
    """Whether the packaged tables of titles know a word."""
    return bool(departments().find([word]) or levels().find([word])) or word in _words_of_titles()


@cache
def _words_of_titles() -> frozenset[str]:
    return frozenset(word for phrase in known_phrases() for word in phrase)


def _singular(word: str) -> str:
    """A word of titles without the s of its plural."""
    bare = word[:-1]
    if word.endswith("s") and len(bare) >= _LONG_ENOUGH and bare.endswith(_DOERS):
        return bare
    return bare if word.endswith("s") and len(bare) > 1 and known_word(bare) and not _stays(word) else word


def _stays(word: str) -> bool:
    """Whether the form with s is a word of its own: sales, operations."""
    return not word[:-1].endswith(_DOERS) and _is_listed(word)


def _is_listed(word: str) -> bool:
    return vocabulary("department").get(word) is not None or (word,) in known_phrases()

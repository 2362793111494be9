"""The words of ``tables/title_*.tsv``, ready to look up, and the words of a title in compare form."""

from __future__ import annotations

import functools
import re
from typing import Literal, NamedTuple, get_args

from leadspro_engine.normalize.name_fold import fold
from leadspro_engine.normalize.phrases import Phrases
from leadspro_engine.normalize.tables import rows

Department = Literal[
    "advisory", "analyst", "creative", "education", "engineering", "finance", "fulfillment", "health",
    "hospitality", "human_resources", "legal", "manufacturing", "marketing", "operations", "partnerships",
    "product", "professional_service", "public_service", "research", "sales", "sales_engineering", "support",
    "trade", "unemployed",
]  # fmt: skip
Level = Literal[
    "cxo", "director", "entry", "manager", "owner", "partner", "senior", "training", "unpaid", "vp",
]  # fmt: skip
DEPARTMENTS: tuple[Department, ...] = get_args(Department)
LEVELS: tuple[Level, ...] = get_args(Level)

BREAK = ","
_BREAK = re.compile(r",|\s[-–—]\s")
_MOST_WORDS = 24  # of a title; what stands behind them is a life story
_LITTLE = frozenset(
    (
        *("a", "an", "and", "the", "of", "for", "in", "on", "with", "at", "de", "du", "des", "d"),
        *("l", "la", "le", "les", "et", "en", "y", "e", "del", "los", "las", "da", "do", "dos"),
        *(
            "das",
            "di",
            "della",
            "delle",
            "dei",
            "degli",
            "per",
            "der",
            "die",
            "und",
            "fur",
            "im",
            "von",
            "bei",
        ),
        *("van", "het", "voor", "ter", "zu", "zum", "zur", "m", "w", "x", "f"),
    )
)
_DOTTED = re.compile(r"(?<![^\W_])[^\W_](?:\.[^\W_])+(?![^\W_])")
_INITIALS = re.compile(r"(?<!\w)([A-Za-z]{1,2}) ?& ?([A-Za-z])(?!\w)")
_ELISION = re.compile(r"(?<!\w)([dlDL])['’](?=\w)")
_SIGNS = frozenset("'’&:*_/·•([")  # one stands in every match of the three patterns that follow the dots
_GENDERED = re.compile(r"[:*_/·•](?:innen|in|e|euse|trice|a|ra|o)\b|\([^()]{0,40}\)|\[[^\[\]]{0,40}\]")


class Claim(NamedTuple):
    """What a phrase says of the department, and how strongly (0..3); None takes words away."""

    department: Department | None
    strength: int


@functools.cache
def departments() -> Phrases[Claim]:
    """The phrases of ``title_departments.tsv``."""
    return Phrases(
        (phrase, Claim(department, int(strength)))
        for name, strength, cell in rows("title_departments.tsv")
        for department in [_choice(name, DEPARTMENTS)]
        for phrase in _phrases(cell)
    )


@functools.cache
def levels() -> Phrases[str]:
    """The phrases of ``title_levels.tsv`` -> the name of their row."""
    return Phrases((phrase, name) for name, cell in rows("title_levels.tsv") for phrase in _phrases(cell))


@functools.cache
def vocabulary(kind: Literal["department", "level"]) -> dict[str, str]:
    """Words of ours and of other vendors, in compare form -> ours."""
    ours_first = DEPARTMENTS if kind == "department" else LEVELS
    found: dict[str, str] = {fold(word): word for word in ours_first}
    for name, ours, cell in rows("title_words.tsv"):
        if name == kind:
            for word in cell.split(", "):
                found.setdefault(fold(word), ours)
    return found


@functools.cache
def spellings() -> dict[str, str]:
    """Words of a title that keep capitals or small letters, folded to lower case -> how they are shown."""
    found: dict[str, str] = {}
    for kind, _, cell in rows("title_words.tsv"):
        if kind in ("acronym", "small"):
            found.update((w, w.upper() if kind == "acronym" else w) for w in cell.split(", "))
    return found


def words_of(text: str) -> list[str]:
    """The words of a title in compare form; brackets and gendered endings are left out, initials joined.

    No phrase reaches over a comma or a dash between spaces: ``BREAK`` stands for them.

    >>> words_of("C.E.O., Acme"), words_of("Head of R&D"), words_of("Mitarbeiter:in (m/w/d)")
    (['ceo', ',', 'acme'], ['head', 'of', 'rnd'], ['mitarbeiter'])
    """
    if "." in text:
        text = _DOTTED.sub(lambda found: found.group().replace(".", ""), text)
    if not _SIGNS.isdisjoint(text):
        text = _GENDERED.sub(" ", _INITIALS.sub(r"\1n\2", _ELISION.sub(r"\1 ", text)))
    parts = [fold(part).split() for part in _BREAK.split(text)]
    return [word for i, part in enumerate(parts) for word in ([BREAK] * (i > 0) + part)][:_MOST_WORDS]


def telling(words: list[str]) -> list[str]:
    """The words that phrases are made of: without the little ones.

    >>> telling(["chief", "of", "staff"])
    ['chief', 'staff']
    """
    return [word for word in words if word not in _LITTLE]


def _phrases(cell: str) -> list[str]:
    """The phrases of a cell in compare form, their stars kept."""
    found = []
    for phrase in cell.split(", "):
        bare = " ".join(telling(fold(phrase).split()))
        found.append(f"{'*' * phrase.startswith('*')}{bare}{'*' * phrase.endswith('*')}")
    return found


def _choice(name: str, choices: tuple[Department, ...]) -> Department | None:
    return next((choice for choice in choices if choice == name), None)

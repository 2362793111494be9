"""Job titles: the department (24 roles) and management level (10 levels) that a title tells.

1. What is not the title is cut off: the employer behind ``at`` or ``@``, slogans behind ``|``, emoji.
2. The words are folded; little words (of, the, de, für) are left out.
3. Department: of the phrases of ``tables/title_departments.tsv`` in the title the strongest counts, then the
   longest, then the first.
4. Level: of the phrases of ``tables/title_levels.tsv`` the highest counts.
5. Two abbreviations mean different things in different houses: MD is a doctor and a managing director, CMO a
   marketing and a medical officer. The words beside them and the employer decide.

Source: the vocabularies are ``job_title_role`` and ``job_title_levels`` of the People Data Labs
taxonomy, version 28. Where a title has several levels, the taxonomy lists them all; here the first of
``_RANK`` is *the* level.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import TYPE_CHECKING

from msgspec import Struct

from leadspro_engine.normalize import columns
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean
from leadspro_engine.normalize.title_case import tidied
from leadspro_engine.normalize.title_tables import (
    BREAK,
    DEPARTMENTS,
    LEVELS,
    Department,
    Level,
    departments,
    levels,
    telling,
    vocabulary,
    words_of,
)

if TYPE_CHECKING:
    import polars as pl

    from leadspro_engine.normalize.phrases import Found
    from leadspro_engine.normalize.title_tables import Claim

__all__ = ["DEPARTMENTS", "LEVELS", "JobTitle", "column", "department", "level", "parse", "why"]

_LONGEST = 200  # characters of a title that are read
_RANK: dict[str, Level] = {
    "unpaid": "unpaid", "training": "training", "junior": "entry", "owner": "owner", "partner": "partner",
    "cxo": "cxo", "vp": "vp", "director": "director", "manager": "manager", "senior": "senior",
    "bare": "entry",
}  # fmt: skip
_CUT = re.compile(r"\s[|•·»]\s?|\s(?:at|@|bei|chez|presso|bij)\s|\s@(?=\w)|[|;\n]", re.IGNORECASE)
_ASSISTANT = re.compile(r"assistant\w*|assistent\w*|asistente|pa|secretary|aide|sekretar\w*|secretaria")
_LINKS = frozenset(("to", "der", "des", "du", "di", "de", "van", "da", "del", "of", "al", "a"))


class JobTitle(Struct, frozen=True):
    """What a title says.

    Attributes:
        display: the title, tidied.
        department: what the work is about; None when the title does not tell.
        level: how high it stands; None for the many titles without a word for it ("Accountant").
    """

    display: str
    department: Department | None = None
    level: Level | None = None


def parse(value: object) -> JobTitle | None:
    """The title of one cell with its department and level; None when there is no letter in it.

    >>> parse("VP, SALES @ Acme | Helping teams grow")
    JobTitle(display='VP, Sales', department='sales', level='vp')
    >>> parse("Leiterin Personal").department, parse("MD at Mercy Hospital").department
    ('human_resources', 'health')
    """
    text = clean(value)
    if text is None:
        return None
    shown, rest = _title_and_rest(text[:_LONGEST])
    words = words_of(shown)
    if not any(character.isalpha() for character in shown):
        return None
    words = _spelled_out(words, words_of(rest))
    role = _department_of(words)
    return JobTitle(tidied(shown), role, _level_of(words, role))


def column(values: pl.Series) -> pl.Series:
    """``parse`` for each row: a struct column of ``JobTitle``, null where there is no title."""
    return columns.struct_column(values, parse, JobTitle)


def department(value: object) -> Department | None:
    """Our department for a word of ours, of another vendor, or of a department's own name; None if unknown.

    >>> department("HR"), department("master_finance"), department("Vertrieb"), department("xyz")
    ('human_resources', 'finance', 'sales', None)
    """
    text = clean(value)
    if text is None:
        return None
    words = words_of(text[:_LONGEST])
    known = vocabulary("department").get(" ".join(words)) or vocabulary("department").get(
        " ".join(telling(words))
    )
    if known is not None:
        return next(choice for choice in DEPARTMENTS if choice == known)
    claims = _claims(words)
    return _strongest([claim for claim in claims if claim.meaning.strength >= 2])


def level(value: object) -> Level | None:
    """Our management level for a word of ours or of another vendor; None if unknown.

    >>> level("C-level"), level("Vice President"), level("head"), level("boss of bosses")
    ('cxo', 'vp', 'director', None)
    """
    text = clean(value)
    if text is None:
        return None
    words = words_of(text[:_LONGEST])
    known = vocabulary("level").get(" ".join(words)) or vocabulary("level").get(" ".join(telling(words)))
    if known is not None:
        return next(choice for choice in LEVELS if choice == known)
    found = levels().find(telling(words))
    whole = sum(hit.end - hit.start for hit in found) == len(telling(words)) - words.count(BREAK)
    return _highest([hit.meaning for hit in found]) if whole else None


def why(value: object) -> tuple[Note, ...]:
    """What was left out of a title, and what it does not tell.

    >>> [note.code for note in why("Ninja at Acme")]
    ['ignored', 'unknown', 'unknown']
    """
    found = parse(value)
    text = clean(value)
    if found is None or text is None:
        return (Note("blank", "There is no title in the cell."),)
    _, rest = _title_and_rest(text)
    notes = [Note("ignored", f"{rest.strip()!r} is not part of the title.")] if rest.strip() else []
    if found.department is None:
        notes.append(Note("unknown", "The title does not tell a department."))
    if found.level is None:
        notes.append(Note("unknown", "The title does not tell a management level."))
    return tuple(notes)


def _title_and_rest(text: str) -> tuple[str, str]:
    """The title without ornaments, and what stands behind it."""
    plain = " ".join(_without_ornaments(text).split())
    cut = _CUT.search(plain)
    if cut is None or not any(c.isalpha() for c in plain[: cut.start()]):
        return _trimmed(plain), ""
    return _trimmed(plain[: cut.start()]), plain[cut.end() :]


def _without_ornaments(text: str) -> str:
    if text.isascii():
        return text.replace("^", " ").replace("`", " ")
    plain = (" " if unicodedata.category(c) in ("So", "Cs", "Sk", "Cn") else c for c in text)
    return "".join(plain).replace("\ufe0f", "")


def _trimmed(text: str) -> str:
    opened = text.lstrip("-–—,:|;/*# ")
    return opened.rstrip("-–—,:|;/*@ ")


def _spelled_out(words: list[str], rest: list[str]) -> list[str]:
    """The words with MD and CMO as the words beside them and the employer want them read."""
    if "md" not in words and "cmo" not in words:
        return words
    health = any(hit.meaning.department == "health" for hit in _claims([*words, BREAK, *rest]))
    doctor = health or (words == ["md"] and not rest)
    meant = {
        "md": ["physician"] if doctor else ["managing", "director"],
        "cmo": ["chief", "medical", "officer"] if health else ["cmo"],
    }
    return [plain for word in words for plain in meant.get(word, [word])]


def _claims(words: list[str]) -> list[Found[Claim]]:
    return departments().find(telling(words))


def _department_of(words: list[str]) -> Department | None:
    """The department of a title; an assistant to somebody works in administration."""
    helps = _helped(words)
    return _strongest(_claims(words if helps is None or words[helps + 1] != "to" else words[: helps + 1]))


def _strongest(claims: list[Found[Claim]]) -> Department | None:
    told = [claim for claim in claims if claim.meaning.department is not None]
    best = max(told, key=lambda c: (c.meaning.strength, c.end - c.start, -c.start), default=None)
    return None if best is None else best.meaning.department


def _level_of(words: list[str], role: Department | None) -> Level | None:
    helps = _helped(words)
    if helps is not None:
        return "entry"
    found = _highest([hit.meaning for hit in levels().find(telling(words))])
    if role == "finance" and found == "cxo" and "managing director" in " ".join(words):
        return "director"  # banks have hundreds of managing directors
    return found


def _highest(names: list[str]) -> Level | None:
    return next((ours for name, ours in _RANK.items() if name in names), None)


def _helped(words: list[str]) -> int | None:
    """Where an assistant *of somebody* stands among the words: what follows is not their own level."""
    pairs = itertools.pairwise(words)
    return next((i for i, (w, then) in enumerate(pairs) if then in _LINKS and _ASSISTANT.fullmatch(w)), None)

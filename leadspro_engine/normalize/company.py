"""A company's name: any cell -> its display form, its compare key, its acronym and its legal form.

The steps of the key:

1. Clean text, full-width letters narrowed; of ``X d/b/a Y`` only ``Y``, of ``X (formerly Z)`` only ``X``.
2. Legal forms that are written without a space (``株式会社``, ``有限公司``) are cut off.
3. Fold to ASCII in lower case; initials become one word (``S. A.`` -> ``sa``); ``&``, ``und`` -> ``and``.
4. Legal forms at the end, then in front, a country in brackets beside them, and a leading ``the`` are cut
   off, as long as something is left.

Two names of one company should have one key; that two companies share one is for their domains, places and
telephone numbers to tell.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

from msgspec import Struct

from leadspro_engine.normalize import columns
from leadspro_engine.normalize.company_fold import tokens
from leadspro_engine.normalize.company_tables import LegalForms, legal_forms, words
from leadspro_engine.normalize.name_fold import fold, narrowed
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean

if TYPE_CHECKING:
    import polars as pl

LONGEST_NAME = 300
"""Characters; a longer cell is no company's name."""

_TRADES_AS = re.compile(
    r"\s(?:d/b/a|d\.b\.a\.?|dba|doing business as|trading as|t/a|operating as)[\s:]+", re.IGNORECASE
)
_TRADING_MARKS = ("dba", "/b/a", ".b.a", "ing as", "ing business as", "t/a")  # one stands in every match
_BRACKETS = re.compile(r"\(([^()]*)\)")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_UNSPACED = re.compile("[\u0590-\u06ff\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_QUOTES = "\"'“”„«»‘’「」『』"


class CompanyName(Struct, frozen=True, gc=False):
    """A company's name: ``display`` for people, ``key`` and ``acronym`` for comparing."""

    display: str
    key: str
    acronym: str | None = None
    legal_form: str | None = None


def parse(value: object) -> CompanyName | None:
    """The company's name in a cell, or None when there is none; never raises.

    >>> found = parse("The Acme Widget Company, S.A.B. de C.V.")
    >>> found.key, found.acronym, found.legal_form
    ('acme widget', 'aw', 'S.A.B. de C.V.')
    >>> parse("Limited").key, parse("self-employed")
    ('limited', None)
    """
    text = clean(value)
    return None if text is None or len(text) > LONGEST_NAME else _parsed(text)


@functools.lru_cache(maxsize=65_536)
def _parsed(text: str) -> CompanyName | None:
    """``parse`` of a clean text, remembered: colleagues write the same employer."""
    name = _trading_name(text if text.isascii() else unicodedata.normalize("NFC", narrowed(text)))
    bare, glued = _unglued(_unbracketed(name))
    core, form = _core(bare)
    if not core or (form is None and " ".join(core) in words("nobody")):
        return None
    return CompanyName(_shown(name), " ".join(core), _acronym(core, bare), glued or form)


def core_words(name: str) -> list[str]:
    """The words of a name in compare form without legal forms and article; brackets are only punctuation.

    >>> core_words("The Deutsche Bank (Schweiz) AG")
    ['deutsche', 'bank', 'schweiz']
    """
    return _core(_unglued(name)[0])[0]


def key(value: object) -> str | None:
    """The compare key alone.

    >>> key("Siemens Aktiengesellschaft") == key("SIEMENS AG") == "siemens"
    True
    """
    found = parse(value)
    return None if found is None else found.key


def column(values: pl.Series) -> pl.Series:
    """``parse`` for each row: a struct column of ``CompanyName``, null where there is no company."""
    return columns.struct_column(values, parse, CompanyName)


def key_column(values: pl.Series) -> pl.Series:
    """``key`` for each row."""
    return columns.text_column(values, key)


def why(value: object) -> tuple[Note, ...]:
    """What was wrong with a cell, or ignored in it.

    >>> [note.detail for note in why("Acme Holdings d/b/a Roadrunner Parts")]
    ["'Acme Holdings' is the legal name; the trading name is taken."]
    """
    text = clean(value)
    if text is None:
        return (Note("blank", "There is nothing in the cell."),)
    if parse(text) is None:
        return (Note("refused", "It names no company."),)
    legal = _TRADES_AS.split(text, 1)[0] if _TRADES_AS.search(text) else None
    return (Note("ignored", f"{legal!r} is the legal name; the trading name is taken."),) if legal else ()


def _trading_name(text: str) -> str:
    """What stands behind "doing business as", if anything with a letter or digit does."""
    lower = text.lower()
    if not any(mark in lower for mark in _TRADING_MARKS):
        return text
    behind = _TRADES_AS.split(text, 1)[-1]
    return behind if fold(behind) else text


def _unbracketed(text: str) -> str:
    """The name without countries and former names in brackets, as long as something is left."""
    if "(" not in text:
        return text
    bare = _BRACKETS.sub(lambda found: " " if _says_nothing(found.group(1)) else found.group(), text)
    return bare if fold(bare) else text


def _says_nothing(inside: str) -> bool:
    folded = fold(inside)
    if folded in words("country") or folded in words("everywhere"):
        return True
    return any(folded.startswith(word + " ") for word in words("formerly"))


def _unglued(text: str) -> tuple[str, str | None]:
    """The name without legal forms of scripts that write no spaces, and the form."""
    if text.isascii():
        return text, None
    text = unicodedata.normalize("NFKC", text)
    if not _UNSPACED.search(text):
        return text, None
    found = None
    for spelling, shown in legal_forms().glued.items():
        for bare in (text.removeprefix(spelling), text.removesuffix(spelling)):
            if len(bare) < len(text) and fold(bare):
                text, found = bare.strip(), found or shown
    return text, found


def _core(text: str) -> tuple[list[str], str | None]:
    """The words of a name without legal forms and article, and the legal form."""
    words_ = tokens(text)
    if not words_:
        return [], None
    core, form = _without_forms(words_, cyrillic=bool(not text.isascii() and _CYRILLIC.search(text)))
    return (core[1:] if len(core) > 1 and core[0] in words("article") else core), form


def _without_forms(given: list[str], *, cyrillic: bool) -> tuple[list[str], str | None]:
    """The words without legal forms at the end, then in front, while a word is left; and the form."""
    forms = legal_forms()
    found = None
    end = len(given)
    while given[end - 1] in forms.last and (width := _width_behind(given, end, forms)):
        found = found or forms.end[" ".join(given[end - width : end])]
        end -= width
    core = given[: end - 1] if end > 1 and given[end - 1] == "and" else given[:end]
    if core[0] in forms.first and (width := _width_in_front(core, forms, cyrillic=cyrillic)):
        spelling = " ".join(core[:width])
        return core[width:], found or forms.front.get(spelling) or forms.front_cyrillic[spelling]
    return core, found


def _width_behind(words_: list[str], end: int, forms: LegalForms) -> int:
    """How many words before ``end`` are a legal form, leaving at least one; 0 when none are."""
    widths = range(min(forms.last[words_[end - 1]], end - 1), 0, -1)
    return next((width for width in widths if " ".join(words_[end - width : end]) in forms.end), 0)


def _width_in_front(core: list[str], forms: LegalForms, *, cyrillic: bool) -> int:
    """How many of the first words are a legal form, leaving at least one; 0 when none are."""
    for width in range(min(forms.first[core[0]], len(core) - 1), 0, -1):
        spelling = " ".join(core[:width])
        if spelling in forms.front or (cyrillic and spelling in forms.front_cyrillic):
            return width
    return 0


def _shown(name: str) -> str:
    """The display form: quotes around the whole name and commas behind it removed."""
    shown = name.strip(" ,;|-")
    if len(shown) > 2 and shown[0] in _QUOTES and shown[-1] in _QUOTES:
        shown = shown[1:-1].strip()
    return shown or name


def _acronym(core: list[str], name: str) -> str | None:
    """The initials of the words that count; a lone word in capitals is one itself (``IBM``)."""
    counted = [word for word in core if word not in words("small")]
    if len(counted) > 1:
        return "".join(word[0] for word in counted)
    lone = core[0] if len(core) == 1 else ""
    return lone if 1 < len(lone) < 6 and lone.upper() in name else None

"""A cell that holds a person's name, cut down to the name: its words, and the titles and degrees around them.

1. Clean text (``text.clean``), composed, full-width letters narrowed, symbols and emoji dropped.
2. What stands in brackets or double quotes is left out (pronouns, nicknames, former names).
3. What stands behind a bar, a spaced dash, ``@`` or `` at `` is left out (jobs and employers).
4. Pieces between commas: degrees and generations are taken as such, a piece that begins like a job ends the
   name, any other piece makes it ``Last, First``.
5. Titles are taken from the front, degrees and generations from the back.

Every step is linear in the length of the cell.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from msgspec import Struct

from leadspro_engine.normalize.name_fold import APOSTROPHES, narrowed
from leadspro_engine.normalize.name_tables import is_nobody, roles
from leadspro_engine.normalize.text import clean, without_joiners

LONGEST_NAME = 200
"""Characters; a longer cell is no name."""

_BAR = "|"
_KEPT = {**dict.fromkeys(APOSTROPHES, "'"), **dict.fromkeys("‐‑‒-", "-"), **dict.fromkeys('“”„«»"「」', '"')}
_KEPT |= {**dict.fromkeys("(（[{【<", "("), **dict.fromkeys(")）]}】>", ")"), **dict.fromkeys(",，、،", ",")}
_KEPT |= {**dict.fromkeys("|•·∙–—―~;:¦‖→★☆✦✓", _BAR), ".": ".", "/": "/", "@": "@", "&": "&", " ": " "}
_NAME_DOT = re.compile("(?<=[\u3040-\u30ff\u3400-\u9fff])[·•・‧](?=[\u3040-\u30ff\u3400-\u9fff])")
_BRACKETS = re.compile(r"\([^()]*\)?|\"[^\"]*\"?")
_BEHIND = re.compile(r"\s-+\s|-{2,}|\s-|\s/\s|\||@|\s(?:at|chez|bei)\s")
_GERSHAYIM = re.compile('(?<=[\u05d0-\u05ea])["״](?=[\u05d0-\u05ea])')
_SPACED_QUOTES = re.compile(r"(?<=\s)'[^']+'(?=\s)")
_AROUND = " -/&|"
_SIGNS_LEFT = str.maketrans("@|&", "   ")
_BEHIND_COMMA = frozenset({"suffix", "degree", "degree_surname", "degree_marked"})
_INITIALS = re.compile(r"(?:[A-Z]\.){2,}[A-Z]?")
_DOTTED = re.compile(r"(?<=\w\.)(?=\w)")


class NameText(Struct, frozen=True, gc=False):
    """A cell taken apart: the words of the name, in their order, and what stood around them."""

    prefix: tuple[str, ...]
    words: tuple[str, ...]
    given_words: tuple[str, ...]  # what stood behind the comma of "Last, First"; else empty
    suffix: tuple[str, ...]
    ignored: tuple[str, ...]


class _Seen(dict[int, str]):
    """Code point -> what is left of it in a name."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kept = _KEPT.get(char)
        if kept is None:
            kept = char if unicodedata.category(char)[0] in "LMN" else " "
        self[code] = kept
        return kept


_SEEN = _Seen()


class _Word(NamedTuple):
    """A word as it stands, and what it may be other than a name."""

    shown: str
    roles: frozenset[str]


def taken_apart(value: object) -> NameText | None:
    """The cell taken apart, or None when there is no name in it."""
    text = clean(value)
    if text is None or len(text) > LONGEST_NAME or is_nobody(text):
        return None
    if "@" in text and " " not in text:
        return None
    ignored: list[str] = []
    shown = _without_what_follows(_without_brackets(_plain(text), ignored), ignored)
    pieces = [words_ for part in shown.split(",") if (words_ := _words(part))]
    return _read(pieces, ignored) if pieces else None


def _plain(text: str) -> str:
    """Letters, digits and the signs that mean something in a name; one spelling of each sign."""
    if not text.isascii():
        text = _GERSHAYIM.sub("", _NAME_DOT.sub(" ", without_joiners(text)))
        text = unicodedata.normalize("NFC", narrowed(text))
    return text.translate(_SEEN).replace("Ph. D", "Ph.D")


def _without_brackets(text: str, ignored: list[str]) -> str:
    if "(" not in text and '"' not in text and "'" not in text and ")" not in text:
        return text
    for pattern in (_BRACKETS, _SPACED_QUOTES):
        rest = pattern.sub(" ", text)
        if rest != text and _has_letter(rest):
            ignored += pattern.findall(text)
            text = rest
    return text.replace("(", " ").replace(")", " ").replace('"', " ")


def _without_what_follows(text: str, ignored: list[str]) -> str:
    """The text up to a bar, a spaced dash, an at sign or the word "at", if a letter stands before it."""
    text = text.strip(_AROUND)
    if found := _BEHIND.search(text):
        head = text[: found.start()]
        if _has_letter(head):
            ignored.append(text[found.start() :])
            text = head
    return text.translate(_SIGNS_LEFT)


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def _words(part: str) -> list[_Word]:
    """The words between two commas; initials are set apart (``J.R.`` -> ``J.``, ``R.``), numbers dropped."""
    found: list[_Word] = []
    for raw in part.split():
        token = raw.strip("-/").lstrip(".")
        its = roles(token)
        if "." not in token or (
            its and not (_INITIALS.fullmatch(token) and _BEHIND_COMMA.isdisjoint(its - {"suffix"}))
        ):
            found.append(_Word(token, its))
        elif "." in token[:-1]:
            found += [_Word(piece, roles(piece)) for piece in _DOTTED.split(token)]
        else:
            found.append(_Word(token if len(token) < 5 else token.rstrip("."), its))
    return [word for word in found if _has_letter(word.shown) or "suffix" in word.roles]


def _read(pieces: list[list[_Word]], ignored: list[str]) -> NameText | None:
    """Titles, names and degrees from the pieces between commas."""
    main = pieces[0]
    given: list[_Word] = []
    behind: list[_Word] = []
    for at, piece in enumerate(pieces[1:], 1):
        if all(not _BEHIND_COMMA.isdisjoint(word.roles) for word in piece):
            behind += piece
        elif given or "job" in piece[0].roles:
            ignored += map(_joined, pieces[at:])
            break
        else:
            given = piece
    prefix, main = _front(main)
    if not main and _is_family_name(prefix, given):
        prefix, main = [], prefix
    more_prefix, given = _front(given)
    main, behind_main = _back(main)
    given, behind_given = _back(given)
    behind = behind_main + behind_given + behind
    ignored += [word.shown for word in behind if _BEHIND_COMMA.isdisjoint(word.roles)]
    if not main:
        main, given = given, []
    if not main and not prefix:
        return None
    return NameText(
        prefix=_shown(prefix + more_prefix),
        words=_shown(main),
        given_words=_shown(given),
        suffix=_shown([word for word in behind if not _BEHIND_COMMA.isdisjoint(word.roles)]),
        ignored=tuple(ignored),
    )


def _shown(words_: list[_Word]) -> tuple[str, ...]:
    return tuple(word.shown for word in words_)


def _joined(words_: list[_Word]) -> str:
    return " ".join(_shown(words_))


def _front(words_: list[_Word]) -> tuple[list[_Word], list[_Word]]:
    """The titles in front, and the rest."""
    count = 0
    while count < len(words_) and _is_title(words_, count):
        count += 1
    return words_[:count], words_[count:]


def _is_family_name(titles: list[_Word], given: list[_Word]) -> bool:
    """Whether a title before the comma is a family name: "Pastor, Enrico J.", but "Dr, Enrico"."""
    initials = all(len(word.shown.rstrip(".")) == 1 for word in given[1:])
    return (
        len(titles) == 1
        and len(titles[0].shown) > 3
        and titles[0].shown[-1] != "."
        and bool(given)
        and initials
    )


def _is_title(words_: list[_Word], at: int) -> bool:
    shown, its = words_[at]
    if not its or "prefix" in its:
        return bool(its)
    if at == len(words_) - 1:
        return False
    return (
        ("prefix_dotted" in its and shown.endswith("."))
        or ("prefix_next" in its and at > 0)
        or ("prefix_open" in its and _is_title(words_, at + 1))
        or ("prefix_upper" in its and shown.isupper() and len(words_) > 2 and not words_[-1].shown.isupper())
    )


def _back(words_: list[_Word]) -> tuple[list[_Word], list[_Word]]:
    """The name, and the degrees and generations behind it; a name keeps its first word."""
    end = len(words_)
    if end < 2 or not words_[-1].roles:
        return words_, []
    mixed = any(not word.shown.isupper() for word in words_)
    while end > 1 and _stands_behind(words_[end - 1], mixed=mixed, left=end):
        end -= 1
    return words_[:end], words_[end:]


def _stands_behind(word: _Word, *, mixed: bool, left: int) -> bool:
    """Whether a word behind a name of ``left`` words, itself included, is a generation or a degree."""
    shown, its = word
    if "suffix" in its:
        return left > 2 or len(shown) < 4
    if "degree" in its:
        return left > 2 or shown != shown.capitalize()
    if "degree_surname" in its:  # Zihan Meng and ZIHAN MENG have a family name
        return left > 2 or shown not in {shown.capitalize(), shown.upper(), shown.lower()}
    if "degree_marked" in its:
        return left > 2 and shown.isupper() and (mixed or "." in shown)
    return "job" in its and left > 2 and mixed and shown.isupper()

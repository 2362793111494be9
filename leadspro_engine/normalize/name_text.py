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
from typing import TYPE_CHECKING

from msgspec import Struct

from leadspro_engine.normalize.name_fold import APOSTROPHES
from leadspro_engine.normalize.name_tables import Role, bare, words
from leadspro_engine.normalize.text import clean, without_joiners

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_NAME = 200
"""Characters; a longer cell is no name. The longest of 10 M names on a business network has 110."""

_BAR = "|"
_KEPT = {**dict.fromkeys(APOSTROPHES, "'"), **dict.fromkeys("‐‑‒-", "-"), **dict.fromkeys('“”„«»"「」', '"')}
_KEPT |= {**dict.fromkeys("(（[{【<", "("), **dict.fromkeys(")）]}】>", ")"), **dict.fromkeys(",，、،", ",")}
_KEPT |= {**dict.fromkeys("|•·∙–—―~;:¦‖→★☆✦✓", _BAR), ".": ".", "/": "/", "@": "@", "&": "&", " ": " "}
_NAME_DOT = re.compile("(?<=[\u3040-\u30ff\u3400-\u9fff])[·•・‧](?=[\u3040-\u30ff\u3400-\u9fff])")
_BRACKETS = re.compile(r"\([^()]*\)?|\"[^\"]*\"?")
_BEHIND = re.compile(r"\s-+\s|-{2,}|\s-|\||@|\s(?:at|chez|bei)\s")
_SPACED_QUOTES = re.compile(r"(?<=\s)'[^']+'(?=\s)")
_DOTTED = re.compile(r"(?<=\w\.)(?=\w)")


class NameText(Struct, frozen=True):
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


def taken_apart(value: object) -> NameText | None:
    """The cell taken apart, or None when there is no name in it."""
    text = clean(value)
    if (
        text is None
        or len(text) > LONGEST_NAME
        or bare(text) in words("nobody")
        or text.lower() in words("nobody")
    ):
        return None
    shown, ignored = _shown(text)
    pieces = [piece for part in shown.split(",") if (piece := part.split())]
    if not pieces or ("@" in text and " " not in text):
        return None
    return _read(pieces, ignored)


def _shown(text: str) -> tuple[str, list[str]]:
    """The text without what stands in brackets or behind the name, and that."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _narrowed(_NAME_DOT.sub(" ", without_joiners(text))))
    text = text.translate(_SEEN)
    ignored: list[str] = []
    if "(" in text or '"' in text or "'" in text:
        for pattern in (_BRACKETS, _SPACED_QUOTES):
            rest = pattern.sub(" ", text)
            if _has_letter(rest) and rest != text:
                ignored += pattern.findall(text)
                text = rest
    text = text.replace("(", " ").replace(")", " ").replace('"', " ").strip(" -/&|")
    if found := _BEHIND.search(text):
        head = text[: found.start()]
        if _has_letter(head):
            ignored.append(text[found.start() :])
            text = head
    return text.replace("@", " ").replace("|", " ").replace("&", " "), ignored


def _narrowed(text: str) -> str:
    """Full-width and ligature forms as plain letters; nothing else is changed."""
    return "".join(unicodedata.normalize("NFKC", c) if "\ufb00" <= c <= "\uffef" else c for c in text)


def _has_letter(text: str) -> bool:
    return any(c.isalpha() for c in text)


def _read(pieces: list[list[str]], ignored: list[str]) -> NameText | None:
    """Titles, names, degrees from the pieces between commas."""
    main = _tokens(pieces[0])
    given: list[str] = []
    suffix: list[str] = []
    for piece in pieces[1:]:
        tokens = _tokens(piece)
        if tokens and all(_is_suffix(t, marked=True) for t in tokens):
            suffix += tokens
        elif tokens and (bare(tokens[0]) in words("job") or given):
            ignored.append(" ".join(piece))
        else:
            given = tokens
    prefix, main = _front(main)
    more, given = _front(given)
    given, behind_given = _back(given)
    main, behind = _back(main)
    if not main and given:
        main, given = given, []
    if not main and not prefix:
        return None
    return NameText(
        tuple(prefix + more), tuple(main), tuple(given), tuple(behind + behind_given + suffix), tuple(ignored)
    )


def _tokens(piece: Iterable[str]) -> list[str]:
    """The words of a piece; initials are set apart (``J.R.`` -> ``J.``, ``R.``), numbers dropped."""
    tokens: list[str] = []
    for raw in piece:
        token = raw.strip("-/&").lstrip(".")
        if "." in token[:-1] and not (
            _role(token, "degree") or _role(token, "prefix") or _role(token, "suffix")
        ):
            tokens += _DOTTED.split(token)
        else:
            tokens.append(
                token.rstrip(".") if len(token) > 4 and not _role(token, "prefix", "suffix") else token
            )
    return [t for t in tokens if _has_letter(t) or _role(t, "suffix")]


def _role(token: str, *roles: Role) -> bool:
    word = bare(token)
    return any(word in words(role) for role in roles)


def _is_suffix(token: str, *, marked: bool) -> bool:
    return _role(token, "suffix", "degree") or (marked and _role(token, "degree_marked"))


def _front(tokens: list[str]) -> tuple[list[str], list[str]]:
    """The titles in front, and the rest."""
    count = 0
    while count < len(tokens) and (
        _role(tokens[count], "prefix")
        or (tokens[count].endswith(".") and _role(tokens[count], "prefix_dotted") and len(tokens) > count + 1)
    ):
        count += 1
    return tokens[:count], tokens[count:]


def _back(tokens: list[str]) -> tuple[list[str], list[str]]:
    """The name, and the degrees and generations behind it; a name keeps its first word."""
    mixed = not all(t.isupper() for t in tokens)
    end = len(tokens)
    while end > 1 and _stands_behind(tokens[end - 1], mixed=mixed, left=end):
        end -= 1
    return tokens[:end], tokens[end:]


def _stands_behind(token: str, *, mixed: bool, left: int) -> bool:
    if _role(token, "suffix"):
        return left > 2 or len(bare(token)) < 4
    if _role(token, "degree"):
        return left > 2 or token != token.capitalize()
    marked = token.isupper() and (mixed or "." in token)
    return marked and _role(token, "degree_marked") and left > 2

"""The compare form of names: ASCII, lower case, single spaces.

One character is folded at a time, so the fold of a text is the fold of its characters:

1. compose (NFC), so that ``e`` + accent and ``é`` are one character;
2. letters, marks and digits are transliterated by anyascii and lowered;
3. apostrophes and their look-alikes vanish (``O'Brien`` and ``OBrien`` are one name);
4. everything else (hyphens, full stops, emoji) becomes a space.

Source: transliteration by anyascii 0.3 (https://github.com/anyascii/anyascii), context-free.
"""

from __future__ import annotations

import functools
import unicodedata

from anyascii import anyascii

APOSTROPHES = "'’‘ʼʻ`´′ʹʿʾ＇"


class _Fold(dict[int, str]):
    """Code point -> its fold, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        self[code] = folded
        return folded


def _folded(char: str) -> str:
    if char in APOSTROPHES:
        return ""
    if unicodedata.category(char)[0] not in "LMN":
        return " "
    return "".join(c for c in anyascii(char).lower() if c.isalnum())


_FOLD = _Fold()


def fold(text: str) -> str:
    """The compare form of a text; empty when it has no letter and no digit.

    >>> fold("José-María O’Brien"), fold("Łukasz Ørsted"), fold("王小明")
    ('jose maria obrien', 'lukasz orsted', 'wangxiaoming')
    """
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    return " ".join(composed.translate(_FOLD).split())


@functools.lru_cache(maxsize=65_536)
def fold_word(word: str) -> str:
    """``fold`` of one word, remembered: words of names repeat.

    >>> fold_word("José")
    'jose'
    """
    return fold(word)


def narrowed(text: str) -> str:
    """Full-width and ligature forms as plain letters; nothing else is changed.

    >>> narrowed("Ａｎｎ ﬁ ²")
    'Ann fi ²'
    """
    return "".join(unicodedata.normalize("NFKC", c) if "\ufb00" <= c <= "\uffef" else c for c in text)

"""The words of a company's name in compare form, legal forms still among them.

1. Initials become one word, whether full stops, slashes or spaces stand between them: ``S.p.A.``, ``A/S``,
   ``J. P. Morgan`` -> ``spa``, ``as``, ``jp morgan``.
2. ``&`` and ``+`` between words, and the word for "and" in eight languages, become ``and``.
3. The rest is folded as names of people are (``name_fold``).
"""

from __future__ import annotations

import re

from leadspro_engine.normalize.name_fold import fold

AND = frozenset({"and", "et", "und", "og", "och", "y", "ve", "oraz"})
_JOINED = re.compile(r"(?<![^\W_])[^\W_]{1,2}(?:[./][^\W_]{1,2})+(?![^\W_])")


def tokens(text: str) -> list[str]:
    """The words of a company's name in compare form.

    >>> tokens("J. P. Morgan & Co."), tokens("Norske Skog A/S"), tokens("Booking.com B.V.")
    (['jp', 'morgan', 'and', 'co'], ['norske', 'skog', 'as'], ['booking', 'com', 'bv'])
    """
    if "." in text or "/" in text:
        text = _JOINED.sub(_undotted, text)
    if "&" in text or "+" in text:
        text = text.replace("&", " and ").replace("+", " and ")
    words = fold(text).split()
    if not AND.isdisjoint(words):
        words = [*words[:1], *("and" if word in AND else word for word in words[1:])]
    return _initials_joined(words) if words and min(map(len, words)) == 1 else words


def _undotted(found: re.Match[str]) -> str:
    return found.group().replace(".", "").replace("/", "")


def _initials_joined(words: list[str]) -> list[str]:
    joined: list[str] = []
    open_run = False
    for word in words:
        single = len(word) == 1
        if single and open_run:
            joined[-1] += word
        else:
            joined.append(word)
        open_run = single
    return joined

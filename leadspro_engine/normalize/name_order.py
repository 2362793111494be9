"""Which of a name's words are given, middle and family names.

The order is read from what the name itself shows, in this order of strength:

1. Han and Hangul characters: the family name stands first (``王小明``, ``김민수``).
2. A family name in capitals before names of mixed case stands first (``DUPONT Jean``).
3. Family names that are never given names tell that they stand first (``Nguyễn Văn An``).
4. A Slavic patronymic in last place tells that the family name stands first (``Иванов Иван Иванович``).
5. Otherwise the given name stands first. The family name begins at the first particle (``van der``), or
   has two words where both are Iberian family names, and is the last word else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from leadspro_engine.normalize.name_fold import fold_word
from leadspro_engine.normalize.name_tables import bare, japanese_readings, names, words

if TYPE_CHECKING:
    from collections.abc import Sequence

_HAN_HANGUL = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af々〆ヶ]+")
_KATAKANA = re.compile("[\u30a0-\u30ff]+")
_HANGUL = re.compile("[\uac00-\ud7af]+")
_ARTICLES = frozenset({"al", "el", "ul", "ar", "as"})
_VOWELS = frozenset("aeiouy")
_DEVOTED = frozenset({"del", "de la", "de los", "de las", "de"})
_PATRONYMIC = re.compile(
    r"(ович|евич|ьич|ична|овна|евна|івна|ївна|йович)$|(ovich|evich|ovych|evych|ovna|evna|ivna|ichna)$",
    re.IGNORECASE,
)
_SLAVIC_FAMILY = re.compile(
    r"(ов|ев|ёв|ин|ын|ова|ева|ёва|ина|ына|ский|ская|цкий|цкая|ко|ук|юк|як|ий|ая|их|ых|дзе|швили|ян)$"
    r"|(ov|ev|yov|in|yn|ova|eva|ina|yna|sky|skiy|ski|skaya|ska|enko|uk|yuk|dze|shvili|yan)$",
    re.IGNORECASE,
)


class Split(NamedTuple):
    """The words of a name in their places; ``family_first`` when it is to be shown in that order."""

    given: list[str]
    middle: list[str]
    family: list[str]
    family_first: bool = False


def split(tokens: Sequence[str]) -> Split:
    """The words of one name (no titles, no degrees) in their places.

    >>> split(["Jan", "van", "der", "Berg"])
    Split(given=['Jan'], middle=[], family=['van', 'der', 'Berg'], family_first=False)
    """
    words_ = list(tokens)
    if all(map(is_east_asian, words_)):
        return _east_asian(words_)
    if len(words_) == 1:
        return Split(words_, [], [])
    leading = _capitals_in_front(words_)
    if leading:
        given, middle, _ = _given_first([*words_[leading:], ""])
        return Split(given, middle, words_[:leading])
    if fold_word(words_[0]) in names("family_first") and fold_word(words_[-1]) not in names("family_first"):
        return Split(words_[-1:], words_[1:-1], words_[:1], family_first=True)
    if len(words_) == 3 and _PATRONYMIC.search(words_[2]) and _SLAVIC_FAMILY.search(words_[0]):
        return Split(words_[1:2], words_[2:], words_[:1])
    return Split(*_given_first(words_))


def is_east_asian(token: str) -> bool:
    """Whether a word is written in Han, Kana or Hangul throughout.

    >>> is_east_asian("王"), is_east_asian("Wang")
    (True, False)
    """
    return not token.isascii() and _HAN_HANGUL.fullmatch(token) is not None


def given_and_middle(tokens: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words in front of a family name: the given name with what belongs to it, and the rest."""
    end = _given_end(tokens, last=len(tokens))
    return list(tokens[:end]), list(tokens[end:])


def _given_first(tokens: list[str]) -> tuple[list[str], list[str], list[str]]:
    start = _family_start(tokens)
    given, middle = given_and_middle(tokens[:start])
    return given, middle, [token for token in tokens[start:] if token]


def _given_end(tokens: Sequence[str], *, last: int) -> int:
    """How many of the first ``last`` words are one given name."""
    if last < 2:
        return last
    if bare(tokens[0]) in words("binder"):
        return 3 if last > 2 and bare(tokens[1]) in _ARTICLES else 2
    if f"{fold_word(tokens[0])} {fold_word(tokens[1])}" in names("double"):
        return 2
    for end in (3, 4):
        if last >= end and _is_devotion(tokens[1:end]):
            return end
    return 1


def _is_devotion(tokens: Sequence[str]) -> bool:
    """Whether these words behind a given name are of the kind ``del Carmen``, ``de los Ángeles``."""
    *joining, noun = tokens
    return " ".join(joining).lower() in _DEVOTED and fold_word(noun) in names("devotion")


def _family_start(tokens: Sequence[str]) -> int:
    """Where the family name begins, never before the second word."""
    last = len(tokens) - 1
    first = max(_given_end(tokens, last=last), 1)
    low = any(token != token.upper() for token in tokens)
    for i in range(first, last):
        if _is_particle(tokens[i], low=low) or (i == last - 1 and bare(tokens[i]) in words("binder")):
            return i
        if i + 1 < last and bare(tokens[i + 1]) in words("and"):
            return i
    if last >= 2 and first < last and _is_iberian_pair(tokens[-2], tokens[-1], long=last >= 3):
        return last - 1
    return last


def particles_behind(tokens: Sequence[str]) -> int:
    """How many of the last words are particles that belong in front of the family name.

    >>> particles_behind(["Friedrich", "von", "der"])
    2
    """
    count = 0
    while count < len(tokens) - 1 and bare(tokens[-1 - count]) in words("particle"):
        count += 1
    return count


def _is_particle(token: str, *, low: bool) -> bool:
    word = bare(token)
    return word in words("particle") or (word in words("particle_low") and (token.islower() or not low))


def _is_iberian_pair(before: str, last: str, *, long: bool) -> bool:
    pair = (fold_word(before) in names("iberian"), fold_word(last) in names("iberian"))
    return len(bare(before)) > 1 and (all(pair) or (long and any(pair)))


def _capitals_in_front(tokens: Sequence[str]) -> int:
    """How many leading words are a family name in capitals; 0 when the name does not show it so."""
    count = 0
    while count < len(tokens) and tokens[count].isupper() and len(bare(tokens[count])) > 1:
        count += 1
    rest = tokens[count:]
    shown = 0 < count < len(tokens) and all(not t.isupper() and t[:1].isupper() for t in rest)
    if not shown or _VOWELS.isdisjoint("".join(map(fold_word, tokens[:count]))):
        return 0
    return count if len(bare(tokens[0])) > 2 or tokens[0][-1] in "AEIOU" else 0


def _east_asian(given: list[str]) -> Split:
    tokens = _without_honorific(given)
    if len(tokens) > 1:
        if all(_KATAKANA.fullmatch(token) for token in tokens):
            return Split(tokens[:1], tokens[1:-1], tokens[-1:])
        return Split(["".join(tokens[1:])], [], tokens[:1], family_first=True)
    text = tokens[0]
    if len(text) == 1 or _KATAKANA.fullmatch(text):
        return Split([text], [], [])
    width = _family_width(text)
    return Split([text[width:]], [], [text[:width]], family_first=True)


def _without_honorific(tokens: list[str]) -> list[str]:
    """The words without forms of address behind them, as long as a name of two characters is left."""
    honorifics = words("honorific")
    while len(tokens) > 1 and tokens[-1] in honorifics:
        tokens = tokens[:-1]
    last = tokens[-1]
    for honorific in honorifics:
        if last.endswith(honorific) and len(last) > len(honorific) + 1:
            return _without_honorific([*tokens[:-1], last.removesuffix(honorific)])
    return tokens


def _family_width(text: str) -> int:
    """How many characters of a name without spaces are the family name."""
    if _HANGUL.fullmatch(text):
        return 2 if len(text) > 2 and text[:2] in names("hangul_double") else 1
    for width in (3, 2):
        if len(text) > width and (text[:width] in names("han_double") or text[:width] in japanese_readings()):
            return width
    return 1 if len(text) <= 3 else 2

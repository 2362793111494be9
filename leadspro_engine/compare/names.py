"""How alike two names are: one score in [0, 1] for names of people, and for names of organizations.

Both are read the way a careful clerk reads them, word by word, in any order, counting slips of the pen.

1. Fold both names (transliterated, lower case). Titles and particles of people, legal forms and articles of
   organizations say little and weigh little.
2. Give every word its best partner. Equal words cost nothing; spellings of one sound, nicknames, initials and
   acronyms cost a fraction of a slip; else a word costs its edit distance.
3. Words left over on one side cost a little (people have more names than they use), on both sides a lot: two
   different words in one place are two different names.
4. The score falls evenly with the sum of the costs; two slips are the last that are forgiven.

Names written with too few spaces or too many (``RamiMakhlouf``, ``van der bilt``) are also compared letter by
letter. Han and Hangul are compared by character, for one is a syllable or a word.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from rapidfuzz.distance import OSA

from leadspro_engine.normalize import company, company_tables, name_tables
from leadspro_engine.normalize.name_fold import fold
from leadspro_engine.normalize.name_sound import consonants, sound
from leadspro_engine.normalize.nickname import variants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

SAME_NAME = 0.7
"""The default threshold: at and above it two names are taken for one."""

Kind = Literal["person", "organization"]

_SLIP = 0.15  # what one slip takes off the score: two leave 0.7
_DIFFERENT = 9.0  # slips: more than any name can bear
_MOST = 3  # slips beyond which nothing is counted any more

_SAME_SOUND = 0.35
_NICKNAME = 0.6
_INITIAL = 0.6
_UNSPACED = 0.2
_LIGHT = 0.15  # a title, particle, legal form or article that the other name has not
_LONE_INITIAL = 0.3
_MORE_NAMES = 0.6  # one more given or family name
_ACRONYM = 0.6
_PLACE = 1.0  # a country or region that the other organization has not
_GENERIC = 1.2  # "Group", "Holdings"
_MORE_WORDS = 3.0  # any other word: another organization
_SHORT = 5  # letters; in a shorter name of an organization a slip is another name
_CHARACTER = 3.0  # one Han or Hangul character for another

_PATRONYMIC = frozenset({"bin", "ibn", "ben", "bint"})
_SERVANTS = frozenset({"abdel", "abdal", "abdol", "abdoul", "abdur", "abdus"})
_ARTICLES = frozenset({"al", "el", "ul", "ar", "as", "ur", "us"})
_DIGITS_FOR_LETTERS = str.maketrans("01345", "oieas")
_NO_VOWEL_SCRIPTS = re.compile("[\u0590-\u06ff]")
_CHARACTERS = re.compile("[\u3400-\u9fff\uac00-\ud7af]")
_TENS = re.compile(r"\b([2-9])0 (?=[1-9]\b)")
_SPACES = re.compile(r"\s+")


class _Rules(NamedTuple):
    """What sets people and organizations apart when their words are laid side by side."""

    pair: Callable[[str, str], float]  # slips between two words
    joint: Callable[[Sequence[str], str], float]  # slips between neighbors and one word
    surplus: Callable[[str], float]  # slips for a word that the other name has not


def similarity(left: str, right: str, *, kind: Kind) -> float:
    """How alike two names are, from 0 (nothing in common) to 1 (the same name).

    >>> similarity("Smith, Bob", "Robert Smith", kind="person") >= SAME_NAME
    True
    >>> similarity("Siemens AG", "Volkswagen AG", kind="organization")
    0.0
    """
    cost = _people(left, right) if kind == "person" else _organizations(left, right)
    return max(0.0, 1.0 - _SLIP * cost)


def _people(left: str, right: str) -> float:
    """Slips between two names of people."""
    plain = left.isascii() and right.isascii()
    if not plain and _CHARACTERS.search(left) and _CHARACTERS.search(right):
        return _by_character(left, right)
    a, b = _person_words(left), _person_words(right)
    if not a or not b or _father_for_son(a, b):
        return _DIFFERENT
    if not plain and bool(_NO_VOWEL_SCRIPTS.search(left)) != bool(_NO_VOWEL_SCRIPTS.search(right)):
        a, b = [consonants(word) or word for word in a], [consonants(word) or word for word in b]
    cost = _aligned(a, b, _PERSON)
    return cost if cost <= _UNSPACED or len(a) == len(b) else min(cost, _letter_by_letter(a, b))


def _person_words(text: str) -> list[str]:
    """The folded words of a person's name, each once, digits among letters read as the letters they mimic."""
    folded = fold(text)
    words = folded.split()
    if not folded.replace(" ", "").isalpha():
        words = [w if w.isalpha() or w.isdigit() else w.translate(_DIGITS_FOR_LETTERS) for w in words]
    if "abd" in folded:
        words = _servants_joined(words)
    return list(dict.fromkeys(words))


def _servants_joined(words: Sequence[str]) -> list[str]:
    """Arabic "servant of the ..." as one word: ``abd al``, ``abdel``, ``abdur`` -> ``abdul``."""
    joined: list[str] = []
    for word in words:
        if word in _ARTICLES and joined and joined[-1] == "abd":
            joined[-1] = "abdul"
        else:
            joined.append("abdul" if word in _SERVANTS else word)
    return joined


def _father_for_son(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether one name is ``X bin Y`` and the other ``Y bin X``."""
    if _PATRONYMIC.isdisjoint(a) or _PATRONYMIC.isdisjoint(b):
        return False
    first, second = _son_and_father(a), _son_and_father(b)
    return first is not None and second is not None and first == second[::-1] and first[0] != first[1]


def _son_and_father(words: Sequence[str]) -> tuple[str, str] | None:
    at = next((i for i, word in enumerate(words) if word in _PATRONYMIC and 0 < i < len(words) - 1), None)
    return None if at is None else (sound(words[at - 1]), sound(words[at + 1]))


def _person_pair(a: str, b: str) -> float:
    if len(a) == 1 or len(b) == 1:
        return _INITIAL if a[0] == b[0] else _DIFFERENT
    slips = OSA.distance(a, b, score_cutoff=_MOST)
    if slips > 1 and b in variants(a):
        return _NICKNAME
    return _misspelt(a, b, slips)


def _misspelt(a: str, b: str, slips: float) -> float:
    """The slips between two words, or between their sounds where that is less."""
    if slips == 0:
        return 0.0
    sound_a, sound_b = sound(a), sound(b)
    if sound_a == sound_b:
        return _SAME_SOUND
    least = min(slips, OSA.distance(sound_a, sound_b, score_cutoff=_MOST) + _SAME_SOUND)
    return least * 1.5 if min(len(a), len(b)) <= 2 else least


def _person_surplus(word: str) -> float:
    if len(word) == 1:
        return _LONE_INITIAL
    return _LIGHT if word in _titles_and_particles() else _MORE_NAMES


@functools.cache
def _titles_and_particles() -> frozenset[str]:
    roles: tuple[name_tables.Role, ...] = (
        "prefix",
        "prefix_dotted",
        "suffix",
        "particle",
        "particle_low",
        "and",
    )
    return frozenset(word for role in roles for word in name_tables.words(role))


def _aligned(a: Sequence[str], b: Sequence[str], rules: _Rules) -> float:
    """Slips when every word has the best partner that is free; the cheapest pair first, ties in order."""
    left, right = [w for w in a if w not in b], [w for w in b if w not in a]
    total = 0.0
    if left and right:
        if len(left) > 1:
            total += _joints_removed(left, right, rules)
        if len(right) > 1:
            total += _joints_removed(right, left, rules)
        total += _pairs_removed(left, right, rules)
    more_left, more_right = [rules.surplus(w) for w in left], [rules.surplus(w) for w in right]
    if left and right and max(more_left) > _LIGHT and max(more_right) > _LIGHT:
        return _DIFFERENT
    return total + sum(more_left) + sum(more_right)


def _pairs_removed(left: list[str], right: list[str], rules: _Rules) -> float:
    """Take words that are near one another out of both lists, nearest first; the sum of their slips."""
    pair = rules.pair
    costs = [
        (cost, i, j) for i, x in enumerate(left) for j, y in enumerate(right) if (cost := pair(x, y)) < _MOST
    ]
    if not costs:
        return 0.0
    costs.sort()
    total = 0.0
    for cost, i, j in costs:
        if left[i] and right[j]:
            total += cost
            left[i] = right[j] = ""
    left[:], right[:] = [w for w in left if w], [w for w in right if w]
    return total


def _joints_removed(parts: list[str], whole: list[str], rules: _Rules) -> float:
    """Take neighbors that make one word of the other list out of both: written apart, or as initials."""
    total = 0.0
    for word in list(whole):
        for width in range(2, min(len(word), len(parts)) + 1):
            starts = range(len(parts) - width + 1)
            at = next((i for i in starts if (cost := rules.joint(parts[i : i + width], word)) < _MOST), None)
            if at is not None:
                total += cost
                del parts[at : at + width]
                whole.remove(word)
                break
    return total


def _written_apart(parts: Sequence[str], word: str) -> float:
    return _UNSPACED if "".join(parts) == word else _DIFFERENT


def _written_apart_or_initials(parts: Sequence[str], word: str) -> float:
    if len(parts) == len(word) and all(part[0] == letter for part, letter in zip(parts, word, strict=True)):
        return _ACRONYM
    return _written_apart(parts, word)


def _letter_by_letter(a: Iterable[str], b: Iterable[str]) -> float:
    """Slips between the names written without spaces; short ones bear only one."""
    x, y = "".join(a), "".join(b)
    slips = OSA.distance(x, y, score_cutoff=_MOST)
    return _UNSPACED + slips if 4 * slips <= len(x) + len(y) - 6 or slips == 0 else _DIFFERENT


def _by_character(left: str, right: str) -> float:
    """Slips between names in Han or Hangul."""
    a, b = _SPACES.sub("", left), _SPACES.sub("", right)
    return OSA.distance(a, b) * _CHARACTER


def _organizations(left: str, right: str) -> float:
    """Slips between two names of organizations."""
    a, b = _numbers_read(company.core_words(left)), _numbers_read(company.core_words(right))
    if not a or not b:
        return _DIFFERENT
    cost = _aligned(a, b, _ORGANIZATION)
    if cost > _UNSPACED:
        cost = min(cost, _letter_by_letter(a, b))
    if _UNSPACED < cost < _DIFFERENT and min(len("".join(a)), len("".join(b))) > _SHORT:
        cost = min(cost, _letter_by_letter(fold(left).split(), fold(right).split()))
    return cost


def _numbers_read(words: Sequence[str]) -> list[str]:
    """Number words as digits: ``forty 4`` and ``forty four`` -> ``44``, ``first`` -> ``1``."""
    numbers = company_tables.numbers()
    if numbers.keys().isdisjoint(words):
        return list(words)
    digits = " ".join(numbers.get(word, word) for word in words)
    return _TENS.sub(r"\1", digits).split()


def _organization_pair(a: str, b: str) -> float:
    if min(len(a), len(b)) < 3 or a.isdigit() or b.isdigit():
        return _DIFFERENT
    slips = OSA.distance(a, b, score_cutoff=_MOST)
    return slips if slips <= max(1, max(len(a), len(b)) // 3) else _DIFFERENT


def _organization_surplus(word: str) -> float:
    if word in company_tables.words("small"):
        return _LIGHT
    if word in company_tables.words("country"):
        return _PLACE
    if word in company_tables.words("generic"):
        return _GENERIC
    return _LIGHT if _is_legal_word(word) else _MORE_WORDS


@functools.lru_cache(maxsize=65_536)
def _is_legal_word(word: str) -> bool:
    """Whether a word is of a legal form, or a misspelling of a long one."""
    known = company_tables.form_words()
    return word in known or (
        len(word) > 5 and any(OSA.distance(word, w, score_cutoff=1) <= 1 for w in known if len(w) > 5)
    )


_PERSON = _Rules(_person_pair, _written_apart, _person_surplus)
_ORGANIZATION = _Rules(_organization_pair, _written_apart_or_initials, _organization_surplus)

"""One box of plain text -> the filters it asks for, and what of it was understood as what.

No model: greedy longest match over packaged vocabularies, from left to right.

1. The text is cut into words; commas stay, quoted words stay together and are keywords.
2. Numbers with their unit first: "51-200 employees", "founded after 2015", "within 30 km of Berlin".
3. A word that announces something opens a context: ``at`` a company, ``in`` a place (or an industry or
   department), ``near`` a city, ``using`` technologies and skills, ``at companies using`` technologies of the
   employer. It lasts over "and", "or" and commas.
4. Otherwise the longest phrase that a vocabulary knows; of equal length titles, then skills and
   technologies, then industries, then places.
5. What nobody knows is a keyword, of companies a word of the name; small words are left out.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct

from leadspro_engine.dataset.words import fold
from leadspro_engine.errors import InvalidInput
from leadspro_engine.normalize import domain, industry, skill, technology
from leadspro_engine.search.plain_places import place_of
from leadspro_engine.search.plain_titles import title_of
from leadspro_engine.search.suggest import unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Kind = Literal["people", "companies"]
LONGEST = 200
"""Characters a text may have: no filter made of it is longer than a filter may be."""
_LONGEST_PHRASE = 6
_WORD = re.compile(r'"[^"]*"|,|;|[^\s,;"]+|"')
_EDGES = "().:!?'\u2019\u201c\u201d[]{}<>*/|"

_COUNT = r"(?P<count>\d[\d,]{0,10}\s?k?)"
_STAFF = "(?:employees|people|staff)"
_BEHIND_A_CITY = r"(?=\s+(?:using|with|at|and|who)\b|[,;\"]|\s*$)"
_NUMBERS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(rf"(?<!\S){pattern}(?!\w)", re.IGNORECASE), field, value)
    for pattern, field, value in (
        (rf"(?:more than|over|above) {_COUNT} {_STAFF}", "headcount", "{over}+"),
        (rf"at least {_COUNT} {_STAFF}", "headcount", "{count}+"),
        (rf"(?:fewer than|less than|under|below) {_COUNT} {_STAFF}", "headcount", "1-{under}"),
        (rf"up to {_COUNT} {_STAFF}", "headcount", "1-{count}"),
        (rf"(?P<low>\d[\d,]*)\s?(?:-|\u2013|to)\s?(?P<high>\d[\d,]*) {_STAFF}", "headcount",
         "{low}-{high}"),
        (rf"{_COUNT}\+ ?{_STAFF}", "headcount", "{count}+"),
        (r"founded (?:between )?(?P<low>\d{4})\s?(?:-|\u2013|to|and)\s?(?P<high>\d{4})", "founded",
         "{low}-{high}"),
        (r"founded (?:since|from) (?P<year>\d{4})", "founded", "{year}+"),
        (r"founded after (?P<after>\d{4})", "founded", "{after}+"),
        (r"founded before (?P<before>\d{4})", "founded", "1000-{before}"),
        (r"founded(?: in)? (?P<year>\d{4})", "founded", "{year}"),
        (r"updated (?:since|after) (?P<day>\d{4}-\d\d-\d\d)", "updated_since", "{day}"),
        (rf"within (?P<km>\d{{1,4}}) ?km (?:of|around|from) (?P<city>[^,;\"]+?){_BEHIND_A_CITY}",
         "near", "{city} {km} km"),
    )
)  # fmt: skip


_LEFT_OVER: dict[Kind, str] = {"people": "keywords", "companies": "name"}
"""Where words go that nothing is known of; all of them must be there."""
_COUNTS = frozenset(("count", "low", "high"))


class Part(Struct, frozen=True):
    """Some words of the text and what they were taken for; ``field`` is None for words that were left out."""

    text: str
    field: str | None = None
    values: list[str] = []


class Understood(Struct, frozen=True):
    """What a text asks for.

    Attributes:
        filters: a mapping of fields of ``PeopleFilters`` or ``CompanyFilters``, each a list of values.
        parts: every word of the text once, in their order.
    """

    filters: dict[str, list[str]]
    parts: list[Part]


class _Hit(NamedTuple):
    """What the words of a phrase stand for, and how many there are."""

    words: int
    field: str | None
    values: list[str]


def understand(text: str, kind: Kind = "people") -> Understood:
    """The filters that a text asks for, with what each of its words was taken for.

    >>> understand("revops leaders in berlin using salesforce").filters  # doctest: +NORMALIZE_WHITESPACE
    {'job_title': ['revops'], 'seniority': ['director', 'vp', 'cxo'], 'city': ['Berlin'],
     'skills': ['Salesforce']}

    Args:
        text: at most 200 characters.
        kind: what is searched for.

    Raises:
        InvalidInput: the text is too long, or the kind is neither people nor companies.
    """
    if kind not in ("people", "companies"):
        raise unknown("kind", kind, ("people", "companies"), what="people or companies")
    if not isinstance(text, str) or len(text) > LONGEST:
        raise InvalidInput("text", text, f"a text of at most {LONGEST} characters")
    parts = [part for piece in _pieces(text, kind) for part in _parts(piece, kind)]
    return Understood(_filters(parts), parts)


def _pieces(text: str, kind: Kind) -> list[str | Part]:
    """The text cut at phrases with numbers, which are parts already."""
    pieces: list[str | Part] = [text]
    for pattern, field, value in _NUMBERS:
        if field != "founded" or kind == "companies":
            pieces = [new for piece in pieces for new in _cut(piece, pattern, field, value)]
    return pieces


def _cut(piece: str | Part, pattern: re.Pattern[str], field: str, value: str) -> Iterator[str | Part]:
    """A piece, cut at a phrase with a number."""
    found = None if isinstance(piece, Part) else pattern.search(piece)
    given = None if found is None else _given(found.groupdict())
    if not isinstance(piece, str) or found is None or given is None:
        yield piece
        return
    yield piece[: found.start()]
    yield Part(found.group(), field, [value.format(**given)])
    yield from _cut(piece[found.end() :], pattern, field, value)


def _given(groups: dict[str, str]) -> dict[str, str] | None:
    """What the groups of a phrase with a number stand for; None when it is no place, year or number."""
    given = {name: value.lower().replace(",", "").replace(" ", "") if name in _COUNTS else value
             for name, value in groups.items()}  # fmt: skip
    if "city" in given:
        found = place_of([fold(word) for word in given["city"].split()], announced=True)
        if found is None or found[0] != "city" or not 1 <= int(given["km"]) <= 1000:
            return None
        given["city"] = found[1]
    if "count" in given:
        count = int(given["count"].replace("k", "000"))
        given |= {"count": str(count), "over": str(count + 1), "under": str(count - 1)}
        if count < 2:
            return None
    for name, by in (("after", 1), ("before", -1)):
        if name in given:
            given[name] = f"{int(given[name]) + by}"
            if len(given[name]) != len(groups[name]):
                return None
    if "low" in given and int(given["low"]) > int(given["high"]):
        return None
    return given if _is_day(given.get("day", "2000-01-01")) else None


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _parts(piece: str | Part, kind: Kind) -> Iterator[Part]:
    """The parts of a piece without numbers."""
    if isinstance(piece, Part):
        yield piece
        return
    shown = _WORD.findall(piece)
    plain = [_plain(word) for word in shown]
    at, context = 0, ""
    while at < len(shown):
        role, words = _role(plain, at)
        hit = _known(shown, plain, at, context, kind)
        if hit is None and role in ("at", "in", "near", "use"):
            context = "their" if _is_theirs(role, context, plain, at) and kind == "people" else role
        elif hit is None and not role:
            context = ""
        hit = hit or _Hit(words, None, []) if role else hit or _Hit(1, _LEFT_OVER[kind], [plain[at]])
        if hit.field == "job_title" and context != "use":
            context = ""
        yield Part(" ".join(shown[at : at + hit.words]), hit.field, hit.values)
        at += hit.words


def _is_theirs(role: str, context: str, plain: Sequence[str], at: int) -> bool:
    """Whether what is used is said of companies that are not named: "at companies using AWS"."""
    return role == "use" and context == "at" and _role(plain, at - 1)[0] == "noise"


def _plain(word: str) -> str:
    """A word as vocabularies are asked for it: folded, without the punctuation around it."""
    return fold(word.strip('"').strip()) if word.startswith('"') else fold(word).strip(_EDGES)


def _role(plain: Sequence[str], at: int) -> tuple[str, int]:
    """What the words at a place announce, and how many they are; nothing is ("", 1)."""
    for length in (2, 1):
        entry = _words().get(" ".join(plain[at : at + length]).replace("-", " "))
        if entry is not None and at + length <= len(plain):
            return entry[0], length
    return ("", 1) if plain[at] and any(c.isalnum() for c in plain[at]) else ("noise", 1)


def _known(shown: Sequence[str], plain: Sequence[str], at: int, context: str, kind: Kind) -> _Hit | None:
    """The longest phrase at a place that something is known of."""
    if shown[at].startswith('"') and context != "at":
        return _Hit(1, _LEFT_OVER[kind], [plain[at]]) if any(c.isalnum() for c in plain[at]) else None
    if context == "at":
        return _company(shown, plain, at, kind)
    until = next(
        (i for i in range(at, len(plain)) if plain[i] in (",", ";") or shown[i].startswith('"')), len(plain)
    )
    shortest = 1 if _role(plain, at)[0] in _OPENS else 0
    for length in range(min(_LONGEST_PHRASE, until - at), shortest, -1):
        phrase = list(plain[at : at + length])
        for read in _readings(context):
            found = read(phrase, kind, context)
            if found is not None:
                return _Hit(length, *found)
    return None


def _company(shown: Sequence[str], plain: Sequence[str], at: int, kind: Kind) -> _Hit | None:
    """All words up to the next that announces something are the name of a company."""
    if _role(plain, at)[0] in ("noise", "small"):
        return None
    end = at + shown[at].startswith('"')
    while end < len(plain) and _role(plain, end)[0] not in _ENDS_A_NAME and not shown[end].startswith('"'):
        end += 1
    name = " ".join(word.strip(_EDGES + '"') for word in shown[at:end]).strip()
    if not any(c.isalnum() for c in name):
        return None
    return _Hit(end - at, "company" if kind == "people" else "name", [name])


_OPENS = frozenset(("at", "in", "near", "use", "and", "or", "small", "noise"))
"""Roles of words that are taken for nothing else when they stand alone: AT, IN and IS are countries too."""
_ENDS_A_NAME = frozenset(("at", "in", "near", "use", "comma", "or", "seniority", "small"))
_NOT_IN_TITLES = frozenset(("at", "in", "near", "use", "comma", "or", "small", "has"))
_Found = tuple[str, list[str]]


def _readings(context: str) -> tuple[Callable[[list[str], Kind, str], _Found | None], ...]:
    """What a phrase may be, the likeliest first."""
    if context == "in":
        return (_word, _place, _office, _field, _title, _used)
    if context == "near":
        return (_place, _word, _office, _field, _title, _used)
    if context in ("use", "their"):
        return (_word, _used, _title, _field, _place)
    return (_word, _title, _host, _used, _field, _place)


def _word(phrase: list[str], kind: Kind, context: str) -> _Found | None:
    """A word of the table that is a filter by itself."""
    role, value = _words().get(" ".join(phrase).replace("-", " "), ("", ""))
    fits = {"seniority": kind == "people", "department": kind == "people", "status": kind == "companies",
            "has": kind == "people" and context in ("use", "their"), "industry": context == "in",
            "keywords": kind == "people" and context != "use"}  # fmt: skip
    return (role, value.split(";")) if fits.get(role) else None


def _title(phrase: list[str], kind: Kind, context: str) -> _Found | None:
    roles = {_words().get(word, ("", ""))[0] for word in phrase}
    if roles & _NOT_IN_TITLES:
        return None
    found = title_of(phrase)
    if found is None or (kind == "companies" and (found[0] != "job_title" or context != "use")):
        return None
    return found[0], [found[1]]


def _office(phrase: list[str], kind: Kind, context: str) -> _Found | None:
    """A department, and no title."""
    found = _title(phrase, kind, context)
    return found if found is not None and found[0] == "department" else None


def _used(phrase: list[str], kind: Kind, context: str) -> _Found | None:
    """A technology or, of people, a skill."""
    text = " ".join(phrase)
    known = technology.known(text)
    if context == "their":
        return None if known is None else ("technology", [known])
    if known is None and kind == "people" and skill.parse(text) in _skills():
        known = skill.parse(text)
    if known is None or (len(text) < 3 and context != "use"):
        return None
    return ("skills" if kind == "people" else "technology"), [known]


def _field(phrase: list[str], _: Kind, __: str) -> _Found | None:
    """An industry."""
    name = industry.parse(" ".join(phrase))
    return ("industry", [name]) if name in _industries() else None


def _host(phrase: list[str], _: Kind, __: str) -> _Found | None:
    """A domain."""
    parsed = domain.parse(phrase[0]) if len(phrase) == 1 and "." in phrase[0] else None
    return None if parsed is None else ("domain", [parsed.registrable])


def _place(phrase: list[str], _: Kind, context: str) -> _Found | None:
    found = place_of(phrase, announced=context in ("in", "near"))
    if found is None:
        return None
    field, name = found
    return ("near" if field == "city" and context == "near" else field), [name]


def _filters(parts: Sequence[Part]) -> dict[str, list[str]]:
    """The values of each field; what is joined by "and" must all be there, keywords too."""
    found: dict[str, list[str]] = {}
    for part in parts:
        if part.field is not None:
            values = found.setdefault(part.field, [])
            values += [value for value in part.values if value not in values]
    for field in _LEFT_OVER.values():
        if field in found:
            found[field] = [" ".join(found[field])[:LONGEST]]
    if not any(fold(part.text) == "or" for part in parts):
        for some, every in (("skills", "skills_all"), ("technology", "technology_all")):
            if len(found.get(some, ())) > 1:
                found[every] = found.pop(some)
    return found


@cache
def _words() -> dict[str, tuple[str, str]]:
    """Phrase -> its role and value."""
    with files(__package__).joinpath("tables", "plain_words.csv").open(encoding="utf-8") as file:
        return {row["phrase"]: (row["role"], row["value"]) for row in csv.DictReader(file)}


@cache
def _skills() -> frozenset[str]:
    return frozenset(skill.names())


@cache
def _industries() -> frozenset[str]:
    return frozenset(industry.names())

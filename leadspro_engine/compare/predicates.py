"""Statements about two records, each in two forms that always agree.

A predicate is a small value with a column form (``sql()``: text over the aliases ``l`` and ``r``) and a
value form (``holds(left, right)``: over two mappings). Everything that compares records is built from
the predicates of this file, so the offline and the online score cannot drift apart; a property test
holds the two forms equal.

A missing value (None or an empty list) on either side makes a predicate false, never an error. Similarities
and edits are counted in characters, as DuckDB 2.0 does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct
from rapidfuzz.distance import JaroWinkler, Levenshtein

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Values = Mapping[str, Any]


class Predicate(Protocol):
    """A statement about two records that is either true or false."""

    def sql(self) -> str:
        """The statement as an SQL expression over ``l`` and ``r``; false or null where it does not hold."""

    def holds(self, left: Values, right: Values) -> bool:
        """Whether the statement is true of two mappings from column to value."""


class Same(Struct, frozen=True):
    """Both records have the same value in a column."""

    column: str

    def sql(self) -> str:
        return f"l.{self.column} = r.{self.column}"

    def holds(self, left: Values, right: Values) -> bool:
        return left.get(self.column) is not None and left.get(self.column) == right.get(self.column)


class Missing(Struct, frozen=True):
    """A record, or both, have no value in a column."""

    column: str

    def sql(self) -> str:
        return f"(l.{self.column} is null or r.{self.column} is null)"

    def holds(self, left: Values, right: Values) -> bool:
        return left.get(self.column) is None or right.get(self.column) is None


class Crossed(Struct, frozen=True):
    """A value of one column stands in another column of the other record."""

    column: str
    other: str

    def sql(self) -> str:
        return f"(l.{self.column} = r.{self.other} or r.{self.column} = l.{self.other})"

    def holds(self, left: Values, right: Values) -> bool:
        return _equal(left.get(self.column), right.get(self.other)) or _equal(
            right.get(self.column), left.get(self.other)
        )


class Swapped(Struct, frozen=True):
    """Each record has in one column what the other has in another (given and family name swapped)."""

    column: str
    other: str

    def sql(self) -> str:
        return f"(l.{self.column} = r.{self.other} and r.{self.column} = l.{self.other})"

    def holds(self, left: Values, right: Values) -> bool:
        return _equal(left.get(self.column), right.get(self.other)) and _equal(
            right.get(self.column), left.get(self.other)
        )


class Shared(Struct, frozen=True):
    """Two lists have a member in common."""

    column: str

    def sql(self) -> str:
        return f"list_has_any(l.{self.column}, r.{self.column})"

    def holds(self, left: Values, right: Values) -> bool:
        return not set(left.get(self.column) or ()).isdisjoint(right.get(self.column) or ())


class SameMailDomain(Struct, frozen=True):
    """Members of two lists of e-mail addresses are at one domain."""

    column: str

    def sql(self) -> str:
        one, two = (
            f"list_transform({side}.{self.column}, lambda x: string_split(x, '@')[-1])" for side in "lr"
        )
        return f"list_has_any({one}, {two})"

    def holds(self, left: Values, right: Values) -> bool:
        one, two = (
            {address.split("@")[-1] for address in record.get(self.column) or ()} for record in (left, right)
        )
        return not one.isdisjoint(two)


class SameSite(Struct, frozen=True):
    """Members of two lists of domains have one name under any suffix (``acme.de`` and ``acme.com``)."""

    column: str

    def sql(self) -> str:
        one, two = (
            f"list_transform({side}.{self.column}, lambda x: string_split(x, '.')[1])" for side in "lr"
        )
        return f"list_has_any({one}, {two})"

    def holds(self, left: Values, right: Values) -> bool:
        one, two = (
            {domain.split(".")[0] for domain in record.get(self.column) or ()} for record in (left, right)
        )
        return not one.isdisjoint(two)


class OtherNumber(Struct, frozen=True):
    """Both texts have words that are numbers, Arabic or Roman, and not the same ones: site 1, site ii."""

    column: str

    def sql(self) -> str:
        one, two = (f"regexp_extract_all({side}.{self.column}, '{_NUMBER}')" for side in "lr")
        sorted_one, sorted_two = f"list_sort({one})", f"list_sort({two})"
        return f"len({one}) > 0 and len({two}) > 0 and {sorted_one} <> {sorted_two}"

    def holds(self, left: Values, right: Values) -> bool:
        one, two = (re.findall(_NUMBER, record.get(self.column) or "") for record in (left, right))
        return bool(one and two) and sorted(one) != sorted(two)


_NUMBER = r"\b(?:[0-9]+|i{1,3}|iv|vi{0,3}|ix|xi{0,3})\b"
"""A word that is a number; Roman ones up to thirteen, and not "x", which is a letter more often."""


class Similar(Struct, frozen=True):
    """Jaro-Winkler similarity of two texts is at least ``least`` (0..1)."""

    column: str
    least: float

    def sql(self) -> str:
        return f"jaro_winkler_similarity(l.{self.column}, r.{self.column}) >= {self.least}"

    def holds(self, left: Values, right: Values) -> bool:
        one, two = left.get(self.column), right.get(self.column)
        return one is not None and two is not None and _similarity(one, two) >= self.least


class AnySimilar(Struct, frozen=True):
    """Members of two lists are at least ``least`` (0..1) alike by Jaro-Winkler similarity."""

    column: str
    least: float

    def sql(self) -> str:
        return _any_member(self.column, lambda x, y: f"jaro_winkler_similarity({x}, {y}) >= {self.least}")

    def holds(self, left: Values, right: Values) -> bool:
        return any(
            _similarity(one, two) >= self.least
            for one in left.get(self.column) or ()
            for two in right.get(self.column) or ()
        )


class Within(Struct, frozen=True):
    """Two texts differ by at most ``edits`` insertions, deletions or substitutions."""

    column: str
    edits: int

    def sql(self) -> str:
        return _near(f"l.{self.column}", f"r.{self.column}", self.edits)

    def holds(self, left: Values, right: Values) -> bool:
        one, two = left.get(self.column), right.get(self.column)
        return one is not None and two is not None and _edits(one, two) <= self.edits


class AnyWithin(Struct, frozen=True):
    """Members of two lists, each at least ``length`` long, are at most ``edits`` edits apart.

    With ``same_digits`` their digits are equal: ``acme-2.com`` is no slip of ``acme-3.com``.
    """

    column: str
    edits: int
    length: int
    same_digits: bool = False

    def sql(self) -> str:
        def near(x: str, y: str) -> str:
            long = f"least(len({x}), len({y})) >= {self.length}"
            digits = [f"{_digits_sql(x)} = {_digits_sql(y)}"] if self.same_digits else []
            return _in_turn([long, _near(x, y, self.edits), *digits])

        return _any_member(self.column, near)

    def holds(self, left: Values, right: Values) -> bool:
        return any(
            min(len(one), len(two)) >= self.length
            and _edits(one, two) <= self.edits
            and (not self.same_digits or _digits(one) == _digits(two))
            for one in left.get(self.column) or ()
            for two in right.get(self.column) or ()
        )


class Initial(Struct, frozen=True):
    """One text is a single letter and the other begins with it."""

    column: str

    def sql(self) -> str:
        one, two = f"l.{self.column}", f"r.{self.column}"
        return f"least(len({one}), len({two})) = 1 and left({one}, 1) = left({two}, 1)"

    def holds(self, left: Values, right: Values) -> bool:
        one, two = left.get(self.column), right.get(self.column)
        return one is not None and two is not None and min(len(one), len(two)) == 1 and one[0] == two[0]


class WordIn(Struct, frozen=True):
    """All words of one text stand in the other ("lopez" and "lopez garcia")."""

    column: str

    def sql(self) -> str:
        one, two = (f"string_split({side}.{self.column}, ' ')" for side in "lr")
        several = " or ".join(f"{side}.{self.column} like '% %'" for side in "lr")
        within = f"list_has_all({one}, {two}) or list_has_all({two}, {one})"
        return f"case when {several} then {within} else l.{self.column} = r.{self.column} end"

    def holds(self, left: Values, right: Values) -> bool:
        one, two = left.get(self.column), right.get(self.column)
        if one is None or two is None:
            return False
        words, others = set(one.split(" ")), set(two.split(" "))
        return words <= others or others <= words


class DayMonthSwapped(Struct, frozen=True):
    """Two ISO dates are equal once day and month of one are swapped."""

    column: str

    def sql(self) -> str:
        one, two = f"l.{self.column}", f"r.{self.column}"
        swapped = f"left({one}, 5) || substr({one}, 9, 2) || '-' || substr({one}, 6, 2)"
        return f"len({one}) = 10 and len({two}) = 10 and {swapped} = {two}"

    def holds(self, left: Values, right: Values) -> bool:
        one, two = left.get(self.column), right.get(self.column)
        if one is None or two is None or len(one) != 10 or len(two) != 10:
            return False
        return bool(f"{one[:5]}{one[8:]}-{one[5:7]}" == two)


class All(Struct, frozen=True):
    """Every part holds."""

    parts: tuple[Predicate, ...]

    def sql(self) -> str:
        return _in_turn([part.sql() for part in self.parts])

    def holds(self, left: Values, right: Values) -> bool:
        return all(part.holds(left, right) for part in self.parts)


class AnyOf(Struct, frozen=True):
    """At least one part holds."""

    parts: tuple[Predicate, ...]

    def sql(self) -> str:
        return "case " + " ".join(f"when {part.sql()} then true" for part in self.parts) + " else false end"

    def holds(self, left: Values, right: Values) -> bool:
        return any(part.holds(left, right) for part in self.parts)


class Not(Struct, frozen=True):
    """The part does not hold."""

    part: Predicate

    def sql(self) -> str:
        return f"not coalesce({self.part.sql()}, false)"

    def holds(self, left: Values, right: Values) -> bool:
        return not self.part.holds(left, right)


def _equal(one: object, two: object) -> bool:
    """Whether two values are there and equal."""
    return one is not None and one == two


def _any_member(column: str, near: Callable[[str, str], str]) -> str:
    """Whether members of two lists are near; most lists have one member and need no loop in the engine."""
    one, two = f"l.{column}", f"r.{column}"
    loop = f"list_filter({one}, lambda x: len(list_filter({two}, lambda y: {near('x', 'y')})) > 0)"
    single = f"len({one}) = 1 and len({two}) = 1"
    return f"case when {single} then {near(f'{one}[1]', f'{two}[1]')} else len({loop}) > 0 end"


def _near(one: str, two: str, edits: int) -> str:
    """At most so many edits apart as SQL; texts whose lengths differ by more need not be compared."""
    return _in_turn([f"abs(len({one}) - len({two})) <= {edits}", f"levenshtein({one}, {two}) <= {edits}"])


def _in_turn(conditions: Sequence[str]) -> str:
    """That all hold, each worked out only where those before it do: an ``and`` promises no order."""
    *first, last = conditions
    opened = "".join(f"case when {condition} then " for condition in first)
    return f"{opened}{last}{' else false end' * len(first)}"


def _similarity(one: str, two: str) -> float:
    """Jaro-Winkler similarity in [0, 1]."""
    return JaroWinkler.similarity(one, two)


def _digits(text: str) -> str:
    """The digits of a text."""
    return re.sub("[^0-9]", "", text)


def _digits_sql(text: str) -> str:
    """The same as SQL."""
    return f"regexp_replace({text}, '[^0-9]', '', 'g')"


def _edits(one: str, two: str) -> int:
    """Levenshtein distance."""
    return Levenshtein.distance(one, two)

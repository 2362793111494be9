"""Texts that are one slip of the keyboard away: a letter too many, missing, another, or two swapped.

Source: F. Damerau, "A technique for computer detection and correction of spelling errors" (1964): four in
five misspellings are one of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    FirstFrom = Callable[[str], str | None]
    """The first entry of a sorted list that stands at or behind a text, by code points."""

_LAST, _HALVES = 0x10FFFF, range(0xD800, 0xE000)


def beginnings(typed: str, first_from: FirstFrom) -> set[str]:
    """The shortest texts one slip away from ``typed`` with which an entry of a sorted list begins.

    >>> words = ["manager", "sales", "salesforce", "soles"]
    >>> def first_from(text):
    ...     return min((word for word in words if word >= text), default=None)
    >>> beginnings("slaes", first_from), beginnings("sals", first_from)
    ({'sales'}, {'sal'})
    """
    found = {text for text in _one_away(typed, first_from) if _begins_something(text, first_from)}
    return {text for text in found if not any(text[:end] in found for end in range(1, len(text)))}


def entries(typed: str, first_from: FirstFrom) -> set[str]:
    """The entries of a sorted list that are one slip away from ``typed``.

    >>> words = ["manager", "sales", "salesforce", "soles"]
    >>> def first_from(text):
    ...     return min((word for word in words if word >= text), default=None)
    >>> sorted(entries("sales", first_from)), entries("slaes", first_from)
    (['soles'], {'sales'})
    """
    found = {text for text in _one_away(typed, first_from) if first_from(text) == text}
    return found - {typed}


def _one_away(typed: str, first_from: FirstFrom) -> Iterator[str]:
    """Texts one slip away, those among them that begin an entry; walks the list along what was typed."""
    for at in range(len(typed) + 1):
        head, rest = typed[:at], typed[at:]
        if not _begins_something(head, first_from):
            return
        if rest:
            yield head + rest[1:]
            yield head + rest[1:2] + rest[:1] + rest[2:]
        for letter in _letters_after(head, first_from):
            yield head + letter + rest
            yield head + letter + rest[1:]


def _begins_something(text: str, first_from: FirstFrom) -> bool:
    nearest = first_from(text)
    return nearest is not None and nearest.startswith(text)


def _letters_after(head: str, first_from: FirstFrom) -> Iterator[str]:
    """The letters that go on after a beginning, in their order."""
    after = head + "\0"
    while (nearest := first_from(after)) is not None and nearest.startswith(head):
        letter = nearest[len(head)]
        yield letter
        code = ord(letter) + 1
        if code > _LAST:
            return
        after = head + chr(_HALVES.stop if code in _HALVES else code)

"""Vocabularies: tables of one name and the other names of the same thing, compared loosely.

Two spellings are one when they agree without case, accents, spaces, punctuation and the word "and";
``+`` and ``#`` count as words, because C, C++ and C# are three things.
"""

from __future__ import annotations

import functools

from leadspro_engine.normalize.name_fold import fold
from leadspro_engine.normalize.tables import rows

LONGEST = 200  # characters of a cell that are read


@functools.cache
def names(table: str) -> dict[str, str]:
    """Every spelling of a table, as ``key`` gives it -> the name; own names go before other names."""
    found: dict[str, str] = {}
    entries = [(row[0], row[1].split("; ") if len(row) > 1 and row[1] else []) for row in rows(table)]
    for name, _ in entries:
        found.setdefault(key(name), name)
    for name, others in entries:
        for other in others:
            found.setdefault(key(other), name)
    return found


@functools.cache
def canonical(table: str) -> tuple[str, ...]:
    """The names of a table, sorted."""
    return tuple(sorted(row[0] for row in rows(table)))


def key(text: str) -> str:
    """The form in which spellings are compared.

    >>> key("Oil & Energy") == key("oil and energy"), key("Node.js") == key("NodeJS"), key("C++"), key("C#")
    (True, True, 'cplusplus', 'csharp')
    """
    words = fold(text.replace("+", " plus ").replace("#", " sharp ")).split()
    return "".join(word for word in words if word != "and")

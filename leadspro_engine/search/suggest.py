"""What a caller may have meant by a word that is not in a vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from leadspro_engine.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEAR = 70.0
"""Least similarity, 0-100, at which a word is offered; below it "did you mean" reads like a joke."""


def unknown(field: str, given: object, vocabulary: Iterable[str], *, what: str) -> InvalidInput:
    """The error for a word outside a vocabulary, naming up to three near words of it.

    Args:
        field: JSON pointer of the value.
        given: the value.
        vocabulary: the words that would have been accepted.
        what: what the vocabulary holds, in words ("a country name or ISO code").
    """
    near = nearest(str(given), vocabulary)
    hint = f" (did you mean {' or '.join(repr(word) for word in near)}?)" if near else ""
    return InvalidInput(field, given, f"{what}{hint}")


def nearest(given: str, vocabulary: Iterable[str], *, limit: int = 3) -> list[str]:
    """The words of a vocabulary most like the one given, best first, ties in alphabetical order.

    >>> nearest("enginering", ["engineering", "education", "sales"])
    ['engineering']
    """
    asked = given[:100].casefold()
    scored = process.extract(
        asked, sorted(set(vocabulary)), scorer=fuzz.ratio, processor=str.casefold, limit=limit
    )
    return [word for word, score, _ in scored if score >= _NEAR]

"""Skills by one spelling each.

Known skills as in their table, products as in ``technology``, others with one capital, as a sentence has.

Source: ``tables/skills.tsv``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.normalize import columns, technology, vocabulary
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean
from leadspro_engine.normalize.title_case import capitalized

if TYPE_CHECKING:
    import polars as pl

_TABLE = "skills.tsv"


def parse(value: object) -> str | None:
    """The skill's one spelling; None without a letter or digit.

    >>> parse("python"), parse("REVOPS"), parse("UNDERWATER BASKET WEAVING")
    ('Python', 'Revenue operations', 'Underwater basket weaving')
    """
    text = clean(value)
    if text is None:
        return None
    text = text[: vocabulary.LONGEST].strip(" .,;•-")
    key = vocabulary.key(text)
    if not key:
        return None
    return vocabulary.names(_TABLE).get(key) or technology.known(text) or _sentence(text)


def names() -> tuple[str, ...]:
    """The skills of the table, sorted."""
    return vocabulary.canonical(_TABLE)


def column(values: pl.Series) -> pl.Series:
    """``parse`` for each row, as text."""
    return columns.text_column(values, parse)


def why(value: object) -> tuple[Note, ...]:
    """Whether neither table has the skill.

    >>> why("Falconry")[0].code, why("revops")
    ('unknown', ())
    """
    found = parse(value)
    if found is None:
        return (Note("blank", "There is nothing in the cell."),)
    known = found in names() or technology.known(found)
    return () if known else (Note("unknown", f"{found!r} is in no table of skills; its words stay."),)


def _sentence(text: str) -> str:
    return capitalized(text.lower())

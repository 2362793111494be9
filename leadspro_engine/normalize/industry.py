"""Industries by the 147 names of People Data Labs; what is in no table stays, in lower case.

Source: ``industry`` of the People Data Labs taxonomy, version 1; ``tables/industries.tsv`` for other names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.normalize import columns, vocabulary
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean

if TYPE_CHECKING:
    import polars as pl

_TABLE = "industries.tsv"


def parse(value: object) -> str | None:
    """The industry's name: one of ``names()``, or the cell in lower case; None without a letter or digit.

    >>> parse("SaaS"), parse("Maschinenbau"), parse("Falconry")
    ('computer software', 'machinery', 'falconry')
    """
    text = clean(value)
    if text is None:
        return None
    key = vocabulary.key(text[: vocabulary.LONGEST])
    return vocabulary.names(_TABLE).get(key) or (text[: vocabulary.LONGEST].strip().lower() if key else None)


def names() -> tuple[str, ...]:
    """The 147 names, sorted."""
    return vocabulary.canonical(_TABLE)


def column(values: pl.Series) -> pl.Series:
    """``parse`` for each row, as text."""
    return columns.text_column(values, parse)


def why(value: object) -> tuple[Note, ...]:
    """Whether the cell names none of the 147 industries.

    >>> why("Falconry")[0].code, why("Banking")
    ('unknown', ())
    """
    found = parse(value)
    if found is None:
        return (Note("blank", "There is nothing in the cell."),)
    return (
        () if found in names() else (Note("unknown", f"{found!r} is none of the {len(names())} industries."),)
    )

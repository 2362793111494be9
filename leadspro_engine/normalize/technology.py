"""Technologies by their makers' spelling; what is in no table stays as it was written.

1. The cell is looked up as a whole, then without brackets, then without a version number behind it.
2. An unknown product keeps its spelling, since nothing says that another one is better.

Source: ``tables/technologies.tsv``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from leadspro_engine.normalize import columns, vocabulary
from leadspro_engine.normalize.note import Note
from leadspro_engine.normalize.text import clean

if TYPE_CHECKING:
    import polars as pl

_TABLE = "technologies.tsv"
_BRACKETS = re.compile(r"\([^()]{0,80}\)")
_VERSION = re.compile(r"\s+v?\d{1,4}(?:\.\d{1,4}){0,3}\.?[xX]?$")


def parse(value: object) -> str | None:
    """The product's name, as its maker writes it if the table has it; None without a letter or digit.

    >>> parse("amazon web services"), parse("SFDC"), parse("python 3.11"), parse("FrobCRM")
    ('AWS', 'Salesforce', 'Python', 'FrobCRM')
    """
    text = clean(value)
    if text is None:
        return None
    text = text[: vocabulary.LONGEST].strip()
    return known(text) or (text if vocabulary.key(text) else None)


def known(text: str) -> str | None:
    """The name in the table that a text stands for; None if there is none.

    >>> known("k8s (on premises)"), known("FrobCRM")
    ('Kubernetes', None)
    """
    plain = _BRACKETS.sub(" ", text).strip()
    spellings = vocabulary.names(_TABLE)
    forms = (text, plain, _VERSION.sub("", plain))
    return next((name for form in forms if (name := spellings.get(vocabulary.key(form)))), None)


def names() -> tuple[str, ...]:
    """The products of the table, sorted."""
    return vocabulary.canonical(_TABLE)


def column(values: pl.Series) -> pl.Series:
    """``parse`` for each row, as text."""
    return columns.text_column(values, parse)


def why(value: object) -> tuple[Note, ...]:
    """Whether the table does not have the product.

    >>> why("FrobCRM")[0].code, why("AWS")
    ('unknown', ())
    """
    found = parse(value)
    if found is None:
        return (Note("blank", "There is nothing in the cell."),)
    return () if known(found) else (Note("unknown", f"{found!r} is not in the table of products."),)

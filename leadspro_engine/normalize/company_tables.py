"""Legal forms (``tables/legal_forms.tsv``) and words (``tables/company_words.tsv``), ready to look up."""

from __future__ import annotations

import functools
from typing import Literal, NamedTuple

from leadspro_engine.normalize.company_fold import tokens
from leadspro_engine.normalize.tables import rows

Role = Literal["article", "formerly", "country", "small", "nobody"]


class LegalForms(NamedTuple):
    """Spellings of legal forms, in compare form, by where they stand -> how the form is shown."""

    end: dict[str, str]
    front: dict[str, str]
    front_cyrillic: dict[str, str]
    glued: dict[str, str]
    longest: int  # words of the longest spelling


@functools.cache
def legal_forms() -> LegalForms:
    """The table of legal forms; the first row that has a spelling says how it is shown."""
    forms = LegalForms({}, {}, {}, {}, 0)
    places = {
        "end": (forms.end,),
        "both": (forms.end, forms.front),
        "both_cyrillic": (forms.end, forms.front_cyrillic),
        "glued": (forms.glued,),
    }
    for _countries, shown, place, spellings in rows("legal_forms.tsv"):
        for spelling in spellings.split("; "):
            folded = spelling if place == "glued" else " ".join(tokens(spelling))
            for known in places[place]:
                known.setdefault(folded, shown)
    return forms._replace(longest=max(len(spelling.split()) for spelling in forms.end))


@functools.cache
def last_words() -> frozenset[str]:
    """The words in which a legal form at the end can end."""
    return frozenset(spelling.split()[-1] for spelling in legal_forms().end)


@functools.cache
def words(role: Role) -> frozenset[str]:
    """The words of one role, in compare form."""
    return frozenset(
        word for name, cell in rows("company_words.tsv") if name == role for word in cell.split("; ")
    )

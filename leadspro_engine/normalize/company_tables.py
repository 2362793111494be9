"""Legal forms (``tables/legal_forms.tsv``) and words (``tables/company_words.tsv``), ready to look up."""

from __future__ import annotations

import functools
from typing import Literal, NamedTuple
from unicodedata import normalize

from leadspro_engine.normalize.company_fold import tokens
from leadspro_engine.normalize.tables import rows

Role = Literal["article", "formerly", "country", "everywhere", "small", "generic", "form", "number", "nobody"]


class LegalForms(NamedTuple):
    """Spellings of legal forms, in compare form, by where they stand -> how the form is shown."""

    end: dict[str, str]
    front: dict[str, str]
    front_cyrillic: dict[str, str]
    glued: dict[str, str]
    last: dict[str, int]  # the last word of a spelling at the end -> words of the longest that ends so
    first: dict[str, int]  # the same for the first word of one in front


@functools.cache
def legal_forms() -> LegalForms:
    """The table of legal forms; the first row that has a spelling says how it is shown."""
    forms = LegalForms({}, {}, {}, {}, {}, {})
    places = {
        "end": (forms.end,),
        "both": (forms.end, forms.front),
        "both_cyrillic": (forms.end, forms.front_cyrillic),
        "glued": (forms.glued,),
    }
    for _countries, shown, place, spellings in rows("legal_forms.tsv"):
        for cell in spellings.split("; "):
            spelling, _, own = cell.partition(" = ")
            folded = normalize("NFKC", spelling) if place == "glued" else " ".join(tokens(spelling))
            for known in places[place]:
                known.setdefault(folded, own or (spelling if place == "glued" else shown))
    for folded in forms.end:
        *before, last = folded.split(" ")
        forms.last[last] = max(forms.last.get(last, 0), len(before) + 1)
    for folded in (*forms.front, *forms.front_cyrillic):
        first, *behind = folded.split(" ")
        forms.first[first] = max(forms.first.get(first, 0), len(behind) + 1)
    return forms


@functools.cache
def words(role: Role) -> frozenset[str]:
    """The words of one role, in compare form."""
    return frozenset(
        word for name, cell in rows("company_words.tsv") if name == role for word in cell.split("; ")
    )


@functools.cache
def form_words() -> frozenset[str]:
    """Words that are a legal form by themselves, and those of the long spellings that are nothing else."""
    return frozenset(spelling for spelling in legal_forms().end if " " not in spelling) | words("form")


@functools.cache
def numbers() -> dict[str, str]:
    """Number words, in compare form -> their digits."""
    return dict(pair.split(" ") for pair in words("number"))

"""The words and names of ``tables/name_words.tsv`` and ``tables/name_origins.tsv``, ready to look up.

A word is looked up by ``bare``: without case, full stops, apostrophes and hyphens. Latin words are also
entered without accents, so that ``Senora`` finds ``Señora``.
"""

from __future__ import annotations

import functools
from typing import Literal

from leadspro_engine.normalize.name_fold import APOSTROPHES, fold
from leadspro_engine.normalize.tables import rows

Role = Literal[
    "prefix", "prefix_dotted", "suffix", "degree", "degree_marked",
    "particle", "particle_low", "binder", "and", "job", "nobody",
]  # fmt: skip
Origin = Literal["family_first", "iberian", "double", "han_double", "hangul_double", "mac"]

_BARE = str.maketrans("", "", APOSTROPHES + ".-/")


def bare(token: str) -> str:
    """The token as the tables are keyed.

    >>> bare("Ph.D."), bare("Dipl.-Ing."), bare("d'")
    ('phd', 'dipling', 'd')
    """
    return token.translate(_BARE).casefold()


@functools.cache
def words(role: Role) -> dict[str, str]:
    """The words of one role: how they are looked up -> how they are shown."""
    found: dict[str, str] = {}
    for name, cell in rows("name_words.tsv"):
        if name == role:
            for word in cell.split(", "):
                found.setdefault(bare(word), word)
                if len(fold(word)) > 1:
                    found.setdefault(fold(word).replace(" ", ""), word)
    return found


@functools.cache
def names(origin: Origin) -> dict[str, str]:
    """The names of one origin: their compare form -> how they are shown."""
    found: dict[str, str] = {}
    for name, cell in rows("name_origins.tsv"):
        if name == origin:
            found.update((n if n > "\u2e80" else fold(n), n) for n in cell.split(", "))
    return found


@functools.cache
def awkward() -> frozenset[str]:
    """Words that the fast path must not meet: each has a role, or says how the name is to be read."""
    roles: tuple[Role, ...] = (
        "prefix",
        "suffix",
        "degree",
        "degree_marked",
        "particle",
        "particle_low",
        "binder",
    )
    listed = {word for role in roles for word in words(role)} | set(words("nobody")) | set(words("and"))
    return frozenset(listed | set(names("family_first")))

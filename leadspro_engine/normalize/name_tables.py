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
    "prefix", "prefix_dotted", "prefix_open", "prefix_upper", "prefix_next",
    "suffix", "degree", "degree_surname", "degree_marked", "honorific",
    "particle", "particle_low", "binder", "and", "job", "nobody",
]  # fmt: skip
Origin = Literal[
    "family_first", "iberian", "double", "devotion", "japanese", "han_double", "hangul_double", "mac",
]  # fmt: skip

_NONE: frozenset[str] = frozenset()
_BARE = str.maketrans("", "", APOSTROPHES + ".-")


@functools.lru_cache(maxsize=65_536)
def bare(token: str) -> str:
    """The token as the tables are keyed.

    >>> bare("Ph.D."), bare("Dipl.-Ing."), bare("d'")
    ('phd', 'dipling', 'd')
    """
    return token.lower() if token.isascii() and token.isalpha() else token.translate(_BARE).casefold()


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
def _all_roles() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for role, _cell in rows("name_words.tsv"):
        for word in words(role):
            found.setdefault(word, set()).add(role)
    return {word: frozenset(roles) for word, roles in found.items()}


@functools.lru_cache(maxsize=65_536)
def roles(token: str) -> frozenset[str]:
    """Every role that a word can have; empty for a word that is just a name.

    >>> sorted(roles("Sr.")), roles("Smith")
    (['job', 'prefix_dotted', 'suffix'], frozenset())
    """
    return _all_roles().get(bare(token), _NONE)


def is_nobody(text: str) -> bool:
    """Whether a cell says that there is no name.

    >>> is_nobody("N/A"), is_nobody("Ann")
    (True, False)
    """
    lower = text.lower()
    return lower in words("nobody") or lower.replace(".", "") in words("nobody")


@functools.cache
def names(origin: Origin) -> dict[str, str]:
    """The names of one origin: their compare form -> how they are shown."""
    found: dict[str, str] = {}
    for name, cell in rows("name_origins.tsv"):
        if name == origin:
            found.update((n if n > "\u2e80" else fold(n), n) for n in cell.split(", "))
    return found


@functools.cache
def japanese_readings() -> dict[str, str]:
    """Japanese family names -> their reading, in compare form."""
    pairs = (pair.split(" ") for pair in names("japanese"))
    return {written: fold(read) for written, read in pairs}


@functools.cache
def awkward() -> frozenset[str]:
    """Words that the fast path must not meet: each has a role, or says how the name is to be read."""
    roles: tuple[Role, ...] = (
        "prefix",
        "suffix",
        "degree",
        "degree_surname",
        "degree_marked",
        "particle",
        "particle_low",
        "binder",
    )
    listed = {word for role in roles for word in words(role)} | set(words("nobody")) | set(words("and"))
    return frozenset(listed | set(names("family_first")))

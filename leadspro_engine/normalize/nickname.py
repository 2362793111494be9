"""Given names that are used for one another: Bob and Robert, Sascha and Alexander, Paco and Francisco.

An equivalence for comparing and blocking, never for display.

Source: English from the table of the ``nicknames`` package (Apache-2.0); other languages and transliterations
from ``tables/nicknames.tsv``, hand-edited.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from importlib.resources import files
from itertools import combinations

from leadspro_engine.normalize.name_fold import fold
from leadspro_engine.normalize.tables import rows


@functools.lru_cache(maxsize=65_536)
def variants(given_key: str) -> tuple[str, ...]:
    """The compare forms of given names used for this one, itself included, sorted.

    Two names are variants when one is short for the other. Names that are only short for the same name are
    not: Peg and Meg are both Margaret, yet not one another.

    >>> "alexander" in variants("sascha"), "peg" in variants("meg")
    (True, False)
    >>> variants("qwerty")
    ('qwerty',)
    """
    first = given_key.partition(" ")[0]
    related = _table().get(given_key) or _table().get(first) or frozenset()
    return tuple(sorted({given_key, *related}))


@functools.cache
def _table() -> dict[str, frozenset[str]]:
    """Each name -> its variants, in compare form."""
    lines = files("nicknames").joinpath("names.csv").read_text(encoding="utf-8").splitlines()[1:]
    pairs = [(long, short) for long, _, short in (line.split(",") for line in lines)]
    for _language, relation, cell in rows("nicknames.tsv"):
        first, *others = (fold(name) for name in cell.split(", "))
        pairs += (
            [(first, other) for other in others] if relation == "pet" else combinations((first, *others), 2)
        )
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
        found[other].add(one)
    return {name: frozenset(others) for name, others in found.items()}

"""Given names that are used for one another: Bob and Robert, Sascha and Alexander, Paco and Francisco.

An equivalence for comparing and blocking, never for display.

Source: English from the table of the ``nicknames`` package (Apache-2.0); other languages and transliterations
from ``tables/nicknames.tsv``, hand-edited.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from importlib.resources import files

from leadspro_engine.normalize.name_fold import fold
from leadspro_engine.normalize.tables import rows


@functools.lru_cache(maxsize=65_536)
def variants(given_key: str) -> tuple[str, ...]:
    """The compare forms of given names used for this one, itself included, sorted.

    Two names are variants when one is short for the other. Names that are only short for the same name are
    not: Bob and Bert are both Robert, yet not one another.

    >>> variants("sascha")
    ('alexander', 'alexandra', 'sascha')
    >>> variants("qwerty")
    ('qwerty',)
    """
    first = given_key.partition(" ")[0]
    related = _table().get(given_key) or _table().get(first) or frozenset()
    return tuple(sorted({given_key, *related}))


@functools.cache
def _table() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    lines = files("nicknames").joinpath("names.csv").read_text(encoding="utf-8").splitlines()[1:]
    pairs = [(long, short) for long, _, short in (line.split(",") for line in lines)]
    pairs += [(fold(row[1]), fold(short)) for row in rows("nicknames.tsv") for short in row[2].split(", ")]
    for long, short in pairs:
        found[long].add(short)
        found[short].add(long)
    return {name: frozenset(others) for name, others in found.items()}

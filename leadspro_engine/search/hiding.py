"""Who of a snapshot must be neither shown nor counted: the people suppressed since it was published."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from msgspec import Struct
from pyroaring import BitMap

from leadspro_engine.dataset import hidden_ids
from leadspro_engine.dataset.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from leadspro_engine.records import Suppressions
    from leadspro_engine.search.asking import Snapshot
    from leadspro_engine.search.complete import Gone


class Hidden(Struct, frozen=True):
    """People who are hidden.

    Attributes:
        ids: theirs, sorted.
        numbers: theirs in the search index.
        values: what autocomplete must not count of them, by field, see ``complete.Gone``.
    """

    ids: list[str]
    numbers: BitMap
    values: dict[str, Gone]


SHOWN = Hidden([], BitMap(), {})
"""Nobody is hidden."""

_read_for: WeakKeyDictionary[Snapshot, tuple[Suppressions, Hidden]] = WeakKeyDictionary()


def hidden_in(dataset: Snapshot, suppressions: Suppressions) -> Hidden:
    """Who is hidden in a snapshot, read once for each change of the suppressions."""
    if not suppressions.hashes:
        return SHOWN
    read = _read_for.get(dataset)
    if read is None or read[0] != suppressions:
        read = _read_for[dataset] = (
            suppressions,
            _hidden(dataset, hidden_ids(dataset.cursor(), suppressions)),
        )
    return read[1]


def _hidden(dataset: Snapshot, ids: list[str]) -> Hidden:
    numbers = BitMap() if dataset.index is None else dataset.index.records("people").numbers(ids)
    values: defaultdict[str, defaultdict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for field, value in _values(dataset, ids):
        values[field][" ".join(words(value))][value] += 1
    return Hidden(ids, numbers, {field: dict(counted) for field, counted in values.items()})


def _values(dataset: Snapshot, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The values of people that autocomplete counts, each with its field; see ``searchable.COMPLETED``."""
    people = dataset.keys.people(ids).values()
    companies = dataset.keys.companies({one.company_id for one in people if one.company_id is not None})
    for stored in people:
        one, employer = stored.person, companies.get(stored.company_id or "")
        where = one.location
        shown = {
            "job_title": one.job_title,
            "city": where.city,
            "region": where.region,
            "country": where.country,
        }
        shown["company"] = None if employer is None else employer.name
        yield from ((field, value) for field, value in shown.items() if value is not None)
        yield from (("skill", value) for value in one.skills)

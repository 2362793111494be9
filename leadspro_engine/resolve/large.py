"""Clusters too large for their pairs to be compared all: parts are joined on what representatives say.

Of ten thousand records of one entity only neighbors are compared (see ``blocking``), and a pair that was
never compared counts against. So clustering leaves a large entity in parts. Here the parts that hang together
are taken two by two, a few members of each are compared, and the parts are joined when what all compared
pairs between them say speaks for one entity on average. Each round joins each part with its best match, so
that a chain of parts halves in every round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from leadspro_engine.resolve.cluster import JUDGED_BITS, MOST_BITS, share_a_source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadspro_engine.resolve.cluster import Sources

LARGE = 80
"""Components of more records than this are looked at: smaller ones are compared in full by some rule."""

REPRESENTATIVES = 4
"""Members of a part that stand for it, evenly from the smallest to the largest number."""

Pair = tuple[int, int]
Weigh = Callable[[Sequence[Pair]], Iterable[tuple[int, int, float]]]
"""``(a, b)`` of pairs, a < b -> ``(a, b, bits)`` relative to the cut."""


def join_parts(
    clusters: dict[int, int],
    edges: Iterable[tuple[int, int, float]],
    weigh: Weigh,
    sources: Sources | None = None,
    judged: Mapping[Pair, bool] | None = None,
) -> dict[int, int]:
    """Clusters in which the parts of large entities are joined.

    Args:
        clusters: for each record of a large component the smallest one of its part.
        edges: ``(a, b, bits)``, bits relative to the cut, of the pairs that were compared.
        weigh: compares further pairs.
        sources: the source of each record of which a cluster may hold at most one.
        judged: pairs of which somebody said whether they are one.

    >>> chain = [(n, n + 1, 5.0) for n in range(6)]
    >>> join_parts({n: n - n % 2 for n in range(7)}, chain, lambda pairs: [(a, b, 5.0) for a, b in pairs])
    {0: 0, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0}
    """
    said = {pair: JUDGED_BITS if same else -JUDGED_BITS for pair, same in (judged or {}).items()}
    parts = _Parts(clusters, sources)
    known: dict[Pair, float] = {}
    parts.add(known, ((a, b, bits) for a, b, bits in edges if (min(a, b), max(a, b)) not in said))
    parts.add(known, ((a, b, bits) for (a, b), bits in said.items()), capped=False)
    while True:
        wanted = {pair for one, two in parts.hanging_together() for pair in parts.representatives(one, two)}
        parts.add(known, weigh(sorted(wanted - known.keys())) if wanted - known.keys() else ())
        if not parts.join_best():
            return parts.clusters()


class _Parts:
    """The parts of large components with what is known between them."""

    def __init__(self, clusters: Mapping[int, int], sources: Sources | None) -> None:
        self._members: dict[int, list[int]] = defaultdict(list)
        for record, head in sorted(clusters.items()):
            self._members[head].append(record)
        self._part = dict(clusters)
        self._between: dict[int, dict[int, tuple[float, int, bool]]] = defaultdict(dict)
        self._sources = sources
        self._few: dict[int, list[int]] = {}

    def add(
        self, known: dict[Pair, float], edges: Iterable[tuple[int, int, float]], *, capped: bool = True
    ) -> None:
        """Take in what compared pairs say, each once."""
        for a, b, bits in edges:
            pair = (min(a, b), max(a, b))
            if pair in known or a not in self._part or b not in self._part:
                continue
            known[pair] = max(-MOST_BITS, min(MOST_BITS, bits)) if capped else bits
            one, two = self._part[a], self._part[b]
            if one != two:
                self._set(one, two, (known[pair], 1, bits > 0))

    def _set(self, one: int, two: int, more: tuple[float, int, bool]) -> None:
        total, pairs, positive = self._between[one].get(two, (0.0, 0, False))
        found = (total + more[0], pairs + more[1], positive or more[2])
        self._between[one][two] = self._between[two][one] = found

    def hanging_together(self) -> list[Pair]:
        """Parts between which a pair speaks for one entity, smaller number first."""
        return [
            (one, two)
            for one, others in self._between.items()
            for two, (_, _, positive) in others.items()
            if one < two and positive
        ]

    def representatives(self, one: int, two: int) -> Iterable[Pair]:
        """Pairs of a few members of two parts."""
        for part in (one, two):
            if part not in self._few:
                self._few[part] = _evenly(self._members[part])
        for a in self._few[one]:
            for b in self._few[two]:
                yield min(a, b), max(a, b)

    def join_best(self) -> bool:
        """Join each part with the part that it agrees with most; whether any was joined."""
        means = sorted(
            (-self._between[one][two][0] / self._between[one][two][1], one, two)
            for one, two in self.hanging_together()
        )
        moved: set[int] = set()
        grown: set[int] = set()
        for mean, one, two in means:
            if mean >= 0 or one in moved or two in moved:
                continue
            keep, gone = (one, two) if len(self._members[one]) >= len(self._members[two]) else (two, one)
            if gone not in grown and self._may_join(keep, gone):
                self._absorb(keep, gone)
                moved.add(gone)
                grown.add(keep)
        return bool(moved)

    def _may_join(self, one: int, two: int) -> bool:
        """Whether no source forbids it, or somebody's word overrules it."""
        if self._sources is None or self._between[one][two][0] >= JUDGED_BITS / 2:
            return True
        return not share_a_source(self._members[one], self._members[two], self._sources)

    def _absorb(self, keep: int, gone: int) -> None:
        for record in self._members[gone]:
            self._part[record] = keep
        self._members[keep].extend(self._members.pop(gone))
        self._few.pop(keep, None)
        self._between[keep].pop(gone, None)
        for other, more in self._between.pop(gone).items():
            self._between[other].pop(gone, None)
            if other != keep:
                self._set(keep, other, more)

    def clusters(self) -> dict[int, int]:
        """For each record the smallest one of its cluster."""
        heads = {part: min(members) for part, members in self._members.items()}
        return {record: heads[part] for record, part in sorted(self._part.items())}


def _evenly(members: list[int]) -> list[int]:
    """A few members, evenly spaced."""
    if len(members) <= REPRESENTATIVES:
        return members
    ordered = sorted(members)
    last = len(ordered) - 1
    return [ordered[last * place // (REPRESENTATIVES - 1)] for place in range(REPRESENTATIVES)]

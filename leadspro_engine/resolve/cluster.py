"""From scored pairs to clusters of records that are one entity.

Pairs are joined greedily, the strongest first, and two clusters are joined only when the evidence between
*all* their members, for and against, speaks for it: a chain of near-matches cannot pull together two
groups that disagree. A pair that was never a candidate counts as mild evidence against.

Source: greedy additive edge contraction, Keuper et al., "Efficient Decomposition of Image and Mesh Graphs by
Lifted Multicuts" (2015), algorithm 1.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

UNSEEN_BITS = -1.0
"""What a pair that blocking never brought together says, in bits relative to the cut."""

MOST_BITS = 12.0
"""Evidence of one pair is capped to this, so that one sure link cannot outvote many sure refusals."""


JUDGED_BITS = 1e9
"""What somebody said of a pair outweighs everything that a cluster of any size can sum up to."""

_SURELY = JUDGED_BITS / 2
"""From here on somebody's word is among the evidence."""

Sources = Mapping[int, str]


def cluster(
    edges: Iterable[tuple[int, int, float]],
    sources: Sources | None = None,
    judged: Mapping[tuple[int, int], bool] | None = None,
) -> dict[int, int]:
    """Join records into clusters.

    Args:
        edges: ``(a, b, bits)`` for each scored pair, once; bits relative to the cut, so that positive
            ones speak for one entity.
        sources: the source of each record of which a cluster may hold at most one; verdicts overrule it.
        judged: pairs (a, b), a < b, of which somebody said whether they are one; in place of their evidence.

    Returns:
        For each record with at least one positive pair the smallest record of its cluster; records that
        are not in it stand alone.

    >>> cluster([(1, 2, 5.0), (2, 3, 4.0), (1, 3, 3.0), (3, 4, -2.0)])
    {1: 1, 2: 1, 3: 1}
    """
    capped = ((a, b, max(-MOST_BITS, min(MOST_BITS, bits))) for a, b, bits in edges if a != b)
    said = judged or {}
    told = ((a, b, JUDGED_BITS if same else -JUDGED_BITS) for (a, b), same in said.items())
    ordered = ((min(a, b), max(a, b), bits) for a, b, bits in capped)
    pairs = sorted([*(edge for edge in ordered if edge[:2] not in said), *told])
    component = _components((a, b) for a, b, bits in pairs if bits > 0)
    inside: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for a, b, bits in pairs:
        root = component.get(a)
        if root is not None and root == component.get(b):
            inside[root].append((a, b, bits))
    sizes: dict[int, int] = defaultdict(int)
    for root in component.values():
        sizes[root] += 1
    clusters: dict[int, int] = {}
    for root, links in inside.items():
        clusters.update(_agreed(links, sizes[root], sources))
    return dict(sorted(clusters.items()))


def _agreed(links: list[tuple[int, int, float]], size: int, sources: Sources | None) -> Mapping[int, int]:
    """The clusters within one component."""
    if sources is None and len(links) == size * (size - 1) // 2 and all(bits > 0 for _, _, bits in links):
        smallest = min(min(a, b) for a, b, _ in links)
        return {record: smallest for a, b, _ in links for record in (a, b)}
    return _contract(links, sources)


def _contract(links: list[tuple[int, int, float]], sources: Sources | None) -> Mapping[int, int]:
    """Greedy additive edge contraction over one component."""
    weights: dict[int, dict[int, float]] = defaultdict(dict)
    for a, b, bits in links:
        weights[a][b] = weights[b][a] = bits
    members = {record: [record] for record in weights}
    heap = [(-bits, a, b) for a, b, bits in links if bits > 0]
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        if a not in members or b not in members or weights[a].get(b) != -negative:
            continue
        if sources is not None and -negative < _SURELY and share_a_source(members[a], members[b], sources):
            continue
        keep, gone = (a, b) if len(members[a]) >= len(members[b]) else (b, a)
        _absorb(weights, members, keep, gone)
        for other, bits in weights[keep].items():
            if bits > 0:
                heapq.heappush(heap, (-bits, min(keep, other), max(keep, other)))
    return {record: min(group) for group in members.values() for record in group}


def share_a_source(one: list[int], other: list[int], sources: Sources) -> bool:
    """Whether two clusters have records of one source that gives each entity one record."""
    given = {sources[record] for record in one if record in sources}
    return any(sources.get(record) in given for record in other) if given else False


def _absorb(
    weights: dict[int, dict[int, float]], members: dict[int, list[int]], keep: int, gone: int
) -> None:
    """Move the members and the evidence of one cluster to another."""
    kept, lost = weights[keep], weights.pop(gone)
    kept.pop(gone, None)
    lost.pop(keep, None)
    size_kept, size_lost = len(members[keep]), len(members[gone])
    for other in kept.keys() | lost.keys():
        size = len(members[other])
        total = kept.get(other, UNSEEN_BITS * size_kept * size) + lost.get(
            other, UNSEEN_BITS * size_lost * size
        )
        kept[other] = weights[other][keep] = total
        weights[other].pop(gone, None)
    members[keep].extend(members.pop(gone))


def _components(links: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Connected components by union-find: for each record the smallest one of its component."""
    parent: dict[int, int] = {}

    def root(record: int) -> int:
        parent.setdefault(record, record)
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    for a, b in links:
        one, two = root(a), root(b)
        if one != two:
            parent[max(one, two)] = min(one, two)
    return {record: root(record) for record in parent}

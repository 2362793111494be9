from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from leadspro_engine.resolve.cluster import cluster

if TYPE_CHECKING:
    import random

pairs = st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1])
graphs = st.dictionaries(pairs, st.integers(-20, 20).map(float), max_size=30).map(
    lambda weights: [(a, b, bits) for (a, b), bits in weights.items()]
)


@given(graphs, st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(
    edges: list[tuple[int, int, float]], chance: random.Random
) -> None:
    shuffled = list(edges)
    chance.shuffle(shuffled)
    flipped = [(b, a, bits) for a, b, bits in shuffled]
    assert cluster(edges) == cluster(shuffled)
    assert cluster(edges) == cluster(flipped)


@given(graphs)
def test_every_cluster_is_named_by_its_smallest_member_and_held_together_by_evidence(
    edges: list[tuple[int, int, float]],
) -> None:
    clusters = cluster(edges)
    positive = {record for a, b, bits in edges if bits > 0 for record in (a, b)}
    assert set(clusters) == positive
    for head in set(clusters.values()):
        members = {record for record, name in clusters.items() if name == head}
        assert head == min(members)
        inside = sum(max(-12.0, min(12.0, bits)) for a, b, bits in edges if {a, b} <= members)
        seen = sum(1 for a, b, _ in edges if {a, b} <= members)
        unseen = len(members) * (len(members) - 1) // 2 - seen
        assert len(members) == 1 or inside - unseen > 0


def test_a_chain_of_near_matches_does_not_join_two_groups_that_disagree() -> None:
    one = [(1, 2, 9.0), (1, 3, 9.0), (2, 3, 9.0)]
    two = [(4, 5, 9.0), (4, 6, 9.0), (5, 6, 9.0)]
    bridge = [(3, 4, 6.0), (1, 4, -8.0), (2, 5, -8.0)]
    assert cluster([*one, *two, *bridge]) == {1: 1, 2: 1, 3: 1, 4: 4, 5: 4, 6: 4}


def test_groups_that_agree_are_joined_over_a_single_candidate_pair() -> None:
    assert cluster([(1, 2, 9.0), (3, 4, 9.0), (2, 3, 6.0)]) == {1: 1, 2: 1, 3: 1, 4: 1}


def test_a_cluster_of_ten_thousand_is_found_in_bounded_time() -> None:
    star = [(0, record, 5.0) for record in range(1, 10_000)]
    chain = [(record, record + 1, 5.0) for record in range(1, 9_999)]
    assert set(cluster([*star, *chain])) == set(range(10_000))


def test_two_records_of_a_source_that_has_one_each_stay_apart_and_others_may_join() -> None:
    edges = [(1, 2, 5.0), (2, 3, 5.0), (1, 3, 5.0), (3, 4, 5.0), (1, 4, 5.0), (2, 4, 5.0)]
    assert cluster(edges) == {1: 1, 2: 1, 3: 1, 4: 1}
    found = cluster(edges, {1: "list", 2: "list"})
    assert found[1] != found[2]
    assert found[3] == found[4]
    assert cluster(edges, {1: "list", 2: "list"}, {(1, 2): True}) == {1: 1, 2: 1, 3: 1, 4: 1}

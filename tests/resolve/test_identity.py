"""Ids over refreshes: any partition, followed by any other one, of records that come and go."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from leadspro_engine.resolve.identity import CHANGES, Before, Named, name_entities

NO_HANDLES = pl.DataFrame(schema={"record_id": pl.String, "handle": pl.String})
KNOWN_HANDLES = pl.DataFrame(schema={"handle": pl.String, "entity_id": pl.String})

partitions = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), min_size=1)
"""record -> number of its group."""


def clusters(groups: dict[str, int]) -> pl.DataFrame:
    heads = {group: min(one for one, own in groups.items() if own == group) for group in groups.values()}
    rows = [(record, heads[group]) for record, group in sorted(groups.items())]
    return pl.DataFrame(rows, schema={"record_id": pl.String, "entity": pl.String}, orient="row")


def before(named: Named, version: str = "v-1", handles: pl.DataFrame = KNOWN_HANDLES) -> Before:
    return Before(named.clusters, handles, named.changes, version)


def ids(named: Named) -> dict[str, str]:
    return dict(named.clusters.iter_rows())


def members(named: Named) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for record, entity in named.clusters.iter_rows():
        found.setdefault(entity, set()).add(record)
    return found


def named(groups: dict[str, int], earlier: Before | None = None) -> Named:
    return name_entities(clusters(groups), NO_HANDLES, "p", earlier)


@given(partitions)
def test_the_first_ids_follow_the_partition_and_stay_while_it_stays(groups: dict[str, int]) -> None:
    first = named(groups)
    assert {frozenset(one) for one in members(first).values()} == {
        frozenset(r for r in groups if groups[r] == group) for group in groups.values()
    }
    again = named(groups, before(first))
    assert ids(again) == ids(first)
    assert again.changes.is_empty()


@given(st.lists(partitions, min_size=2, max_size=5))
def test_every_id_ever_published_leads_to_where_its_records_are(history: list[dict[str, int]]) -> None:
    state = named(history[0])
    ever = set(members(state))
    for number, groups in enumerate(history[1:]):
        was, state = state, named(groups, before(state, f"v-{number}"))
        old, new = members(was), members(state)
        ever |= new.keys()
        told = state.changes.filter(pl.col("last_version") == f"v-{number}")
        for entity in old.keys() & new.keys():
            if old[entity] == new[entity]:
                assert told.filter(pl.col("old_id") == entity).is_empty()
        for entity, records in old.items():
            if records in new.values():  # unchanged entities keep their ids
                assert new.get(entity) == records
        for entity, records in old.items():
            rows = told.filter(pl.col("old_id") == entity)
            elsewhere = {one for one, those in new.items() if those & records and one != entity}
            assert set(rows["new_id"].drop_nulls()) == elsewhere
            ended = rows.filter(pl.col("change") != "split").height
            assert ended == (entity not in new)
            assert (rows["change"].to_list() == ["gone"]) == (entity not in new and not elsewhere)
        lasting = state.changes.filter(pl.col("change") != "split")
        assert set(lasting["old_id"]) == ever - new.keys()
        assert set(state.changes["new_id"].drop_nulls()) <= new.keys()


def test_the_greater_part_keeps_the_id_and_the_others_are_told() -> None:
    first = named({"a": 1, "b": 1, "c": 1, "d": 2})
    one, two = ids(first)["a"], ids(first)["d"]
    later = named({"a": 1, "b": 2, "c": 2, "d": 2}, before(first))
    assert ids(later)["b"] == ids(later)["d"] == one
    assert ids(later)["a"] not in {one, two}
    assert later.changes.select("old_id", "new_id", "change").rows() == sorted(
        [(one, ids(later)["a"], "split"), (two, one, "merged")]
    )


def test_a_merged_id_is_followed_through_later_merges_and_comes_back_when_its_record_stands_alone() -> None:
    first = named({"a": 1, "b": 2, "c": 3})
    a, b, c = (ids(first)[record] for record in "abc")
    second = named({"a": 1, "b": 1, "c": 3}, before(first))
    ended, stays = sorted({a, b} - set(ids(second).values())), ids(second)["a"]
    third = named({"c": 1, "a": 1, "b": 1}, before(second))
    assert set(third.changes["new_id"]) == {ids(third)["a"]}
    assert set(third.changes["old_id"]) == {a, b, c} - {ids(third)["a"]}
    back = named({"a": 1, "b": 2, "c": 3}, before(second))
    assert set(ids(back).values()) == {a, b, c}
    assert back.changes.filter(pl.col("change") != "split").is_empty()
    assert ended
    assert stays in {a, b}


def test_a_record_without_an_id_of_its_own_keeps_its_entity_by_what_leads_to_it() -> None:
    first = named({"crm:hash-of-old-row": 1, "crm:other": 2})
    handles = pl.DataFrame(
        {"handle": ["email:ada@acme.com"], "entity_id": [ids(first)["crm:hash-of-old-row"]]}
    )
    later = name_entities(
        clusters({"crm:hash-of-new-row": 1, "crm:other": 2}),
        pl.DataFrame({"record_id": ["crm:hash-of-new-row"], "handle": ["email:ada@acme.com"]}),
        "p",
        before(first, handles=handles),
    )
    assert ids(later)["crm:hash-of-new-row"] == ids(first)["crm:hash-of-old-row"]
    assert later.changes.is_empty()


def test_nothing_at_all_has_no_ids() -> None:
    empty = pl.DataFrame(schema={"record_id": pl.String, "entity": pl.String})
    assert name_entities(empty, NO_HANDLES, "p").clusters.is_empty()
    after = name_entities(empty, NO_HANDLES, "p", before(named({"a": 1})))
    assert after.changes["change"].to_list() == ["gone"]
    assert after.changes.schema == pl.Schema(CHANGES)

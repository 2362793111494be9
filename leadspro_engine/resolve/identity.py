"""Ids that outlive a refresh: an entity keeps the id under which most of its records were published.

An entity and an earlier id belong together by the records they share, the most first. A record whose source
gives it no id gets another one as soon as a letter of it changes; an entity of which no record is known
keeps the id of a vanished one that had the same mailbox, profile or domain. What then has no id gets one
made of its smallest record id.

What became of every earlier id that is not what it was is written down:

| change | what happened to ``old_id`` | ``new_id`` |
| --- | --- | --- |
| merged | it ended; its records, or most of them, are another entity's | that entity |
| split | some of its records are another entity's now | that entity |
| gone | it ended; no source has its records any more | null |

``merged`` and ``gone`` are kept for good and follow later changes, so that an old id leads to today's entity
in one step. ``split`` is told once, by the refresh that split.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

CHANGES: dict[str, pl.DataType] = {
    "old_id": pl.String(),
    "new_id": pl.String(),
    "change": pl.String(),  # merged | split | gone
    "records": pl.Int64(),  # how many records went that way
    "last_version": pl.String(),  # the last snapshot in which old_id was what it had been
}
"""Columns of the table ``id_changes``; several rows for an id that was split."""

_PAIRS = {"entity": pl.String(), "old_id": pl.String(), "shared": pl.Int64()}


class Before(Struct, frozen=True):
    """The entities of the snapshot that is current while a refresh runs.

    Attributes:
        members: ``record_id, entity_id``.
        handles: ``handle, entity_id``: what leads to an entity whatever its records are called.
        changes: the changes that it knows, ``CHANGES``.
        version: its name.
    """

    members: pl.DataFrame
    handles: pl.DataFrame
    changes: pl.DataFrame
    version: str


class Named(Struct, frozen=True):
    """Entities with their ids.

    Attributes:
        clusters: ``record_id, entity_id``, sorted by record_id.
        changes: ``CHANGES``, sorted by old_id and new_id.
    """

    clusters: pl.DataFrame
    changes: pl.DataFrame


def name_entities(
    clusters: pl.DataFrame, handles: pl.DataFrame, prefix: str, before: Before | None = None
) -> Named:
    """Give each cluster the id it had, or a new one.

    Args:
        clusters: ``record_id, entity``, where ``entity`` is the smallest record_id of the cluster.
        handles: ``record_id, handle``: mailboxes and profiles of people, domains of companies.
        prefix: ``p`` for people, ``c`` for companies.
        before: what is current; None for the first refresh.
    """
    if before is None:
        return Named(_with_ids(clusters, {}, prefix), pl.DataFrame(schema=CHANGES))
    shared = _shared(clusters, before.members.rename({"entity_id": "old_id"}), "record_id")
    known = _pair_up(shared, prefix)
    strangers = clusters.join(shared, on="entity", how="anti").join(handles, on="record_id")
    vanished = before.handles.rename({"entity_id": "old_id"}).join(shared, on="old_id", how="anti")
    known |= _pair_up(_shared(strangers, vanished, "handle"), prefix)
    named = _with_ids(clusters, known, prefix)
    ids = named.join(clusters, on="record_id").select("entity", "entity_id").unique()
    return Named(named, _changes(shared, ids, before))


def _shared(members: pl.DataFrame, before: pl.DataFrame, by: str) -> pl.DataFrame:
    """How many records, or handles, each entity shares with each earlier id: ``entity, old_id, shared``."""
    both = members.select("entity", by).unique().join(before.unique(), on=by)
    counted = both.group_by("entity", "old_id").agg(shared=pl.len().cast(pl.Int64))
    return counted.select(*_PAIRS).cast(pl.Schema(_PAIRS))


def _pair_up(shared: pl.DataFrame, prefix: str) -> dict[str, str]:
    """Entity -> earlier id, each once, the pairs that share most first.

    Among pairs that share equally much those come first whose id was made of the entity's smallest record.
    """
    alone = (pl.len().over("entity") == 1) & (pl.len().over("old_id") == 1)
    told = shared.with_columns(alone=alone)
    paired = dict(told.filter("alone").select("entity", "old_id").iter_rows())
    contested = told.filter(~pl.col("alone")).select("entity", "old_id", "shared").rows()
    given = set[str]()
    for entity, old_id, _ in sorted(
        contested, key=lambda row: (-row[2], row[1] != _id_of(row[0], prefix), row)
    ):
        if entity not in paired and old_id not in given:
            paired[entity] = old_id
            given.add(old_id)
    return paired


def _with_ids(clusters: pl.DataFrame, known: dict[str, str], prefix: str) -> pl.DataFrame:
    """``record_id, entity_id`` of clusters of which some have an id already."""
    heads = clusters.get_column("entity").unique().sort().to_list()
    taken = set(known.values())
    ids = [known[head] if head in known else _new_id(head, prefix, taken) for head in heads]
    names = pl.DataFrame(
        {"entity": heads, "entity_id": ids}, schema=dict.fromkeys(("entity", "entity_id"), pl.String)
    )
    return clusters.join(names, on="entity").select("record_id", "entity_id").sort("record_id")


def _new_id(head: str, prefix: str, taken: set[str]) -> str:
    """An id made of a record id that no other entity has: one that has lost this record may live on."""
    for text in _salted(head):
        made = _id_of(text, prefix)
        if made not in taken:
            taken.add(made)
            return made
    raise AssertionError("unreachable: salts never end")


def _id_of(text: str, prefix: str) -> str:
    """The prefix and sixteen hexadecimal digits of a text's SHA-256."""
    return f"{prefix}_{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _salted(head: str) -> Iterable[str]:
    yield head
    number = 2
    while True:
        yield f"{head}\0{number}"
        number += 1


def _changes(shared: pl.DataFrame, ids: pl.DataFrame, before: Before) -> pl.DataFrame:
    """What became of the ids of the current snapshot, and of the ids that had ended before."""
    alive = ids.select(old_id="entity_id").unique()
    went = (
        shared.join(ids, on="entity")
        .rename({"entity_id": "new_id"})
        .filter(pl.col("new_id") != pl.col("old_id"))
    )
    most = went.sort("shared", "new_id", descending=[True, False])
    ended = most.join(alive, on="old_id", how="anti").with_columns(
        change=pl.when(pl.int_range(pl.len()).over("old_id") == 0)
        .then(pl.lit("merged"))
        .otherwise(pl.lit("split"))
    )
    split = went.join(alive, on="old_id", how="semi").with_columns(change=pl.lit("split"))
    gone = (
        before.members.group_by(old_id="entity_id")
        .agg(shared=pl.len().cast(pl.Int64))
        .join(alive, on="old_id", how="anti")
        .join(went, on="old_id", how="anti")
        .with_columns(new_id=pl.lit(None, pl.String), change=pl.lit("gone"))
    )
    columns = ["old_id", "new_id", "change", "shared"]
    now = pl.concat([frame.select(columns) for frame in (ended, split, gone)])
    told = now.rename({"shared": "records"}).with_columns(last_version=pl.lit(before.version))
    earlier = before.changes.filter(pl.col("change") != "split").join(alive, on="old_id", how="anti")
    return (
        pl.concat([told, _followed(earlier, now)])
        .select(*CHANGES)
        .cast(pl.Schema(CHANGES))
        .sort("old_id", "new_id")
    )


def _followed(earlier: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Earlier changes whose target has ended since, led on to where it went."""
    onward = now.filter(pl.col("change") != "split").select(
        pl.col("old_id").alias("new_id"), pl.col("new_id").alias("onward"), pl.col("change").alias("became")
    )
    led = earlier.join(onward, on="new_id", how="left")
    ended = pl.col("became").is_not_null()
    return led.with_columns(
        new_id=pl.when(ended).then("onward").otherwise("new_id"),
        change=pl.when(ended & (pl.col("became") == "gone")).then(pl.lit("gone")).otherwise("change"),
    ).drop("onward", "became")

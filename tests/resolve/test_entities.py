"""Resolving tables of every odd shape, and of a shape whose answer is known."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest

from leadspro_engine import sql
from leadspro_engine.compare import COMPANIES, PEOPLE
from leadspro_engine.normalize.record import COMPANY_SCHEMA, PERSON_SCHEMA, person_columns
from leadspro_engine.resolve import Resolution, resolve
from leadspro_engine.resolve.pairs import LINK_SAMPLE, add_random_pairs


def people(rows: list[dict[str, Any]]) -> pl.DataFrame:
    given = [{"record_id": f"t:{n:05}", "source": "t", **row} for n, row in enumerate(rows)]
    columns = (
        {"record_id", "source"}.union(*(row.keys() for row in given)) if given else {"record_id", "source"}
    )
    kinds = {name: PERSON_SCHEMA.get(name, pl.String()) for name in columns}
    return pl.DataFrame(
        given, schema={**kinds, **({"email": pl.List(pl.String())} if "email" in kinds else {})}
    )


def resolved(frame: pl.DataFrame, *, link: bool = False) -> Resolution:
    con = sql.workbench(threads=1)
    con.register("input", person_columns(frame).to_arrow())
    return resolve(con, PEOPLE, link=link)


def groups(resolution: Resolution) -> list[list[str]]:
    members = resolution.clusters.group_by("entity").agg(pl.col("record_id").sort())
    return sorted(members["record_id"].to_list())


@pytest.mark.parametrize(
    ("rows", "entities"),
    [
        ([], 0),
        ([{"full_name": "Ada Lovelace"}], 1),
        ([{"full_name": None}] * 3, 3),
        ([{"full_name": "Ada Lovelace"}, {"full_name": "Charles Babbage"}], 2),
        ([{"full_name": "Ada Lovelace", "email": ["ada@acme.com"]}] * 50, 1),
    ],
    ids=["empty", "one row", "nothing but nulls", "two strangers", "fifty times one row"],
)
def test_odd_tables_get_a_right_answer(rows: list[dict[str, Any]], entities: int) -> None:
    resolution = resolved(people(rows))
    assert resolution.entities == entities
    assert resolution.records == len(rows)
    assert resolution.clusters.height == len(rows)


def test_an_empty_table_of_companies_gives_no_entities() -> None:
    con = sql.workbench(threads=1)
    con.register("input", pl.DataFrame(schema=COMPANY_SCHEMA).to_arrow())
    assert resolve(con, COMPANIES).entities == 0


def made(count: int) -> tuple[pl.DataFrame, dict[str, int]]:
    """People with two records each, the second one with a nickname, a slip, or a value missing."""
    chance = random.Random(7)
    given = [
        "Robert",
        "Elizabeth",
        "Michael",
        "Katherine",
        "William",
        "Susan",
        "Edward",
        "Margaret",
        "Thomas",
        "Ann",
    ]
    begin = [
        "Hart",
        "Bren",
        "Cold",
        "Dun",
        "Ever",
        "Fair",
        "Gris",
        "Hol",
        "Kings",
        "Lang",
        "Mar",
        "Nor",
        "Oak",
        "Pem",
    ]
    end = [
        "well",
        "ingham",
        "strom",
        "leavy",
        "sham",
        "brook",
        "by",
        "loway",
        "ton",
        "ford",
        "wick",
        "mere",
        "den",
    ]
    towns = ["Lisbon", "Oslo", "Quito", "Perth", "Nairobi", "Madrid", "Zagreb"]
    short = {"Robert": "Bob", "Elizabeth": "Liz", "Michael": "Mike", "William": "Bill", "Edward": "Ed"}
    rows: list[dict[str, Any]] = []
    truth: dict[str, int] = {}
    for person in range(count):
        first, last = (
            chance.choice(given),
            chance.choice(begin) + chance.choice(end),
        )
        mail = f"{first[0]}.{last}{person}@firm{person % 17}.com".lower()
        rows.append({"full_name": f"{first} {last}", "email": [mail], "city": towns[person % 7]})
        other = {"full_name": f"{short.get(first, first)} {last}", "email": [mail], "city": None}
        if person % 3 == 0:
            other = {
                "full_name": f"{last}, {first}",
                "email": [mail.replace(".com", ".net")],
                "city": towns[person % 7],
            }
        rows.append(other)
        truth[f"t:{2 * person:05}"] = truth[f"t:{2 * person + 1:05}"] = person
    return people(rows), truth


def test_two_records_of_each_of_two_hundred_people_are_brought_together() -> None:
    frame, truth = made(200)
    resolution = resolved(frame)
    found = [
        group
        for group in groups(resolution)
        if len({truth[record] for record in group}) == 1 and len(group) == 2
    ]
    assert len(found) >= 194
    assert 0 < resolution.weights.match_rate < 0.1


def test_the_order_of_the_rows_does_not_matter() -> None:
    frame, _ = made(60)
    assert groups(resolved(frame)) == groups(resolved(frame.reverse()))


def test_a_switchboard_does_not_join_colleagues() -> None:
    names = ["Ada Quist", "Bertil Roth", "Cleo Sandoval", "Dana Trent", "Egon Ulman", "Fay Varga"]
    frame = pl.DataFrame(
        {
            "record_id": [f"t:{n}" for n in range(6)],
            "source": ["t"] * 6,
            "full_name": names,
            "phone": [["+1 415 555 0106"]] * 6,
            "domain": ["acme.com"] * 6,
        }
    )
    assert resolved(frame).entities == 6


def test_linking_never_joins_two_rows_of_one_source() -> None:
    frame, _ = made(60)
    twice = pl.concat([frame, frame.with_columns(pl.format("again {}", "record_id").alias("record_id"))])
    sources = pl.Series(["a" if n % 2 else "b" for n in range(twice.height)])
    twice = twice.with_columns(source=sources)
    resolution = resolved(twice, link=True)
    source_of = dict(zip(twice["record_id"], sources, strict=True))
    assert all(len({source_of[record] for record in group}) == len(group) for group in groups(resolution))
    assert resolution.entities < 150


def test_pairs_across_sources_are_drawn_from_a_bounded_sample() -> None:
    con = sql.workbench(threads=1)
    con.execute(
        "create table distinct_records as select i as n, case when i <= 50 then 'few' else 'many' end "
        "as source from range(1, 20001) t(i)"
    )
    add_random_pairs(con, (), PEOPLE, link=True)
    drawn = con.execute(
        "select count(*), count(distinct a) from random_pairs p join distinct_records l on l.n = a "
        "join distinct_records r on r.n = b where l.source <> r.source and a < b"
    ).fetchall()
    assert drawn == [(50 * (LINK_SAMPLE - 50), 50)]

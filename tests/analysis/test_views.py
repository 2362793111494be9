"""Every view can be read, is explained in the documentation, and shows nobody who asked not to be shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from leadspro_engine.analysis import VIEWS, View
from leadspro_engine.engine import open_engine
from leadspro_engine.privacy.suppressions import identifier_hash
from leadspro_engine.records import Suppressions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadspro_engine.engine import Engine

DOCS = (Path(__file__).parents[2] / "docs" / "sql.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def engine(demo_home: Path) -> Iterator[Engine]:
    with open_engine(demo_home) as made:
        yield made


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_the_documentation_explains_the_view_and_each_column(view: View) -> None:
    lines = [f"| `{name}` | {meaning} |" for name, (_, meaning) in view.columns.items()]
    section = "\n".join([f"### `{view.name}`", f"{view.meaning[0].upper()}{view.meaning[1:]}."])
    table = "\n".join(["| column | meaning |", "| --- | --- |", *lines])
    assert f"{section}\n\n{table}\n" in DOCS


def test_the_documentation_explains_nothing_else() -> None:
    assert DOCS.count("### `") == len(VIEWS)
    assert DOCS.count("\n| `") == sum(len(view.columns) for view in VIEWS)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_has_the_columns_that_are_explained(engine: Engine, view: View) -> None:
    assert engine.sql(f"from {view.name}", limit=5).columns == list(view.columns)


@pytest.mark.parametrize("name", ["people", "companies", "employers", "lineage", "id_changes", "rejects"])
def test_with_nobody_hidden_a_view_has_as_many_rows_as_its_table(engine: Engine, name: str) -> None:
    assert engine.sql(f"select count(*) from {name}").rows == [(engine.manifest.counts[name],)]


def test_views_agree_with_the_answers(engine: Engine) -> None:
    ids = [row[0] for row in engine.sql("select id from people order by id limit 200").rows]
    for one, found in engine.people(ids).items():
        person = found.person
        ((name, emails, phones, skills),) = engine.sql(
            f"""select full_name,
                (select list(address order by position) from emails where person_id = p.id),
                (select list(number order by position) from phones where person_id = p.id),
                (select list(skill order by skill) from skills where person_id = p.id)
                from people as p where id = '{one}'"""
        ).rows
        assert name == person.full_name
        assert (emails or []) == [entry.address for entry in person.emails]
        assert (phones or []) == [entry.number for entry in person.phones]
        assert (skills or []) == sorted(person.skills)
        if one == ids[14]:
            break  # fifteen people: each costs a query


def test_who_asked_not_to_be_shown_is_in_no_view(engine: Engine) -> None:
    amanda = engine.enrich(email="amanda@northpeak.io").person
    assert amanda is not None
    hidden = engine.hiding(Suppressions(frozenset({identifier_hash("email", "amanda@northpeak.io")})))
    for view in VIEWS:
        rows = f"select count(*) from {view.name} as v where v::varchar like '%{amanda.id}%'"
        mail = f"select count(*) from {view.name} as v where v::varchar ilike '%amanda@northpeak.io%'"
        assert hidden.sql(rows).rows == hidden.sql(mail).rows == [(0,)], view.name
    assert engine.sql(f"select count(*) from people where id = '{amanda.id}'").rows == [(1,)]
    assert hidden.sql("select count(*) from people").rows == [(engine.manifest.counts["people"] - 1,)]

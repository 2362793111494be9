"""Industries, technologies, skills and identifiers: their tables, and their spellings."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspro_engine.normalize import identifier, industry, skill, technology, vocabulary
from leadspro_engine.normalize.tables import rows

KINDS = {"industries.tsv": industry, "technologies.tsv": technology, "skills.tsv": skill}


@pytest.mark.parametrize("table", KINDS)
def test_no_spelling_stands_for_two_names(table: str) -> None:
    meant = defaultdict(set)
    for name, *others in rows(table):
        for spelling in (name, *(others[0].split("; ") if others and others[0] else ())):
            meant[vocabulary.key(spelling)].add(name)
    assert {key: names for key, names in meant.items() if len(names) > 1} == {}


@pytest.mark.parametrize("table", KINDS)
def test_every_spelling_of_a_table_gives_its_name(table: str) -> None:
    kind = KINDS[table]
    for name, *others in rows(table):
        for spelling in (name, *(others[0].split("; ") if others and others[0] else ())):
            assert {kind.parse(form) for form in (spelling, spelling.upper(), f" {spelling} ")} == {name}


def test_sizes_of_the_tables() -> None:
    assert len(industry.names()) == 147
    assert len(technology.names()) >= 250


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("amazon web services", "AWS"),
        ("sfdc", "Salesforce"),
        ("NODEJS", "Node.js"),
        ("Postgres 16.2", "PostgreSQL"),
        ("Kubernetes (EKS)", "Kubernetes"),
        ("C++", "C++"),
        ("c", "C"),
        ("C#", "C#"),
        ("Frob CRM", "Frob CRM"),
        ("---", None),
    ],
)
def test_technologies(cell: str, name: str | None) -> None:
    assert technology.parse(cell) == name


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("DE 811-569.869", "DE811569869"),
        ("EIN: 12-3456789", "123456789"),
        ("de811569869", "DE811569869"),
        ("GB 123 4567 89", "GB123456789"),
        ("№ 77", "77"),
        ("99999", None),
        (123456789.0, "123456789"),
        ("1.23E+11", None),
        ("unknown", None),
        ("0000", None),
        ("x", None),
        (None, None),
    ],
)
def test_identifiers(cell: object, code: str | None) -> None:
    assert identifier.parse(cell) == code


@given(st.text(max_size=60))
def test_canonical_values_are_read_again_as_themselves(cell: str) -> None:
    for parse in (industry.parse, technology.parse, skill.parse, identifier.parse):
        found = parse(cell)
        assert found is None or parse(found) == found

"""Where an answer comes from: it agrees with the answer, and tells no more than the answer shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

import leadspro_engine as lp
from leadspro_engine.privacy import identifier_hash
from leadspro_engine.records import Location, Suppressions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from leadspro_engine.engine import Engine
    from leadspro_engine.records import EnrichAnswer

AMANDA = {"email": "amanda@northpeak.io", "company": "North Peak"}
SAME = "same value"


@pytest.fixture(scope="module")
def engine(demo_home: Path) -> Iterator[Engine]:
    with lp.open(demo_home) as opened:
        yield opened


def everybody(engine: Engine) -> list[EnrichAnswer]:
    """The answers to the profiles of the first few hundred people who have one."""
    rows = engine.sql(
        "select linkedin_url from people where linkedin_url is not null order by id limit 300"
    ).rows
    return [engine.enrich(linkedin=url, explain=True) for (url,) in rows]


def test_each_field_is_what_its_chosen_records_say(engine: Engine) -> None:
    for answer in everybody(engine):
        person, company, told = answer.person, answer.company, answer.lineage
        assert person is not None
        assert told is not None
        chosen = {name: {one.value for one in claims if one.chosen} for name, claims in told.items()}
        assert chosen["full_name"] == {person.full_name}
        assert chosen.get("job_title", {None}) == {person.job_title}
        assert chosen["linkedin"] == {person.linkedin}
        assert chosen.get("emails", set()) == {one.address for one in person.emails}
        assert chosen.get("phones", set()) == {one.number for one in person.phones}
        assert chosen.get("skills", set()) == set(person.skills)
        assert ("location" in chosen) == (person.location != Location())
        if company is not None:
            assert chosen["company"] == {company.name or company.id}
            assert chosen.get("company.name", {None}) == {company.name}
            assert chosen.get("company.technologies", set()) == set(company.technologies)


def test_losing_values_come_last_with_a_source_record_and_a_reason(engine: Engine) -> None:
    lost = 0
    for answer in everybody(engine):
        for claims in (answer.lineage or {}).values():
            ranks = [0 if one.chosen else 1 if one.reason == SAME else 2 for one in claims]
            assert ranks == sorted(ranks)
            assert ranks[0] == 0
            assert all(one.source and one.record_id and one.reason for one in claims)
            lost += ranks.count(2)
    assert lost > 100


@pytest.mark.parametrize(
    ("fields", "whole", "parts"),
    [
        (["full_name"], {"full_name"}, set()),
        (["first_name", "department"], set(), {"full_name", "job_title"}),
        (["location.city", "email"], {"emails"}, {"location"}),
        (["company.domain"], {"company.domain"}, {"company"}),
        (["company.headcount_range"], set(), {"company.headcount", "company"}),
        (["id"], set(), set()),
    ],
)
def test_only_shown_fields_have_a_lineage_and_parts_have_no_values(
    engine: Engine, fields: list[str], whole: set[str], parts: set[str]
) -> None:
    told = engine.enrich(AMANDA, explain=True, fields=fields).lineage
    assert told is not None
    assert {name for name, claims in told.items() if all(one.value for one in claims)} == whole
    assert {name for name, claims in told.items() if not any(one.value for one in claims)} == parts


def test_there_is_none_unless_reasons_are_asked_for_and_somebody_is_shown(engine: Engine) -> None:
    assert engine.enrich(AMANDA).lineage is None
    assert engine.enrich(AMANDA, explain=True, preview=True).lineage is None
    assert engine.enrich(email="nobody@example.org", explain=True).lineage is None


def test_every_form_of_a_question_tells_the_same(engine: Engine) -> None:
    one = engine.enrich(AMANDA, explain=True)
    assert one.lineage
    matched, missed = engine.enrich_batch([AMANDA, {"email": "nobody@example.org"}], explain=True)
    assert (matched.lineage, missed.lineage) == (one.lineage, None)
    candidate = engine.identify(AMANDA, explain=True).candidates[0]
    assert (candidate.person, candidate.lineage) == (one.person, one.lineage)
    assert engine.identify(AMANDA).candidates[0].lineage is None


def test_a_hidden_identifier_is_in_no_claim(engine: Engine) -> None:
    """The address under which somebody is shown is another one, so that they are shown nevertheless."""
    lost = "select entity_id, value from lineage where field = 'email' and not chosen order by 1 limit 1"
    ((one, tagged),) = engine.sql(lost).rows
    person = engine.people([one])[one].person
    query = {"email": [entry.address for entry in person.emails]}
    shown = engine.enrich(query, explain=True)
    assert tagged.encode() in msgspec.json.encode(shown.lineage)
    hiding = engine.hiding(Suppressions(frozenset({identifier_hash("email", tagged)})))
    told = hiding.enrich(query, explain=True)
    assert told.person == shown.person
    assert tagged.encode() not in msgspec.json.encode(told.lineage)

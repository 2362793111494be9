"""Searches by hand: what each field finds, in which order, page by page."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from leadspro_engine.errors import CursorExpired, InvalidInput
from leadspro_engine.records import CompanyFilters, Location, PeopleFilters, Suppressions, ValueCount
from leadspro_engine.search import search_companies, search_people
from leadspro_engine.search.cursor import Place, encode
from leadspro_engine.search.filters import SORTS, people_plan
from tests.search.small_snapshot import COMPANIES, PEOPLE, SmallSnapshot


def people(snapshot: SmallSnapshot, filters: dict[str, Any], **options: Any) -> list[str]:
    page = search_people(snapshot, filters, **options)
    assert page.total.value >= len(page.results)
    return [one.person.id for one in page.results]


def companies(snapshot: SmallSnapshot, filters: dict[str, Any], **options: Any) -> list[str]:
    return [one.company.id for one in search_companies(snapshot, filters, **options).results]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"job_title": "Revenue Operations"}, ["p1", "p2"]),
        ({"job_title": "revops"}, ["p1", "p2"]),
        ({"job_title": "Vice President"}, ["p4", "p1"]),  # p4's title has no word that was not asked for
        ({"job_title": "operations VP"}, ["p1"]),
        ({"job_title": "operacoes"}, ["p5"]),
        ({"job_title": ["revops", "einkauf"]}, ["p1", "p2", "p3"]),
        ({"job_title": "Revenue Operations", "country": "United States"}, ["p1", "p2"]),
        ({"job_title": "Revenue Operations", "seniority": "vp"}, ["p1"]),
        ({"seniority": "Vice President"}, ["p1", "p4"]),
        ({"seniority": ["director", "manager"]}, ["p2", "p5"]),
        ({"department": "operations", "country": "BR"}, ["p5"]),
        ({"company": "North Peak"}, ["p1", "p2", "p6"]),
        ({"company": "northpeak.io"}, ["p1", "p6"]),
        ({"company": "Muller Logistik"}, ["p3"]),
        ({"domain": "https://www.northpeak.io/about"}, ["p1", "p6"]),
        ({"country": "Deutschland"}, ["p3"]),
        ({"country": ["DE", "br"]}, ["p3", "p5"]),
        ({"country": "US", "region": "CA"}, ["p1"]),
        ({"region": "california"}, ["p1"]),
        ({"city": "sao paulo"}, ["p5"]),
        ({"skills": "sap"}, ["p3"]),
        ({"skills": ["SAP", "salesforce"]}, ["p1", "p3"]),
        ({"keywords": "groß berlin"}, ["p3"]),
        ({"keywords": "gross"}, ["p3"]),
        ({"keywords": "c++"}, ["p1", "p6"]),
        ({"keywords": "capital revenue operations"}, ["p2"]),
        ({"job_title": "chef"}, []),
    ],
)  # fmt: skip
def test_people_found(snapshot: SmallSnapshot, filters: dict[str, Any], expected: list[str]) -> None:
    assert people(snapshot, filters) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"technology": "AWS", "country": "United States", "status": "verified"}, ["c1", "c4"]),
        ({"name": "North Peak"}, ["c1", "c4"]),  # c4's name has one word more
        ({"name": "north peak inc"}, ["c1", "c4"]),
        ({"name": "peak"}, ["c1", "c3", "c4"]),
        ({"domain": "npcapital.com"}, ["c4"]),
        ({"industry": "software"}, ["c1"]),
        ({"headcount": "51-200"}, ["c1"]),
        ({"headcount": "201+"}, ["c2", "c4"]),
        ({"headcount": "201-500"}, ["c2"]),
        ({"headcount": "250-500"}, []),  # the range of c2 reaches below 250
        ({"headcount": ["1-150", "10001+"]}, ["c1", "c4"]),
        ({"status": ["inactive", "Unverified"]}, ["c2", "c3"]),
        ({"city": "new york"}, ["c4"]),
    ],
)  # fmt: skip
def test_companies_found(snapshot: SmallSnapshot, filters: dict[str, Any], expected: list[str]) -> None:
    assert companies(snapshot, filters) == expected


def test_structs_and_mappings_mean_the_same(snapshot: SmallSnapshot) -> None:
    struct = PeopleFilters(job_title=["revops"], country="US")
    assert search_people(snapshot, struct) == search_people(
        snapshot, {"job_title": ["revops"], "country": "US"}
    )
    assert search_companies(snapshot, CompanyFilters(name="peak")) == search_companies(
        snapshot, {"name": "peak"}
    )


def test_a_person_comes_with_the_company(snapshot: SmallSnapshot) -> None:
    (first, *_) = search_people(snapshot, {"job_title": "revops"}).results
    assert first.person.full_name == "Amanda Reyes"
    assert first.company is not None
    assert first.company.technologies == ["AWS", "Salesforce", "C++"]
    assert search_people(snapshot, {"city": "São Paulo"}).results[0].company is None


def test_exclude_leaves_out_whoever_fits_any_of_its_fields(snapshot: SmallSnapshot) -> None:
    assert people(
        snapshot, {"country": ["US", "DE", "BR"]}, exclude={"city": "berlin", "seniority": "vp"}
    ) == ["p2", "p5"]
    assert people(snapshot, {"keywords": "north"}, exclude={"job_title": "revops"}) == ["p6"]
    assert companies(snapshot, {"country": "US"}, exclude={"name": "capital"}) == ["c1"]


def test_pages_join_to_the_whole_result_without_repeats(snapshot: SmallSnapshot) -> None:
    filters = {"keywords": ["north", "peak", "berlin", "operations"]}
    whole = search_people(snapshot, filters, limit=100)
    seen, cursor = [], None
    while True:
        page = search_people(snapshot, filters, limit=2, cursor=cursor)
        assert page.total == whole.total
        seen += page.results
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == whole.results
    assert len(seen) == whole.total.value == 6


def test_a_cursor_may_be_used_with_another_limit_and_an_equal_query(snapshot: SmallSnapshot) -> None:
    first = search_people(snapshot, {"job_title": ["revops"], "country": "US"}, limit=1)
    rest = search_people(
        snapshot, {"country": "usa", "job_title": "RevOps"}, limit=50, cursor=first.next_cursor
    )
    assert [one.person.id for one in rest.results] == ["p2"]


def test_a_foreign_and_an_old_cursor_are_refused(snapshot: SmallSnapshot) -> None:
    cursor = search_people(snapshot, {"company": "peak"}, limit=1).next_cursor
    with pytest.raises(InvalidInput, match="/cursor"):
        search_people(snapshot, {"company": "north"}, limit=1, cursor=cursor)
    with pytest.raises(InvalidInput, match="/cursor"):
        search_companies(snapshot, {"name": "peak"}, limit=1, cursor=cursor)
    with pytest.raises(CursorExpired):
        search_people(SmallSnapshot(PEOPLE, COMPANIES, version="v-2"), {"company": "peak"}, cursor=cursor)


@pytest.mark.parametrize(
    "place",
    [
        Place(2**200, 0, "p1"), Place(-1, 0, "p1"), Place(0, 2**64, "p1"), Place(0, -1, "p1"),
        Place(2**31, 0, "p1"),
    ],
)  # fmt: skip
def test_a_forged_cursor_is_refused(snapshot: SmallSnapshot, place: Place) -> None:
    digest = people_plan({"company": "peak"}).digest()
    forged = encode(place, version=snapshot.version, query=digest)
    with pytest.raises(InvalidInput, match="/cursor"):
        search_people(snapshot, {"company": "peak"}, cursor=forged)


@pytest.mark.parametrize("sort", SORTS)
def test_a_cursor_behind_everything_is_the_end(snapshot: SmallSnapshot, sort: str) -> None:
    digest = people_plan({"company": "peak"}, sort=sort).digest()
    forged = encode(Place(2**31 - 1, 2**31 - 1, "p"), version=snapshot.version, query=digest)
    page = search_people(snapshot, {"company": "peak"}, cursor=forged, sort=sort)
    assert (page.results, page.next_cursor) == ([], None)
    assert page.total == search_people(snapshot, {"company": "peak"}).total


@pytest.mark.parametrize(
    "identifier", ["email:amanda@northpeak.io", "phone:+14155550106", "linkedin:amanda-reyes"]
)  # fmt: skip
def test_suppressed_people_are_neither_shown_nor_counted(snapshot: SmallSnapshot, identifier: str) -> None:
    hidden = Suppressions(frozenset({hashlib.sha256(identifier.encode()).hexdigest()}))
    page = search_people(snapshot, {"job_title": "revops"}, suppressions=hidden)
    assert [one.person.id for one in page.results] == ["p2"]
    assert page.total.value == 1


@pytest.mark.parametrize(
    ("filters", "field", "message"),
    [
        ({}, "/", "at least one filter"),
        ({"job_title": "  ", "country": []}, "/", "at least one filter"),
        ({"title": "vp"}, "/title", "job_title"),
        ({"seniority": "directr"}, "/seniority", "did you mean 'director'"),
        ({"department": "enginering"}, "/department", "did you mean 'engineering'"),
        ({"country": "Grmany"}, "/country", "did you mean 'Germany'"),
        ({"job_title": "?!"}, "/job_title", "letter or digit"),
        ({"job_title": 7}, "/job_title", "a text or a list"),
        ({"job_title": {"a": 1}}, "/job_title", "a text or a list"),
        ({"skills": ["sql", None]}, "/skills/1", "a text"),
        ({"city": ["x"] * 10_000}, "/city", "at most 100 values"),
        ({"keywords": "x" * 1_000_000}, "/keywords/0", "at most 200 characters"),
        ({"city": "Berlin\ud800"}, "/city/0", "a text"),
        ({"domain": "not a domain"}, "/domain", "northpeak.io"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(
    snapshot: SmallSnapshot, filters: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(InvalidInput, match=message) as caught:
        search_people(snapshot, filters)
    assert caught.value.field == field
    assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"status": "verifed"}, "/status"),
        ({"headcount": "many"}, "/headcount"),
        ({"seniority": "vp"}, "/seniority"),
    ],
)
def test_what_companies_cannot_be_asked_is_refused_by_name(
    snapshot: SmallSnapshot, filters: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        search_companies(snapshot, filters)
    assert caught.value.field == field


def test_a_field_of_exclude_is_named_with_its_path(snapshot: SmallSnapshot) -> None:
    with pytest.raises(InvalidInput) as caught:
        search_people(snapshot, {"city": "berlin"}, exclude={"country": "Atlantis"})
    assert caught.value.field == "/exclude/country"


@pytest.mark.parametrize("limit", [0, 101, -1, True, 2.5, "10"])
def test_limit_outside_the_range_is_refused(snapshot: SmallSnapshot, limit: Any) -> None:
    with pytest.raises(InvalidInput, match="1 to 100") as caught:
        search_people(snapshot, {"city": "berlin"}, limit=limit)
    assert caught.value.field == "/limit"


@pytest.mark.parametrize("wild", ["%", "_", "' or 1=1 --", "*", "a%'; drop table people; --", "\x00"])
def test_values_are_only_ever_values(snapshot: SmallSnapshot, wild: str) -> None:
    for field in ("job_title", "city", "skills", "company", "keywords"):
        try:
            assert people(snapshot, {field: wild}) == []
        except InvalidInput as refused:
            assert refused.field == f"/{field}"  # noqa: PT017  # either answer is right, as long as it is one of the two


def test_the_order_can_be_chosen_and_is_bound_to_the_cursor(snapshot: SmallSnapshot) -> None:
    filters = {"seniority": ["vp", "director", "manager"]}
    assert people(snapshot, filters, sort="completeness")[0] == "p1"
    first = search_people(snapshot, filters, limit=1, sort="completeness")
    assert first.next_cursor is not None
    with pytest.raises(InvalidInput, match="same filters"):
        search_people(snapshot, filters, limit=1, cursor=first.next_cursor, sort="recency")
    with pytest.raises(InvalidInput, match="did you mean 'recency'"):
        search_people(snapshot, filters, sort="recent")


def test_facets_count_the_whole_result_without_hidden_people(snapshot: SmallSnapshot) -> None:
    filters = {"department": "operations"}
    page = search_people(snapshot, filters, limit=1, facets=["country", "skills", "country"])
    assert page.facets == {
        "country": [ValueCount("United States", 2), ValueCount("Brazil", 1)],
        "skills": [ValueCount("Forecasting", 1), ValueCount("Salesforce", 1)],
    }
    hidden = Suppressions(frozenset({hashlib.sha256(b"linkedin:amanda-reyes").hexdigest()}))
    page = search_people(snapshot, filters, facets=["skills"], suppressions=hidden)
    assert page.facets == {"skills": []}
    assert search_people(snapshot, filters).facets is None


@pytest.mark.parametrize(
    ("facets", "field", "hint"),
    [(["contry"], "/facets/0", "did you mean 'country'"), ("country", "/facets", "a list")],
)
def test_an_unknown_facet_is_refused(snapshot: SmallSnapshot, facets: Any, field: str, hint: str) -> None:
    with pytest.raises(InvalidInput, match=hint) as caught:
        search_people(snapshot, {"country": "US"}, facets=facets)
    assert caught.value.field == field


def test_only_the_fields_asked_for_are_shown(snapshot: SmallSnapshot) -> None:
    found = search_people(snapshot, {"job_title": "revenue operations"}, fields=["name", "company.domain"])
    person, company = found.results[0].person, found.results[0].company
    assert (person.full_name, person.job_title, person.emails) == ("Amanda Reyes", None, [])
    assert company is not None
    assert (company.domain, company.name) == ("northpeak.io", None)
    (result, *_) = search_companies(
        snapshot, {"name": "north peak"}, fields=["name", "location.city"]
    ).results
    assert (result.company.name, result.company.domain) == ("North Peak", None)
    assert result.company.location == Location(city="San Francisco")
    with pytest.raises(InvalidInput, match="technologies"):
        search_companies(snapshot, {"name": "north peak"}, fields=["company.name"])


@pytest.mark.parametrize(
    ("filters", "field", "hint"),
    [
        ({"has": "fax"}, "/has", "email, phone"),
        ({"near": "Nowhere Atall 10 km"}, "/near", "a city that is known"),
        ({"near": "Berlin 5000 km"}, "/near", "1 to 1000 km"),
        ({"updated_since": "yesterday"}, "/updated_since", "2026-01-31"),
    ],
)
def test_values_of_the_newer_filters_are_checked(
    snapshot: SmallSnapshot, filters: dict[str, Any], field: str, hint: str
) -> None:
    with pytest.raises(InvalidInput, match=hint) as caught:
        search_people(snapshot, filters)
    assert caught.value.field == field


def test_a_year_of_founding_is_a_year(snapshot: SmallSnapshot) -> None:
    with pytest.raises(InvalidInput, match=r"2010-2015"):
        search_companies(snapshot, {"founded": "long ago"})

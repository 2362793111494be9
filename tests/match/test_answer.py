from __future__ import annotations

import hashlib
from math import isclose, log2
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.answer_fields import NAMES
from leadspro_engine.errors import InvalidInput
from leadspro_engine.match import enrich, enrich_batch, identify
from leadspro_engine.records import Company, ItemError, Location, PersonQuery, Suppressions
from tests.match.town import SWITCHBOARD, open_town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadspro_engine.dataset import Dataset

AMANDA = "amanda@northpeak.io"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    with open_town(tmp_path_factory.mktemp("town")) as opened:
        yield opened


def who(town: Dataset, **query: Any) -> str | None:
    found = enrich(town, query)
    return None if found.person is None else found.person.id


@pytest.mark.parametrize(
    ("query", "person"),
    [
        ({"email": AMANDA}, "amanda"),
        ({"email": " Amanda Reyes <AMANDA@NorthPeak.io>"}, "amanda"),
        ({"email": hashlib.sha256(AMANDA.encode()).hexdigest()}, "amanda"),
        ({"email": hashlib.md5(AMANDA.encode()).hexdigest().upper()}, "amanda"),
        ({"email": "priyashah+list@googlemail.com"}, "priya"),
        ({"email": hashlib.sha256(b"priya.shah@gmail.com").hexdigest()}, "priya"),
        ({"email": ["nobody@nowhere.com", AMANDA]}, "amanda"),
        ({"email": AMANDA, "company": "North Peak"}, "amanda"),
        ({"phone": "+1 415 555 0107"}, "amanda"),
        ({"phone": "(415) 555-0107", "country": "United States"}, "amanda"),
        ({"linkedin": "priya-shah-growth"}, "priya"),
        ({"linkedin": "https://www.linkedin.com/in/Priya-Shah-Growth/"}, "priya"),
        ({"name": "Amanda Reyes", "company": "North Peak Inc."}, "amanda"),
        ({"name": "Reyes, Amanda", "domain": "https://northpeak.io/about"}, "amanda"),
        ({"first_name": "Bob", "last_name": "Silva", "domain": "northpeak.io"}, "rob"),
        ({"name": "Jose Nunez", "company": "lumen labs"}, "jose"),
        ({"name": "Mark Chen", "phone": SWITCHBOARD}, "mark"),
        ({"name": ["Nobody Else", "Mark Chen"], "company": "North Peak"}, "mark"),
        ({"name": "John Smith", "company": "Lumen Labs", "city": "Leeds", "country": "GB"}, "john-two"),
        ({"name": "Amanda Reyse", "company": "North Peak"}, "amanda"),
        ({"name": "Amnada Reyes", "domain": "northpeak.io"}, "amanda"),
        ({"name": "A. Reyes", "domain": "northpeak.io"}, "amanda"),
        ({"name": "Reyes Amanda", "company": "Nroth Peak"}, "amanda"),
        ({"name": "Amanda Reyes", "company": "North Peak Analytics"}, "amanda"),
        ({"name": "Priya Shah", "company": "Lumen Labs GmbH"}, "priya"),
        ({"name": "Priya Shah", "domain": "lumenlabs.com"}, "priya"),
        ({"name": "Jose Nunez", "company": "Lumen"}, "jose"),
        ({"name": "M. Chen", "company": "North Peak"}, "mark"),
        ({"name": "Roberto Bob Silva", "company": "North Peak"}, "rob"),
        ({"name": "Bob Silvo", "company": "North Peak"}, "rob"),
        ({"name": "Amanda Stone", "company": "North Peak"}, None),
        ({"name": "Amy Reyes", "company": "Lumen Labs"}, None),
        ({"name": "John Smith", "company": "Lumen Labs"}, None),
        ({"phone": SWITCHBOARD}, None),
        ({"email": "info@northpeak.io"}, None),
        ({"email": hashlib.sha256(b"info@northpeak.io").hexdigest()}, None),
        ({"email": "nobody@northpeak.io"}, None),
        ({"phone": "+1 415 555 0111"}, None),
        ({"name": "Amanda Reyes", "company": "Lumen Labs"}, None),
        ({"name": "John Smith", "company": "North Peak"}, None),
    ],
)
def test_a_query_finds_the_person_it_means_or_nobody(
    town: Dataset, query: dict[str, Any], person: str | None
) -> None:
    assert who(town, **query) == person


@pytest.mark.parametrize(
    "query", [{"email": AMANDA}, {"phone": "+1 415 555 0107"}, {"linkedin": "priya-shah-growth"}]
)
def test_one_exact_personal_identifier_is_enough(town: Dataset, query: dict[str, Any]) -> None:
    found = enrich(town, query)
    assert found.match is not None
    assert found.match.likelihood > 0.95
    assert found.match.matched_on == list(query)
    assert found.match.conflicts == []


@pytest.mark.parametrize(
    ("email", "place", "says"),
    [
        (AMANDA, {"country": "US"}, "for"),
        (AMANDA, {"country": "France"}, "against"),
        (AMANDA, {"city": "Denver"}, "for"),
        ("jose@lumenlabs.com", {"country": "US"}, "nothing"),  # it is not known where he is
        ("mark@northpeak.io", {"city": "Denver", "country": "US"}, "for"),  # only his country is known
    ],
)
def test_a_place_says_no_more_than_both_sides_know(
    town: Dataset, email: str, place: dict[str, str], says: str
) -> None:
    found = enrich(town, {"email": email, **place}, explain=True, min_likelihood=0.0).match
    assert found is not None
    assert found.explain is not None
    bits = [one.weight for one in found.explain if one.field == "city"]
    assert ("nothing" if not bits else "for" if bits[0] > 0 else "against") == says


def test_the_answer_brings_the_company(town: Dataset) -> None:
    found = enrich(town, {"email": AMANDA})
    assert found.company is not None
    assert found.company.name == "North Peak"


def test_people_who_share_a_number_share_its_odds(town: Dataset) -> None:
    found = enrich(town, {"phone": SWITCHBOARD}, min_likelihood=0.0)
    assert found.match is not None
    assert found.match.likelihood < 1 / 3


def test_conflicting_identifiers_lower_the_likelihood_and_are_listed(town: Dataset) -> None:
    alone = enrich(town, {"email": AMANDA}).match
    both = enrich(town, {"email": AMANDA, "phone": "+1 415 555 0107"}).match
    torn = enrich(town, {"email": AMANDA, "linkedin": "priya-shah-growth"}, min_likelihood=0.0).match
    other_name = enrich(town, {"email": AMANDA, "name": "Kevin Brown"}, min_likelihood=0.0).match
    assert alone is not None
    assert both is not None
    assert torn is not None
    assert other_name is not None
    assert max(torn.likelihood, other_name.likelihood) < alone.likelihood < both.likelihood
    assert len(torn.conflicts) == 1
    assert set(torn.conflicts + torn.matched_on) == {"email", "linkedin"}
    assert (other_name.matched_on, other_name.conflicts) == (["email"], ["name"])


@pytest.mark.parametrize(
    "query",
    [
        {"email": AMANDA},
        {"email": AMANDA, "name": "Mandy Reyes", "company": "North Peak", "phone": SWITCHBOARD},
        {"name": "Robert Silva", "company": "North Peak", "title": "Sales"},
    ],
)
def test_the_explanation_sums_to_the_score(town: Dataset, query: dict[str, Any]) -> None:
    found = enrich(town, query, explain=True, min_likelihood=0.0).match
    assert found is not None
    assert found.explain is not None
    fields = [one.field for one in found.explain]
    assert fields[0] == "prior"
    assert found.explain[0].weight == -log2(107)
    assert len(set(fields)) == len(fields)
    bits = sum(one.weight for one in found.explain)
    assert isclose(found.likelihood, 2**bits / (1 + 2**bits), rel_tol=0.05)  # other candidates take the rest
    assert enrich(town, query, min_likelihood=0.0).match == msgspec.structs.replace(found, explain=None)


@pytest.mark.parametrize(
    ("query", "field", "accepted"),
    [
        ({}, "query", "an e-mail address"),
        ({"email": "amanda at northpeak"}, "email", "ada@example.com"),
        ({"email": "  "}, "query", "an e-mail address"),
        ({"phone": "call me"}, "phone", "+1 415 555 0100"),
        ({"linkedin": "https://example.com/in/x"}, "linkedin", "LinkedIn"),
        ({"name": "Amanda Reyes"}, "name", "company or a domain"),
        ({"company": "North Peak"}, "company", "a name"),
        ({"city": "Denver"}, "query", "a name with a company"),
        ({"mail": AMANDA}, "mail", "email, phone"),
        ({"email": 7}, "email", "text"),
    ],
)
def test_a_query_that_identifies_nobody_is_refused_with_a_reason(
    town: Dataset, query: dict[str, Any], field: str, accepted: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        enrich(town, query)
    assert caught.value.field == field
    assert accepted in str(caught.value)


@pytest.mark.parametrize(
    ("required", "matches"),
    [
        ((), True),
        (("email", "phone", "job_title", "location.city", "company", "company.domain"), True),
        (("linkedin",), False),
        (("email", "company.headcount"), False),
    ],
)
def test_required_fields_must_be_there(town: Dataset, required: tuple[str, ...], matches: bool) -> None:  # noqa: FBT001
    assert (enrich(town, {"email": AMANDA}, required=required).status == "matched") is matches


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"min_likelihood": 1.5}, "min_likelihood"),
        ({"min_likelihood": float("nan")}, "min_likelihood"),
        ({"required": ["shoe"]}, "required"),
        ({"fields": ["company.shoe"]}, "fields"),
    ],
)
def test_options_out_of_range_are_refused(town: Dataset, options: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        enrich(town, {"email": AMANDA}, **options)
    assert caught.value.field == field
    with pytest.raises(InvalidInput):
        enrich_batch(town, [], **options)


@pytest.mark.parametrize("identifier", ["email:amanda@northpeak.io", "phone:+14155550107"])
def test_who_asked_not_to_be_shown_is_not_answered_and_nobody_in_their_place(
    town: Dataset, identifier: str
) -> None:
    hidden = Suppressions(frozenset({hashlib.sha256(identifier.encode()).hexdigest()}))
    assert enrich(town, {"email": AMANDA}, suppressions=hidden).status == "no_match"
    assert enrich(town, {"email": "mark@northpeak.io"}, suppressions=hidden).status == "matched"


def test_a_preview_says_which_fields_there_are_and_no_value(town: Dataset) -> None:
    found = enrich(town, {"email": AMANDA}, preview=True, explain=True)
    assert (found.status, found.person, found.company) == ("matched", None, None)
    assert found.available is not None
    assert found.available.keys() | {"email", "phone", "name", "title"} == NAMES
    assert (found.available["location.city"], found.available["linkedin"]) == (True, False)
    assert found.match is not None
    assert found.match.explain is not None
    assert all((one.query, one.record) == (None, None) for one in found.match.explain)


def test_only_the_fields_asked_for_are_shown_and_the_ids(town: Dataset) -> None:
    found = enrich(town, {"email": AMANDA}, fields=["name", "location.city", "company.domain"])
    whole = enrich(town, {"email": AMANDA})
    assert whole.person is not None
    assert found.person == msgspec.structs.replace(
        whole.person,
        **dict.fromkeys(("first_name", "last_name", "job_title")),
        emails=[],
        phones=[],
        location=Location(city="Denver"),
    )
    assert found.company == Company(id="north-peak", domain="northpeak.io")
    assert found.match == whole.match
    assert enrich(town, {"email": AMANDA}, fields=["company"]).company == whole.company


def test_nobody_answered_says_who_came_near_without_any_value(town: Dataset) -> None:
    found = enrich(town, {"name": "Amanda Reyes", "company": "Lumen Labs"}, explain=True)
    assert found.status == "no_match"
    assert found.nearest is not None
    assert enrich(town, {"name": "Amanda Reyes", "company": "Lumen Labs"}).nearest is None
    crowd = enrich(town, {"phone": SWITCHBOARD}, explain=True).nearest
    assert crowd
    assert crowd[0].match.matched_on == ["phone"]
    assert "name" in crowd[0].would_settle
    assert "phone" not in crowd[0].would_settle
    told = msgspec.json.encode(crowd).decode()
    assert not [word for word in ("amanda", "Amanda", "Reyes", "415555") if word in told]


def test_a_required_field_that_is_lacking_is_named(town: Dataset) -> None:
    found = enrich(town, {"email": AMANDA}, required=["email", "linkedin"], explain=True)
    assert found.nearest is not None
    assert found.nearest[0].lacks == ["linkedin"]


def test_a_hash_does_not_tell_the_address_of_somebody_who_is_not_answered(town: Dataset) -> None:
    digest = hashlib.sha256(AMANDA.encode()).hexdigest()
    found = enrich(town, {"email": digest}, min_likelihood=1.0, explain=True)
    assert found.nearest
    assert AMANDA not in msgspec.json.encode(found).decode()


def test_who_asked_not_to_be_shown_is_no_near_miss_and_no_candidate(town: Dataset) -> None:
    hidden = Suppressions(frozenset({hashlib.sha256(f"email:{AMANDA}".encode()).hexdigest()}))
    assert enrich(town, {"email": AMANDA}, explain=True, suppressions=hidden).nearest == []
    seen = identify(town, {"phone": SWITCHBOARD}, suppressions=hidden).candidates
    everybody = identify(town, {"phone": SWITCHBOARD}).candidates
    assert [one for one in everybody if one.person.id != "amanda"] == seen


def test_everybody_whom_a_query_may_mean_is_given_the_likeliest_first(town: Dataset) -> None:
    found = identify(town, {"phone": SWITCHBOARD, "name": "Mark Chen"}, explain=True).candidates
    assert found[0].person.id == "mark"
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert sum(one.match.likelihood for one in found) <= 1
    for one in found:
        assert one.match.explain is not None
        assert isclose(sum(said.weight for said in one.match.explain), one.score, abs_tol=1e-9)
    best = enrich(town, {"phone": SWITCHBOARD, "name": "Mark Chen"}, explain=True)
    assert (best.person, best.company, best.match) == (found[0].person, found[0].company, found[0].match)
    assert (
        identify(town, {"phone": SWITCHBOARD}, limit=1).candidates
        == (identify(town, {"phone": SWITCHBOARD}).candidates[:1])
    )
    assert identify(town, {"email": "nobody@nowhere.com"}).candidates == []


@pytest.mark.parametrize("limit", [0, 21, -1])
def test_a_limit_out_of_range_is_refused(town: Dataset, limit: int) -> None:
    with pytest.raises(InvalidInput, match="1 to 20"):
        identify(town, {"email": AMANDA}, limit=limit)


MAYBE = {
    "email": [
        "amanda@northpeak.io",
        "info@northpeak.io",
        "jsmith2@lumenlabs.com",
        "x",
        "",
        "nobody@lumenlabs.com",
    ],
    "phone": [SWITCHBOARD, "+1 415 555 0107", "555"],
    "linkedin": ["priya-shah-growth", "?"],
    "name": ["Amanda Reyes", "john smith", "Smith, John", "J", "\u0300"],
    "company": ["North Peak", "Lumen Labs Ltd", "nobody"],
    "domain": ["northpeak.io", "gmail.com", "lumenlabs.com"],
    "city": ["Leeds", "Denver"],
    "shoe": ["44"],
}
queries = st.fixed_dictionaries(
    {},
    optional={
        field: st.sampled_from(listed) | st.lists(st.sampled_from(listed), max_size=3)
        for field, listed in MAYBE.items()
    },
)


@settings(max_examples=40, deadline=None)
@given(items=st.lists(queries, max_size=6))
def test_a_batch_has_the_answers_of_its_items(town: Dataset, items: list[dict[str, Any]]) -> None:
    answers = enrich_batch(town, items, explain=True)
    assert [one.index for one in answers] == list(range(len(items)))
    for item, answer in zip(items, answers, strict=True):
        told = (answer.status, answer.person, answer.company, answer.match, answer.nearest, answer.error)
        assert told == _alone(town, item)


@pytest.mark.parametrize("item", [None, "amanda@northpeak.io", ["email"], 7])
def test_an_item_that_is_no_query_does_not_fail_the_batch(town: Dataset, item: Any) -> None:
    bad, good = enrich_batch(town, [item, {"email": AMANDA}])
    assert (bad.status, good.status) == ("invalid", "matched")
    assert bad.error is not None
    assert "a mapping of the fields email" in bad.error.detail


def _alone(town: Dataset, item: dict[str, Any]) -> tuple[Any, ...]:
    """What one item gives when it is asked alone, in the form of a batch's answer."""
    try:
        found = enrich(town, item, explain=True)
    except InvalidInput as exc:
        return ("invalid", None, None, None, None, ItemError("invalid_input", str(exc), exc.field))
    return (found.status, found.person, found.company, found.match, found.nearest, None)


@settings(max_examples=60, deadline=None)
@given(query=queries)
def test_any_query_has_an_answer_or_a_reason_and_likelihood_is_a_probability(
    town: Dataset, query: dict[str, Any]
) -> None:
    try:
        found = enrich(town, query, min_likelihood=0.0, explain=True)
    except InvalidInput:
        return
    if found.match is None:
        assert found == msgspec.structs.replace(found, status="no_match", person=None, company=None)
    else:
        assert 0 <= found.match.likelihood <= 1
        assert set(found.match.matched_on).isdisjoint(found.match.conflicts)
        assert set(found.match.matched_on + found.match.conflicts) <= set(PersonQuery.__struct_fields__)

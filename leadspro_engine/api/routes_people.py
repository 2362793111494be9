"""What can be asked about people and companies, and whether the service is up."""

from __future__ import annotations

from leadspro_engine import service
from leadspro_engine.api.route import BATCH_BODY, Route
from leadspro_engine.service import answers, requests

QUESTIONS: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/health",
        operation="health",
        capability="service",
        summary="Service health",
        description="Version, feature flags, and the dataset that answers come from. Needs no key.",
        scope=None,
        request=requests.Empty,
        answer=answers.HealthResponse,
        handler=service.health,
    ),
    Route(
        method="POST",
        path="/api/v1/enrich",
        operation="enrich",
        capability="enrich",
        summary="Who is this?",
        description=(
            "One person, by e-mail, phone, LinkedIn slug, or name with company or domain, and the company "
            "they work for. Give everything you know: further fields make the match surer, or refuse it. "
            "`preview` tells for nothing which fields there are; `fields` chooses what is shown; `explain` "
            "tells why it is them, and in `lineage` where each field comes from: the source records that say "
            "it, and those that say otherwise with the reason why they lost."
        ),
        scope="enrich",
        price="1 credit when a person is returned; nothing when nobody matches, or for a preview.",
        charges=True,
        request=requests.EnrichRequest,
        answer=answers.EnrichResponse,
        handler=service.enrich,
        examples={
            "by e-mail": {"email": "amanda@northpeak.io", "company": "North Peak"},
            "by phone": {"phone": "+1 415 555 0106"},
            "by LinkedIn": {"linkedin": "priya-shah-growth", "explain": True},
            "by name": {"name": "Amanda Lee", "domain": "northpeak.io", "min_likelihood": 0.8},
            "only what is there": {"email": "amanda@northpeak.io", "preview": True},
            "chosen fields": {"email": "amanda@northpeak.io", "fields": ["full_name", "company.domain"]},
        },
    ),
    Route(
        method="POST",
        path="/api/v1/enrich/batch",
        operation="enrich_batch",
        capability="enrich",
        summary="Who are these?",
        description=(
            "Up to as many queries as the plan allows, answered in the order sent. Each result has a status: "
            "matched, no_match, invalid (that item could not be read) or quota_exceeded (credits ran out "
            "before it). One bad item never fails the others."
        ),
        scope="batch",
        price="1 credit for each item that matched.",
        charges=True,
        batch=True,
        max_body=BATCH_BODY,
        request=requests.BatchRequest,
        answer=answers.BatchResponse,
        handler=service.enrich_batch,
        examples={
            "three kinds of identifier": {
                "items": [
                    {"email": "amanda@northpeak.io"},
                    {"phone": "+1 415 555 0106"},
                    {"linkedin": "priya-shah-growth"},
                ]
            },
            "with ids of your own": {"items": [{"id": "row-1", "email": "amanda@northpeak.io"}]},
        },
    ),
    Route(
        method="POST",
        path="/api/v1/normalize",
        operation="normalize",
        capability="enrich",
        summary="What does this become?",
        description=(
            "The canonical value of each e-mail, phone, name and so on, and the remarks on it: why it was "
            "refused, or what in it was ignored. Up to 100 values; asks no dataset."
        ),
        scope="enrich",
        request=requests.NormalizeRequest,
        answer=answers.NormalizeResponse,
        handler=service.normalize,
        examples={
            "a few kinds": {
                "email": " Amanda@NorthPeak.io ",
                "phone": ["(415) 555-0106", "12"],
                "phone_region": "US",
                "name": "Dr. Lee, Amanda",
                "city": "SF",
                "country": "USA",
            }
        },
    ),
    Route(
        method="POST",
        path="/api/v1/identify",
        operation="identify",
        capability="enrich",
        summary="Who could this be?",
        description=(
            "Everybody whom a query may mean with their likelihood, the likeliest first, to choose by hand "
            "where `enrich` finds nobody sure enough. An empty list when there is nobody."
        ),
        scope="enrich",
        price="1 credit when there is any candidate.",
        charges=True,
        request=requests.IdentifyRequest,
        answer=answers.IdentifyResponse,
        handler=service.identify,
        examples={"by name": {"name": "Amanda Lee", "company": "North Peak"}},
    ),
    Route(
        method="POST",
        path="/api/v1/search/people",
        operation="search_people",
        capability="search",
        summary="Which people fit?",
        description=(
            "People by title, seniority, department, employer, place, skills, keywords and what must be "
            "there: all fields must fit, of a list any value. `exclude` leaves out, `sort` orders, `facets` "
            "counts values over the whole result. Page on with `next_cursor`, which is null on the last page."
        ),
        scope="search",
        price="1 credit for each person returned.",
        charges=True,
        request=requests.SearchPeopleRequest,
        answer=answers.PeopleResponse,
        handler=service.search_people,
        examples={
            "by title": {"job_title": "Revenue Operations", "country": "United States", "limit": 5},
            "near a city, counted": {
                "near": "San Francisco 50 km",
                "has": ["email", "phone"],
                "sort": "recency",
                "facets": ["department", "company"],
                "limit": 5,
            },
        },
    ),
    Route(
        method="POST",
        path="/api/v1/search/companies",
        operation="search_companies",
        capability="search",
        summary="Which companies fit?",
        description=(
            "Companies by name, domain, industry, headcount, technology, place, status, founding and whom "
            "they employ: all fields must fit, of a list any value. `exclude`, `sort`, `facets` and "
            "`next_cursor` are as for people."
        ),
        scope="search",
        request=requests.SearchCompaniesRequest,
        answer=answers.CompaniesResponse,
        handler=service.search_companies,
        examples={"by technology": {"technology": "AWS", "country": "United States", "status": "verified"}},
    ),
    Route(
        method="POST",
        path="/api/v1/understand",
        operation="understand",
        capability="search",
        summary="What does this text ask for?",
        description=(
            "The filters that a text in plain words asks for, to be sent to a search as they are, and what "
            "each of its words was taken for. By rules and vocabularies: the same text always means the same."
        ),
        scope="search",
        request=requests.UnderstandRequest,
        answer=answers.UnderstandResponse,
        handler=service.understand,
        examples={"in one box": {"text": "revops leaders in berlin using salesforce"}},
    ),
    Route(
        method="POST",
        path="/api/v1/autocomplete",
        operation="autocomplete",
        capability="search",
        summary="Which values begin so?",
        description=(
            "The values of a field that begin as what was typed, or at one of their words, the commonest "
            "first, with their counts; then values one letter away."
        ),
        scope="search",
        request=requests.AutocompleteRequest,
        answer=answers.AutocompleteResponse,
        handler=service.autocomplete,
        examples={"a job title": {"field": "job_title", "prefix": "rev"}},
    ),
)

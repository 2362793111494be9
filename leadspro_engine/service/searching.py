"""Who fits this? A page of people, for a credit each; companies, and values that begin so, for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.records import CompanyFilters, PeopleFilters
from leadspro_engine.service.answers import (
    AutocompleteResponse,
    CompaniesResponse,
    PeopleResponse,
    UnderstandResponse,
)
from leadspro_engine.service.desk import Offer
from leadspro_engine.service.lookup import out_of_credits

if TYPE_CHECKING:
    from leadspro_engine.records import PeoplePage
    from leadspro_engine.service.answers import AnswerMeta
    from leadspro_engine.service.desk import Desk
    from leadspro_engine.service.requests import (
        AutocompleteRequest,
        SearchCompaniesRequest,
        SearchPeopleRequest,
        UnderstandRequest,
    )


def search_people(desk: Desk, request: SearchPeopleRequest) -> Offer:
    """A page of people with their companies, no longer than the credits that are left.

    Raises:
        InvalidInput: a filter is not understood, or the cursor is not one of this search.
    """
    filters = PeopleFilters(**{field: getattr(request, field) for field in PeopleFilters.__struct_fields__})

    def page(limit: int) -> PeoplePage:
        return desk.engine.search_people(
            filters,
            exclude=request.exclude,
            sort=request.sort,
            limit=limit,
            cursor=request.cursor,
            facets=request.facets,
            fields=request.fields,
        )

    affordable = max(1, min(request.limit, desk.credits))
    offered = page(affordable)

    def answer(meta: AnswerMeta) -> PeopleResponse:
        paid = meta.credits_used
        if offered.results and not paid:
            raise out_of_credits(desk)
        # Somebody else in the workspace may have spent the credits meanwhile: then the page is made again,
        # shorter, so that its cursor continues right behind the last person who was paid for.
        shown = offered if paid == len(offered.results) else page(paid)
        return PeopleResponse(
            results=shown.results,
            total=shown.total,
            next_cursor=shown.next_cursor,
            facets=shown.facets,
            limited_by_credits=len(shown.results) < request.limit and shown.next_cursor is not None,
            meta=meta,
        )

    return Offer(answer=answer, ids=tuple(result.person.id for result in offered.results))


def search_companies(desk: Desk, request: SearchCompaniesRequest) -> Offer:
    """A page of companies.

    Raises:
        InvalidInput: a filter is not understood, or the cursor is not one of this search.
    """
    filters = CompanyFilters(**{field: getattr(request, field) for field in CompanyFilters.__struct_fields__})
    page = desk.engine.search_companies(
        filters,
        exclude=request.exclude,
        sort=request.sort,
        limit=request.limit,
        cursor=request.cursor,
        facets=request.facets,
        fields=request.fields,
    )

    def answer(meta: AnswerMeta) -> CompaniesResponse:
        return CompaniesResponse(
            results=page.results,
            total=page.total,
            next_cursor=page.next_cursor,
            facets=page.facets,
            meta=meta,
        )

    return Offer(answer=answer)


def autocomplete(desk: Desk, request: AutocompleteRequest) -> Offer:
    """The values of a field that begin as what was typed.

    Raises:
        InvalidInput: what was typed has no letter or digit.
    """
    found = desk.engine.autocomplete(request.field, request.prefix, limit=request.limit)
    return Offer(answer=lambda meta: AutocompleteResponse(results=found, meta=meta))


def understand(desk: Desk, request: UnderstandRequest) -> Offer:
    """The filters that a plain text asks for, and what each of its words was taken for."""
    found = desk.engine.understand(request.text, request.kind)
    return Offer(answer=lambda meta: UnderstandResponse(filters=found.filters, parts=found.parts, meta=meta))

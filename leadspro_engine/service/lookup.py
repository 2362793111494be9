"""Who is this? One query, or many at once, answered from the published dataset."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from leadspro_engine.accounts import Month
from leadspro_engine.errors import InvalidInput, NoMatch, QuotaExceeded
from leadspro_engine.records import BatchAnswer, ItemError, PersonQuery
from leadspro_engine.service.answers import (
    BatchResponse,
    BatchResult,
    BatchSummary,
    EnrichResponse,
    IdentifyResponse,
)
from leadspro_engine.service.desk import Offer
from leadspro_engine.service.problems import WHOLE, field_of
from leadspro_engine.service.requests import BatchItem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from leadspro_engine.service.answers import AnswerMeta
    from leadspro_engine.service.desk import Desk
    from leadspro_engine.service.requests import BatchRequest, EnrichRequest, IdentifyRequest


def enrich(desk: Desk, request: EnrichRequest) -> Offer:
    """The person who is asked for, with their company, for one credit.

    Raises:
        NoMatch: nobody in the dataset is likely enough to be them.
        InvalidInput: the query has nothing to look up by.
    """
    found = desk.engine.enrich(
        query_of(request),
        min_likelihood=request.min_likelihood,
        required=request.required,
        fields=request.fields,
        explain=request.explain,
        preview=request.preview,
    )
    person, match = found.person, found.match
    if match is None:
        raise NoMatch(found.nearest)

    def answer(meta: AnswerMeta) -> EnrichResponse:
        if person is not None and not meta.credits_used:
            raise out_of_credits(desk)
        return EnrichResponse(
            person=person,
            company=found.company,
            match=match,
            lineage=found.lineage,
            available=found.available,
            meta=meta,
        )

    return Offer(answer=answer, ids=() if person is None else (person.id,))


def identify(desk: Desk, request: IdentifyRequest) -> Offer:
    """Everybody who may be meant, for one credit when there is anybody.

    Raises:
        InvalidInput: the query has nothing to look up by.
    """
    found = desk.engine.identify(query_of(request), limit=request.limit, explain=request.explain)

    def answer(meta: AnswerMeta) -> IdentifyResponse:
        if found.candidates and not meta.credits_used:
            raise out_of_credits(desk)
        return IdentifyResponse(candidates=found.candidates, meta=meta)

    return Offer(answer=answer, ids=tuple(one.person.id for one in found.candidates), flat=True)


def enrich_batch(desk: Desk, request: BatchRequest) -> Offer:
    """One result for each item in the order sent, one credit for each that matched, while credits last.

    Raises:
        InvalidInput: there are more items than the plan allows.
    """
    largest = desk.caller.plan.batch_size
    if len(request.items) > largest:
        raise InvalidInput("/items", f"{len(request.items)} items", f"at most {largest} items on this plan")
    items = [_read(index, text) for index, text in enumerate(request.items)]
    answers = _ask(desk, request, items)

    def answer(meta: AnswerMeta) -> BatchResponse:
        results = list(_results(items, answers, meta.credits_used))
        return BatchResponse(results=results, summary=_summary(results), meta=meta)

    return Offer(answer=answer, ids=tuple(found.person.id for found in answers if found.person is not None))


def query_of(request: PersonQuery) -> PersonQuery:
    """The query alone, without the options that a request adds to it."""
    return PersonQuery(**{field: getattr(request, field) for field in PersonQuery.__struct_fields__})


def out_of_credits(desk: Desk) -> QuotaExceeded:
    """The refusal of a caller who has no credit left this month."""
    month = Month.of(desk.accounts.now())  # not read from the database: it may be asked inside a write
    return QuotaExceeded(desk.caller.plan.monthly_credits, month.end.isoformat())


class _Item(Struct, frozen=True):
    """One item of a batch as it was read.

    Attributes:
        query: what is asked; None when the item could not be read.
        error: why it could not.
    """

    index: int
    echo: _Echo
    query: PersonQuery | None = None
    error: ItemError | None = None


class _Echo(Struct, frozen=True):
    """What of an item is given back as it came, whether the rest can be read or not."""

    id: str | int | None = None
    metadata: msgspec.Raw | None = None


def _read(index: int, text: msgspec.Raw) -> _Item:
    """One item of a batch, or why it cannot be read."""
    try:
        item = msgspec.json.decode(text, type=BatchItem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        pointer, detail = field_of(exc)
        error = ItemError(code="invalid_request", detail=detail, field=f"/items/{index}{pointer}")
        return _Item(index=index, echo=_echo(text), error=error)
    return _Item(index=index, echo=_Echo(item.id, item.metadata), query=query_of(item))


def _echo(text: msgspec.Raw) -> _Echo:
    """The id and metadata of an item that is wrong elsewhere; nothing when they are wrong too."""
    try:
        return msgspec.json.decode(text, type=_Echo)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _Echo()


def _ask(desk: Desk, request: BatchRequest, items: Sequence[_Item]) -> list[BatchAnswer]:
    """An answer for each item: those that could be read are asked together."""
    readable = [(item.index, item.query) for item in items if item.query is not None]
    asked = desk.engine.enrich_batch(
        [query for _, query in readable],
        min_likelihood=request.min_likelihood,
        required=request.required,
        fields=request.fields,
        explain=request.explain,
        preview=request.preview,
    )
    answered = {index: found for (index, _), found in zip(readable, asked, strict=True)}
    unread = {
        item.index: BatchAnswer(item.index, "invalid", error=item.error) for item in items if item.error
    }
    return [answered.get(item.index) or unread[item.index] for item in items]


def _result(item: _Item, found: BatchAnswer) -> BatchResult:
    """What one item comes to when it is paid for."""
    return BatchResult(
        index=item.index,
        id=item.echo.id,
        metadata=item.echo.metadata,
        status=found.status,
        person=found.person,
        company=found.company,
        match=found.match,
        available=found.available,
        nearest=found.nearest,
        lineage=found.lineage,
        error=None if found.error is None else _placed(item.index, found.error),
        credits_used=0 if found.person is None else 1,
    )


def _placed(index: int, error: ItemError) -> ItemError:
    """An item's error with its place in the whole request, under the code that callers know."""
    if error.field is not None and error.field.startswith("/items/"):
        return error
    field = "" if error.field in (None, WHOLE) else f"/{error.field}"
    return ItemError(code="invalid_request", detail=error.detail, field=f"/items/{index}{field}")


def _results(items: Sequence[_Item], answers: Sequence[BatchAnswer], paid: int) -> Iterator[BatchResult]:
    """The results in order; matches beyond the first ``paid`` ones are withheld."""
    for item, found in zip(items, answers, strict=True):
        result = _result(item, found)
        if result.credits_used > paid:
            yield BatchResult(
                index=item.index, id=result.id, metadata=result.metadata, status="quota_exceeded"
            )
        else:
            paid -= result.credits_used
            yield result


def _summary(results: Sequence[BatchResult]) -> BatchSummary:
    """How many results there are of each status."""
    of = Counter(result.status for result in results)
    return BatchSummary(
        items=len(results),
        matched=of["matched"],
        no_match=of["no_match"],
        invalid=of["invalid"],
        quota_exceeded=of["quota_exceeded"],
        credits_used=sum(result.credits_used for result in results),
    )

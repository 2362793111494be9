"""Who is this? One query, or many at once, answered from the published dataset."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from leadspro_engine.errors import InvalidInput, NoMatch, QuotaExceeded
from leadspro_engine.records import BatchAnswer, ItemError, PersonQuery
from leadspro_engine.service.answers import BatchResponse, BatchResult, BatchSummary, EnrichResponse
from leadspro_engine.service.desk import Offer
from leadspro_engine.service.problems import field_of
from leadspro_engine.service.requests import BatchItem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from leadspro_engine.service.answers import AnswerMeta
    from leadspro_engine.service.desk import Desk
    from leadspro_engine.service.requests import BatchRequest, EnrichRequest


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
        explain=request.explain,
    )
    person, match = found.person, found.match
    if person is None or match is None:
        raise NoMatch

    def answer(meta: AnswerMeta) -> EnrichResponse:
        if not meta.credits_used:
            raise out_of_credits(desk)
        return EnrichResponse(person=person, company=found.company, match=match, meta=meta)

    return Offer(answer=answer, ids=(person.id,))


def enrich_batch(desk: Desk, request: BatchRequest) -> Offer:
    """One result for each item in the order sent, one credit for each that matched, while credits last.

    Raises:
        InvalidInput: there are more items than the plan allows.
    """
    largest = desk.caller.plan.batch_size
    if len(request.items) > largest:
        raise InvalidInput("/items", f"{len(request.items)} items", f"at most {largest} items on this plan")
    items = [_read(item) for item in request.items]
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
    left = desk.accounts.balance(desk.caller)
    return QuotaExceeded(left.limit, left.month.end.isoformat())


def _read(item: msgspec.Raw) -> BatchItem | ItemError:
    """One item of a batch, or why it cannot be read."""
    try:
        return msgspec.json.decode(item, type=BatchItem)
    except (msgspec.DecodeError, RecursionError) as exc:
        field, detail = field_of(exc)
        return ItemError(code="invalid_request", detail=detail, field=field or None)


def _ask(desk: Desk, request: BatchRequest, items: Sequence[BatchItem | ItemError]) -> list[BatchAnswer]:
    """An answer for each item: those that could be read are asked together."""
    readable = [index for index, item in enumerate(items) if isinstance(item, BatchItem)]
    asked = desk.engine.enrich_batch(
        [query_of(item) for item in items if isinstance(item, BatchItem)],
        min_likelihood=request.min_likelihood,
        required=request.required,
        explain=request.explain,
    )
    answered = dict(zip(readable, asked, strict=True))
    return [
        BatchAnswer(index=index, status="invalid", error=item)
        if isinstance(item, ItemError)
        else answered[index]
        for index, item in enumerate(items)
    ]


def _results(
    items: Sequence[BatchItem | ItemError], answers: Sequence[BatchAnswer], paid: int
) -> Iterator[BatchResult]:
    """The results in order; matches beyond the first ``paid`` ones are withheld."""
    for index, (item, found) in enumerate(zip(items, answers, strict=True)):
        echo = (None, None) if isinstance(item, ItemError) else (item.id, item.metadata)
        if found.person is None:
            yield BatchResult(
                index=index, id=echo[0], metadata=echo[1], status=found.status, error=found.error
            )
        elif paid:
            paid -= 1
            yield BatchResult(
                index=index, id=echo[0], metadata=echo[1], status="matched",
                person=found.person, company=found.company, match=found.match, credits_used=1,
            )  # fmt: skip
        else:
            yield BatchResult(index=index, id=echo[0], metadata=echo[1], status="quota_exceeded")


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

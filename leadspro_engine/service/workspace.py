"""What a workspace can see of itself: its plan, credits, limits, usage and history."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from leadspro_engine.accounts import WINDOW_S
from leadspro_engine.service.answers import (
    CreditsView,
    HistoryEntryResponse,
    HistoryResponse,
    MeResponse,
    PlanView,
    RateLimitView,
    UsageResponse,
    UsageTotals,
    WorkspaceView,
)
from leadspro_engine.service.desk import Offer
from leadspro_engine.service.keys import key_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadspro_engine.accounts import Caller, DayCount
    from leadspro_engine.service.desk import Desk
    from leadspro_engine.service.requests import Empty, HistoryRequest


def me(desk: Desk, _request: Empty) -> Offer:
    """Who the key belongs to and what it may do."""
    caller = desk.caller
    return Offer(
        answer=lambda meta: MeResponse(
            workspace=_workspace_view(caller),
            key=key_view(caller.key, desk.accounts.now()),
            credits=_credits_view(desk),
            rate_limit=_rate_limit_view(desk),
            meta=meta,
        )
    )


def usage(desk: Desk, _request: Empty) -> Offer:
    """Totals of the present month, and the counts of each of its days."""
    daily = desk.accounts.daily(desk.caller)
    return Offer(
        answer=lambda meta: UsageResponse(
            credits=_credits_view(desk),
            rate_limit=_rate_limit_view(desk),
            totals=_totals(daily),
            daily=daily,
            meta=meta,
        )
    )


def history(desk: Desk, request: HistoryRequest) -> Offer:
    """A page of the workspace's requests, the newest first."""
    before = None if request.cursor is None else int(request.cursor)
    page = desk.accounts.history(desk.caller, limit=request.limit, before=before)
    following = None if page.next_before is None else str(page.next_before)
    return Offer(answer=lambda meta: HistoryResponse(results=page.entries, next_cursor=following, meta=meta))


def history_entry(desk: Desk, _request: Empty, request_id: str) -> Offer:
    """One request of the workspace.

    Raises:
        NotFound: the workspace made no such request.
    """
    entry = desk.accounts.request(desk.caller, request_id)
    return Offer(answer=lambda meta: HistoryEntryResponse(request=entry, meta=meta))


def _workspace_view(caller: Caller) -> WorkspaceView:
    """The caller's workspace with what its plan allows."""
    limits = {field: getattr(caller.plan, field) for field in PlanView.__struct_fields__}
    workspace = caller.workspace
    return WorkspaceView(
        id=workspace.id, name=workspace.name, plan=PlanView(**limits), created_at=workspace.created_at
    )


def _credits_view(desk: Desk) -> CreditsView:
    """The workspace's credits of the present month."""
    left = desk.accounts.balance(desk.caller)
    return CreditsView(
        month=left.month.name,
        limit=left.limit,
        used=left.used,
        remaining=left.remaining,
        resets_at=left.month.end,
    )


def _rate_limit_view(desk: Desk) -> RateLimitView:
    """What is left of the key's minute."""
    left = desk.accounts.allowance(desk.caller)
    return RateLimitView(
        limit=left.limit,
        remaining=left.remaining,
        window_s=WINDOW_S,
        resets_at=dt.datetime.fromtimestamp(left.resets_at, dt.UTC),
    )


def _totals(daily: Sequence[DayCount]) -> UsageTotals:
    """All days together."""
    by_endpoint: Counter[str] = Counter()
    by_status: Counter[str] = Counter()
    for count in daily:
        by_endpoint[count.endpoint] += count.requests
        by_status[str(count.status)] += count.requests
    return UsageTotals(
        requests=sum(count.requests for count in daily),
        credits=sum(count.credits for count in daily),
        by_endpoint=dict(sorted(by_endpoint.items())),
        by_status=dict(sorted(by_status.items())),
    )

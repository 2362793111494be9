"""What a workspace can see of itself: its plan, credits, limits, usage and history."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from leadspro_engine.accounts import WINDOW_S, Month
from leadspro_engine.service.answers import (
    CreditsView,
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
    from leadspro_engine.service.requests import Empty, UsageRequest


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


def usage(desk: Desk, request: UsageRequest) -> Offer:
    """Totals of a month, the present one unless another is named, and the counts of each of its days."""
    now = desk.accounts.now()
    month = Month.of(now if request.month is None else dt.datetime.fromisoformat(f"{request.month}-01T00Z"))
    daily = desk.accounts.daily(desk.caller, month)
    return Offer(
        answer=lambda meta: UsageResponse(
            month=month.name,
            credits=_credits_view(desk),
            rate_limit=_rate_limit_view(desk),
            totals=_totals(daily),
            daily=daily,
            meta=meta,
        )
    )


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
    by_key: Counter[str] = Counter()
    by_status: Counter[str] = Counter()
    for count in daily:
        by_endpoint[count.endpoint] += count.requests
        by_key[count.key_id] += count.requests
        by_status[str(count.status)] += count.requests
    return UsageTotals(
        requests=sum(count.requests for count in daily),
        credits=sum(count.credits for count in daily),
        by_endpoint=dict(sorted(by_endpoint.items())),
        by_key=dict(sorted(by_key.items())),
        by_status=dict(sorted(by_status.items())),
    )

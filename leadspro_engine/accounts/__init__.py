"""Accounts: workspaces, plans, API keys, credits, request limits and history. Knows nothing of people.

The door is ``Accounts.open(home)``.
"""

from __future__ import annotations

from leadspro_engine.accounts.accounts import Accounts
from leadspro_engine.accounts.callers import Caller
from leadspro_engine.accounts.history import DayCount, Entry, HistoryPage, Wanted
from leadspro_engine.accounts.jobs import Job, JobState, JobStatus, Part
from leadspro_engine.accounts.keys import DEMO_SCOPES, SCOPES, Key, Scope
from leadspro_engine.accounts.ledger import Balance
from leadspro_engine.accounts.limits import WINDOW_S, Allowance
from leadspro_engine.accounts.month import Clock, Month, utc_now
from leadspro_engine.accounts.plans import Plan, Plans, read_plans
from leadspro_engine.accounts.registry import NewKey, Registry, Workspace
from leadspro_engine.accounts.replays import Claim, Replay
from leadspro_engine.accounts.settling import Asked, Bill
from leadspro_engine.accounts.tokens import DEMO_TOKEN

__all__ = [
    "DEMO_SCOPES",
    "DEMO_TOKEN",
    "SCOPES",
    "WINDOW_S",
    "Accounts",
    "Allowance",
    "Asked",
    "Balance",
    "Bill",
    "Caller",
    "Claim",
    "Clock",
    "DayCount",
    "Entry",
    "HistoryPage",
    "Job",
    "JobState",
    "JobStatus",
    "Key",
    "Month",
    "NewKey",
    "Part",
    "Plan",
    "Plans",
    "Registry",
    "Replay",
    "Scope",
    "Wanted",
    "Workspace",
    "read_plans",
    "utc_now",
]

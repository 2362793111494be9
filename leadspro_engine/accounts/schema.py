"""The tables of the accounts database, as SQLAlchemy Core sees them.

The tables are made by the migrations beside this file; a test holds the two equal. Nothing here knows what a
person is: the ids of an answer are opaque texts.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[dt.datetime]):
    """An instant: stored as naive UTC, because SQLite drops time zones, and read back aware."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The instant as naive UTC."""
        return None if value is None else value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The instant as aware UTC."""
        return None if value is None else value.replace(tzinfo=dt.UTC)


WORKSPACES = Table(
    "workspaces",
    METADATA,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("plan", String, nullable=False),
    Column("created_at", Instant, nullable=False),
)

KEYS = Table(
    "keys",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),  # its slot in the rate limiter's file
    Column("id", String, nullable=False),
    Column("workspace_id", String, ForeignKey("workspaces.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("hint", String, nullable=False),
    Column("scopes", String, nullable=False),  # separated by blanks
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Column("last_used_at", Instant),
    UniqueConstraint("id"),
    UniqueConstraint("digest"),
    Index(None, "workspace_id"),
    sqlite_autoincrement=True,
)

BALANCES = Table(
    "balances",
    METADATA,
    Column("workspace_id", String, ForeignKey("workspaces.id"), nullable=False),
    Column("month", String, nullable=False),
    Column("granted", Integer, nullable=False),
    Column("remaining", Integer, nullable=False),
    PrimaryKeyConstraint("workspace_id", "month"),
)

LEDGER = Table(
    "ledger",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("workspace_id", String, ForeignKey("workspaces.id"), nullable=False),
    Column("month", String, nullable=False),
    Column("kind", String, nullable=False),  # grant | charge
    Column("amount", Integer, nullable=False),  # a grant adds, a charge takes away
    Column("request_id", String),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("kind = 'grant' or (kind = 'charge' and amount < 0)", name="kind"),
    Index(None, "workspace_id", "month"),
    sqlite_autoincrement=True,
)

HISTORY = Table(
    "history",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("workspace_id", String, ForeignKey("workspaces.id"), nullable=False),
    Column("key_id", String, nullable=False),
    Column("request_id", String, nullable=False),
    Column("endpoint", String, nullable=False),
    Column("status", Integer, nullable=False),
    Column("code", String),  # of the refusal; null for an answer
    Column("credits", Integer, nullable=False),
    Column("dataset_version", String),
    Column("ids", String, nullable=False),  # a JSON list; emptied when the plan's days are over
    Column("request", LargeBinary),  # the request's JSON, as long as the ids; null when it is not kept
    Column("duration_ms", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(None, "workspace_id", "id"),
    Index(None, "workspace_id", "request_id"),
    sqlite_autoincrement=True,
)

USAGE = Table(
    "usage",
    METADATA,
    Column("workspace_id", String, ForeignKey("workspaces.id"), nullable=False),
    Column("day", String, nullable=False),  # ISO date in UTC
    Column("endpoint", String, nullable=False),
    Column("key_id", String, nullable=False),
    Column("status", Integer, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("credits", Integer, nullable=False),
    PrimaryKeyConstraint("workspace_id", "day", "endpoint", "key_id", "status"),
)

REPLAYS = Table(
    "replays",
    METADATA,
    Column("workspace_id", String, ForeignKey("workspaces.id"), nullable=False),
    Column("idempotency_key", String, nullable=False),
    Column("fingerprint", String, nullable=False),  # SHA-256 of method, path and body
    Column("request_id", String, nullable=False),  # of the request that holds or held the key
    Column(
        "expires_at", Instant, nullable=False
    ),  # of the claim while it runs, of the stored answer afterwards
    Column("status", Integer),  # null while the first request is running
    Column("body", LargeBinary),
    PrimaryKeyConstraint("workspace_id", "idempotency_key"),
)

JOBS = Table(
    "jobs",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False),
    Column("workspace_id", String, ForeignKey("workspaces.id"), nullable=False),
    Column("key_id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("status", String, nullable=False),
    Column("settings", LargeBinary, nullable=False),  # opaque here, as is the report
    Column("report", LargeBinary, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("matched", Integer, nullable=False),
    Column("no_match", Integer, nullable=False),
    Column("invalid", Integer, nullable=False),
    Column("quota_exceeded", Integer, nullable=False),
    Column("credits", Integer, nullable=False),
    Column("dataset_version", String),
    Column("problem", String),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("lease_holder", String),
    Column("lease_until", Instant),
    UniqueConstraint("id"),
    Index(None, "workspace_id", "number"),
    Index(None, "status"),
    sqlite_autoincrement=True,
)

JOB_PARTS = Table(
    "job_parts",
    METADATA,
    Column("job_id", String, ForeignKey("jobs.id"), nullable=False),
    Column("part", Integer, nullable=False),
    Column("paid", Integer, nullable=False),  # of its matches, the first ones
    PrimaryKeyConstraint("job_id", "part"),
)

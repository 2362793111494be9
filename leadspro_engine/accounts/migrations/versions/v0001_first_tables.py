"""Makes the first tables: workspaces, keys, balances, ledger, history, usage, replays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables as ``accounts.schema`` describes them at this version."""
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "keys",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String, nullable=False),
        _workspace(),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("mode", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("hint", sa.String, nullable=False),
        sa.Column("scopes", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime),
        sa.Column("revoked_at", sa.DateTime),
        sa.Column("last_used_at", sa.DateTime),
        sa.UniqueConstraint("id", name="uq_keys_id"),
        sa.UniqueConstraint("digest", name="uq_keys_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_keys_workspace_id", "keys", ["workspace_id"])
    op.create_table(
        "balances",
        _workspace(),
        sa.Column("month", sa.String, nullable=False),
        sa.Column("granted", sa.Integer, nullable=False),
        sa.Column("remaining", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "month", name="pk_balances"),
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _workspace(),
        sa.Column("month", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("request_id", sa.String),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.CheckConstraint("kind = 'grant' or (kind = 'charge' and amount < 0)", name="ck_ledger_kind"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ledger_workspace_id_month", "ledger", ["workspace_id", "month"])
    op.create_table(
        "history",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _workspace(),
        sa.Column("key_id", sa.String, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("endpoint", sa.String, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("code", sa.String),
        sa.Column("credits", sa.Integer, nullable=False),
        sa.Column("dataset_version", sa.String),
        sa.Column("ids", sa.String, nullable=False),
        sa.Column("duration_ms", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_history_workspace_id_id", "history", ["workspace_id", "id"])
    op.create_index("ix_history_workspace_id_request_id", "history", ["workspace_id", "request_id"])
    op.create_table(
        "usage",
        _workspace(),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("endpoint", sa.String, nullable=False),
        sa.Column("key_id", sa.String, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.Column("credits", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "day", "endpoint", "key_id", "status", name="pk_usage"),
    )
    op.create_table(
        "replays",
        _workspace(),
        sa.Column("idempotency_key", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("workspace_id", "idempotency_key", name="pk_replays"),
    )
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(
            "create function ledger_is_append_only() returns trigger language plpgsql as "
            "$$ begin raise exception 'the ledger is append-only' using errcode = '23000'; end $$"
        )
    refuse = "begin select raise(abort, 'the ledger is append-only'); end"
    if dialect == "postgresql":
        refuse = "for each row execute function ledger_is_append_only()"
    for change in ("update", "delete"):
        op.execute(f"create trigger ledger_no_{change} before {change} on ledger {refuse}")


def downgrade() -> None:
    """There is nothing before the first version."""
    raise NotImplementedError


def _workspace() -> sa.Column[str]:
    """The column that says whose row it is."""
    return sa.Column("workspace_id", sa.String, sa.ForeignKey("workspaces.id"), nullable=False)

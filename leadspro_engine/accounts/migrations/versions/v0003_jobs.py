"""Makes the tables of jobs and of the parts of a job that are paid for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COUNTS = ("rows", "parts", "done", "matched", "no_match", "invalid", "quota_exceeded", "credits")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "jobs",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("workspace_id", sa.String, sa.ForeignKey("workspaces.id"), nullable=False),
        sa.Column("key_id", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("settings", sa.LargeBinary, nullable=False),
        sa.Column("report", sa.LargeBinary, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _COUNTS),
        sa.Column("dataset_version", sa.String),
        sa.Column("problem", sa.String),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("started_at", sa.DateTime),
        sa.Column("finished_at", sa.DateTime),
        sa.Column("lease_holder", sa.String),
        sa.Column("lease_until", sa.DateTime),
        sa.UniqueConstraint("id", name="uq_jobs_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_workspace_id_number", "jobs", ["workspace_id", "number"])
    op.create_index("ix_jobs_status", "jobs", ["status"])
    op.create_table(
        "job_parts",
        sa.Column("job_id", sa.String, sa.ForeignKey("jobs.id"), nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("paid", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("job_id", "part", name="pk_job_parts"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("job_parts")
    op.drop_table("jobs")

"""Lets the history keep what was asked, for as long as it keeps who was shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; entries from before have no request."""
    op.add_column("history", sa.Column("request", sa.LargeBinary))


def downgrade() -> None:
    """Forget the requests."""
    op.drop_column("history", "request")

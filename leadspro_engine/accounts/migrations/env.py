"""What alembic runs for each migration: uses the connection it is given, and begins no transaction of its own."""

from __future__ import annotations

from alembic import context

from leadspro_engine.accounts.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True
)
context.run_migrations()

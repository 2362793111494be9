"""The versions of the accounts tables, in order; alembic finds them here."""

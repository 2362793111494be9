"""Brings the tables of the accounts database up to date; alembic does the work, from ``versions``.

A database that is at the newest version is recognized by one query, without loading alembic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from leadspro_engine.accounts.database import Database

HEAD = "0003"
"""The newest version; a test holds it equal to alembic's own idea of it."""


def upgrade(database: Database) -> None:
    """Run the migrations that the database lacks, in one transaction, one process at a time."""
    with database.read() as con:
        if _version(con) == HEAD:
            return
    database.write(_upgrade)


def _upgrade(con: Connection) -> None:
    """Let alembic run on a connection that already holds the write lock."""
    if con.dialect.name == "postgresql":
        con.execute(text("select pg_advisory_xact_lock(7102)"))
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": con})
    config.set_main_option("script_location", f"{__package__}:.")
    command.upgrade(config, "head")


def _version(con: Connection) -> str | None:
    """The version that the database says it has; None before the first migration."""
    if not inspect(con).has_table("alembic_version"):
        return None
    version: str | None = con.execute(text("select version_num from alembic_version")).scalar()
    return version

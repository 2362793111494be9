"""The accounts database: settings, migrations, grouped commits."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from leadspro_engine.accounts import migrations
from leadspro_engine.accounts.database import open_database
from leadspro_engine.accounts.schema import METADATA
from leadspro_engine.accounts.sqlite import _LOG_BYTES
from leadspro_engine.errors import Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from leadspro_engine.accounts.database import Database


def add(database: Database, name: str) -> None:
    """Write one workspace."""
    row = "insert into workspaces values (:name, 'n', 'free', '2026-01-01 00:00:00')"
    database.write(lambda con: con.execute(text(row), {"name": name}))


def test_nobody_is_told_of_a_commit_before_it_is_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(tmp_path / "a.sqlite")
    written: list[bool] = []

    def sync(file: int) -> None:
        written.append(b"ws_told" in (tmp_path / "a.sqlite-wal").read_bytes())
        os.fsync(file)

    monkeypatch.setattr("leadspro_engine.accounts.sqlite._sync", sync)
    add(database, "ws_told")
    database.close()
    assert written == [True]


def test_a_commit_that_cannot_be_brought_to_disk_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(tmp_path / "a.sqlite")

    def sync(_file: int) -> None:
        raise OSError(errno.EIO, "the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr("leadspro_engine.accounts.sqlite._sync", sync)
        with pytest.raises(Unavailable):
            add(database, "ws_lost")
    add(database, "ws_kept")
    database.close()


def test_the_log_of_a_busy_process_is_filled_and_read_after_a_crash(tmp_path: Path) -> None:
    database = open_database(tmp_path / "a.sqlite")
    for number in range(60):
        add(database, f"ws_{number}")
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for name in ("a.sqlite", "a.sqlite-wal"):  # as a kill leaves them, and a machine that is switched off
        shutil.copy(tmp_path / name, crashed / name)
    database.close()
    assert (crashed / "a.sqlite-wal").stat().st_size == _LOG_BYTES
    again = open_database(crashed / "a.sqlite")
    with again.read() as con:
        assert con.execute(text("select count(*) from workspaces")).scalar() == 60
    again.close()


def test_the_migrations_make_exactly_the_tables_of_the_schema(tmp_path: Path) -> None:
    database = open_database(tmp_path / "a.sqlite")
    with database.read() as con:
        assert compare_metadata(MigrationContext.configure(con), METADATA) == []
    database.close()


def test_the_newest_version_is_the_one_that_alembic_knows() -> None:
    config = Config()
    config.set_main_option("script_location", "leadspro_engine.accounts:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


def test_a_failing_work_undoes_itself_and_nothing_else(tmp_path: Path) -> None:
    database = open_database(tmp_path / "a.sqlite")
    started, release = threading.Event(), threading.Event()

    def insert(name: str, *, fail: bool) -> None:
        def work(con: Connection) -> None:
            if name == "first":
                started.set()
                release.wait(10)
            con.execute(
                text("insert into workspaces values (:name, 'n', 'free', '2026-01-01 00:00:00')"),
                {"name": name},
            )
            if fail:
                raise LookupError(name)

        database.write(work)

    failures: list[str] = []

    def attempt(name: str, *, fail: bool) -> None:
        try:
            insert(name, fail=fail)
        except LookupError as exc:
            failures.append(str(exc))

    first = threading.Thread(target=attempt, args=("first",), kwargs={"fail": False})
    first.start()
    started.wait(10)
    others = [  # these queue up while the first one is being written, and share one commit
        threading.Thread(target=attempt, args=(f"w{number}",), kwargs={"fail": number % 2 == 0})
        for number in range(6)
    ]
    for thread in others:
        thread.start()
    release.set()
    for thread in [first, *others]:
        thread.join()
    with database.read() as con:
        names = sorted(con.execute(text("select id from workspaces")).scalars())
    database.close()
    assert names == ["first", "w1", "w3", "w5"]
    assert sorted(failures) == ["w0", "w2", "w4"]


def test_a_database_that_another_process_holds_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadspro_engine.accounts.sqlite.BUSY_TIMEOUT_S", 0.1)
    database = open_database(tmp_path / "a.sqlite")
    holder = sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)
    holder.execute("begin immediate")
    with pytest.raises(Unavailable):
        database.write(lambda con: con.execute(text("delete from replays")))
    holder.execute("rollback")
    holder.close()
    assert database.write(lambda con: con.execute(text("select 7")).scalar()) == 7
    database.close()


def test_a_database_that_cannot_be_read_is_unavailable(tmp_path: Path) -> None:
    database = open_database(tmp_path / "accounts.sqlite")
    with pytest.raises(Unavailable), database.read() as con:
        con.execute(text("select * from a_table_that_is_gone"))
    with pytest.raises(Unavailable):
        database.write(lambda con: con.execute(text("select * from a_table_that_is_gone")))
    database.close()


def test_errors_of_the_database_say_nothing_of_the_values(tmp_path: Path) -> None:
    database = open_database(tmp_path / "accounts.sqlite")
    broken = text("insert into workspaces (id, name) values (:id, 'no plan')")
    with pytest.raises(IntegrityError) as caught:
        database.write(lambda con: con.execute(broken, {"id": "a secret"}))
    assert "a secret" not in str(caught.value)
    database.close()


def test_one_process_writes_at_a_time_and_checkpoints_before_another_does(tmp_path: Path) -> None:
    ours, theirs = (open_database(tmp_path / "a.sqlite") for _ in range(2))
    inside, reached = threading.Event(), threading.Event()
    order: list[str] = []

    def slow(_con: Connection) -> None:
        inside.set()
        reached.wait(0.3)
        order.append("ours")

    def quick(_con: Connection) -> None:
        reached.set()
        order.append("theirs")

    thread = threading.Thread(target=ours.write, args=(slow,))
    thread.start()
    inside.wait(5)
    theirs.write(quick)
    thread.join()
    assert order == ["ours", "theirs"]
    ours.close()
    theirs.close()

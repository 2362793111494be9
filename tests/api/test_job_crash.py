"""A runner that is killed again and again pays for every matched row exactly once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from leadspro_engine.accounts import SCOPES, Accounts, ledger
from leadspro_engine.api import Application, background
from leadspro_engine.service import Published
from tests.api.client import Client

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 9_000
KILLS = 3


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_runners_lose_no_row_and_charge_none_twice(demo_home: Path, tmp_path: Path) -> None:
    (tmp_path / "snapshots").symlink_to(demo_home / "snapshots")
    accounts, published = Accounts.open(tmp_path), Published(tmp_path)
    workspace = accounts.registry.create_workspace("test", "scale")
    token = accounts.registry.create_key(workspace.id, name="test", scopes=SCOPES).token
    client = Client(Application(tmp_path, accounts, published), token)
    rows = ["amanda@northpeak.io" if n % 3 else f"nobody{n}@example.org" for n in range(ROWS)]
    sent = {"Content-Type": "text/csv", "Idempotency-Key": "file"}
    content = ("email\n" + "\n".join(rows)).encode()
    job_id = client.call("POST", "/api/v1/jobs?start=true", body=content, headers=sent).json["job"]["id"]

    def job() -> dict[str, Any]:
        told: dict[str, Any] = client.get(f"/api/v1/jobs/{job_id}").json["job"]
        return told

    command = [sys.executable, "-c", background._MAIN]
    environment = os.environ | {"LEADSPRO_HOME": str(tmp_path)}
    kills, done = 0, 0
    while job()["status"] != "done":
        with subprocess.Popen(command, env=environment) as runner:
            while runner.poll() is None and job()["status"] != "done":
                if kills < KILLS and job()["done"] > done:
                    done = job()["done"]
                    kills += 1
                    runner.kill()
                time.sleep(0.02)
            runner.terminate()
    assert kills == KILLS
    matched = sum(row.startswith("amanda") for row in rows)
    told = job()
    assert (told["done"], told["matched"], told["credits"]) == (ROWS, matched, matched)
    caller = accounts.authenticate(token)
    with accounts._database.read() as con:
        assert ledger.summed(con, workspace.id, accounts.balance(caller).month) == 250_000 - matched
    result = client.get(f"/api/v1/jobs/{job_id}/result?format=raw").body
    frame = pl.read_csv(result)
    assert frame["email"].to_list() == rows
    assert frame["lp_status"].to_list() == ["matched" if n % 3 else "no_match" for n in range(ROWS)]
    accounts.close()
    published.close()

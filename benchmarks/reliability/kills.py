"""Workers killed under load: no credit lost or charged twice, no answered request missing from the history.

Callers ask without a pause while a worker of the server is killed again and again (SIGKILL, no warning). At
the end the ledger, the history and what the callers saw are held against each other.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import func, select

from benchmarks._serving import Served, served
from benchmarks.speed.batch import home_of, snapshot_options
from leadspro_engine.accounts import Accounts
from leadspro_engine.accounts.schema import HISTORY, LEDGER
from leadspro_engine.dataset import Dataset

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from benchmarks.harness import Row


_WORKERS = 2
_ENOUGH = 20  # answers between two kills, so that each of them interrupts something
_PATIENCE_S = 60.0


def options(parser: argparse.ArgumentParser) -> None:
    """Which snapshot, how many kills and callers."""
    snapshot_options(parser)
    parser.add_argument("--kills", type=int, default=100, help="how often a worker is killed")
    parser.add_argument("--callers", type=int, default=8, help="callers that ask at once")
    parser.add_argument("--pause", type=float, default=4.0, help="seconds from one kill to the next")


class _Seen(Struct):
    """What the callers saw: ids of answered requests, and how many connections broke."""

    answered: list[str]
    broken: int = 0


def run(options: argparse.Namespace) -> list[Row]:
    """One row: what happened, and how many of each kind of mistake; all of these must be 0."""
    with home_of(options) as home, served(home) as ours:
        seen, stopping = _Seen([]), threading.Event()
        emails = _emails(home)
        callers = [
            threading.Thread(target=_ask, args=(ours, emails, seen, stopping, number))
            for number in range(options.callers)
        ]
        for caller in callers:
            caller.start()
        kills = sum(_kill(ours, seen, options.pause) for _ in range(options.kills))
        stopping.set()
        for caller in callers:
            caller.join()
        return [{"kills": kills, "broken connections": seen.broken, **_audited(ours, seen.answered)}]


def _emails(home: Path) -> list[str]:
    with Dataset.open(home) as dataset:
        text = "select key from identifiers_email group by key having count(*) = 1 order by key limit 1000"
        return [row[0] for row in dataset.cursor().execute(text).fetchall()]


def _ask(ours: Served, emails: Sequence[str], seen: _Seen, stopping: threading.Event, caller: int) -> None:
    """Ask one look-up after the other, on a new connection after each that broke."""
    connection = http.client.HTTPConnection("127.0.0.1", ours.port, timeout=30)
    number = 0
    while not stopping.is_set():
        number += 1
        request_id = f"kill-{caller}-{number}"
        headers = {
            "Authorization": f"Bearer {ours.token}",
            "Content-Type": "application/json",
            "X-Request-Id": request_id,
        }
        body = json.dumps({"email": emails[(caller * 131 + number) % len(emails)]})
        try:
            connection.request("POST", "/api/v1/enrich", body, headers)
            reply = connection.getresponse()
            reply.read()
        except (OSError, http.client.HTTPException):
            seen.broken += 1
            connection.close()
            time.sleep(0.05)
            continue
        if reply.status == 200:
            seen.answered.append(request_id)


def _kill(ours: Served, seen: _Seen, pause_s: float) -> bool:
    """Kill the older of two working workers without warning; False when there are no two within a minute.

    Granian gives up when a worker dies within 5.5 s of its start, so kills may not come faster than that.
    """
    before, until = len(seen.answered), time.monotonic() + _PATIENCE_S
    time.sleep(pause_s)
    while time.monotonic() < until:
        workers = _workers(ours.process.pid)
        if len(workers) == _WORKERS and len(seen.answered) >= before + _ENOUGH:
            os.kill(workers[0], signal.SIGKILL)
            return True
        time.sleep(0.05)
    return False


def _workers(pid: int) -> list[int]:
    """The workers of a server: its children that are neither the runner of jobs nor a helper of Python's."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    children = sorted(int(one) for task in tasks for one in (task / "children").read_text().split())
    others = (b"resource_tracker", b"leadspro_engine.api.background")
    return [
        one
        for one in children
        if not any(name in Path(f"/proc/{one}/cmdline").read_bytes() for name in others)
    ]


def _audited(ours: Served, answered: Sequence[str]) -> Row:
    """The books against what the callers saw."""
    accounts = Accounts.open(ours.home)
    caller = accounts.authenticate(ours.token)
    with accounts._database.read() as con:  # noqa: SLF001 - an audit looks behind the door
        entries = [row[0] for row in con.execute(select(HISTORY.c.request_id).where(HISTORY.c.credits > 0))]
        charges = con.execute(select(LEDGER.c.request_id).where(LEDGER.c.kind == "charge")).scalars().all()
        total = con.execute(select(func.sum(LEDGER.c.amount))).scalar_one()
    balance = accounts.balance(caller)
    accounts.close()
    return {
        "answered": len(answered),
        "charged": len(charges),
        "missing from history": len(set(answered) - set(entries)),
        "answered, not charged": len(set(answered) - set(charges)),
        "charged twice": len(charges) - len(set(charges)),
        "charged, not in history": len(set(charges) ^ set(entries)),
        "ledger - balance": int(total or balance.limit) - balance.remaining,
    }

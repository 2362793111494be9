"""The credit ledger: entries sum to the balance, whatever happens, and no credit is spent twice."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from leadspro_engine.accounts import Accounts, Asked, Bill, Caller, Month, ledger

if TYPE_CHECKING:
    from tests.accounts.conftest import Clock


def ask(accounts: Accounts, caller: Caller, people: int, request_id: str = "r") -> Bill:
    """Settle a request that offers so many people."""
    asked = Asked(request_id, "enrich", "v-1", accounts.now())
    ids = [f"person-{number}" for number in range(people)]
    return accounts.settle(caller, asked, ids, lambda _: b"{}")[1]


def summed(accounts: Accounts, caller: Caller) -> int:
    """What the entries of the present month sum to."""
    with accounts._database.read() as con:
        return ledger.summed(con, caller.workspace.id, Month.of(accounts.now()))


def test_a_month_begins_with_the_credits_of_the_plan(accounts: Accounts, free: Caller) -> None:
    balance = accounts.balance(free)
    assert (balance.limit, balance.remaining, balance.used) == (100, 100, 0)


def test_people_are_paid_for_in_order_while_credits_last(accounts: Accounts, free: Caller) -> None:
    assert ask(accounts, free, 60) == Bill(credits=60, remaining=40)
    assert ask(accounts, free, 60) == Bill(credits=40, remaining=0)
    assert ask(accounts, free, 60) == Bill(credits=0, remaining=0)
    assert [len(entry.ids) for entry in accounts.history(free, limit=3).entries] == [0, 40, 60]


def test_an_answer_that_cannot_be_made_is_not_charged(accounts: Accounts, free: Caller) -> None:
    def fails(_bill: Bill) -> bytes:
        raise RuntimeError("no answer")

    with pytest.raises(RuntimeError, match="no answer"):
        accounts.settle(free, Asked("r", "enrich", None, accounts.now()), ["p"], fails)
    assert accounts.balance(free).remaining == 100
    assert accounts.history(free, limit=10).entries == []


def test_credits_lapse_at_the_end_of_the_month_in_utc(accounts: Accounts, free: Caller, clock: Clock) -> None:
    clock.now = dt.datetime(2026, 3, 31, 23, 59, 59, tzinfo=dt.UTC)
    ask(accounts, free, 100)
    assert accounts.balance(free).remaining == 0
    clock.pass_by(seconds=1)
    assert accounts.balance(free).remaining == 100
    assert ask(accounts, free, 1).remaining == 99


def test_another_plan_changes_the_month_by_the_difference(accounts: Accounts, free: Caller) -> None:
    ask(accounts, free, 30)
    accounts.registry.change_plan(free.workspace.id, "pro")
    pro = Caller(key=free.key, workspace=free.workspace, plan=accounts.plans.named("pro"))
    assert accounts.balance(pro).remaining == 10_000 - 30
    assert ask(accounts, pro, 1).remaining == 10_000 - 31
    assert summed(accounts, pro) == 10_000 - 31
    back = Caller(key=free.key, workspace=free.workspace, plan=accounts.plans.named("free"))
    ask(accounts, pro, 200)
    assert accounts.balance(back).remaining == 0  # never below, although more was spent than the plan grants
    assert ask(accounts, back, 1) == Bill(credits=0, remaining=0)


@pytest.mark.parametrize("change", ["update ledger set amount = 0", "delete from ledger"])
def test_the_ledger_is_append_only(accounts: Accounts, free: Caller, change: str) -> None:
    ask(accounts, free, 1)
    with pytest.raises(IntegrityError, match="append-only"):
        accounts._database.write(lambda con: con.execute(text(change)))
    assert summed(accounts, free) == 99


def test_threads_spend_exactly_what_there_is(accounts: Accounts, free: Caller) -> None:
    bills: list[Bill] = []
    threads = [threading.Thread(target=lambda: bills.append(ask(accounts, free, 3))) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    paid = sorted((bill.credits for bill in bills), reverse=True)
    assert paid == [3] * 33 + [1] + [0] * 30
    assert summed(accounts, free) == accounts.balance(free).remaining == 0


def _spend(home: Path, url: str | None, token: str, results: multiprocessing.Queue[int]) -> None:
    """Spend one credit at a time, in two threads, until there are none; then tell how many it were."""
    accounts = Accounts.open(home, url=url)
    caller = accounts.authenticate(token)
    paid: list[int] = []

    def spend() -> None:
        while bill := ask(accounts, caller, 1).credits:
            paid.append(bill)

    threads = [threading.Thread(target=spend) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(len(paid))


def test_processes_spend_exactly_what_there_is(tmp_path: Path, database_url: str | None) -> None:
    accounts = Accounts.open(tmp_path, url=database_url)
    workspace = accounts.registry.create_workspace("acme", "free")
    token = accounts.registry.create_key(workspace.id, name="shared").token
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    processes = [
        context.Process(target=_spend, args=(tmp_path, database_url, token, results)) for _ in range(2)
    ]
    for process in processes:
        process.start()
    spent = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    caller = accounts.authenticate(token)
    assert sum(spent) == 100
    assert summed(accounts, caller) == accounts.balance(caller).remaining == 0
    assert sum(count.credits for count in accounts.daily(caller)) == 100
    accounts.close()


class LedgerMachine(RuleBasedStateMachine):
    """Any course of charges, failures, plan changes and months, against a ledger kept in plain integers."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.now = dt.datetime(2026, 1, 30, tzinfo=dt.UTC)
        self.accounts = Accounts.open(Path(self.folder.name), clock=lambda: self.now)
        workspace = self.accounts.registry.create_workspace("acme", "free")
        self.token = self.accounts.registry.create_key(workspace.id, name="key").token
        self.spent: dict[str, int] = {}

    @property
    def caller(self) -> Caller:
        return self.accounts.authenticate(self.token)

    @property
    def month(self) -> str:
        return Month.of(self.now).name

    def left(self) -> int:
        return max(0, self.caller.plan.monthly_credits - self.spent.get(self.month, 0))

    @rule(people=st.integers(0, 150))
    def charge(self, people: int) -> None:
        expected = min(people, self.left())
        bill = ask(self.accounts, self.caller, people)
        self.spent[self.month] = self.spent.get(self.month, 0) + expected
        assert bill == Bill(credits=expected, remaining=self.left())

    @rule(people=st.integers(0, 150))
    def fail(self, people: int) -> None:
        asked = Asked("r", "enrich", None, self.now)
        with pytest.raises(ZeroDivisionError):
            self.accounts.settle(self.caller, asked, ["p"] * people, lambda _: bytes(1 // 0))

    @rule(plan_name=st.sampled_from(["free", "pro"]))
    def change_plan(self, plan_name: str) -> None:
        self.accounts.registry.change_plan(self.caller.workspace.id, plan_name)

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.now += dt.timedelta(days=days)

    @invariant()
    def the_balance_is_what_was_not_spent(self) -> None:
        assert self.accounts.balance(self.caller).remaining == self.left()

    @invariant()
    def entries_sum_to_the_stored_balance(self) -> None:
        with self.accounts._database.read() as con:
            stored = con.execute(text("select workspace_id, month, remaining from balances")).all()
            entries = con.execute(
                text("select workspace_id, month, sum(amount) from ledger group by 1, 2")
            ).all()
        assert sorted(map(tuple, stored)) == sorted(map(tuple, entries))

    def teardown(self) -> None:
        self.accounts.close()
        self.folder.cleanup()


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)

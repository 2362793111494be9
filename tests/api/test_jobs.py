"""Jobs over HTTP: a file looked at, answered part by part, paid for once, and given back whole."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from leadspro_engine.accounts import DEMO_TOKEN, SCOPES, Part
from leadspro_engine.api import Application
from leadspro_engine.errors import Unavailable
from leadspro_engine.privacy import SuppressionList
from leadspro_engine.service import Published, Runner, job_files, purge
from tests.api.client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from leadspro_engine.accounts import Accounts
    from tests.api.client import Reply
    from tests.api.conftest import Clock

CSV = (
    b"Name,E-Mail,Note\r\n"
    b"Amanda,amanda@northpeak.io,=1+1\r\n"
    b'Nobody,nobody@example.org,"two\nlines"\r\n'
    b"Again, AMANDA@northpeak.io ,@home\r\n"
    b"too,many,cells,here\r\n"
)
HEADERS = {"Content-Type": "text/csv", "Idempotency-Key": "file-1"}


class Workshop:
    """An installation of its own: a client, and the runner that a test calls by hand."""

    def __init__(self, home: Path, accounts: Accounts, plan: str) -> None:
        self.home, self.accounts = home, accounts
        self.published = Published(home)
        self.app = Application(home, accounts, self.published)
        self.workspace = accounts.registry.create_workspace("test", plan)
        token = accounts.registry.create_key(self.workspace.id, name="test", scopes=SCOPES).token
        self.client = Client(self.app, token)
        self.runner = Runner(home, accounts, SuppressionList(home), self.published)
        assert self.runner.hold()

    def upload(self, content: bytes = CSV, query: str = "", **headers: str) -> Reply:
        sent = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.call("POST", f"/api/v1/jobs{query}", body=content, headers=sent)

    def run(self) -> None:
        while self.runner.step():
            pass

    def result(self, job_id: str, form: str = "csv") -> Reply:
        return self.client.get(f"/api/v1/jobs/{job_id}/result?format={form}")

    def rows(self, job_id: str, form: str = "csv") -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.result(job_id, form).body.decode())))

    def spent(self) -> int:
        used: int = self.client.get("/api/v1/me").json["credits"]["used"]
        return used


@pytest.fixture
def shop(demo_home: Path, tmp_path: Path, accounts: Accounts, clock: Clock) -> Iterator[Workshop]:  # noqa: ARG001 - a minute of its own
    (tmp_path / "snapshots").symlink_to(demo_home / "snapshots")
    made = Workshop(tmp_path, accounts, "scale")
    yield made
    made.runner.close()
    made.published.close()


def test_a_file_is_looked_at_before_anything_is_paid_for(shop: Workshop) -> None:
    made = shop.upload()
    assert made.status == 201
    job, report = made.json["job"], made.json["report"]
    assert (job["status"], job["rows"], job["done"]) == ("ready", 3, 0)
    fields = {column["column"]: column["field"] for column in report["columns"]}
    assert (fields["E-Mail"], fields["Note"]) == ("email", None)
    assert (report["duplicates"], report["rejected"]) == (0, 1)  # the names of the two rows differ
    assert report["rejects"][0]["line"] == 6
    assert report["sample"] == {"rows": 3, "matched": 2, "match_rate": 0.6667}
    assert made.json["credits"]["expected"] == 2
    assert shop.spent() == 0
    changed = shop.client.call(
        "PATCH", f"/api/v1/jobs/{job['id']}", body={"columns": {"E-Mail": "email"}, "min_likelihood": 0.2}
    ).json
    assert changed["report"]["duplicates"] == 1
    assert {one["column"]: one["field"] for one in changed["report"]["columns"]} == {
        "Name": None, "E-Mail": "email", "Note": None,
    }  # fmt: skip


def test_rows_come_back_untouched_with_the_answers_beside_them(shop: Workshop) -> None:
    job_id = shop.upload(query="?start=true&name=leads").json["job"]["id"]
    assert shop.result(job_id).json["code"] == "job_not_finished"
    shop.run()
    job = shop.client.get(f"/api/v1/jobs/{job_id}").json["job"]
    assert (job["status"], job["progress"], job["matched"], job["no_match"]) == ("done", 1, 2, 1)
    assert (job["credits"], shop.spent()) == (2, 2)
    raw = shop.rows(job_id, "raw")
    assert [row["Note"] for row in raw] == ["=1+1", "two\nlines", "@home"]
    assert [row["E-Mail"] for row in raw] == [
        "amanda@northpeak.io",
        "nobody@example.org",
        " AMANDA@northpeak.io ",
    ]
    assert [row["lp_status"] for row in raw] == ["matched", "no_match", "matched"]
    assert raw[0]["lp_domain"] == "northpeak.io"
    safe = shop.rows(job_id)
    assert [row["Note"] for row in safe] == ["'=1+1", "two\nlines", "'@home"]
    assert safe[0]["lp_phone"] == "" or safe[0]["lp_phone"].startswith("'+")
    answer = shop.result(job_id)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{job_id}.csv"'
    lines = [json.loads(line) for line in shop.result(job_id, "jsonl").body.splitlines()]
    assert [line["lp_status"] for line in lines] == ["matched", "no_match", "matched"]


def test_json_lines_come_back_as_the_very_text_that_came(shop: Workshop) -> None:
    first, second = '{"who": {"mail": "amanda@northpeak.io"}, "n": 1.50, "lp_status": "mine"}', "{ }"
    content = f"{first}\n{second}\n[1]\n".encode()
    made = shop.upload(content, "?start=true", content_type="application/x-ndjson").json
    assert (made["job"]["rows"], made["report"]["rejected"]) == (2, 1)
    shop.run()
    lines = shop.result(made["job"]["id"], "jsonl").body.decode().splitlines()
    assert lines[0].startswith(first[:-1] + ",")
    assert json.loads(lines[0])["lp_status_new"] == "matched"
    assert json.loads(lines[1])["lp_status_new"] == "invalid"


def test_the_result_of_a_job_can_be_the_file_of_another(shop: Workshop) -> None:
    job_id = shop.upload(query="?start=true").json["job"]["id"]
    shop.run()
    enriched = shop.result(job_id, "raw").body
    again = shop.upload(enriched, '?start=true&columns={"lp_email":"email"}', idempotency_key="file-2")
    shop.run()
    rows = shop.rows(again.json["job"]["id"], "raw")
    assert [row["lp_status"] for row in rows] == ["matched", "no_match", "matched"]
    assert [row["lp_status_new"] for row in rows] == ["matched", "invalid", "matched"]


def test_an_upload_needs_an_idempotency_key_and_makes_one_job_for_it(shop: Workshop) -> None:
    bare = shop.client.call("POST", "/api/v1/jobs", body=CSV, headers={"Content-Type": "text/csv"})
    assert (bare.status, bare.json["code"]) == (400, "invalid_request")
    first, again = shop.upload(), shop.upload()
    assert (again.status, again.body) == (201, first.body)
    assert len(shop.client.get("/api/v1/jobs").json["results"]) == 1
    assert shop.upload(CSV + b"x,y@z.co,\n").json["code"] == "idempotency_mismatch"
    assert shop.upload(query="?start=true").json["code"] == "idempotency_mismatch"
    assert not list((shop.home / job_files.FOLDER / "incoming").iterdir())


@pytest.mark.parametrize(
    ("content", "query"),
    [
        (b"", ""),
        (b"Name,E-Mail\n", ""),
        (b"\x00\x01\x02", ""),
        (b"a,b\n1,2\n", ""),
        (CSV, "?columns=[]"),
        (CSV, '?columns={"Nope":"email"}'),
        (CSV, '?columns={"E-Mail":"shoe_size"}'),
        (CSV, "?columns={}"),
        (",".join(f"c{n}" for n in range(501)).encode() + b"\n" + b"," * 500, ""),
        (CSV, "?min_likelihood=2"),
    ],
)
def test_files_that_cannot_be_used_are_refused(shop: Workshop, content: bytes, query: str) -> None:
    reply = shop.upload(content, query)
    assert (reply.status, reply.json["code"]) == (400, "invalid_request"), reply.body
    assert not list((shop.home / job_files.FOLDER / "incoming").iterdir())
    assert shop.client.get("/api/v1/jobs").json["results"] == []


def test_plans_say_who_may_have_jobs_and_how_long(
    shop: Workshop, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = Workshop.__new__(Workshop)
    workspace = accounts.registry.create_workspace("test", "free")
    free.client = Client(shop.app, accounts.registry.create_key(workspace.id, name="t", scopes=SCOPES).token)
    assert free.upload().json["code"] == "batch_not_available"
    monkeypatch.setattr("leadspro_engine.accounts.jobs.MOST_OPEN", 1)
    assert shop.upload().status == 201
    assert shop.upload(idempotency_key="file-2").status == 400


def test_the_demo_key_may_bring_small_files(shop: Workshop) -> None:
    """Small in rows, and in bytes, which are refused by the declared length before one is read."""
    demo = Workshop.__new__(Workshop)
    demo.client = Client(shop.app, DEMO_TOKEN)
    most = demo.client.get("/api/v1/me").json["workspace"]["plan"]["job_rows"]
    made = demo.upload(b"email\n" + b"amanda@northpeak.io\n" * most, idempotency_key="demo-1")
    assert made.status == 201
    more = demo.upload(b"email\n" + b"amanda@northpeak.io\n" * (most + 1), idempotency_key="demo-2")
    assert "at most 1000 rows" in more.json["detail"]
    wide = demo.upload(b"email\n" + b"a" * (most * 2_048), idempotency_key="demo-3")
    assert (wide.status, wide.json["code"]) == (413, "payload_too_large")
    for _ in range(2):
        demo.client.call("DELETE", f"/api/v1/jobs/{made.json['job']['id']}")


def test_rows_beyond_the_credits_are_not_shown_and_cost_nothing(shop: Workshop) -> None:
    shop.accounts.registry.change_plan(shop.workspace.id, "free")
    caller = shop.accounts.authenticate(str(shop.client.token))
    shop.accounts.registry.change_plan(shop.workspace.id, "pro")
    content = b"email\n" + b"amanda@northpeak.io\n" * 150
    job_id = shop.upload(content, "?start=true").json["job"]["id"]
    shop.accounts.registry.change_plan(shop.workspace.id, "free")
    shop.run()
    job = shop.client.get(f"/api/v1/jobs/{job_id}").json["job"]
    assert (job["status"], job["matched"], job["quota_exceeded"]) == ("done", 100, 50)
    assert (job["credits"], shop.accounts.balance(caller).remaining) == (100, 0)
    statuses = [row["lp_status"] for row in shop.rows(job_id)]
    assert statuses == ["matched"] * 100 + ["quota_exceeded"] * 50
    assert {row["lp_id"] for row in shop.rows(job_id)[100:]} == {""}


def test_a_hidden_person_is_in_no_result(shop: Workshop) -> None:
    job_id = shop.upload(query="?start=true").json["job"]["id"]
    shop.run()
    person = shop.rows(job_id)[0]["lp_id"]
    told = shop.client.get(f"/api/v1/disclosures?person_id={person}").json["results"]
    assert [one["job_id"] for one in told] == [job_id]
    shop.client.post("/api/v1/suppressions", {"kind": "email", "value": "amanda@northpeak.io"})
    rows = shop.rows(job_id)
    assert [row["lp_status"] for row in rows] == ["no_match"] * 3
    assert person.encode() not in shop.result(job_id, "jsonl").body
    again = shop.upload(query="?start=true", idempotency_key="file-2").json["job"]["id"]
    shop.run()
    assert shop.client.get(f"/api/v1/jobs/{again}").json["job"]["matched"] == 0


def test_a_cancelled_job_keeps_what_was_paid_for_until_it_is_deleted(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_files, "PART_ROWS", 1)
    job_id = shop.upload(query="?start=true").json["job"]["id"]
    assert shop.runner.step()
    cancelled = shop.client.call("DELETE", f"/api/v1/jobs/{job_id}").json["job"]
    assert (cancelled["status"], cancelled["done"], cancelled["credits"]) == ("cancelled", 1, 1)
    shop.run()
    assert shop.spent() == 1
    assert [row["lp_status"] for row in shop.rows(job_id)] == ["matched"]
    assert shop.client.post(f"/api/v1/jobs/{job_id}/start", {}).json["job"]["status"] == "cancelled"
    late = shop.client.call("DELETE", f"/api/v1/jobs/{job_id}?keep_finished=true").json["job"]
    assert (late["status"], (shop.home / job_files.FOLDER / job_id).exists()) == ("cancelled", True)
    assert shop.client.call("DELETE", f"/api/v1/jobs/{job_id}").json["job"]["status"] == "deleted"
    assert not (shop.home / job_files.FOLDER / job_id).exists()
    assert shop.result(job_id).status == 409
    assert shop.client.get("/api/v1/jobs").json["results"] == []
    assert shop.client.get("/api/v1/jobs?status=deleted").json["results"][0]["id"] == job_id


def test_a_cancelled_job_goes_on_where_it_stood_and_each_row_is_paid_for_once(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_files, "PART_ROWS", 1)
    job_id = shop.upload(query="?start=true").json["job"]["id"]
    resume = f"/api/v1/jobs/{job_id}/resume"
    assert shop.runner.step()
    shop.client.call("DELETE", f"/api/v1/jobs/{job_id}")
    resumed = shop.client.post(resume, {}).json
    assert (resumed["job"]["status"], resumed["job"]["finished_at"]) == ("queued", None)
    assert resumed["credits"]["at_most"] <= 2
    assert shop.client.post(resume, {}).json["job"] == resumed["job"]
    shop.run()
    job = shop.client.get(f"/api/v1/jobs/{job_id}").json["job"]
    assert (job["status"], job["done"], job["matched"], shop.spent()) == ("done", 3, 2, 2)
    assert [row["lp_status"] for row in shop.rows(job_id)] == ["matched", "no_match", "matched"]
    assert (shop.client.post(resume, {}).status, shop.spent()) == (400, 2)
    shop.client.call("DELETE", f"/api/v1/jobs/{job_id}")
    assert shop.client.post(resume, {}).json["errors"][0]["pointer"] == "/id"
    assert shop.client.post("/api/v1/jobs/job_none/resume", {}).status == 404


def test_a_part_that_is_under_way_while_its_job_is_cancelled_and_resumed_is_paid_for_once(
    shop: Workshop,
) -> None:
    job_id = shop.upload(query="?start=true").json["job"]["id"]
    leased = shop.accounts.jobs.lease("another runner", lambda _: True)
    assert leased is not None
    shop.client.call("DELETE", f"/api/v1/jobs/{job_id}")
    shop.client.post(f"/api/v1/jobs/{job_id}/resume", {})
    late = Part(number=0, rows=3, no_match=1, invalid=0, ids=["p_1", "p_2"], dataset_version="v-1")
    with pytest.raises(Unavailable):
        shop.accounts.jobs.settle("another runner", leased, late)
    shop.run()
    assert shop.spent() == 2


def test_a_failed_job_can_be_resumed_once_its_cause_is_gone(shop: Workshop) -> None:
    job_id = shop.upload(query="?start=true").json["job"]["id"]
    part = shop.home / job_files.FOLDER / job_id / "given" / "000000.parquet"
    part.rename(part.with_suffix(".away"))
    shop.run()
    failed = shop.client.get(f"/api/v1/jobs/{job_id}").json["job"]
    assert failed["status"] == "failed"
    assert failed["problem"]
    part.with_suffix(".away").rename(part)
    assert shop.client.post(f"/api/v1/jobs/{job_id}/resume", {}).json["job"]["problem"] is None
    shop.run()
    job = shop.client.get(f"/api/v1/jobs/{job_id}").json["job"]
    assert (job["status"], job["matched"], shop.spent()) == ("done", 2, 2)


def test_a_job_that_was_cancelled_before_it_was_started_is_ready_again(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = shop.upload().json["job"]["id"]
    shop.client.call("DELETE", f"/api/v1/jobs/{job_id}")
    monkeypatch.setattr("leadspro_engine.accounts.jobs.MOST_OPEN", 0)
    assert shop.client.post(f"/api/v1/jobs/{job_id}/resume", {}).status == 400
    monkeypatch.undo()
    assert shop.client.post(f"/api/v1/jobs/{job_id}/resume", {}).json["job"]["status"] == "ready"


def test_jobs_take_turns_and_pages_of_them_go_backwards(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_files, "PART_ROWS", 1)
    ids = [shop.upload(query="?start=true", idempotency_key=f"file-{n}").json["job"]["id"] for n in range(3)]
    for _ in range(3):
        assert shop.runner.step()
    page = shop.client.get("/api/v1/jobs?limit=2").json
    rest = shop.client.get(f"/api/v1/jobs?limit=2&cursor={page['next_cursor']}").json
    assert [(job["id"], job["done"]) for job in [*page["results"], *rest["results"]]] == [
        (job_id, 1) for job_id in reversed(ids)
    ]
    assert rest["next_cursor"] is None


def test_what_plans_keep_no_longer_is_cleared_away(shop: Workshop, clock: Clock) -> None:
    job_id = shop.upload(query="?start=true").json["job"]["id"]
    shop.run()
    before = clock.now
    clock.now = before.replace(year=before.year + 2)
    purge(shop.home, shop.accounts)
    clock.now = before
    assert shop.client.get(f"/api/v1/jobs/{job_id}").json["job"]["status"] == "deleted"
    assert not (shop.home / job_files.FOLDER / job_id).exists()


def test_only_one_process_is_the_runner(shop: Workshop) -> None:
    second = Runner(shop.home, shop.accounts, SuppressionList(shop.home), shop.published)
    assert not second.hold()
    second.close()


def test_a_part_is_paid_once_even_when_it_is_answered_twice(shop: Workshop, monkeypatch: Any) -> None:
    job_id = shop.upload(query="?start=true").json["job"]["id"]
    original = shop.accounts.jobs.paid
    shop.runner.step()
    monkeypatch.setattr(shop.accounts.jobs, "paid", lambda _job: {})
    shop.runner.step()  # as after a crash between the charge and whatever would have remembered it
    monkeypatch.setattr(shop.accounts.jobs, "paid", original)
    shop.run()
    job = shop.client.get(f"/api/v1/jobs/{job_id}").json["job"]
    assert (job["status"], job["done"], job["matched"], shop.spent()) == ("done", 3, 2, 2)

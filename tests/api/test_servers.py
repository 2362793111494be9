"""The same callable under real servers: granian as `serve` runs it, and waitress."""

from __future__ import annotations

import http.client
import json
import os
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from waitress.server import create_server  # type: ignore[import-untyped]  # it has no type hints

from leadspro_engine.accounts import DEMO_TOKEN
from tests.accounts.servers import require
from tests.api.client import Reply, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadspro_engine.api import Application

REFERENCE_CURLS = (
    """curl -X POST https://leads-pro.co/api/v1/enrich \
      -H "Authorization: Bearer pl_demo_public" \
      -H "Content-Type: application/json" \
      -d '{ "email": "amanda@northpeak.io", "company": "North Peak" }'""",
    """curl -X POST https://leads-pro.co/api/v1/enrich/batch \
      -H "Authorization: Bearer pl_demo_public" \
      -H "Content-Type: application/json" \
      -d '{ "items": [
          { "email": "amanda@northpeak.io" },
          { "phone": "+1 415 555 0106" },
          { "linkedin": "priya-shah-growth" }
        ] }'""",
    """curl -X POST https://leads-pro.co/api/v1/search/people \
      -H "Authorization: Bearer pl_demo_public" \
      -H "Content-Type: application/json" \
      -d '{"job_title":"Revenue Operations","country":"United States","limit":5}'""",
    """curl -X POST https://leads-pro.co/api/v1/search/companies \
      -H "Authorization: Bearer pl_demo_public" \
      -H "Content-Type: application/json" \
      -d '{"technology":"AWS","country":"United States","status":"verified"}'""",
)
"""The command lines of the public reference, as they stand there."""
CHUNKED = b'1f\r\n{"email":"amanda@northpeak.io"}\r\n0\r\n\r\n'


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(
    port: int,
    method: str,
    path: str,
    body: bytes | None = None,
    tls: ssl.SSLContext | None = None,
    **headers: str,
) -> Reply:
    if tls is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    else:
        connection = http.client.HTTPSConnection("localhost", port, timeout=20, context=tls)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named)
    answer = connection.getresponse()
    sent = {name.title(): value for name, value in answer.getheaders()}
    sent = {name.replace("Www-", "WWW-"): value for name, value in sent.items()}
    reply = Reply(answer.status, sent, answer.read())
    connection.close()
    return reply


def raw(port: int, request: bytes) -> bytes:
    """Send bytes as they are and return what comes back until the server closes or falls silent."""
    with socket.create_connection(("127.0.0.1", port), timeout=3) as connection:
        connection.sendall(request)
        received = b""
        try:
            while block := connection.recv(65536):
                received += block
        except TimeoutError:
            pass
    return received


class Served:
    """A `serve` process of its own."""

    def __init__(self, home: Path, workers: int = 2, tls: tuple[Path, Path] | None = None) -> None:
        self.port = free_port()
        self.tls = None if tls is None else ssl.create_default_context(cafile=tls[0])
        files = None if tls is None else f"(Path({str(tls[0])!r}), Path({str(tls[1])!r}))"
        serve = (
            "from pathlib import Path; from leadspro_engine.api import serve; "
            f"serve(Path({str(home)!r}), port={self.port}, workers={workers}, demo=True, tls={files})"
        )
        self.log = home / "serve.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([sys.executable, "-c", serve], stdout=log, stderr=log)
        self._await()

    def _await(self) -> None:
        for _ in range(300):
            try:
                if ask(self.port, "GET", "/api/health", tls=self.tls).status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(self.log.read_text())

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=40)


def workers_of(server: Served) -> set[int]:
    """The workers of a server: its children that are neither the runner of jobs nor a helper of Python's."""
    tasks = Path(f"/proc/{server.process.pid}/task")
    if not tasks.exists():
        pytest.skip("needs /proc")
    children = {int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()}
    others = (b"resource_tracker", b"leadspro_engine.api.background")
    return {
        pid
        for pid in children
        if not any(name in Path(f"/proc/{pid}/cmdline").read_bytes() for name in others)
    }


@pytest.fixture(scope="module")
def served(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("served")
    (home / "snapshots").symlink_to(demo_home / "snapshots")
    server = Served(home)
    yield server
    if server.process.poll() is None:
        server.stop()


@pytest.mark.parametrize("command", REFERENCE_CURLS, ids=["enrich", "batch", "people", "companies"])
def test_the_curls_of_the_reference_are_answered_with_only_the_host_changed(
    served: Served, command: str
) -> None:
    local = command.replace("https://leads-pro.co", f"http://127.0.0.1:{served.port}")
    words = ["-s", "-w", "\n%{http_code}", *shlex.split(local)[1:]]
    out = subprocess.run(["curl", *words], capture_output=True, check=True, text=True).stdout
    body, _, status = out.rpartition("\n")
    answer = json.loads(body)
    assert status == "200", body
    assert answer.get("person") or answer["results"]
    assert all(result.get("status", "matched") == "matched" for result in answer.get("results", []))


def test_the_shape_of_answers_survives_the_server(served: Served) -> None:
    for method, path in (
        ("GET", "/api/v1/me"),
        ("GET", "/nope"),
        ("PUT", "/api/health"),
        ("HEAD", "/api/health"),
    ):
        reply = ask(served.port, method, path)
        names = {"X-Request-Id", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control"}
        assert names <= set(reply.headers)
        check(reply, head=method == "HEAD")


@pytest.mark.parametrize(
    ("note", "request_bytes", "statuses"),
    [
        ("chunked body", b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKED, (200,)),
        ("two lengths", b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x", (400,)),
        ("signed length", b"Content-Length: +2\r\n\r\n{}", (400,)),
        ("huge length", b"Content-Length: 99999999999\r\n\r\n{}", (413,)),
        ("length beyond 64 bits", b"Content-Length: 99999999999999999999999\r\n\r\n{}", (400, 413)),
        ("NUL in a header", b"X-Bad: a\x00b\r\nContent-Length: 2\r\n\r\n{}", (400,)),
        ("not UTF-8", b'Content-Length: 3\r\n\r\n"\xff"', (400,)),
        ("empty chunked body", b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (400,)),
    ],
)  # fmt: skip
def test_raw_requests_are_refused_without_harm(
    served: Served, note: str, request_bytes: bytes, statuses: tuple[int, ...]
) -> None:
    head = (
        b"POST /api/v1/enrich HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer pl_demo_public\r\n"
        b"Content-Type: application/json\r\nConnection: close\r\n"
    )
    answer = raw(served.port, head + request_bytes)
    assert int(answer.split(b" ", 2)[1]) in statuses, (note, answer)
    assert ask(served.port, "GET", "/api/health").status == 200


def test_a_large_chunked_body_is_refused_at_the_limit(served: Served) -> None:
    head = (
        b"POST /api/v1/enrich HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer pl_demo_public\r\n"
        b"Content-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunks = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
    answer = raw(served.port, head + chunks * 4 + b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413")


def test_workers_share_the_minute_and_the_credits(served: Served) -> None:
    before = ask(served.port, "GET", "/api/v1/me", authorization=f"Bearer {DEMO_TOKEN}").json["credits"][
        "used"
    ]
    body = b'{"email":"amanda@northpeak.io"}'
    headers: dict[str, Any] = {
        "authorization": f"Bearer {DEMO_TOKEN}",
        "content_type": "application/json",
    }
    replies: list[Reply] = []

    def call() -> None:
        replies.extend(ask(served.port, "POST", "/api/v1/enrich", body, **headers) for _ in range(5))

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answered = [reply for reply in replies if reply.status == 200]
    assert {reply.status for reply in replies} <= {200, 429}
    after = ask(served.port, "GET", "/api/v1/me", x_api_key=DEMO_TOKEN).json
    assert after.get("status") == 429 or after["credits"]["used"] == before + len(answered)


def test_the_log_has_a_json_line_for_each_request_and_no_secret(served: Served) -> None:
    ask(served.port, "GET", "/api/v1/me?secret=1", x_api_key=DEMO_TOKEN, x_request_id="find-me")
    deadline = time.monotonic() + 20
    while "find-me" not in (text := served.log.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if line["request_id"] == "find-me"]
    assert (line["method"], line["path"]) == ("GET", "/api/v1/me")
    assert "secret=1" not in text
    assert all(DEMO_TOKEN not in json.dumps(line) for line in lines)


def test_a_killed_worker_is_replaced_and_ctrl_c_ends_all_of_it(served: Served) -> None:
    workers = sorted(workers_of(served))
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    time.sleep(1)
    served._await()
    assert served.stop() == 0
    with pytest.raises(OSError):  # noqa: PT011 - refused, reset or timed out, as the system has it
        ask(served.port, "GET", "/api/health")


def test_over_tls_answers_ask_to_be_reached_by_tls_alone(demo_home: Path, tmp_path: Path) -> None:
    require("openssl", package="openssl")
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = (
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *made.split(), *files], check=True, capture_output=True)
    (tmp_path / "snapshots").symlink_to(demo_home / "snapshots")
    server = Served(tmp_path, workers=1, tls=(certificate, key))
    try:
        reply = ask(
            server.port,
            "POST",
            "/api/v1/enrich",
            b'{"email":"amanda@northpeak.io"}',
            tls=server.tls,
            x_api_key=DEMO_TOKEN,
            content_type="application/json",
        )
        check(reply)
        assert reply.json["company"]["domain"] == "northpeak.io"
        assert reply.headers["Strict-Transport-Security"].startswith("max-age=")
        assert b"https://" in server.log.read_bytes()
        assert b"HTTP/" not in raw(server.port, b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    finally:
        assert server.stop() == 0


def test_a_hangup_puts_new_workers_in_the_place_of_the_old_ones(demo_home: Path, tmp_path: Path) -> None:
    (tmp_path / "snapshots").symlink_to(demo_home / "snapshots")
    server = Served(tmp_path, workers=1)
    try:
        before = workers_of(server)
        server.process.send_signal(signal.SIGHUP)
        assert ask(server.port, "GET", "/api/health").status == 200
        deadline = time.monotonic() + 60
        while workers_of(server) & before and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not workers_of(server) & before
        server._await()
    finally:
        assert server.stop() == 0


def test_the_same_answers_under_waitress(app: Application, clock: Any) -> None:  # noqa: ARG001 - a minute of its own
    server = create_server(app, host="127.0.0.1", port=0, threads=4)

    def run() -> None:
        with suppress(OSError):  # closing the server from outside takes the socket from under its loop
            server.run()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        port = server.effective_port
        headers: dict[str, Any] = {
            "authorization": f"Bearer {DEMO_TOKEN}",
            "content_type": "application/json",
        }
        reply = ask(port, "POST", "/api/v1/enrich", b'{"email":"amanda@northpeak.io"}', **headers)
        assert reply.json["company"]["domain"] == "northpeak.io"
        for method, path in (("GET", "/api/v1/me"), ("GET", "/nope"), ("DELETE", "/docs"), ("HEAD", "/docs")):
            check(ask(port, method, path), head=method == "HEAD")
    finally:
        server.task_dispatcher.shutdown()
        server.close()
        thread.join(10)

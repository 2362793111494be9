"""What benchmarks of the HTTP API share: a served data folder of its own, and load from ``wrk``."""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from leadspro_engine.accounts import Accounts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PLAN = """[unlimited]
monthly_credits = 1_000_000_000
requests_per_minute = 1_000_000_000
batch_size = 1_000
job_rows = 1_000_000
history_days = 30
"""


class Load(Struct, frozen=True):
    """What ``wrk`` saw: requests a second, latencies in milliseconds, and answers that were not 2xx."""

    rps: float
    p50_ms: float
    p99_ms: float
    failed: int


class Served(Struct, frozen=True):
    """A running server: its port, its process, the key and the data folder it serves with."""

    port: int
    process: subprocess.Popen[bytes]
    token: str
    home: Path


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(snapshots: Path, *, workers: int = 2) -> Iterator[Served]:
    """Our API over the snapshots of a data folder, with accounts of its own and a plan without limits."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "snapshots").symlink_to(snapshots.resolve() / "snapshots")
        (home / "plans.toml").write_text(_PLAN)
        accounts = Accounts.open(home)
        workspace = accounts.registry.create_workspace("benchmark", "unlimited")
        token = accounts.registry.create_key(workspace.id, name="benchmark").token
        accounts.close()
        port = free_port()
        serve = (
            "from pathlib import Path; from leadspro_engine.api import serve; "
            f"serve(Path({folder!r}), port={port}, workers={workers})"
        )
        with running([sys.executable, "-c", serve], port, Path(folder) / "log") as process:
            yield Served(port, process, token, home)


@contextlib.contextmanager
def running(command: Sequence[str], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server process, from the instant on which it listens until the end of the block."""
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            _await(port)
            yield process
        finally:
            process.terminate()
            process.wait(60)


def _await(port: int) -> None:
    """Return when somebody answers on a port."""
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("POST", "/", b"{}", {"Content-Type": "application/json"})
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nobody answers on port {port}")


def wrk(  # noqa: PLR0913 - what a load is
    port: int, path: str, bodies: Sequence[str], *, token: str = "", connections: int = 64, seconds: int = 8
) -> Load:
    """Load one path with POST requests whose bodies go round.

    Raises:
        FileNotFoundError: ``wrk`` is not installed.
    """
    program = shutil.which("wrk")
    if program is None:
        raise FileNotFoundError("wrk is needed; Debian has it in the package wrk")
    with tempfile.TemporaryDirectory() as folder:
        script, lines = Path(folder) / "load.lua", Path(folder) / "bodies"
        lines.write_text("\n".join(bodies))
        script.write_text(_SCRIPT.format(path=path, token=token, bodies=lines))
        command = [program, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script)]
        out = subprocess.run(
            [*command, f"http://127.0.0.1:{port}{path}"], check=True, capture_output=True, text=True
        ).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return Load(
        rps=float(_found(r"Requests/sec:\s+([\d.]+)", out)),
        p50_ms=_ms(_found(r"\n\s+50%\s+(\S+)", out)),
        p99_ms=_ms(_found(r"\n\s+99%\s+(\S+)", out)),
        failed=int(failed[1]) if failed else 0,
    )


_SCRIPT = """
local bodies, at = {{}}, 0
for line in io.lines("{bodies}") do bodies[#bodies + 1] = line end
local headers = {{["Content-Type"] = "application/json", ["Authorization"] = "Bearer {token}"}}
function request()
  at = at % #bodies + 1
  return wrk.format("POST", "{path}", headers, bodies[at])
end
"""


def _found(pattern: str, text: str) -> str:
    """The first group of a pattern that must be there."""
    match = re.search(pattern, text)
    assert match, text
    return match[1]


def _ms(text: str) -> float:
    """A duration of ``wrk`` in milliseconds."""
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]

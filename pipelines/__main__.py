"""``python -m pipelines``: Dagster's web page and daemon over one data folder, until they are told to stop.

Dagster's home is ``<data folder>/dagster``. The page is bound to this machine only: Dagster has no log-in,
so whoever can reach it can start and stop runs.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from leadspro_engine.cli.output import warn
from leadspro_engine.dataset import home_folder
from leadspro_engine.errors import LeadsProError
from leadspro_engine.ingest import load_sources
from pipelines.folder import INBOX, SOURCES_VARIABLE, sources_file

if TYPE_CHECKING:
    from collections.abc import Sequence

_STOP_S = 20
"""How long the processes may take to end before they are ended."""

_DEFINITIONS = ("-m", "pipelines.definitions")


def main(argv: Sequence[str] | None = None) -> int:
    """Prepare Dagster's home, start both processes, and wait; returns the exit code."""
    arguments = _parser().parse_args(argv)
    home = home_folder(arguments.home).resolve()
    sources = Path(arguments.sources or sources_file()).resolve()
    try:
        load_sources(sources)
    except LeadsProError as error:
        warn(f"pipelines: {error}")
        return 1
    environment = prepare(home, sources)
    if arguments.prepare:
        return 0
    warn(f"Dagster at http://{arguments.host}:{arguments.port}, with its home in {home}. Ctrl-C stops it.")
    return _run(environment, arguments.host, arguments.port)


def prepare(home: Path, sources: Path) -> dict[str, str]:
    """Make Dagster's home in the data folder; returns the environment that its processes need."""
    dagster_home = home / "dagster"
    dagster_home.mkdir(parents=True, exist_ok=True)
    (home / INBOX).mkdir(exist_ok=True)
    settings = dagster_home / "dagster.yaml"
    with (dagster_home / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not settings.exists():
            shutil.copyfile(Path(__file__).with_name("dagster.yaml"), settings)
        _make_storage(dagster_home)
    return {
        **os.environ,
        "DAGSTER_HOME": str(dagster_home),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "LEADSPRO_HOME": str(home),
        SOURCES_VARIABLE: str(sources),
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *_python_path()]),
    }


def _make_storage(dagster_home: Path) -> None:
    """Make Dagster's databases. Page and daemon, started together, would both, and one of them would fail."""
    from dagster import DagsterInstance

    with DagsterInstance.from_config(str(dagster_home)):
        pass


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipelines", description="Open the Dagster UI of a data folder."
    )
    parser.add_argument(
        "--home", metavar="DIR", help="data folder (default: $LEADSPRO_HOME or ./leadspro-data)"
    )
    parser.add_argument(
        "--sources", metavar="FILE", help="sources file (default: $LEADSPRO_SOURCES or ./sources.toml)"
    )
    parser.add_argument(
        "--prepare", action="store_true", help="make Dagster's home and the inbox, and start nothing"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address of the page (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=3000, help="port of the page (default: 3000)")
    return parser


def _run(environment: dict[str, str], host: str, port: int) -> int:
    """Run the web page and the daemon until one ends or we are told to stop."""
    page = ["dagster_webserver", "--host", host, "--port", str(port), *_DEFINITIONS]
    daemon = ["dagster._daemon", "run", *_DEFINITIONS]
    signal.signal(signal.SIGTERM, _interrupt)
    processes = [_started(command, environment) for command in (page, daemon)]
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
    except KeyboardInterrupt:
        return 0
    else:
        return 1
    finally:
        _stop(processes)


def _started(command: Sequence[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", *command], env=environment)  # noqa: S603 (our own command)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.send_signal(signal.SIGINT)
    for process in processes:
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()


def _python_path() -> list[str]:
    given = os.environ.get("PYTHONPATH", "")
    return [given] if given else []


if __name__ == "__main__":
    sys.exit(main())

"""The runner of jobs as a process beside the server: started with it, begun anew when it dies, ended with it.

``main`` is that process; what it works on, the environment says.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

from leadspro_engine.api.environment import Environment
from leadspro_engine.privacy import SuppressionList
from leadspro_engine.service import Published, Runner

_AGAIN_S = 1.0
"""Before a runner that died is begun anew, and between two tries to become the runner."""

_STOP_S = 30.0
_MAIN = f"from {__name__} import main; main()"


class Background:
    """Keeps a runner alive in a process of its own."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="leadspro-runner-keeper", daemon=True)

    def start(self) -> None:
        """Begin; the process inherits the environment."""
        self._keeper.start()

    def stop(self) -> None:
        """Let the part that is being worked on finish, and return when the process is gone."""
        self._stopping.set()
        if self._process is not None:
            self._process.terminate()
        self._keeper.join(_STOP_S)
        if self._keeper.is_alive() and self._process is not None:
            self._process.kill()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._process = subprocess.Popen([sys.executable, "-c", _MAIN])  # noqa: S603 - ourselves
            if self._stopping.is_set():
                self._process.terminate()
            self._process.wait()
            self._stopping.wait(_AGAIN_S)


def main() -> None:
    """Run jobs until told to stop, or until the server that began this process is gone."""
    stopping, server = threading.Event(), os.getppid()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    told = Environment.read()
    accounts, published = told.accounts(), Published(told.home)
    runner = Runner(told.home, accounts, SuppressionList(told.home), published)

    def over() -> bool:
        return stopping.is_set() or os.getppid() != server

    with suppress(KeyboardInterrupt):
        while not runner.hold() and not over():
            time.sleep(_AGAIN_S)
        runner.run(over)
    runner.close()
    published.close()
    accounts.close()

"""Servers that tests start for themselves, on sockets of their own: PostgreSQL and Redis."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import redis

if TYPE_CHECKING:
    from collections.abc import Iterator

_BIN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
PATH = os.pathsep.join([*(str(folder) for folder in reversed(_BIN)), os.environ.get("PATH", "")])


def require(*programs: str, package: str) -> None:
    """Skip where a program is missing, except in CI, where that is a failure."""
    missing = [program for program in programs if shutil.which(program, path=PATH) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"{', '.join(missing)} not found; CI installs the package {package}")
    if missing:
        pytest.skip(f"needs {', '.join(missing)} (Debian: {package})")


class Cluster:
    """A PostgreSQL server in a folder of its own, reached by a socket; it refuses to run as root."""

    def __init__(self, _factory: pytest.TempPathFactory) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="leadspro-pg-"))  # short, as sockets ask
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        self._names: Iterator[int] = count(1)
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8")
        options = f"-k {self._folder} -c listen_addresses= -c fsync=off -c max_connections=200"
        self._run("pg_ctl", "-D", data, "-w", "-o", options, "-l", str(self._folder / "log"), "start")

    def new_database(self) -> str:
        """The SQLAlchemy URL of a new, empty database."""
        name = f"t{next(self._names)}"
        with psycopg.connect(host=str(self._folder), user="postgres", autocommit=True) as con:
            con.execute(f"create database {name}")
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, *command: str) -> None:
        program = shutil.which(command[0], path=PATH)
        assert program is not None
        done = subprocess.run(
            [program, *command[1:]],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self._user,
            cwd="/",
            env={**os.environ, "PATH": PATH, "HOME": "/nonexistent"},
        )
        if done.returncode:
            log = self._folder / "log"
            raise RuntimeError(f"{command[0]} failed: {log.read_text() if log.exists() else done.returncode}")


class RedisServer:
    """A Redis server that keeps nothing, reached by a socket."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="leadspro-redis-"))
        self.socket = self._folder / "redis.sock"
        program = shutil.which("redis-server")
        assert program is not None
        options = ("--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no")
        self._process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, cwd=self._folder)
        deadline = time.monotonic() + 10
        while not self.socket.exists():
            if time.monotonic() > deadline:
                raise TimeoutError("redis-server does not come up")
            time.sleep(0.02)

    @property
    def url(self) -> str:
        return f"redis+unix://{self.socket}"

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def forget(self) -> None:
        """Forget every count."""
        client = redis.Redis(unix_socket_path=str(self.socket))
        client.flushall()
        client.close()

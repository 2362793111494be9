"""Runs the API: makes the WSGI callable of a data folder, and serves it with granian.

Any other WSGI server runs it too: ``application(home)`` returns a plain callable, and ``from_environment``
is the factory for servers that are given a name, such as ``gunicorn --threads 32
'leadspro_engine.api.serve:from_environment()'``.
"""

from __future__ import annotations

import logging
import socket
import sys
from typing import TYPE_CHECKING, Any

from leadspro_engine.accounts import DEMO_TOKEN
from leadspro_engine.api import access_log
from leadspro_engine.api.application import Application
from leadspro_engine.api.background import Background
from leadspro_engine.api.environment import Environment
from leadspro_engine.dataset import current_version
from leadspro_engine.errors import InvalidInput
from leadspro_engine.service import Published

if TYPE_CHECKING:
    from pathlib import Path

    from granian.server.common import AbstractServer

    from leadspro_engine.api.access_log import Log

_OURS = "leadspro_engine.api.serve:from_environment"
_HEADER_TIMEOUT_MS = 10_000  # slow senders of headers hold a connection no longer
_BUFFER_BYTES = 64 * 1024  # bounds the request line and headers
_THREADS = 64
"""A worker. A slow body holds one while it comes in; with a few per processor, as granian advises (and warns
about otherwise), a handful of slow senders with the public demo key would hold all of them.
"""
_READY_S = 10.0  # on a reload, from the start of a new worker to the end of the old one
_STOP_S = 30  # for requests in flight, before a stopping worker is ended


def application(home: Path, *, demo: bool = False, database: str | None = None) -> Application:
    """The WSGI callable over a data folder; threads may share it, processes make their own.

    Args:
        home: the data folder; accounts are made in it on first use, and a dataset may be published later.
        demo: whether the public key ``pl_demo_public`` works.
        database: SQLAlchemy URL of the accounts, when they are not kept in the data folder.
    """
    return _application(Environment(home, demo, database))


def from_environment() -> Application:
    """The same, told by the environment; see ``api.environment``."""
    return _application(Environment.read(), access_log.to_stdout())


def _application(told: Environment, log: Log | None = None) -> Application:
    published = Published(told.home)
    published.warm()
    return Application(told.home, told.accounts(), published, log)


def serve(  # noqa: PLR0913 - what an operator may want to say
    home: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 2,
    demo: bool = False,
    tls: tuple[Path, Path] | None = None,
) -> None:
    """Serve the API until it is told to stop (Ctrl-C or SIGTERM); requests in flight are finished first.

    Args:
        home: the data folder.
        host: address to listen on.
        port: port to listen on.
        workers: processes; each opens the dataset for itself.
        demo: whether the public key ``pl_demo_public`` works.
        tls: certificate and key files.

    Raises:
        InvalidInput: the address cannot be listened on; most often another server does already.
    """
    _free(host, port)
    logging.getLogger("_granian").addFilter(lambda line: "Python threads" not in line.getMessage())
    told = Environment.read(home, demo=demo)
    _announce(told, host, port, secure=tls is not None)
    told.hand_on()
    background = Background()
    background.start()
    try:
        server(_OURS, host, port, workers=workers, tls=tls).serve()
    finally:
        background.stop()


def _free(host: str, port: int) -> None:
    """Raise when nobody could listen there: granian would share the port with the server that has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as exc:
            raise InvalidInput(
                "port", f"{host}:{port}", f"an address that is free, with --port or --host ({exc.strerror})"
            ) from exc


def _announce(told: Environment, host: str, port: int, *, secure: bool) -> None:
    """Bring the accounts up to date, and say where to call and with which key; the owner's key only once."""
    accounts = told.accounts()
    owner = accounts.registry.ensure_owner()
    accounts.close()
    scheme = "https" if secure else "http"
    lines = [
        f"Leads Pro answers at {scheme}://{host}:{port} (the dashboard; docs at /docs). Ctrl-C stops it."
    ]
    if current_version(told.home) is None:
        lines.append(
            f"No dataset in {told.home} yet: run `leadspro refresh`; the server notices it by itself."
        )
    if owner is not None:
        lines.append(f"The owner's key, shown this once: {owner.token}")
    if told.demo:
        lines.append(f"The demo key: {DEMO_TOKEN}")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def server(
    factory: str, host: str, port: int, *, workers: int, tls: tuple[Path, Path] | None = None
) -> AbstractServer[Any]:
    """Granian with the settings that its behaviour under slow and hostile clients asks for.

    Args:
        factory: what makes the WSGI callable in each worker, as ``package.module:function``.
        host: address to listen on.
        port: port to listen on.
        workers: processes.
        tls: certificate and key files.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    certificate, key = tls or (None, None)
    return Granian(
        factory,
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=_READY_S,
        workers_kill_timeout=_STOP_S,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_TIMEOUT_MS, max_buffer_size=_BUFFER_BYTES),
        ssl_cert=certificate,
        ssl_key=key,
        log_level=LogLevels.warning,
    )

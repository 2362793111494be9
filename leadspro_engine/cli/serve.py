"""``leadspro serve``: the HTTP API over the current snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from leadspro_engine.cli.output import add_common

if TYPE_CHECKING:
    import argparse

    from leadspro_engine.cli.output import Commands


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("serve", help="serve the HTTP API and the dashboard")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes (default: 2)")
    parser.add_argument("--demo", action="store_true", help="let the public key pl_demo_public in")
    parser.add_argument(
        "--tls-certificate", type=Path, metavar="FILE", help="serve https with this certificate"
    )
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="the key of the certificate")
    add_common(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Serve until told to stop."""
    from leadspro_engine.api import serve
    from leadspro_engine.dataset import home_folder
    from leadspro_engine.errors import InvalidInput

    tls = (arguments.tls_certificate, arguments.tls_key)
    if (tls[0] is None) != (tls[1] is None):
        raise InvalidInput("--tls-certificate", tls[0], "--tls-certificate and --tls-key together")
    serve(
        home_folder(arguments.home),
        host=arguments.host,
        port=arguments.port,
        workers=arguments.workers,
        demo=arguments.demo,
        tls=None if tls[0] is None else tls,
    )

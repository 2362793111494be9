"""The least that an application can do: takes a JSON body and answers with one, on the server that we use."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from leadspro_engine.api.serve import server

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_ANSWER = {"person": {"full_name": "Ada Lovelace", "emails": ["ada@example.com"] * 12}, "note": "x" * 300}


def make() -> WSGIApplication:
    """The application."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        body = json.dumps(_ANSWER).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return app


def main() -> None:
    """Serve it with two workers on the port that is given."""
    server("benchmarks.speed._hello:make", "127.0.0.1", int(sys.argv[1]), workers=2).serve()


if __name__ == "__main__":
    main()

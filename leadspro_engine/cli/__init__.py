"""``leadspro``: the engine on the command line, one file a group of commands.

Exit codes: 0 done, 1 it failed, 2 it was asked wrongly, 130 interrupted. Results go to standard output, as
tables for people or as one JSON document with ``--json``; progress and errors go to standard error.
"""

from __future__ import annotations

from leadspro_engine.cli.main import main

__all__ = ["main"]

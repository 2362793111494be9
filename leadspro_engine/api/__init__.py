"""The HTTP API on the standard library alone: a WSGI callable, and the server that runs it.

The doors are ``application(home)``, which any WSGI server can run, and ``serve(home, …)``, which runs it.
"""

from __future__ import annotations

from leadspro_engine.api.application import Application
from leadspro_engine.api.serve import application, serve

__all__ = ["Application", "application", "serve"]

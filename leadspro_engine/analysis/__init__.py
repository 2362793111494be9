"""Read-only SQL for analysts, over documented views of a snapshot."""

from leadspro_engine.analysis.query import MOST_ROWS, MOST_SECONDS, ROWS, SECONDS, Table, query
from leadspro_engine.analysis.views import VIEWS, View

__all__ = ["MOST_ROWS", "MOST_SECONDS", "ROWS", "SECONDS", "VIEWS", "Table", "View", "query"]

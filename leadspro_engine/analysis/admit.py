"""What an analyst's query may be: one select over the views, and nothing that leads out of them.

The text is parsed by the engine that will run it, and every node of the tree must be of a kind that is known
to be harmless: an allow-list, so that what a later release adds is refused until somebody has looked at it.
Names with a schema or catalog before them are refused, which is what keeps the tables under the views, and
with them everybody who asked not to be shown, out of reach.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from leadspro_engine import sql
from leadspro_engine.analysis.views import VIEWS
from leadspro_engine.errors import InvalidInput, SqlStepFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

LONGEST = 100_000
"""Characters a query may have."""

_KINDS = frozenset(
    {
        "SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE", "BASE_TABLE", "SUBQUERY",
        "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "PIVOT", "SHOW_REF", "COLUMN_DATA",
        "ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER", "ORDER_DEFAULT",
        "ASCENDING", "DESCENDING",
    }
)  # fmt: skip
"""Kinds of nodes that are not expressions."""
_TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest"})
_NOT_CALLED = frozenset(
    {
        # what tells of the machine
        "getenv", "current_setting", "getvariable", "version", "current_database", "current_user", "user",
        "session_user", "txid_current", "nextval", "currval", "write_log", "sleep_ms", "pg_sleep",
        # what makes gigabytes of a few letters in one step that nothing can interrupt
        "repeat", "lpad", "rpad", "list_resize", "array_resize", "format", "printf", "bar", "bitstring",
    }
)  # fmt: skip
_SERIES = frozenset({"range", "generate_series"})
_SYSTEM = re.compile(r"(duckdb|sqlite|pragma|pg)_", re.IGNORECASE)
_ACCEPTED = "one select statement over the views " + ", ".join(view.name for view in VIEWS)


def admit(con: DuckDBPyConnection, text: str) -> None:
    """Return when a query may be run.

    Raises:
        InvalidInput: it is no select, more than one statement, too long, or names what may not be named.
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        raise InvalidInput("query", text, f"SQL text of at most {LONGEST:,} characters")
    nodes = list(_nodes(_parsed(con, text)))
    own = {str(key).casefold() for node in nodes for key in _named_queries(node)}
    if wrong := next((name for name in sorted(own) if _SYSTEM.match(name)), None):
        raise InvalidInput("query", wrong, "another name for a query of `with`")
    for node in nodes:
        _check_kind(text, node)
        _check_function(node)
        if node.get("type") == "BASE_TABLE":
            _check_table(node, own)


def _parsed(con: DuckDBPyConnection, text: str) -> dict[str, Any]:
    """The tree of the one select statement of a text."""
    try:
        ((told,),) = sql.rows(con, "parse the query", "select json_serialize_sql(?::varchar)", [text])
        parsed: dict[str, Any] = json.loads(told)
    except (RecursionError, SqlStepFailed) as exc:
        raise InvalidInput("query", text, "SQL that is nested less deeply, in Unicode text") from exc
    if parsed["error"]:
        accepted = _ACCEPTED if parsed["error_type"] == "not implemented" else parsed["error_message"]
        raise InvalidInput("query", text, accepted)
    if len(parsed["statements"]) != 1:
        raise InvalidInput("query", text, _ACCEPTED)
    return parsed


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    """Every object of the tree; without recursion, since queries nest deeper than Python calls."""
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _named_queries(node: dict[str, Any]) -> Iterator[str]:
    """The names that a node gives to queries of its ``with``."""
    named = node.get("cte_map")
    if isinstance(named, dict):
        yield from (entry["key"] for entry in named["map"])


def _check_kind(text: str, node: dict[str, Any]) -> None:
    """Return when a node reads and does not write, and shows no catalog."""
    kind = node.get("type")
    if "class" in node or not isinstance(kind, str):
        return  # an expression, of which only functions can do harm; or no node
    if kind not in _KINDS or (kind == "SHOW_REF" and node.get("table_name")):
        raise InvalidInput("query", text, _ACCEPTED)


def _check_function(node: dict[str, Any]) -> None:
    """Return when a function is one of those that may be called where it stands."""
    if node.get("type") == "TABLE_FUNCTION":
        name = str(node["function"].get("function_name")).casefold()
        if name not in _TABLE_FUNCTIONS:
            accepted = f"one of the views, or {', '.join(sorted(_TABLE_FUNCTIONS))}"
            raise InvalidInput("query", f"{name}()", accepted)
        node["function"]["as_table"] = True
    elif node.get("class") == "FUNCTION":
        name = str(node.get("function_name")).casefold()
        series = name in _SERIES and "as_table" not in node
        if name in _NOT_CALLED or series or node.get("schema") or node.get("catalog"):
            accepted = f"`from {name}(…)`" if series else "functions that compute from their arguments alone"
            raise InvalidInput("query", f"{name}()", accepted)


def _check_table(node: dict[str, Any], own: set[str]) -> None:
    """Return when a table is a view, or a query that this query gave a name."""
    name = str(node["table_name"])
    path = [str(part) for part in node["qualified_name"]["path"]]
    if path != [name] or name.casefold() not in own | {view.name for view in VIEWS}:
        raise InvalidInput("query", ".".join(path), _ACCEPTED)

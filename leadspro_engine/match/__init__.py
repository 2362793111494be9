"""Who is this? One query -> the person it means, with reasons; many queries -> the same answers."""

from leadspro_engine.match.answer import (
    DEFAULT_MIN_LIKELIHOOD,
    MOST_IDENTIFIED,
    Matcher,
    enrich,
    enrich_batch,
    identify,
)
from leadspro_engine.match.question import ask, query_of
from leadspro_engine.match.table import TableCounts, enrich_frame, enrich_table

__all__ = [
    "DEFAULT_MIN_LIKELIHOOD",
    "MOST_IDENTIFIED",
    "Matcher",
    "TableCounts",
    "ask",
    "enrich",
    "enrich_batch",
    "enrich_frame",
    "enrich_table",
    "identify",
    "query_of",
]

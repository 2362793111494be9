"""De-duplicate any table of people or organizations: rows in, the same rows with a ``cluster_id`` out.

The product form of ``resolve``: columns are guessed (and can be named), values are normalized, weights are
learned from the table itself, and rows that are one person or organization get one ``cluster_id``.
"""

from __future__ import annotations

from leadspro_engine.dedupe.label import Question, label
from leadspro_engine.dedupe.published import published_records
from leadspro_engine.dedupe.run import Deduped, dedupe
from leadspro_engine.dedupe.table import Options, RecordKind, read_table

__all__ = [
    "Deduped",
    "Options",
    "Question",
    "RecordKind",
    "dedupe",
    "label",
    "published_records",
    "read_table",
]

"""Canonical records to entities: block, learn, score, cluster, name, merge.

Each function reads and writes Parquet in the work folder of a refresh; the files are listed in
docs/architecture.md.
"""

from __future__ import annotations

from leadspro_engine.resolve.entities import Resolution, resolve
from leadspro_engine.resolve.identity import CHANGES
from leadspro_engine.resolve.merge import Merged, merge
from leadspro_engine.resolve.prior import PriorState, hand_over
from leadspro_engine.resolve.table import Resolved, resolve_companies, resolve_people
from leadspro_engine.resolve.verdicts import (
    Verdict,
    add_verdict,
    check_verdicts,
    read_verdicts,
    settled_pairs,
)

__all__ = [
    "CHANGES",
    "Merged",
    "PriorState",
    "Resolution",
    "Resolved",
    "Verdict",
    "add_verdict",
    "check_verdicts",
    "hand_over",
    "merge",
    "read_verdicts",
    "resolve",
    "resolve_companies",
    "resolve_people",
    "settled_pairs",
]

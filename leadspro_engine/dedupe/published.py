"""The records of the current snapshot, for whoever wants to judge pairs of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.compare import COMPANIES, PEOPLE
from leadspro_engine.dataset.manifest import MAKE_ANEW
from leadspro_engine.dataset.state import current_state
from leadspro_engine.errors import DatasetCorrupt, DatasetMissing
from leadspro_engine.resolve import PriorState, Resolution, Verdict, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from leadspro_engine.compare import Model
    from leadspro_engine.dedupe.table import RecordKind

_SHOWN: dict[RecordKind, tuple[str, ...]] = {
    "person": (
        "full_name", "title", "company", "emails", "phones", "linkedin", "city", "region", "country",
        "birth_date", "identifiers", "source", "observed_at",
    ),
    "company": (
        "name", "domains", "linkedin", "phones", "street_number", "street_key", "postal_code", "city",
        "region", "country", "identifiers", "source", "observed_at",
    ),
}  # fmt: skip
"""What a person who judges is shown of a record."""


class PublishedRecords(Struct, frozen=True):
    """The records that the current snapshot was made of, in canonical form."""

    kind: RecordKind
    state: PriorState

    @property
    def model(self) -> Model:
        """How two records are compared."""
        return PEOPLE if self.kind == "person" else COMPANIES

    @property
    def _name(self) -> str:
        return "people" if self.kind == "person" else "company"

    def resolve(self, con: DuckDBPyConnection, verdicts: Sequence[Verdict]) -> Resolution:
        """Their clusters under the weights of the snapshot and these verdicts, in an empty workbench."""
        sql.read_parquet(con, "input", self.state.path(f"{self._name}_records.parquet"))
        for what in ("frequencies", "evidence"):
            sql.read_parquet(con, f"known_{what}", self.state.path(f"{self._name}_{what}.parquet"))
        return resolve(con, self.model, learned=self.state.weights(self._name), verdicts=verdicts)

    def aligned(self, record_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Some records as a person reads them: column -> value, by record id."""
        rows = pl.scan_parquet(self.state.path(f"{self._name}_records.parquet"))
        found = rows.filter(pl.col("record_id").is_in(list(record_ids))).collect()
        return {
            row["record_id"]: {column: row[column] for column in _SHOWN[self.kind]}
            for row in found.iter_rows(named=True)
        }


def published_records(home: Path, kind: RecordKind) -> PublishedRecords:
    """The records of the current snapshot of a data folder.

    Raises:
        DatasetMissing: there is no snapshot, or it was made by a release that kept no records.
        DatasetCorrupt: what it kept is damaged.
    """
    state = current_state(home)
    if state is None:
        raise DatasetMissing(home)
    if state.damaged:
        raise DatasetCorrupt(state.folder, f"damaged or missing: {', '.join(state.damaged)}; {MAKE_ANEW}")
    return PublishedRecords(kind, state)

"""What one refresh leaves to the next: the records, clusters, weights and frequencies that it worked with.

The files lie in a folder of the snapshot, under the names that they have in the work folder of a refresh.
They let an unchanged entity keep its id, an unchanged record its canonical form, and the weights stay what
they were until somebody asks for new ones.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from leadspro_engine.compare import DIFFERS, Weights

if TYPE_CHECKING:
    from pathlib import Path

    from leadspro_engine.compare import Model

FILES = (
    "people_records.parquet", "company_records.parquet",
    "people_contents.parquet", "company_contents.parquet",
    "people_clusters.parquet", "company_clusters.parquet",
    "people_frequencies.parquet", "company_frequencies.parquet",
    "people_evidence.parquet", "company_evidence.parquet",
    "people_weights.json", "company_weights.json",
    "id_changes.parquet",
)  # fmt: skip
"""What is handed over; docs/architecture.md says what each file holds."""

IDS = ("records.parquet", "clusters.parquet")
"""What the ids of a table go on from, together with ``id_changes.parquet``."""

MOST_GROWTH = 2.0
"""Weights are learned anew when a table has grown or shrunk by this factor: their prior knows its size."""


class PriorState(Struct, frozen=True):
    """The state that the current snapshot was made in.

    Attributes:
        folder: where its files lie.
        version: the snapshot that they belong to.
        tables: the DuckDB file of the snapshot, if this very release made it; its entities are then used
            again.
        damaged: the files that are missing or not what was published. With one of them nothing is used again
            but the ids of tables whose own files are whole.
        anew: use only ids, weights and value frequencies again: every record and entity is made anew.
    """

    folder: Path
    version: str
    tables: Path | None = None
    damaged: tuple[str, ...] = ()
    anew: bool = False

    def path(self, name: str) -> Path:
        """One of the files."""
        return self.folder / name

    def has_ids(self, name: str) -> bool:
        """Whether the ids of ``people`` or ``company`` can go on."""
        return not {*(f"{name}_{file}" for file in IDS), "id_changes.parquet"} & set(self.damaged)

    def weights(self, name: str) -> Weights:
        """The weights of ``people`` or ``company``, as they were learned."""
        return msgspec.json.decode(self.path(f"{name}_weights.json").read_bytes(), type=Weights)

    def reusable(self, name: str, model: Model, records: int) -> Weights | None:
        """The weights, if they are of this model and of a table of about this size; else None.

        Another release may have written them in another form; they are then learned anew, too.
        """
        try:
            weights = self.weights(name)
        except msgspec.DecodeError:
            return None
        of_today = {one.field: [*(level.label for level in one.levels), DIFFERS] for one in model.comparisons}
        learned = {field: [level.label for level in levels] for field, levels in weights.fields.items()}
        size = max(weights.records, 1)
        similar = size / MOST_GROWTH <= records <= size * MOST_GROWTH
        return weights if of_today == learned and similar else None


def hand_over(work: Path, folder: Path) -> None:
    """Copy the state out of a work folder into a folder that is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in FILES:
        shutil.copyfile(work / name, folder / name)

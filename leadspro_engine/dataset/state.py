"""The state of the current snapshot: what the next refresh, and whoever judges its pairs, goes on from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.dataset.home import RESOLUTION, current_version, snapshots_folder
from leadspro_engine.resolve.prior import prior_state

if TYPE_CHECKING:
    from pathlib import Path

    from leadspro_engine.resolve.prior import PriorState


def current_state(home: Path) -> PriorState | None:
    """The state that the current snapshot was made in; None when there is none that can be used."""
    version = current_version(home)
    if version is None:
        return None
    return prior_state(snapshots_folder(home) / version / RESOLUTION, version)

"""Whether the service can answer, and from what."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from leadspro_engine.service.answers import DatasetView, HealthResponse, SourceView
from leadspro_engine.service.desk import Offer

if TYPE_CHECKING:
    from leadspro_engine.engine import Engine
    from leadspro_engine.service.desk import Desk
    from leadspro_engine.service.requests import Empty

FEATURES = ("enrich", "batch", "identify", "search", "normalize", "jobs", "history", "keys", "privacy")
"""What this version can do; the flags of the answer. Demo mode is a flag of its own."""


def health(desk: Desk, _request: Empty) -> Offer:
    """The state of the service, free and without a key."""
    published = desk.published
    return Offer(
        answer=lambda meta: HealthResponse(
            status="degraded" if published is None else "ok",
            service="leadspro",
            version=package_version(),
            features={**dict.fromkeys(FEATURES, True), "demo": desk.accounts.demo},
            dataset=None if published is None else _dataset_view(published),
            meta=meta,
        )
    )


def package_version() -> str:
    """The version of this package as it is installed; ``0+checkout`` when it is not."""
    try:
        return version("leadspro-engine")
    except PackageNotFoundError:
        return "0+checkout"


def _dataset_view(engine: Engine) -> DatasetView:
    """The snapshot as its manifest describes it."""
    manifest = engine.manifest
    return DatasetView(
        version=manifest.version,
        published_at=manifest.published_at,
        counts=manifest.counts,
        sources=[
            SourceView(source=file["source"], record=file["record"], rows=file["rows"])
            for file in manifest.sources
        ],
    )

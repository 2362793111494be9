"""Column lineage: which columns of which assets each column of an asset is made from.

For canonical records it follows from the parts that ``normalize`` is made of; for the entities it is
stated here, and a test holds it complete.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg
import msgspec

from leadspro_engine.ingest.raw import RECORD_SCHEMA
from leadspro_engine.normalize.parts import COMPANY_PARTS, PERSON_PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadspro_engine.normalize.parts import Part

Made = dict[str, tuple[tuple[str, str], ...]]
"""Column -> the (asset, column) pairs that it is made from."""

_PROVENANCE = ("record_id", "source", "source_record_id", "observed_at", "trust")


def _of(asset: str, **columns: str | tuple[str, ...]) -> Made:
    """Columns made from columns of one asset; a single name may stand for a tuple of it."""
    return {
        made: tuple((asset, column) for column in ((given,) if isinstance(given, str) else given))
        for made, given in columns.items()
    }


def _canonical(parts: Sequence[Part]) -> Made:
    """The columns of canonical records, from the roles that each part reads."""
    made: Made = {name: (("source_records", name),) for name in _PROVENANCE}
    for part in parts:
        earlier = tuple(place for column in part.made for place in made[column])
        read = tuple(("source_records", role) for role in part.roles)
        made |= {
            field.name: tuple(dict.fromkeys((*read, *earlier)))
            for field in msgspec.structs.fields(part.gives)
        }
    return made


_PLACE = ("city", "region", "country")

_PERSON = _of(
    "people_records",
    full_name="full_name", first_name="given_name", last_name="family_name", job_title="title",
    department="department", management_level="management_level", emails=("emails", "observed_at"),
    phones=("phones", "observed_at"), linkedin="linkedin", linkedin_url="linkedin", location=_PLACE,
    skills="skills", updated_at="observed_at",
)  # fmt: skip

_COMPANY = _of(
    "company_records",
    name="name", domain="domains", website=("website", "domains"), industry="industry",
    headcount=("headcount_low", "headcount_high"), headcount_range="headcount_low",
    technologies="technologies", location=_PLACE, status=("company_status", "name_key", "domains", "trust"),
    linkedin="linkedin", founded="founded", updated_at="observed_at",
)  # fmt: skip

COLUMNS: dict[str, Made] = {
    "people_records": _canonical(PERSON_PARTS)
    | {"company_record_id": (("source_records", "company"), ("source_records", "domain"))},
    "company_records": _canonical(COMPANY_PARTS)
    | {"mentions": (("source_records", "company"), ("source_records", "domain"))},
    "people_clusters": _of("people_records", record_id="record_id")
    | _of("people_pairs", entity_id=("x", "y", "bits")),
    "company_clusters": _of("company_records", record_id="record_id")
    | _of("company_pairs", entity_id=("x", "y", "bits")),
    "people": {
        **_of("people_clusters", id="entity_id"),
        **_PERSON,
        "company_id": (("company_clusters", "entity_id"), ("people_records", "company_record_id")),
    },
    "companies": _of("company_clusters", id="entity_id") | _COMPANY,
    "identifiers": {
        "kind": (),
        "key": tuple(
            ("people_records", column)
            for column in ("email_keys", "emails", "phones", "linkedin", "given_key", "family_key", "domains",
                           "company_keys")
        )
        + tuple(("company_records", column) for column in ("domains", "linkedin", "name_key")),
        "id": (("people_clusters", "entity_id"), ("company_clusters", "entity_id")),
        "records": (("people_records", "record_id"), ("company_records", "record_id")),
    },
    "lineage": {
        "entity_id": (("people_clusters", "entity_id"), ("company_clusters", "entity_id")),
        **{
            column: (("people_records", column), ("company_records", column))
            for column in ("record_id", "source", "observed_at")
        },
        **dict.fromkeys(("field", "value", "chosen", "reason"), ()),
    },
}  # fmt: skip
"""The column lineage of each asset that has one."""


def column_lineage(asset: str) -> Mapping[str, dg.TableColumnLineage]:
    """The metadata entry of an asset's column lineage; none for an asset without one."""
    made = COLUMNS.get(asset)
    return {} if made is None else {"dagster/column_lineage": _lineage(made)}


def joined_lineage(sources: Sequence[str]) -> Mapping[str, dg.TableColumnLineage]:
    """The column lineage of the joined source records: each column is that of every source."""
    made = {column: tuple((f"sources/{source}", column) for source in sources) for column in RECORD_SCHEMA}
    return {"dagster/column_lineage": _lineage(made)}


def _lineage(made: Made) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(dg.AssetKey(asset.split("/")), name) for asset, name in places]
            for column, places in made.items()
        }
    )

"""Columns of assets, and column lineage: which columns of which assets each of them is made from.

For canonical records it follows from the parts that ``normalize`` is made of; for what comes after it is
stated here, and a test holds it complete. An asset that is no table of its own is shown as the table that one
may think of: weights by level, an index as its keys, the snapshot as ``table.column``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg
import msgspec

from leadspro_engine.dataset import tables
from leadspro_engine.ingest.raw import RECORD_SCHEMA
from leadspro_engine.normalize.parts import COMPANY_PARTS, PERSON_PARTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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


def _same(asset: str, columns: Iterable[str]) -> Made:
    """Columns that are columns of one asset as they stand."""
    return {column: ((asset, column),) for column in columns}


_WEIGHTS = {"field": "String", "level": "String", "m": "Float64", "u": "Float64", "bits": "Float64"}
_INDEX = {"kind": "String", "key": "String", "id": "String"}
_MEASURES = {"measure": "String", **dict.fromkeys(("pairs", "precision", "recall", "F1"), "Float64")}
_PUBLISHED = ("people", "companies", "lineage", "rejects")

SHOWN_AS: dict[str, dict[str, str]] = {
    "people_weights": _WEIGHTS,
    "company_weights": _WEIGHTS,
    "accuracy_report": _MEASURES,
    "key_index": _INDEX,
    "search_index": {"field": "String", "term": "String", "id": "String"},
    "snapshot": {
        f"{table}.{column}": kind for table in _PUBLISHED for column, kind in tables.TABLES[table][0].items()
    }
    | {f"identifiers.{column}": kind for column, kind in _INDEX.items()},
}
"""Columns with their types of the assets that are no Parquet file."""

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


def _resolved(table: str, records: str, parts: Sequence[Part]) -> dict[str, Made]:
    """What resolving one table gives: every canonical column may speak for or against a pair."""
    pairs, weights, clusters = f"{table}_pairs", f"{table}_weights", f"{table}_clusters"
    compared = tuple(name for name in _canonical(parts) if name not in _PROVENANCE)
    return {
        pairs: _of(records, x="record_id", y="record_id", bits=compared),
        weights: {
            "field": (),
            "level": (),
            **_of(records, m=compared, u=compared),
            **_of(pairs, bits="bits"),
        },
        clusters: _of(records, record_id="record_id") | _of(pairs, entity_id=("x", "y", "bits")),
    }


_FIGURES = tuple(
    (asset, column)
    for table in ("people", "company")
    for asset, column in ((f"{table}_pairs", "bits"), (f"{table}_clusters", "entity_id"))
)

COLUMNS: dict[str, Made] = {
    "people_records": _canonical(PERSON_PARTS)
    | {"company_record_id": (("source_records", "company"), ("source_records", "domain"))},
    "company_records": _canonical(COMPANY_PARTS)
    | {"mentions": (("source_records", "company"), ("source_records", "domain"))},
    "rejects": _same("source_records", ("source", "file", "line", "raw")) | {"reason": ()},
    **_resolved("people", "people_records", PERSON_PARTS),
    **_resolved("company", "company_records", COMPANY_PARTS),
    "accuracy_report": {"measure": (), **dict.fromkeys(("pairs", "precision", "recall", "F1"), _FIGURES)},
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
    "key_index": _same("identifiers", _INDEX),
    "search_index": {
        "field": (),
        "term": (*(("people", name) for name in _PERSON), *(("companies", name) for name in _COMPANY)),
        "id": (("people", "id"), ("companies", "id")),
    },
    "snapshot": {name: ((name.split(".")[0], name.split(".")[1]),) for name in SHOWN_AS["snapshot"]},
}  # fmt: skip
"""The column lineage of each asset after reading."""


def column_lineage(asset: str) -> Mapping[str, dg.TableColumnLineage]:
    """The metadata entry of an asset's column lineage."""
    return {"dagster/column_lineage": _lineage(COLUMNS[asset])}


def shown_columns(asset: str) -> Mapping[str, dg.TableSchema | dg.TableColumnLineage]:
    """The metadata entries of the columns and the lineage of an asset that is no Parquet file."""
    columns = [dg.TableColumn(name, type=kind) for name, kind in SHOWN_AS[asset].items()]
    return {"dagster/column_schema": dg.TableSchema(columns), **column_lineage(asset)}


def raw_lineage(*assets: str) -> Mapping[str, dg.TableColumnLineage]:
    """The column lineage of source records: each column is that of every asset which they come from."""
    made = {column: tuple((asset, column) for asset in assets) for column in RECORD_SCHEMA}
    return {"dagster/column_lineage": _lineage(made)}


def _lineage(made: Made) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(dg.AssetKey(asset.split("/")), name) for asset, name in places]
            for column, places in made.items()
        }
    )

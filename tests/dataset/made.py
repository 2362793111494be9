"""Small datasets made in the test, in the files that a refresh leaves behind."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from leadspro_engine.compare import COMPANIES, PEOPLE, shipped_weights
from leadspro_engine.dataset.tables import FEATURES, KINDS
from leadspro_engine.normalize.record import PERSON_SCHEMA
from leadspro_engine.records import Company, EmailEntry, Location, Person, PhoneEntry
from leadspro_engine.resolve import CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

NOW = dt.datetime(2026, 5, 1, 12, 0, tzinfo=dt.UTC)

_SEEN = {"first_seen": pl.Date(), "last_seen": pl.Date()}
_PLACE = pl.Struct({name: pl.String() for name in ("city", "region", "country", "country_code")})
_OTHER = {
    "emails": pl.List(pl.Struct({"address": pl.String(), "type": pl.String(), **_SEEN})),
    "phones": pl.List(pl.Struct({"number": pl.String(), "type": pl.String(), **_SEEN})),
    "location": _PLACE,
    "skills": pl.List(pl.String()),
    "technologies": pl.List(pl.String()),
    "headcount": pl.Int64(),
    "founded": pl.Int64(),
    "updated_at": pl.Date(),
}
_IDENTIFIERS = {"kind": pl.String(), "key": pl.String(), "id": pl.String(), "records": pl.Int64()}
_LINEAGE = {
    "entity_id": pl.String(), "field": pl.String(), "value": pl.String(), "record_id": pl.String(),
    "source": pl.String(), "observed_at": pl.Date(), "chosen": pl.Boolean(), "reason": pl.String(),
}  # fmt: skip
_EMPLOYERS = {
    **dict.fromkeys(("person_id", "company_id", "job_title"), pl.String()), **_SEEN, "records": pl.Int64(),
}  # fmt: skip
_REJECTS = {
    "source": pl.String(), "file": pl.String(), "line": pl.Int64(), "reason": pl.String(), "raw": pl.String(),
}  # fmt: skip


class Made(msgspec.Struct, frozen=True):
    """One entity of a small dataset: the golden record, and for a person the employer and the features."""

    entity: Person | Company
    identifiers: dict[str, list[str]]
    company_id: str | None = None
    features: dict[str, Any] = {}


AMANDA = Made(
    Person(
        id="person-amanda",
        full_name="Amanda Lee",
        first_name="Amanda",
        last_name="Lee",
        job_title="VP of Revenue Operations",
        emails=[EmailEntry("amanda@northpeak.io", "professional", dt.date(2025, 1, 2), dt.date(2026, 4, 5))],
        phones=[PhoneEntry("+14155550100", "fixed_line_or_mobile")],
        linkedin="amanda-lee",
        location=Location("Denver", "Colorado", "United States", "US"),
        skills=["forecasting"],
        updated_at=dt.date(2026, 4, 5),
    ),
    {
        "email": ["amanda@northpeak.io"],
        "phone": ["+14155550100"],
        "linkedin": ["amanda-lee"],
        "name_domain": ["amanda lee|northpeak.io"],
        "name_company": ["amanda lee|north peak"],
    },
    "company-north-peak",
    {
        "given_key": "amanda",
        "family_key": "lee",
        "given_variants": ["amanda", "mandy"],
        "email_texts": ["amanda@northpeak.io"],
        "email_locals": ["amanda"],
        "phone_texts": ["4155550100"],
        "domains": ["northpeak.io"],
        "company_keys": ["north peak"],
    },
)
BOB = Made(
    Person(id="person-bob", full_name="Bob Ωmega", phones=[PhoneEntry("+14155550100", "fixed_line")]),
    {"phone": ["+14155550100"], "name_company": ["bob omega|" + "long " * 200]},
    None,
    {"given_key": "bob", "family_key": "omega", "phone_texts": ["4155550100"]},
)
NORTH_PEAK = Made(
    Company(
        id="company-north-peak",
        name="North Peak",
        domain="northpeak.io",
        headcount=240,
        technologies=["AWS"],
        location=Location(country="United States", country_code="US"),
        status="verified",
        founded=2011,
    ),
    {"company_domain": ["northpeak.io"], "company_name": ["north peak"]},
)
SMALL = (AMANDA, BOB, NORTH_PEAK)


def write_work(
    work: Path,
    entities: Iterable[Made] = SMALL,
    changes: Sequence[dict[str, Any]] = (),
    lineage: Sequence[dict[str, Any]] = (),
) -> Path:
    """The Parquet files and weights that ``publish`` reads, for these entities; gives the folder."""
    work.mkdir(parents=True, exist_ok=True)
    made = list(entities)
    people = [one for one in made if isinstance(one.entity, Person)]
    companies = [one for one in made if isinstance(one.entity, Company)]
    _write(
        work / "people.parquet",
        [_row(one) | {"company_id": one.company_id} for one in people],
        _columns(Person, "company_id"),
    )
    _write(work / "companies.parquet", [_row(one) for one in companies], _columns(Company))
    features = [{"id": one.entity.id, **one.features} for one in people]
    feature_types = {"id": pl.String(), **{name: PERSON_SCHEMA[name] for name in FEATURES}}
    _write(work / "people_features.parquet", features, feature_types)
    listed = [
        {"kind": kind, "key": key, "id": one.entity.id, "records": 1}
        for one in made
        for kind, keys in one.identifiers.items()
        for key in keys
    ]
    _write(work / "identifiers.parquet", listed, _IDENTIFIERS)
    _write(work / "lineage.parquet", lineage, _LINEAGE)
    _write(work / "employers.parquet", [], _EMPLOYERS)
    _write(work / "rejects.parquet", [], _REJECTS)
    _write(work / "id_changes.parquet", changes, CHANGES)
    weights = {
        "people": shipped_weights(PEOPLE, records=len(people)),
        "companies": shipped_weights(COMPANIES),
    }
    (work / "weights.json").write_bytes(msgspec.json.encode(weights))
    return work


def every_key(entities: Iterable[Made] = SMALL) -> dict[str, dict[str, list[str]]]:
    """By kind: which ids each key leads to, as the dataset must answer."""
    found: dict[str, dict[str, list[str]]] = {kind: {} for kind in KINDS}
    for one in entities:
        for kind, keys in one.identifiers.items():
            for key in keys:
                found[kind][key] = sorted({*found[kind].get(key, []), one.entity.id})
    return found


def _write(path: Path, rows: Sequence[dict[str, Any]], schema: dict[str, pl.DataType]) -> None:
    """A Parquet file with these rows."""
    pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema).write_parquet(
        path
    )


def _row(one: Made) -> dict[str, Any]:
    """A golden record as a row."""
    row: dict[str, Any] = msgspec.to_builtins(one.entity, builtin_types=(dt.date,))
    return row


def _columns(struct: type[msgspec.Struct], *more: str) -> dict[str, pl.DataType]:
    """The columns of a golden record's table."""
    names = [*(field.name for field in msgspec.structs.fields(struct)), *more]
    return {name: _OTHER.get(name, pl.String()) for name in names}

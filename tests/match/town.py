"""A small town of invented people for matching: made from raw records by the package's own normalization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadspro_engine.dataset import Dataset, publish
from leadspro_engine.dataset.tables import FEATURES
from leadspro_engine.normalize import email, record
from leadspro_engine.records import Company, EmailEntry, Location, Person, PhoneEntry
from tests.dataset.made import NOW, Made, write_work

if TYPE_CHECKING:
    from pathlib import Path


def person(ident: str, company_id: str | None = None, **raw: Any) -> Made:
    """A person with one source record; roles that hold one value may hold a list only in LIST_ROLES."""
    values = record.person_values(raw)
    golden = Person(
        id=ident,
        full_name=values["full_name"],
        first_name=values["given_name"],
        last_name=values["family_name"],
        job_title=values["title"],
        emails=[
            EmailEntry(one, email.kind(parsed)) for one in values["emails"] if (parsed := email.parse(one))
        ],
        phones=[PhoneEntry(one, "other") for one in values["phones"]],
        linkedin=values["linkedin"],
        location=Location(city=values["city"], country_code=values["country"]),
    )
    features = {name: values[name] for name in FEATURES if values[name] not in (None, [])}
    return Made(golden, _identifiers(values), company_id, features)


def company(ident: str, name: str, domain: str) -> Made:
    """A company."""
    values = record.company_values({"company": name, "domain": domain})
    keys = {"company_domain": values["domains"], "company_name": [values["name_key"]]}
    return Made(Company(id=ident, name=name, domain=domain), keys)


def _identifiers(values: dict[str, Any]) -> dict[str, list[str]]:
    """The identifier keys of one record, as resolve writes them."""
    name = f"{values['given_key']} {values['family_key']}"
    return {
        "email": values["email_keys"],
        "email_sha256": [email.sha256(one) for one in values["emails"]],
        "email_md5": [email.md5(one) for one in values["emails"]],
        "phone": values["phones"],
        "linkedin": [values["linkedin"]] if values["linkedin"] else [],
        "name_domain": [f"{name}|{domain}" for domain in values["domains"]],
        "name_company": [f"{name}|{key}" for key in values["company_keys"]],
    }


SWITCHBOARD = "+1 415 555 0199"

_GIVEN = ("Ada", "Ben", "Chloe", "Dmitri", "Eve", "Farid", "Grace", "Hugo", "Ines", "Jun")
_FAMILY = ("Adler", "Berg", "Costa", "Dubois", "Evans", "Fischer", "Garcia", "Hansen", "Ito", "Jansen")
_EXTRAS = tuple(
    person(f"extra-{one}-{two}", full_name=f"{one} {two}", email=[f"{one}.{two}@example{number}.org"])
    for number, one in enumerate(_GIVEN)
    for two in _FAMILY
)

TOWN = (
    person(
        "amanda",
        "north-peak",
        full_name="Amanda Reyes",
        email=["amanda@northpeak.io"],
        phone=["+1 415 555 0107", SWITCHBOARD],
        company="North Peak",
        title="VP of Revenue Operations",
        city="Denver",
        country="US",
    ),
    person(
        "mark",
        "north-peak",
        full_name="Mark Chen",
        email=["mark@northpeak.io", "info@northpeak.io"],
        phone=[SWITCHBOARD],
        company="North Peak",
        title="Account Executive",
        country="US",
    ),
    person(
        "rob",
        "north-peak",
        full_name="Robert Silva",
        email=["rsilva@northpeak.io"],
        phone=[SWITCHBOARD],
        company="North Peak",
        country="US",
    ),
    person(
        "priya",
        "lumen",
        full_name="Priya Shah",
        linkedin="priya-shah-growth",
        email=["priya.shah@gmail.com"],
        company="Lumen Labs",
        title="Head of Growth",
        country="GB",
    ),
    person(
        "john-one", "lumen", full_name="John Smith", email=["john.smith@lumenlabs.com"], company="Lumen Labs"
    ),
    person(
        "john-two",
        "lumen",
        full_name="John Smith",
        email=["jsmith2@lumenlabs.com"],
        company="Lumen Labs",
        city="Leeds",
        country="GB",
    ),
    person("jose", "lumen", full_name="José Núñez", email=["jose@lumenlabs.com"], company="Lumen Labs"),
    *_EXTRAS,
    company("north-peak", "North Peak", "northpeak.io"),
    company("lumen", "Lumen Labs", "lumenlabs.com"),
)
"""107 people: three at a company with a switchboard, two namesakes at one company, and a hundred others."""


def open_town(folder: Path) -> Dataset:
    """The town as an open snapshot."""
    publish(folder, write_work(folder / "work", TOWN), {}, now=NOW)
    return Dataset.open(folder)

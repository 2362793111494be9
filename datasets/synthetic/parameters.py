"""The frozen parameters of the synthetic data: how people and files are made, and how values suffer.

They were fixed and published (README.md, held equal to this file by a test) before any resolving was tuned on
the data. A change of a number makes another data set: raise ``VERSION`` with it and measure everything again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
"""Of the parameters and the method together; stands in ``synthetic.json`` beside the files."""

Share = Annotated[float, Meta(ge=0.0, le=1.0)]


def _because(reason: str) -> Meta:
    """A reason, as it appears in the README."""
    return Meta(description=reason)


class Habit(Struct, frozen=True, kw_only=True):
    """How one kind of file treats a record: a probability for each thing that can happen to it."""

    native: Annotated[Share, _because("name in the script of its culture, where that is not Latin")]
    transliterated: Annotated[
        Share, _because("another romanization (Mohammed, Muhammad), where a rule knows one")
    ]
    nickname: Annotated[Share, _because("the nickname, for a given name that has one")]
    initial: Annotated[Share, _because("only the first letter of the given name")]
    swapped: Annotated[Share, _because("given and family name in each other's column")]
    plain: Annotated[Share, _because("accents dropped")]
    slip: Annotated[Share, _because("one slip of the keyboard in given name, family name, e-mail or company")]
    capitals: Annotated[Share, _because("name and company in capitals, or all lower case")]
    work_email: Annotated[Share, _because("the work address of the job on record")]
    private_email: Annotated[Share, _because("else the private address")]
    role_email: Annotated[Share, _because("else a shared mailbox of the company; else none")]
    own_phone: Annotated[Share, _because("the person's own number, for those who have one")]
    switchboard: Annotated[Share, _because("else the switchboard of the company; else none")]
    national: Annotated[Share, _because("a number in national form, beside a country")]
    profile: Annotated[Share, _because("the profile slug, for those who have one")]
    no_company: Annotated[Share, _because("company missing")]
    no_title: Annotated[Share, _because("title missing")]
    no_city: Annotated[Share, _because("city missing")]


class Parameters(Struct, frozen=True, kw_only=True):
    """Everything that shapes the data besides size and seed."""

    people_per_company: Annotated[
        int, _because("mean; contact files know a few people of most companies")
    ] = 10
    headcount_median: Annotated[
        int, _because("log-normal median of the headcount, the usual shape of firm sizes")
    ] = 40
    headcount_sigma: Annotated[
        float, _because("log-normal sigma; 1 company in 17 has more than 600 heads")
    ] = 1.7
    headcount_most: Annotated[int, _because("cut of the upper tail")] = 100_000
    coverage_exponent: Annotated[
        float, _because("people on file grow as headcount to this power: large firms are covered worse")
    ] = 0.75
    records_of_a_person: Annotated[
        tuple[int, ...],
        _because("weights of 1, 2, 3, 4 records; mean 1.69, 41 % of the records are duplicates"),
    ] = (55, 27, 12, 6)
    sources: Annotated[
        tuple[int, ...], _because("weights of crm, events, vendor, signups for each record")
    ] = (38, 20, 30, 12)
    years: Annotated[int, _because("records were made at any day of so many years before 1 June 2026")] = 4
    given_zipf: Annotated[
        tuple[float, float],
        _because("exponent and offset; fits United States given names at ranks 1, 10 and 100"),
    ] = (1.25, 8.0)
    family_zipf: Annotated[
        tuple[float, float],
        _because("the same for family names of the 2000 census at ranks 1, 10, 100 and 1,000"),
    ] = (0.78, 3.0)
    coined_family: Annotated[
        Share, _because("family names put together from two, for the long tail that no list holds")
    ] = 0.35
    double_family: Annotated[Share, _because("two family names, in Spanish and Portuguese")] = 0.4
    has_phone: Annotated[Share, _because("people with a number of their own")] = 0.75
    has_profile: Annotated[Share, _because("people with a professional profile")] = 0.65
    changed_job: Annotated[
        Share, _because("people who changed company once within the years; older records show the job before")
    ] = 0.25
    given_local: Annotated[
        Share, _because("companies of at most 30 heads whose addresses are the given name alone")
    ] = 0.3
    formatted_email: Annotated[
        Share, _because("addresses in capitals, with a plus tag, with Gmail's dots or under googlemail.com")
    ] = 0.15
    legal_form: Annotated[Share, _because("company written with its legal form")] = 0.3
    shortened_company: Annotated[
        Share, _because("a word of the company's name abbreviated, where it can be")
    ] = 0.15
    shortened_title: Annotated[Share, _because("title abbreviated or in the language of the country")] = 0.3
    listed_company: Annotated[Share, _because("companies in the company list")] = 0.85
    listed_twice: Annotated[Share, _because("of those, in it twice")] = 0.03
    scanned_company: Annotated[Share, _because("companies in the technology list")] = 0.5
    closed_company: Annotated[Share, _because("companies that the list calls inactive")] = 0.06
    crm: Habit = Habit(
        native=0.15, transliterated=0.10, nickname=0.25, initial=0.01, swapped=0.02, plain=0.30,
        slip=0.06, capitals=0.03, work_email=0.66, private_email=0.08, role_email=0.06, own_phone=0.50,
        switchboard=0.30, national=0.45, profile=0.15, no_company=0.02, no_title=0.10, no_city=0.30,
    )  # fmt: skip
    events: Habit = Habit(
        native=0.05, transliterated=0.10, nickname=0.20, initial=0.01, swapped=0.03, plain=0.60,
        slip=0.10, capitals=0.35, work_email=0.62, private_email=0.12, role_email=0.02, own_phone=0.0,
        switchboard=0.0, national=0.0, profile=0.0, no_company=0.02, no_title=0.15, no_city=1.0,
    )  # fmt: skip
    vendor: Habit = Habit(
        native=0.15, transliterated=0.08, nickname=0.10, initial=0.03, swapped=0.01, plain=0.20,
        slip=0.03, capitals=0.02, work_email=0.60, private_email=0.20, role_email=0.03, own_phone=0.45,
        switchboard=0.30, national=0.10, profile=0.55, no_company=0.02, no_title=0.05, no_city=0.10,
    )  # fmt: skip
    signups: Habit = Habit(
        native=0.05, transliterated=0.10, nickname=0.30, initial=0.02, swapped=0.02, plain=0.50,
        slip=0.05, capitals=0.10, work_email=0.70, private_email=0.30, role_email=0.0, own_phone=0.0,
        switchboard=0.0, national=0.0, profile=0.0, no_company=1.0, no_title=1.0, no_city=1.0,
    )  # fmt: skip


PARAMETERS = Parameters()
SOURCES = ("crm", "events", "vendor", "signups")
"""The sources of people, in the order of ``Parameters.sources``."""


def described(parameters: Parameters = PARAMETERS) -> str:
    """Two tables in Markdown: what shapes the data, and the habits of the four kinds of file."""
    rows = ["| parameter | value | why, or what it is |", "| --- | --- | --- |"]
    rows += [
        f"| `{name}` | {_shown(getattr(parameters, name))} | {reason} |"
        for name, reason in _reasons(Parameters).items()
    ]
    rows += ["", f"| what happens to a record | {' | '.join(SOURCES)} |", f"| --- |{' --- |' * len(SOURCES)}"]
    for name, reason in _reasons(Habit).items():
        cells = " | ".join(f"{getattr(getattr(parameters, source), name):.2f}" for source in SOURCES)
        rows.append(f"| `{name}`: {reason} | {cells} |")
    return "\n".join(rows)


def _reasons(struct: type[Struct]) -> Mapping[str, str]:
    """The description of each field of a struct that has one."""
    info = msgspec.inspect.type_info(struct)
    assert isinstance(info, msgspec.inspect.StructType)
    found = {}
    for field in info.fields:
        schema = field.type.extra_json_schema if isinstance(field.type, msgspec.inspect.Metadata) else None
        if schema and "description" in schema:
            found[field.name] = str(schema["description"])
    return found


def _shown(value: object) -> str:
    """A value as the table shows it."""
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else f"{value}"

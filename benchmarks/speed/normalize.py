"""Column forms of the normalizers against one library call a row, and how often their answers differ.

Rows repeat as contact data does: of ``--rows`` rows, ``--distinct`` are distinct. The library is called
once for each of the first ``--sample`` rows. Caches are emptied before each timed call. ``differ`` counts
distinct cells on which the column form and the library (for e-mail and telephone) or the scalar form (for
all) give different answers. For one core, run it with ``POLARS_MAX_THREADS=1``.
"""

from __future__ import annotations

import random
import unicodedata
from functools import partial
from typing import TYPE_CHECKING, Any

import phonenumbers
import polars as pl
import tldextract
from email_validator import EmailNotValidError, validate_email
from msgspec import Struct

from benchmarks.harness import Contender, Row, compared
from leadspro_engine.normalize import domain, email, linkedin, phone, record
from leadspro_engine.normalize.text import clean

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

GIVEN = (
    "amanda",
    "priya",
    "john",
    "mária",
    "li",
    "ahmed",
    "jürgen",
    "sofia",
    "noah",
    "chloé",
    "ivan",
    "yuki",
)
FAMILY = (
    "reyes",
    "shah",
    "smith",
    "nagy",
    "wei",
    "hassan",
    "köhler",
    "rossi",
    "brown",
    "dubois",
    "petrov",
    "sato",
)
PROVIDERS = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "gmx.de", "yahoo.co.uk")
SUFFIXES = ("com", "com", "com", "io", "co.uk", "de", "fr", "com.br", "net", "org", "ai")
REGIONS = (
    "US",
    "US",
    "US",
    "US",
    "GB",
    "GB",
    "DE",
    "FR",
    "CA",
    "IN",
    "BR",
    "AU",
    "ES",
    "IT",
    "NL",
    "JP",
    "MX",
)
ROLES = ("info", "sales", "support", "hr", "accounts.payable")


class Kind(Struct, frozen=True):
    """What is measured of one kind.

    Attributes:
        cells: a distinct cell, or cell and region, from a source of randomness.
        column: the column form, over the columns of a frame of such cells.
        scalar: the scalar form of one such row.
        library: what the named library says of one such row, in the shape of ``answer``.
        answer: the part of a scalar answer that the library gives too; None where they are not to be
        compared.
    """

    cells: Callable[[random.Random], tuple[str, ...]]
    column: Callable[..., pl.Series]
    scalar: Callable[..., Struct | None]
    library: Callable[..., object]
    answer: Callable[[Any], object] | None = None


def options(parser: argparse.ArgumentParser) -> None:
    """How many rows of what kind."""
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of a column")
    parser.add_argument("--distinct", type=float, default=0.3, help="share of the rows that are distinct")
    parser.add_argument("--sample", type=int, default=10_000, help="rows on which the library is timed")
    parser.add_argument("--rounds", type=int, default=3, help="how often each contender is timed")
    parser.add_argument("--kinds", default="email,phone,domain,linkedin,record", help="separated by commas")


def run(options: argparse.Namespace) -> list[Row]:
    """Rows for each kind: the library, the column form, and the number of answers that differ."""
    rows: list[Row] = []
    for name in options.kinds.split(","):
        rows += _record_rows(options) if name == "record" else _kind_rows(name, KINDS[name], options)
    return [{**row, "threads": pl.thread_pool_size()} for row in rows]


def _kind_rows(name: str, kind: Kind, options: argparse.Namespace) -> list[Row]:
    source = random.Random(name)  # noqa: S311  # invented data, seeded
    distinct = list(
        dict.fromkeys(kind.cells(source) for _ in range(int(options.rows * options.distinct * 1.05)))
    )[: int(options.rows * options.distinct)]
    drawn = distinct + source.choices(distinct, k=options.rows - len(distinct))
    source.shuffle(drawn)
    arguments = [pl.Series(cells, dtype=pl.String) for cells in zip(*drawn, strict=True)]
    timed = compared(
        [
            Contender(
                "library, a row at a time",
                [partial(_each, kind.library, drawn[: options.sample])],
                options.sample,
            ),
            Contender("column form", [partial(_cold, kind.column, *arguments)], len(drawn)),
        ],
        baseline="library, a row at a time",
        rounds=options.rounds,
    )
    differ = {"differ from library": None, "differ from scalar": None} | _differences(kind, distinct)
    share = round(len(distinct) / len(drawn), 3)
    return [
        {
            "kind": name,
            "us a row": round(1e6 / float(str(row["items/s"])), 2),
            **row,
            "distinct": share,
            **differ,
        }
        for row in timed
    ]


def _differences(kind: Kind, distinct: Sequence[tuple[str, ...]]) -> Row:
    """On how many distinct cells the column form differs from the library and from the scalar form."""
    arguments = [pl.Series(cells, dtype=pl.String) for cells in zip(*distinct, strict=True)]
    from_column = kind.column(*arguments).to_list()
    scalar = [kind.scalar(*cells) for cells in distinct]
    as_rows = [None if s is None else {f: getattr(s, f) for f in s.__struct_fields__} for s in scalar]
    found: Row = {"differ from scalar": sum(a != b for a, b in zip(from_column, as_rows, strict=True))}
    if kind.answer is not None:
        said = (kind.library(*cells) for cells in distinct)
        answers = (None if s is None else kind.answer(s) for s in scalar)
        found["differ from library"] = sum(a != b for a, b in zip(answers, said, strict=True))
    return found


def _record_rows(options: argparse.Namespace) -> list[Row]:
    """Whole person records: a frame against one call of ``person_values`` a record, every record distinct."""
    source = random.Random("record")  # noqa: S311  # invented data, seeded
    height = max(1, options.rows // 10)
    raw = [_raw_record(source) for _ in range(height)]
    frame = pl.DataFrame(raw, schema={role: record.RAW_SCHEMA[role] for role in raw[0]})
    sample = raw[: options.sample]
    timed = compared(
        [
            Contender(
                "a record at a time",
                [partial(_each, record.person_values, [(r,) for r in sample])],
                len(sample),
            ),
            Contender("column form", [partial(_cold, record.person_columns, frame)], height),
        ],
        baseline="a record at a time",
        rounds=options.rounds,
    )
    return [
        {"kind": "record", "us a row": round(1e6 / float(str(row["items/s"])), 2), **row} for row in timed
    ]


def _raw_record(source: random.Random) -> dict[str, Any]:
    given, family, company = source.choice(GIVEN), source.choice(FAMILY), source.randrange(20_000)
    number, region = _phone_cell(source)
    return {
        "full_name": f"{given} {family}".title(),
        "email": [_ascii(f"{given}.{family}{source.randrange(1000)}@company{company}.com")],
        "phone": [number],
        "linkedin": f"https://www.linkedin.com/in/{given}-{family}-{source.randrange(16**6):x}",
        "company": f"Company {company} Inc.",
        "domain": f"www.company{company}.com",
        "title": source.choice(
            ("VP of Sales", "Software Engineer", "Head of Marketing", "CFO", "Account Manager")
        ),
        "city": source.choice(("San Francisco", "London", "Berlin", "Paris", "Toronto")),
        "country": region,
    }


def _each(call: Callable[..., object], drawn: Sequence[tuple[Any, ...]]) -> None:
    for cells in drawn:
        call(*cells)


def _cold(call: Callable[..., object], *arguments: object) -> None:
    """A call with the caches of hosts empty, as in a process that has seen no data yet."""
    for cached in (domain.judge, domain.placed, email._host):  # noqa: SLF001  # nothing else empties it
        cached.cache_clear()
    call(*arguments)


def _email_cell(source: random.Random) -> tuple[str]:
    host = source.choice(PROVIDERS) if source.random() < 0.3 else _host(source)
    local = f"{source.choice(GIVEN)}.{source.choice(FAMILY)}{source.randrange(10**5)}"
    local = source.choice(ROLES) if source.random() < 0.03 else _ascii(local)
    address = f"{local}@{host}"
    chance = source.random()
    if chance < 0.1:
        return (address.title(),)
    if chance < 0.12:
        return (address.replace("@", source.choice(("", "@@", " at ", "@.", "@-"))),)
    return (address,)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()


def _host(source: random.Random) -> str:
    return f"company{min(int(source.paretovariate(0.5)), 10**6)}.{source.choice(SUFFIXES)}"


def _phone_cell(source: random.Random) -> tuple[str, str]:
    region = source.choice(REGIONS)
    kind = source.choice((phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE))
    example = phonenumbers.example_number_for_type(region, kind)
    assert example is not None
    bare = phonenumbers.national_significant_number(example)
    digits = bare[:-6] + "".join(source.choices("0123456789", k=6))
    number = phonenumbers.PhoneNumber(country_code=example.country_code, national_number=int(digits))
    number.italian_leading_zero = digits.startswith("0")
    form = source.choice((0, 1, 1, 2, 2, 2))
    text = phonenumbers.format_number(number, form)
    chance = source.random()
    if chance < 0.04:
        text += f" x{source.randrange(1, 9999)}"
    elif chance < 0.06:
        text = text[:-1]
    return text, region


def _linkedin_cell(source: random.Random) -> tuple[str]:
    slug = f"{source.choice(GIVEN)}-{source.choice(FAMILY)}-{source.randrange(16**7):x}"
    front = source.choice(
        ("https://www.linkedin.com/in/", "http://linkedin.com/in/", "https://uk.linkedin.com/in/", "in/")
    )
    return (front + slug + source.choice(("", "/", "?trk=x", "/en")),)


def _domain_cell(source: random.Random) -> tuple[str]:
    front = source.choice(("https://www.", "http://", "www.", "", "https://blog."))
    return (
        front
        + _host(source).replace(".", f"{source.randrange(10**4)}.", 1)
        + source.choice(("", "/", "/about")),
    )


def _email_library(cell: str) -> str | None:
    """email-validator's normalized address in lower case."""
    text = clean(cell) or ""
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def _phone_library(cell: str, region: str) -> tuple[object, ...] | None:
    """What phonenumbers says of a cell that holds one number."""
    try:
        number = phonenumbers.parse(cell, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    kind = phonenumbers.PhoneNumberType.to_string(phonenumbers.number_type(number)).lower()
    return (
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        phonenumbers.region_code_for_number(number),
        kind if kind in {"mobile", "fixed_line", "fixed_line_or_mobile", "toll_free", "voip"} else "other",
        number.extension,
    )


_EXTRACT = tldextract.TLDExtract(
    suffix_list_urls=(), fallback_to_snapshot=True, cache_dir=None, include_psl_private_domains=True
)

KINDS = {
    "email": Kind(_email_cell, email.column, email.parse, _email_library, lambda e: e.address),
    "phone": Kind(
        _phone_cell,
        phone.column,
        phone.parse,
        _phone_library,
        lambda p: (p.number, p.region, p.type, p.extension),
    ),
    "domain": Kind(
        _domain_cell,
        domain.column,
        domain.parse,
        lambda cell: _EXTRACT(cell).top_domain_under_public_suffix,
        lambda d: d.registrable,
    ),
    "linkedin": Kind(
        _linkedin_cell, linkedin.column, linkedin.parse, lambda cell: cell.rpartition("/in/")[2]
    ),
}
"""The kinds measured. LinkedIn addresses have no library to compare with: the baseline only cuts the text."""

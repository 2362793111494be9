"""Column forms of the normalizers against one library call a row, and how often their answers differ.

Rows repeat as contact data does: of ``--rows`` rows, ``--distinct`` are distinct (fewer where the synthetic
files hold fewer). The library named for a kind is called once for each of the first ``--sample`` rows; where
there is none, our own scalar form is. Caches are emptied before each timed call. ``differ`` counts the rows,
of all, on which the column form and the library (for e-mail and telephone) or the scalar form (for all kinds)
give different answers. Whole records are also made a part at a time, as a refresh does to bound its memory (a
part repeats itself less than the whole); their library is the sum of the others. Times are of the processor,
over all threads, so that they are those of one core; run it with ``POLARS_MAX_THREADS=1``.
"""

from __future__ import annotations

import random
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import phonenumbers
import polars as pl
import tldextract
from email_validator import EmailNotValidError, validate_email
from msgspec import Struct

from benchmarks.harness import Contender, Row, compared
from benchmarks.speed import _cells
from leadspro_engine.ingest.parts import PART_ROWS
from leadspro_engine.normalize import (
    address,
    company,
    date,
    domain,
    email,
    headcount,
    identifier,
    industry,
    linkedin,
    name_fold,
    name_plain,
    name_tables,
    nickname,
    part_columns,
    part_values,
    phone,
    place,
    place_tables,
    record,
    skill,
    technology,
    title,
)
from leadspro_engine.normalize.text import clean

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence

LIBRARY, SCALAR, COLUMNS = "library, a row at a time", "scalar form, a row at a time", "column form"
IN_PARTS = f"column form, {PART_ROWS:,} rows at a time"


class Kind(Struct, frozen=True):
    """What is measured of one kind.

    Attributes:
        column: the column form, over the columns of a frame of cells.
        scalar: the scalar form of one row of such cells.
        draw: a cell from a source of randomness; None when the cells are of the synthetic files.
        library: what the named library says of one such row, in the shape of ``answer``.
        answer: the part of a scalar answer that the library gives too; None where they are not to be
        compared.
    """

    column: Callable[..., pl.Series]
    scalar: Callable[..., object]
    draw: Callable[[random.Random], _cells.Cell] | None = None
    library: Callable[..., object] | None = None
    answer: Callable[[Any], object] | None = None


def options(parser: argparse.ArgumentParser) -> None:
    """How many rows of what kind."""
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of a column")
    parser.add_argument("--distinct", type=float, default=0.3, help="share of the rows that are distinct")
    parser.add_argument("--sample", type=int, default=10_000, help="rows on which the library is timed")
    parser.add_argument("--rounds", type=int, default=3, help="how often each contender is timed")
    parser.add_argument("--kinds", default=",".join((*KINDS, "record")), help="separated by commas")


def run(options: argparse.Namespace) -> list[Row]:
    """Rows for each kind: the library, the column form, and the number of answers that differ."""
    rows: list[Row] = []
    for kind in options.kinds.split(","):
        rows += _record_rows(options) if kind == "record" else _kind_rows(kind, KINDS[kind], options)
    return [{**row, "threads": pl.thread_pool_size()} for row in rows]


def _kind_rows(called: str, kind: Kind, options: argparse.Namespace) -> list[Row]:
    source = random.Random(called)  # noqa: S311  # invented data, seeded
    count = int(options.rows * options.distinct)
    if kind.draw is None:
        distinct = _cells.synthetic_cells(called, count)
    else:
        distinct = _cells.distinct(kind.draw, count, source)
    places = _drawn(len(distinct), options.rows, source)
    every = [pl.Series(cells, dtype=pl.String).gather(places) for cells in zip(*distinct, strict=True)]
    sample = [distinct[place] for place in places[: options.sample]]
    base = kind.library or kind.scalar
    timed = _timed(
        Contender(LIBRARY if kind.library else SCALAR, [partial(_each, base, sample)], len(sample)),
        Contender(COLUMNS, [partial(_cold, kind.column, *every)], options.rows),
        rounds=options.rounds,
    )
    differ = {"differ from library": None} | _differences(kind, distinct, places, every)
    return [
        {"kind": called, **row, "distinct": round(len(distinct) / options.rows, 3), **differ} for row in timed
    ]


def _drawn(distinct: int, rows: int, source: random.Random) -> list[int]:
    """The place of each row's cells among the distinct ones: each once, the rest drawn."""
    places = [*range(distinct), *source.choices(range(distinct), k=rows - distinct)]
    source.shuffle(places)
    return places


def _timed(baseline: Contender, *ours: Contender, rounds: int) -> list[Row]:
    rows = compared([baseline, *ours], baseline=baseline.name, rounds=rounds, clock=time.process_time)
    return [{"us a row": round(1e6 / float(str(row["items/s"])), 2), **row} for row in rows]


def _differences(
    kind: Kind, distinct: Sequence[_cells.Cell], places: Sequence[int], every: Sequence[pl.Series]
) -> Row:
    """On how many rows the column form differs from the scalar form and from the library."""
    scalar = [kind.scalar(*cells) for cells in distinct]
    from_column = kind.column(*every)
    expected = pl.Series([_plain(answer) for answer in scalar], dtype=from_column.dtype).gather(places)
    found: Row = {"differ from scalar": int(from_column.ne_missing(expected).sum())}
    if kind.answer is not None and kind.library is not None:
        said = (kind.library(*cells) for cells in distinct)
        answers = (None if found is None else kind.answer(found) for found in scalar)
        wrong = pl.Series([one != other for one, other in zip(answers, said, strict=True)])
        found["differ from library"] = int(wrong.gather(places).sum())
    return found


def _plain(answer: object) -> object:
    """A scalar answer as a cell of a column."""
    if isinstance(answer, Struct):
        return {field: getattr(answer, field) for field in answer.__struct_fields__}
    return answer


def _record_rows(options: argparse.Namespace) -> list[Row]:
    """Whole person records, at once and part by part, against the sum of the libraries on them."""
    source = random.Random("record")  # noqa: S311  # invented data, seeded
    distinct = _cells.people_records(int(options.rows * options.distinct))
    places = _drawn(distinct.height, options.rows, source)
    every = distinct[places]
    sample = every.head(options.sample).to_dicts()
    timed = _timed(
        Contender(LIBRARY, [partial(_each, _record_library, [(row,) for row in sample])], len(sample)),
        Contender(COLUMNS, [partial(_cold, record.person_columns, every)], every.height),
        Contender(IN_PARTS, [partial(_cold, _in_parts, every)], every.height),
        rounds=options.rounds,
    )
    differ = {"differ from library": None, "differ from scalar": _records_that_differ(distinct)}
    share = round(distinct.height / every.height, 3)
    return [{"kind": "record", **row, "distinct": share, **differ} for row in timed]


def _in_parts(frame: pl.DataFrame) -> None:
    for part in frame.iter_slices(PART_ROWS):
        record.person_columns(part)


def _records_that_differ(distinct: pl.DataFrame) -> int:
    """On how many distinct records the column form differs from ``person_values``."""
    differing = 0
    for part in distinct.iter_slices(PART_ROWS):
        found = record.person_columns(part)
        scalar = [record.person_values(row) for row in part.iter_rows(named=True)]
        expected = pl.DataFrame(scalar, schema={name: record.PERSON_SCHEMA[name] for name in scalar[0]})
        unequal = pl.any_horizontal(
            found.get_column(name).ne_missing(column)
            for name, column in zip(expected.columns, expected, strict=True)
        )
        differing += int(pl.select(unequal).to_series().sum())
    return differing


def _each(call: Callable[..., object], drawn: Sequence[tuple[Any, ...]]) -> None:
    for cells in drawn:
        call(*cells)


def _cold(call: Callable[..., object], *arguments: object) -> None:
    """A call with the caches of values empty, as in a process that has seen no data yet."""
    for cached in _CACHES:
        cached.cache_clear()
    call(*arguments)


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


def _record_library(row: Mapping[str, Any]) -> None:
    """The libraries called for the fields that a record has; none reads LinkedIn, titles or places."""
    for cell in row["email"] or ():
        _email_library(cell)
    for cell in row["phone"] or ():
        _phone_library(cell, place.country(row["country"]) or "US")
    full = row["full_name"] or " ".join(filter(None, (row["given_name"], row["family_name"])))
    if full:
        _name_library(full)
    if row["company"]:
        _company_library(row["company"])
    if row["domain"]:
        _domain_library(row["domain"])


def _name_library(cell: str) -> str:
    """The names that nameparser finds, as a key."""
    from nameparser import HumanName  # only this benchmark needs it; the list of all does without

    found = HumanName(cell)
    return f"{found.first} {found.middle} {found.last}".lower()


def _company_library(cell: str) -> str:
    """The company's name as cleanco leaves it."""
    from cleanco import basename

    return str(basename(cell))


_EXTRACT = tldextract.TLDExtract(
    suffix_list_urls=(), fallback_to_snapshot=True, cache_dir=None, include_psl_private_domains=True
)


def _domain_library(cell: str) -> str:
    return _EXTRACT(cell).top_domain_under_public_suffix


def _names(cells: pl.Series) -> pl.Series:
    """Names parsed, with their keys: what a record has of a whole name."""
    nothing = pl.repeat(None, len(cells), dtype=pl.String(), eager=True)
    around = [nothing.alias(part) for part in ("prefix", "given", "middle", "family", "suffix")]
    return part_columns.name_columns(pl.DataFrame([cells.alias("full"), *around])).to_struct("name")


KINDS = {
    "email": Kind(email.column, email.parse, _cells.email_cell, _email_library, lambda e: e.address),
    "phone": Kind(
        phone.column, phone.parse, _cells.phone_cell, _phone_library,
        lambda p: (p.number, p.region, p.type, p.extension),
    ),
    "name": Kind(
        _names, lambda cell: part_values.names(cell, *(None,) * 5), None, _name_library
    ),
    "company": Kind(company.column, company.parse, None, _company_library),
    "domain": Kind(domain.column, domain.parse, _cells.domain_cell, _domain_library, lambda d: d.registrable),
    "linkedin": Kind(linkedin.column, linkedin.parse, _cells.linkedin_cell),
    "title": Kind(title.column, title.parse, _cells.title_cell),
    "place": Kind(place.column, place.parse),
    "address": Kind(address.column, address.parse),
    "industry": Kind(industry.column, industry.parse),
    "headcount": Kind(headcount.column, headcount.parse),
    "date": Kind(date.column, date.parse),
    "identifier": Kind(identifier.column, identifier.parse),
    "technology": Kind(technology.column, technology.parse),
    "skill": Kind(skill.column, skill.parse),
}  # fmt: skip
"""The kinds measured; those without a library are timed against our own scalar form."""

_CACHES: tuple[Any, ...] = (
    domain.judge,
    domain.placed,
    email._host,  # noqa: SLF001  # nothing else empties it
    company._parsed,  # noqa: SLF001  # nothing else empties it
    name_fold.fold_word,
    name_plain.cell_of_words,
    name_tables.bare,
    name_tables.roles,
    nickname.variants,
    place_tables.cities,
)
"""What remembers values that were met, as against tables that were read."""

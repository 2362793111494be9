"""The source files: their columns, how they are written, and the declaration that reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from datasets.places import countries
from datasets.synthetic.companies import company_ids
from datasets.synthetic.dice import Dice, gathered, scrambled
from datasets.synthetic.tables import CULTURES, short_company
from datasets.synthetic.telephones import written

if TYPE_CHECKING:
    from pathlib import Path

    from datasets.synthetic.parameters import Parameters

Format = Literal["parquet", "csv"]
_TODAY = 20_605
"""1 June 2026 as days since 1970: the day of the export."""
_MOST_IDS = 10**9
_ROWS = 131_072
"""Rows of a row group; fixed, so that the bytes do not depend on the number of threads."""


def person_file(source: str, records: pl.DataFrame) -> pl.DataFrame:
    """The records of one source as its file shows them, sorted by their own id, the first column."""
    number = scrambled(pl.col("record"), _MOST_IDS, 3).cast(pl.String).str.zfill(9)
    day = (_TODAY - pl.col("day").cast(pl.Int32)).cast(pl.Date)
    listed = records.lazy().with_columns(
        pl.concat_str(pl.lit(_PREFIXES[source]), number).alias("own_id"), day.alias("seen")
    )
    return listed.select(*_columns(source), "person", "company").collect().sort(pl.nth(0))


_PREFIXES = {
    "crm": "C",
    "events": "B-",
    "vendor": "vp_",
    "signups": "S",
    "companies": "A-",
    "technologies": "T",
}


_FAMILY_FIRST = [place for place, culture in enumerate(CULTURES) if culture in {"zh", "ja"}]


def _columns(source: str) -> list[pl.Expr]:
    """The columns of a source of people, under the names that it gives them."""
    col, iso = pl.col, pl.col("seen").dt.to_string("%Y-%m-%d")
    listed = pl.concat_str("family", pl.lit(", "), "given")
    in_full = pl.concat_str("given", pl.lit(" "), "family")
    eastern = pl.col("native") & pl.col("culture").is_in(_FAMILY_FIRST)
    one_cell = pl.when(eastern).then(pl.concat_str("family", "given"))
    turned = pl.col("native") | (pl.col("record") % 3 == 0)
    layouts: dict[str, dict[str, pl.Expr]] = {
        "crm": {
            "Contact ID": col("own_id"), "First Name": col("given"), "Last Name": col("family"),
            "Job Title": col("title"), "Account Name": col("employer"), "Work Email": col("email"),
            "Phone": col("phone"), "City": col("city"), "State/Province": col("region"),
            "Country": col("country_name"), "LinkedIn Profile": col("linkedin"), "Last Modified": iso,
        },
        "events": {
            "Badge No": col("own_id"),
            "Attendee": one_cell.when(turned).then(in_full).otherwise(listed),
            "Organisation": col("employer"), "Role": col("title"), "E-mail": col("email"),
            "Country": col("country_name"), "Scanned at": col("seen").dt.to_string("%d.%m.%Y"),
        },
        "vendor": {
            "id": col("own_id"), "first_name": col("given"), "last_name": col("family"),
            "title": col("title"), "company_name": col("employer"),
            "company_domain": pl.when(col("record") % 5 > 0).then("domain"), "email": col("email"),
            "phone": col("phone"), "linkedin": pl.concat_str(pl.lit("linkedin.com/in/"), "linkedin"),
            "city": col("city"), "country": col("country_name"), "updated": iso,
        },
        "signups": {
            "id": col("own_id"), "email": col("email"), "name": one_cell.otherwise(in_full), "signed_up": iso,
        },
    }  # fmt: skip
    return [expression.alias(name) for name, expression in layouts[source].items()]


def company_list(companies: pl.DataFrame, seed: int, parameters: Parameters) -> pl.DataFrame:
    """The company list: some companies missing, a few twice; the last column is the truth."""
    dice, row = Dice(seed, "company"), Dice(seed, "row")
    copies = 1 + dice.chance("listed twice", parameters.listed_twice).cast(pl.Int64)
    frame = companies.filter(dice.chance("listed", parameters.listed_company))
    frame = frame.with_columns(pl.int_ranges(copies).alias("copy")).explode("copy")
    frame = frame.with_columns((pl.col("company") * 2 + pl.col("copy").cast(pl.UInt64)).alias("row"))
    frame = frame.with_columns(row.shaken())
    form = row.fraction("form of company")
    full = pl.concat_str("name", pl.lit(" "), "legal_form")
    name = (
        pl.when(form < 0.5).then(full).when(form < 0.65).then(short_company(pl.col("name"))).otherwise("name")
    )
    national = row.chance("national", 0.4)
    country = pl.col("country")
    office = written(row, "form", pl.col("office"), country, national=national)
    number = scrambled(pl.col("row"), _MOST_IDS, 3).cast(pl.String).str.zfill(9)
    profile = pl.concat_str(pl.lit("linkedin.com/company/"), "linkedin")
    return frame.select(
        pl.concat_str(pl.lit("A-"), number).alias("Company ID"),
        name.alias("Company Name"),
        pl.when(row.chance("domain", 0.9)).then("domain").alias("Domain"),
        pl.when(row.chance("industry", 0.9)).then("industry").alias("Industry"),
        pl.col("headcount").cast(pl.String).alias("Employees"),
        pl.when(row.chance("street", 0.7)).then("street").alias("Street"),
        pl.col("city").alias("City"),
        pl.col("region").alias("State"),
        gathered([found.name for found in countries()], country).alias("Country"),
        pl.when(row.chance("phone", 0.8)).then(office).alias("Phone"),
        pl.when(row.chance("profile", 0.6)).then(profile).alias("LinkedIn"),
        pl.when(row.chance("founded", 0.8)).then(pl.col("founded").cast(pl.String)).alias("Founded"),
        pl.when("closed").then(pl.lit("Inactive")).otherwise(pl.lit("Active")).alias("Status"),
        "company",
    ).sort("Company ID")  # fmt: skip


def technology_list(companies: pl.DataFrame, seed: int, parameters: Parameters) -> pl.DataFrame:
    """The technology list: one row a company that was scanned; the last column is the truth."""
    dice = Dice(seed, "company")
    key = scrambled(pl.col("company"), _MOST_IDS, 2).cast(pl.String).str.zfill(9)
    return companies.filter(dice.chance("scanned", parameters.scanned_company)).select(
        pl.concat_str(pl.lit("T"), key).alias("Scan"),
        pl.col("name").alias("Company"),
        pl.concat_str(pl.lit("https://"), "domain").alias("Website"),
        pl.col("technologies").alias("Technologies"),
        "company",
    ).sort("Scan")  # fmt: skip


def write(frame: pl.DataFrame, path: Path, kind: Format) -> None:
    """Write the frame to ``path`` plus the ending of the format; the same frame gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "parquet":
        frame.rechunk().write_parquet(
            path.with_suffix(".parquet"), compression="zstd", compression_level=1, row_group_size=_ROWS
        )
    else:
        frame.write_csv(path.with_suffix(".csv"))


def truth_of_people(source: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Which record is whom and names which employer: ``record_id, person_id, company_id``."""
    return frame.select(
        pl.concat_str(pl.lit(f"{source}:"), pl.nth(0)).alias("record_id"),
        pl.concat_str(
            pl.lit("p"), scrambled(pl.col("person"), _MOST_IDS, 1).cast(pl.String).str.zfill(9)
        ).alias("person_id"),
        company_ids(pl.col("company")).alias("company_id"),
    )


def truth_of_companies(source: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Which record is which company: ``record_id, company_id``."""
    return frame.select(
        pl.concat_str(pl.lit(f"{source}:"), pl.nth(0)).alias("record_id"),
        company_ids(pl.col("company")).alias("company_id"),
    )


def declaration(kind: Format) -> str:
    """The text of ``sources.toml``: where the files are and what their columns are."""
    return "\n".join(_source(name, kind) for name in _DECLARED)


_DECLARED: dict[str, tuple[str, float, dict[str, str]]] = {
    "crm": ("person", 0.8, {
        "Contact ID": "source_record_id", "First Name": "given_name", "Last Name": "family_name",
        "Job Title": "title", "Account Name": "company", "Work Email": "email", "Phone": "phone",
        "City": "city", "State/Province": "region", "Country": "country", "LinkedIn Profile": "linkedin",
        "Last Modified": "observed_at",
    }),
    "events": ("person", 0.4, {
        "Badge No": "source_record_id", "Attendee": "full_name", "Organisation": "company", "Role": "title",
        "E-mail": "email", "Country": "country", "Scanned at": "observed_at",
    }),
    "vendor": ("person", 0.6, {
        "id": "source_record_id", "first_name": "given_name", "last_name": "family_name",
        "title": "title", "company_name": "company", "company_domain": "domain", "email": "email",
        "phone": "phone", "linkedin": "linkedin", "city": "city", "country": "country",
        "updated": "observed_at",
    }),
    "signups": ("person", 0.3, {
        "id": "source_record_id", "email": "email", "name": "full_name", "signed_up": "observed_at",
    }),
    "companies": ("company", 0.7, {
        "Company ID": "source_record_id", "Company Name": "company", "Domain": "domain",
        "Industry": "industry", "Employees": "headcount", "Street": "address", "City": "city",
        "State": "region", "Country": "country", "Phone": "phone", "LinkedIn": "company_linkedin",
        "Founded": "founded", "Status": "company_status",
    }),
    "technologies": ("company", 0.5, {
        "Scan": "source_record_id", "Company": "company", "Website": "domain", "Technologies": "technology",
    }),
}  # fmt: skip
"""By source: what its records are, how far it is trusted, and the role of each column."""


def _source(name: str, kind: Format) -> str:
    """The declaration of one source."""
    record, trust, roles = _DECLARED[name]
    dated = "" if record == "person" else "observed_at = 2026-06-01\n"
    columns = "\n".join(f'"{column}" = "{role}"' for column, role in roles.items())
    place = f'name = "{name}"\npath = "{name}/*.{kind}"\nrecord = "{record}"\ntrust = {trust}\n{dated}'
    return f"[[source]]\n{place}\n[source.columns]\n{columns}\n"

"""The people of a stretch of companies, and the records that files have of them.

People are numbered company by company, so that the people of one company are always made together and their
addresses can be kept apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

from datasets.places import countries
from datasets.synthetic.dice import Dice, gathered, scrambled
from datasets.synthetic.tables import (
    CULTURES,
    country_lists,
    culture_places,
    family_names,
    given_names,
    pool_of,
    title_table,
)
from datasets.synthetic.telephones import national_number

if TYPE_CHECKING:
    from datasets.synthetic.parameters import Parameters

_ENDINGS = {
    "de": ["mann", "er", "bach", "berg", "hauer", "feld", "meier", "hoff", "stein", "brecht"],
    "en": [
        "son", "ley", "worth", "field", "ham", "ing", "ford", "well", "wood", "man", "ton", "by", "wick",
        "land", "brook", "dale", "croft", "hurst", "bury", "shaw", "gate",
    ],
    "es": ["ez", "ero", "eda", "al", "ares", "ano", "ino", "ado", "illo", "uela"],
    "fr": ["ard", "eau", "ier", "in", "ot", "on", "et", "mont", "ville", "el"],
    "in": ["kar", "wala", "ani", "ia", "pal", "nath", "esh", "raj", "an", "das"],
    "it": ["elli", "ini", "ati", "ucci", "oni", "etti", "ano", "ese", "aro", "one"],
    "nl": ["stra", "sma", "huis", "man", "ers", "veld", "kamp", "ink", "dijk", "berg"],
    "pl": ["czak", "arek", "owicz", "ek", "ik", "iak", "as", "uk", "un", "al"],
    "pt": ["eira", "inho", "ado", "al", "elo", "osa", "ande", "aes", "im", "ares"],
    "se": ["sson", "ström", "berg", "gren", "lund", "qvist", "dahl", "stedt", "fors", "vall"],
}  # fmt: skip
"""Endings of family names, for the cultures that write Latin letters."""

_PROVIDERS = ("gmail.com",) * 6 + (
    "outlook.com",
    "hotmail.com",
    "yahoo.com",
    "icloud.com",
    "proton.me",
    "aol.com",
)
_LATIN = [place for place, culture in enumerate(CULTURES) if culture in _ENDINGS]
_DOUBLE = [place for place, culture in enumerate(CULTURES) if culture in {"es", "pt"}]


class Firms(Struct, frozen=True):
    """All companies, with those of each country side by side, so that one can be drawn from a country."""

    frame: pl.DataFrame
    by_country: pl.Series  # places of companies, country by country
    first: pl.Series  # where those of a country begin
    size: pl.Series


def firms_of(frame: pl.DataFrame) -> Firms:
    """The companies, ready to draw from."""
    sizes = dict(frame["country"].value_counts().iter_rows())
    size = pl.Series([sizes.get(place, 0) for place in range(len(countries()))], dtype=pl.UInt64)
    return Firms(frame, frame.sort("country", "company")["company"], size.cum_sum() - size, size)


def people(firms: Firms, stretch: pl.DataFrame, seed: int, parameters: Parameters) -> pl.DataFrame:
    """The people of a stretch of companies, one row each, without any slip or gap.

    Columns: ``person`` (0, 1, …), ``company`` and ``earlier_company`` (null for who never changed),
    ``changed`` (days before the export), ``country``; ``given``, ``family`` (Latin),
    ``given_place`` and ``family_place`` in the name tables,
    ``nickname``; ``title`` and ``earlier_title`` (places), ``culture``; ``email``, ``earlier_email``,
    ``private_email``, ``phone`` (national), ``linkedin``, ``city``, ``region``.
    """
    staffed = stretch.filter(pl.col("people") > 0)
    first = int(staffed["first_person"][0])
    number = pl.int_range(first, first + pl.len(), dtype=pl.UInt64).alias("person")
    employer = pl.col("company", "country", "pattern", "domain", "city", "region")
    frame = staffed.lazy().select(employer.repeat_by("people").explode()).with_columns(number)
    dice = Dice(seed, "person")
    frame = frame.with_columns(dice.shaken())
    frame = _named(frame, dice, parameters)
    frame = _employed(frame, dice, firms, parameters)
    return (
        _reachable(frame, dice, firms, parameters)
        .select(*COLUMNS, dice.weighted("records", parameters.records_of_a_person).alias("more_records"))
        .collect()
    )


COLUMNS = (
    "person", "company", "earlier_company", "changed", "country", "culture", "given", "family",
    "given_place",
    "family_place", "nickname", "title", "earlier_title", "email", "earlier_email", "private_email",
    "phone", "linkedin",
    "city", "region",
)  # fmt: skip


def _named(frame: pl.LazyFrame, dice: Dice, parameters: Parameters) -> pl.LazyFrame:
    """The frame with culture, names, and the letters of the names for addresses."""
    given, family = given_names(parameters.given_zipf), family_names(parameters.family_zipf)
    culture = gathered(
        culture_places(), country_lists()["culture"].one_of(dice, "culture", pl.col("country"))
    )
    frame = frame.with_columns(
        culture.alias("culture"), dice.below("gender", 2).cast(pl.UInt32).alias("gender")
    )
    pool = pool_of(pl.col("culture"), pl.col("gender"))
    frame = frame.with_columns(
        given.drawn(dice, "given", pool).alias("given_place"),
        family.drawn(dice, "family", pool).alias("family_place"),
        gathered(family.latin, family.drawn(dice, "second family", pool)).alias("second"),
        _ending(dice, parameters).alias("ending"),
    )
    place, nicknames = pl.col("given_place"), given.nickname_count
    one = gathered(given.first_nickname, place) + dice.below("nickname", gathered(nicknames, place).clip(1))
    frame = frame.with_columns(
        gathered(given.latin, place).alias("given"),
        gathered(given.letters, place).alias("given_letters"),
        pl.when(gathered(nicknames, place) > 0).then(gathered(given.nicknames, one)).alias("nickname"),
        _lengthened(family.latin, family.stem).alias("family"),
        _lengthened(family.letters, family.stem_letters).alias("family_letters"),
    )
    double = pl.col("culture").is_in(_DOUBLE) & dice.chance("double family", parameters.double_family)
    both = pl.concat_str("family", pl.lit(" "), "second")
    return frame.with_columns(pl.when(double).then(both).otherwise("family").alias("family"))


def _ending(dice: Dice, parameters: Parameters) -> pl.Expr:
    """The ending of a coined family name, null for who bears one of the list."""
    endings = [_ENDINGS.get(culture, [""]) for culture in CULTURES]
    flat = pl.Series([ending for part in endings for ending in part])
    size = pl.Series([len(part) for part in endings], dtype=pl.UInt64)
    culture = pl.col("culture")
    drawn = gathered(
        flat, gathered(size.cum_sum() - size, culture) + dice.below("ending", gathered(size, culture))
    )
    coined = culture.is_in(_LATIN) & dice.chance("coined family", parameters.coined_family)
    return pl.when(coined).then(drawn)


def _lengthened(whole: pl.Series, stem: pl.Series) -> pl.Expr:
    """The stem with the ending, where there are both, else the whole name."""
    place = pl.col("family_place")
    return pl.coalesce(pl.concat_str(gathered(stem, place), "ending"), gathered(whole, place))


def _employed(frame: pl.LazyFrame, dice: Dice, firms: Firms, parameters: Parameters) -> pl.LazyFrame:
    """The frame with titles, work address, and for some the job before with its own address."""
    country, weights = pl.col("country"), title_table().weights
    drawn = gathered(firms.first, country) + dice.below("earlier company", gathered(firms.size, country))
    before = gathered(firms.by_country, drawn)
    changed = dice.chance("changed job", parameters.changed_job) & (before != pl.col("company"))
    frame = frame.with_columns(
        dice.weighted("title", weights).alias("title"),
        dice.weighted("earlier title", weights).alias("earlier_title"),
        dice.below("changed", 365 * parameters.years).alias("changed"),
        pl.when(changed).then(before).alias("earlier_company"),
        _local().alias("local"),
    )
    rank = pl.int_range(pl.len(), dtype=pl.UInt32).over("company", "local")
    number = pl.when(rank > 0).then((rank + 1).cast(pl.String)).otherwise(pl.lit(""))
    past = gathered(firms.frame["domain"], pl.col("earlier_company"))
    initial = pl.col("given_letters").str.slice(0, 1)
    code = scrambled(pl.col("person"), 10**4, 5).cast(pl.String)
    return frame.with_columns(
        pl.concat_str("local", number, pl.lit("@"), "domain").alias("email"),
        pl.concat_str(initial, "family_letters", code, pl.lit("@"), past).alias("earlier_email"),
    )


def _local() -> pl.Expr:
    """The local part of the work address, by the company's pattern."""
    given, family, pattern = pl.col("given_letters"), pl.col("family_letters"), pl.col("pattern")
    start = pl.when(pattern == 4).then(family).when(pattern == 2).then(given.str.slice(0, 1)).otherwise(given)
    middle = (
        pl.when(pattern.is_in([0, 1, 4]))
        .then(pl.lit("."))
        .when(pattern == 3)
        .then(pl.lit("_"))
        .otherwise(pl.lit(""))
    )
    end = (
        pl.when(pattern == 4).then(given)
        .when(pattern == 5).then(family.str.slice(0, 1))
        .when(pattern == 6).then(pl.lit(""))
        .otherwise(family)
    )  # fmt: skip
    return pl.concat_str(start, middle, end)


def _reachable(frame: pl.LazyFrame, dice: Dice, firms: Firms, parameters: Parameters) -> pl.LazyFrame:
    """The frame with private address, own number, profile slug and place."""
    total = int(firms.frame["people"].sum())
    enough = 10 ** max(3, len(str(total)))
    private, slug = (scrambled(pl.col("person"), enough, use).cast(pl.String) for use in (2, 4))
    elsewhere = country_lists()["city"].one_of(dice, "city", pl.col("country"))
    moved = dice.chance("elsewhere", 0.2)
    cities, regions = country_lists()["city"].values, country_lists()["region"].values
    dot, dash = pl.lit("."), pl.lit("-")
    return frame.with_columns(
        pl.concat_str(
            "given_letters", dot, "family_letters", private, pl.lit("@"), dice.one_of("provider", _PROVIDERS)
        ).alias("private_email"),
        pl.when(dice.chance("has phone", parameters.has_phone))
        .then(national_number(pl.col("person"), pl.col("country"), "direct"))
        .alias("phone"),
        pl.when(dice.chance("has profile", parameters.has_profile))
        .then(pl.concat_str("given_letters", dash, "family_letters", dash, slug))
        .alias("linkedin"),
        pl.when(moved).then(gathered(cities, elsewhere)).otherwise("city").alias("city"),
        pl.when(moved)
        .then(gathered(regions, elsewhere).replace("", None))
        .otherwise("region")
        .alias("region"),
    )

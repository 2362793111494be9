"""All companies of a data set, in memory at once: one row each, about 400 bytes."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import polars as pl

from datasets import words
from datasets.names import ascii_fold
from datasets.places import countries
from datasets.synthetic.dice import Dice, gathered, scrambled
from datasets.synthetic.tables import country_lists, culture_places, family_names, pool_of
from datasets.synthetic.telephones import national_number

if TYPE_CHECKING:
    from datasets.synthetic.parameters import Parameters

_QUANTILES = 4096
_SYLLABLES = (
    "ba", "bel", "cor", "da", "den", "dri", "el", "en", "fa", "fi", "gen", "gra", "ha", "in", "ka",
    "ki", "la", "len", "li", "lo", "lu", "ma", "mer", "mi", "mo", "na", "ne", "no", "or", "pa", "pri",
    "qua", "ra", "ri", "ro", "sa", "sen", "so", "sta", "ta", "ti", "to", "tra", "tu", "ul", "va", "ven",
    "vi", "vo", "xa", "xi", "ya", "yo", "za", "zen", "zo",
)  # fmt: skip
_INDUSTRY_WORDS = [(industry.name, word) for industry in words.INDUSTRIES for word in industry.words]
_TECHNOLOGIES_MOST = 5


def companies(count: int, people: int, seed: int, parameters: Parameters) -> pl.DataFrame:
    """The companies, in the order in which their people are numbered.

    Columns: ``company`` (0, 1, …), ``country`` (place in ``countries()``), ``industry``, ``name``,
    ``legal_form``, ``domain`` (unique), ``street``, ``city``, ``region``, ``office`` (national number),
    ``linkedin`` (unique), ``headcount``, ``founded``, ``closed``, ``technologies``, ``pattern`` of the
    addresses (0 to 6, the last the given name alone), ``people`` (how many are on file, ``people`` in all),
    ``first_person``.
    """
    dice = Dice(seed, "company")
    numbered = pl.LazyFrame({"company": pl.int_range(count, dtype=pl.UInt64, eager=True)})
    frame = _placed(numbered.with_columns(dice.shaken()), dice)
    frame = frame.with_columns(
        gathered(_headcounts(parameters), dice.below("headcount", _QUANTILES)).alias("headcount"),
        _name(dice).alias("name"),
    )
    frame = frame.with_columns(_label(dice).alias("label"))
    return (
        _staffed(_known_by(frame, dice, parameters), people, parameters)
        .drop("label", "word", "tld")
        .collect()
    )


def _placed(frame: pl.LazyFrame, dice: Dice) -> pl.LazyFrame:
    """The frame with country, place, line of business and what else is drawn for each company alone."""
    shares = [country.share for country in countries()]
    frame = frame.with_columns(
        dice.weighted("country", shares).alias("country"),
        dice.below("word", len(_INDUSTRY_WORDS)).alias("word"),
    )
    lists, country = country_lists(), pl.col("country")
    city = lists["city"].one_of(dice, "city", country)
    street = gathered(lists["street"].values, lists["street"].one_of(dice, "street", country))
    return frame.with_columns(
        gathered([industry for industry, _ in _INDUSTRY_WORDS], pl.col("word")).alias("industry"),
        gathered(lists["legal_form"].values, lists["legal_form"].one_of(dice, "legal form", country)).alias(
            "legal_form"
        ),
        gathered(lists["tld"].values, lists["tld"].one_of(dice, "tld", country)).alias("tld"),
        gathered(lists["city"].values, city).alias("city"),
        gathered(lists["region"].values, city).replace("", None).alias("region"),
        street.str.replace(r"#+", (dice.below("house", 300) + 1).cast(pl.String))
        .str.replace_all("#", "2")
        .alias("street"),
        national_number(pl.col("company"), country, "office").alias("office"),
        (dice.below("founded", 72) + 1952).alias("founded"),
        _technologies(dice).alias("technologies"),
    )


def _headcounts(parameters: Parameters) -> pl.Series:
    """The quantiles of the headcount, from small to large."""
    normal = NormalDist(math.log(parameters.headcount_median), parameters.headcount_sigma)
    drawn = (math.exp(normal.inv_cdf((step + 0.5) / _QUANTILES)) for step in range(_QUANTILES))
    return pl.Series(
        [min(parameters.headcount_most, max(2, round(heads))) for heads in drawn], dtype=pl.UInt64
    )


def _name(dice: Dice) -> pl.Expr:
    """A name: a compound, one or two family names, or syllables; mostly with a word of the trade."""
    kind = dice.below("kind of name", 100)
    word = gathered([word for _, word in _INDUSTRY_WORDS], pl.col("word"))
    compound = pl.concat_str(
        dice.one_of("first", words.BRAND_FIRST), dice.one_of("second", words.BRAND_SECOND)
    )
    syllables = pl.concat_str(
        dice.one_of("syllable 1", [syllable.capitalize() for syllable in _SYLLABLES]),
        dice.one_of("syllable 2", _SYLLABLES),
        dice.one_of("syllable 3", ["", "", *_SYLLABLES]),
    )
    founder, partner = _family(dice, "founder"), _family(dice, "partner")
    brand = (
        pl.when(kind < 35).then(compound)
        .when(kind < 60).then(founder)
        .when(kind < 72).then(pl.concat_str(founder, pl.lit(" & "), partner))
        .otherwise(syllables)
    )  # fmt: skip
    return (
        pl.when(dice.chance("word in name", 0.85))
        .then(pl.concat_str(brand, pl.lit(" "), word))
        .otherwise(brand)
    )


def _family(dice: Dice, name: str) -> pl.Expr:
    """A family name of a culture of the country, as a company bears it."""
    lists, table = country_lists(), family_names((0.78, 3.0))
    culture = gathered(culture_places(), lists["culture"].one_of(dice, f"{name} culture", pl.col("country")))
    return gathered(table.latin, table.drawn(dice, name, pool_of(culture, pl.lit(1, pl.UInt32))))


def _label(dice: Dice) -> pl.Expr:
    """What the domain begins with: the whole name or its first word, in ASCII letters."""
    letters = pl.col("name").str.to_lowercase().str.replace_many(_FOLDED)
    first = letters.str.extract(r"^([a-z0-9]+)", 1)
    whole = letters.str.replace_all(r"[^a-z0-9]", "")
    return pl.when(dice.chance("whole label", 0.7) | (first.str.len_chars() < 4)).then(whole).otherwise(first)


_FOLDED = {mark: ascii_fold(mark) for mark in "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿāăąćčďđęěğıłńňōőřśşšťūůűźżžßœ"}


def _known_by(frame: pl.LazyFrame, dice: Dice, parameters: Parameters) -> pl.LazyFrame:
    """The frame with address pattern, domain and slug, numbered where two companies would share them."""
    frame = frame.with_columns(pl.concat_str("label", pl.lit("."), "tld").alias("domain"))
    rank = pl.int_range(pl.len(), dtype=pl.UInt32).over("domain")
    rank_of_label = pl.int_range(pl.len(), dtype=pl.UInt32).over("label")
    small = pl.col("headcount") <= 30
    given_only = small & dice.chance("given name alone", parameters.given_local)
    return frame.with_columns(
        pl.concat_str("label", _numbered(rank), pl.lit("."), "tld").alias("domain"),
        pl.concat_str("label", _numbered(rank_of_label)).alias("linkedin"),
        pl.when(given_only).then(6).otherwise(dice.below("pattern", 6)).cast(pl.UInt8).alias("pattern"),
        dice.chance("closed", parameters.closed_company).alias("closed"),
    )


def _numbered(rank: pl.Expr) -> pl.Expr:
    """Nothing for the first, ``-2`` for the second, and so on."""
    return (
        pl.when(rank == 0).then(pl.lit("")).otherwise(pl.concat_str(pl.lit("-"), (rank + 1).cast(pl.String)))
    )


def _technologies(dice: Dice) -> pl.Expr:
    """One to five technologies, parted by semicolons: every so many-th of the list, so none stands twice."""
    listed = words.TECHNOLOGIES
    start, stride = dice.below("technology", len(listed)), dice.below("stride", 4) + 1
    count = dice.below("technologies", _TECHNOLOGIES_MOST)
    parts = [
        pl.when(count >= place).then(gathered(listed, (start + stride * place) % len(listed)))
        for place in range(_TECHNOLOGIES_MOST)
    ]
    return pl.concat_str(*parts, separator="; ", ignore_nulls=True)


def _staffed(frame: pl.LazyFrame, people: int, parameters: Parameters) -> pl.LazyFrame:
    """The frame with the people on file shared out by size, to the last one."""
    weight = (
        (pl.col("headcount").cast(pl.Float64) ** parameters.coverage_exponent * 16).round().cast(pl.UInt64)
    )
    reached = weight.cum_sum()
    frame = frame.with_columns((reached * people // weight.sum()).alias("_until"))
    return frame.with_columns(
        (pl.col("_until") - pl.col("_until").shift(1, fill_value=0)).alias("people"),
        pl.col("_until").shift(1, fill_value=0).alias("first_person"),
    ).drop("_until")


def company_ids(company: pl.Expr) -> pl.Expr:
    """The id of each company in the truth."""
    return pl.concat_str(pl.lit("c"), scrambled(company, 10**9, 1).cast(pl.String).str.zfill(9))

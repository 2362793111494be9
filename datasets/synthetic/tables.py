"""What the draws choose from, as columns: names of all cultures, titles, places, numbers.

Names of all cultures and genders stand in one column; a *pool* is the stretch of one culture and gender. A
draw from a pool goes through a table of 2**14 steps, so that a name is as frequent as its rank says.
"""

from __future__ import annotations

import csv
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import polars as pl
from msgspec import Struct

from datasets import words
from datasets.demo import damage
from datasets.names import Culture, Gender, Name, ascii_fold, names
from datasets.places import Country, countries
from datasets.synthetic.dice import gathered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets.synthetic.dice import Dice

CULTURES: tuple[Culture, ...] = get_args(Culture)
_GENDERS: tuple[Gender, ...] = get_args(Gender)
_STEPS = 2**14
_HERE = Path(__file__).parent
_ROMANIZED = (
    ("Mohammed", "Muhammad"), ("Youssef", "Yusuf"), ("Hussein", "Husain"), ("Khaled", "Khalid"),
    ("Mostafa", "Mustafa"), ("Al-", "Al "), ("El-", "El "), ("ou", "u"), ("iia", "ia"), ("ii", "iy"),
    ("zh", "j"), ("kh", "h"), ("shch", "sch"), ("chuk", "czuk"), ("enko", "enco"), ("ei", "i"),
    ("ch", "h"), ("Xiao", "Hsiao"), ("Zh", "Ch"), ("Q", "Ch"), ("ō", "o"), ("shi", "si"), ("tsu", "tu"),
    ("ee", "i"), ("aa", "a"),
)  # fmt: skip
"""Other romanizations; the first rule that changes a name gives its variant."""


class NameTable(Struct, frozen=True):
    """All given or all family names: columns of equal length, and the steps that draw from each pool."""

    latin: pl.Series
    plain: pl.Series  # without accents
    native: pl.Series  # None where the culture writes Latin letters
    letters: pl.Series  # ASCII letters of the Latin form, for addresses
    stem: pl.Series  # the first four letters, to coin other names from; None where that would look odd
    stem_letters: pl.Series
    variant: pl.Series  # another romanization, else the Latin form
    nicknames: pl.Series  # of all names one after the other, and None at the end
    first_nickname: pl.Series  # where those of a name begin
    nickname_count: pl.Series
    steps: pl.Series

    def drawn(self, dice: Dice, name: str, pool: pl.Expr) -> pl.Expr:
        """The place of a name of the pool for each row."""
        return gathered(self.steps, pool.cast(pl.UInt64) * _STEPS + dice.below(name, _STEPS))


@cache
def given_names(zipf: tuple[float, float]) -> NameTable:
    """The given names, a pool for each culture and gender in the order of ``pool_of``."""
    pools = [names(culture).given[gender] for culture in CULTURES for gender in _GENDERS]
    nicknames = [names(culture).nicknames for culture in CULTURES for _ in _GENDERS]
    return _name_table(pools, nicknames, zipf)


@cache
def family_names(zipf: tuple[float, float]) -> NameTable:
    """The family names, a pool for each culture and gender in the order of ``pool_of``."""
    pools = [names(culture).family[gender] for culture in CULTURES for gender in _GENDERS]
    return _name_table(pools, [{} for _ in pools], zipf)


def pool_of(culture: pl.Expr, gender: pl.Expr) -> pl.Expr:
    """The pool of each row, from the places of culture and gender."""
    return culture * len(_GENDERS) + gender


def _name_table(
    pools: Sequence[Sequence[Name]], nicknames: Sequence[dict[str, list[str]]], zipf: tuple[float, float]
) -> NameTable:
    """The pools one after the other, with their steps."""
    every = [name for pool in pools for name in pool]
    called = [
        found.get(name.latin, []) for pool, found in zip(pools, nicknames, strict=True) for name in pool
    ]
    counts = pl.Series([len(found) for found in called], dtype=pl.UInt64)
    starts = accumulate((len(pool) for pool in pools), initial=0)
    steps = pl.concat([start + _steps(len(pool), zipf) for start, pool in zip(starts, pools, strict=False)])
    return NameTable(
        latin=pl.Series([name.latin for name in every]),
        plain=pl.Series([damage.no_accents(name.latin) for name in every]),
        native=pl.Series([name.native for name in every], dtype=pl.String),
        letters=pl.Series([_letters(name.latin) for name in every]),
        stem=pl.Series([_stem(name) for name in every], dtype=pl.String),
        stem_letters=pl.Series([_letters(_stem(name) or "") or None for name in every], dtype=pl.String),
        variant=pl.Series([_variant(name) for name in every]),
        nicknames=pl.Series([*(nickname for found in called for nickname in found), None], dtype=pl.String),
        first_nickname=counts.cum_sum() - counts,
        nickname_count=counts,
        steps=steps.cast(pl.UInt32),
    )


def _steps(size: int, zipf: tuple[float, float]) -> pl.Series:
    """2**14 places below ``size``, each as often as a Zipf-Mandelbrot law gives its rank."""
    exponent, offset = zipf
    weights = [(rank + 1 + offset) ** -exponent for rank in range(size)]
    total = sum(weights)
    aims = pl.Series([(step + 0.5) / _STEPS * total for step in range(_STEPS)])
    return pl.Series(list(accumulate(weights))).search_sorted(aims).clip(upper_bound=size - 1)


@cache
def _letters(latin: str) -> str:
    """The ASCII letters of a name, without blanks and hyphens."""
    return ascii_fold(latin).replace(" ", "").replace("-", "")


def _stem(name: Name) -> str | None:
    """The first four letters of a name that is one word of at least five Latin letters."""
    return name.latin[:4] if name.native is None and name.latin.isalpha() and len(name.latin) > 4 else None


def _variant(name: Name) -> str:
    """Another romanization of a name that has a script of its own, else the name as it is."""
    if name.native is None:
        return name.latin
    changed = (name.latin.replace(one, other, 1) for one, other in _ROMANIZED if one in name.latin)
    return next(changed, name.latin)


class TitleTable(Struct, frozen=True):
    """Job titles as the better files write them, shortened, and by culture in its own language."""

    title: pl.Series
    short: pl.Series
    local: pl.Series  # culture * size + title; the short form where there is none
    weights: tuple[int, ...]


@cache
def title_table() -> TitleTable:
    """All titles of all departments, the departments weighted as in the demo."""
    departments = dict(zip(words.titles(), (14, 20, 12, 22, 8, 7, 9, 8, 8, 9, 3), strict=True))
    rows = [
        (title, weight) for department, weight in departments.items() for title in words.titles()[department]
    ]
    titles = [title for title, _ in rows]
    short = [_short(title) for title in titles]
    local = [
        words.local_titles().get((culture, title), other)
        for culture in CULTURES
        for title, other in zip(titles, short, strict=True)
    ]
    return TitleTable(
        pl.Series(titles), pl.Series(short), pl.Series(local), tuple(weight for _, weight in rows)
    )


def _short(title: str) -> str:
    """The title with every word shortened that can be."""
    for long, short in words.TITLE_SPELLINGS.items():
        title = title.replace(long, short, 1) if not long.startswith("VP") else title
    return title


class Lists(Struct, frozen=True):
    """A list of texts for each country, one after the other, and where each begins."""

    values: pl.Series
    first: pl.Series
    size: pl.Series

    def one_of(self, dice: Dice, name: str, country: pl.Expr) -> pl.Expr:
        """The place of one of the country's values for each row."""
        return gathered(self.first, country) + dice.below(name, gathered(self.size, country))


def by_country(lists: Sequence[Sequence[str]]) -> Lists:
    """One list for each country, in the order of ``countries()``."""
    size = pl.Series([len(part) for part in lists], dtype=pl.UInt64)
    return Lists(pl.Series([text for part in lists for text in part]), size.cum_sum() - size, size)


@cache
def country_lists() -> dict[str, Lists]:
    """The lists by what they hold: alias, tld, legal_form, street, culture, city, region."""
    found: tuple[Country, ...] = countries()
    cities = [[row for row in _rows("cities") if row["country"] == country.code] for country in found]
    return {
        "alias": by_country([(country.name, country.name, *country.aliases) for country in found]),
        "tld": by_country([country.tlds for country in found]),
        "legal_form": by_country([country.legal_forms for country in found]),
        "street": by_country([country.streets for country in found]),
        "culture": by_country([country.cultures for country in found]),
        "city": by_country([[row["city"] for row in rows] for rows in cities]),
        "region": by_country([[row["region"] for row in rows] for rows in cities]),
    }


@cache
def culture_places() -> pl.Series:
    """The cultures of all countries, one after the other, as places in ``CULTURES``."""
    cultures = country_lists()["culture"].values
    return pl.Series([list(CULTURES).index(culture) for culture in cultures], dtype=pl.UInt32)


def short_company(name: pl.Expr) -> pl.Expr:
    """The company's name with a word of it abbreviated, where that can be."""
    return name.str.replace_many(list(words.COMPANY_SPELLINGS), list(words.COMPANY_SPELLINGS.values()))


def plain(text: pl.Expr) -> pl.Expr:
    """Latin texts without their accents."""
    return text.str.replace_many(list(_accents()), list(_accents().values()))


@cache
def _accents() -> dict[str, str]:
    """Every accented letter of the name tables, and the letter without."""
    tables = [names(culture) for culture in CULTURES]
    marks = {
        mark
        for table in tables
        for part in (*table.given.values(), *table.family.values())
        for name in part
        for mark in name.latin
    }
    return {mark: damage.no_accents(mark) for mark in sorted(marks) if damage.no_accents(mark) != mark}


@cache
def number_plan() -> list[dict[str, str]]:
    """The blocks of telephone numbers, one row a country in the order of ``countries()``."""
    rows = {row["country"]: row for row in _rows("phones")}
    return [rows[country.code] for country in countries()]


@cache
def _rows(name: str) -> list[dict[str, str]]:
    """All rows of one of the tables beside this file."""
    with (_HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

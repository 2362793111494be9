"""The records that files have of people: which job, which form of a name, what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from datasets.synthetic.dice import Dice, gathered
from datasets.synthetic.tables import (
    country_lists,
    family_names,
    given_names,
    plain,
    short_company,
    title_table,
)
from datasets.synthetic.telephones import written

if TYPE_CHECKING:
    from datasets.synthetic.parameters import Habit, Parameters
    from datasets.synthetic.people import Firms

MOST_RECORDS = 4
_ROLES = ("info", "info", "info", "sales", "contact", "office")
_TAGS = ("news", "events", "crm", "work", "2025")
_KEYS = "abcdefghijklmnopqrstuvwxyz"
_NEXT_KEYS = "snvfrgghuhjkbmpiawtdyiveezxsx"[: len(_KEYS)]
"""For each letter of the alphabet one that lies beside it on the keyboard."""


def records(people: pl.DataFrame, seed: int, parameters: Parameters) -> pl.DataFrame:
    """The people, each as often as there are records of them.

    Adds ``record`` (unique), ``source`` (its place) and ``day`` (days before the export),
    and makes ``company``,
    ``title`` and ``email`` those of the job that the person had on that day.
    """
    dice = Dice(seed, "record")
    record = pl.col("person") * MOST_RECORDS + pl.col("copy").cast(pl.UInt64)
    frame = (
        people.lazy().with_columns(pl.int_ranges(pl.col("more_records") + 1).alias("copy")).explode("copy")
    )
    frame = frame.with_columns(record.alias("record")).with_columns(dice.shaken())
    frame = frame.with_columns(
        dice.weighted("source", parameters.sources).alias("source"),
        dice.below("day", 365 * parameters.years).alias("day"),
    )
    past = pl.col("earlier_company").is_not_null() & (pl.col("day") > pl.col("changed"))
    jobs = (
        pl.when(past).then(f"earlier_{field}").otherwise(field).alias(field)
        for field in ("company", "title", "email")
    )
    return frame.with_columns(*jobs).drop("^earlier_.*$", "changed", "copy", "more_records").collect()


def spoiled(
    frame: pl.DataFrame, firms: Firms, habit: Habit, seed: int, parameters: Parameters
) -> pl.DataFrame:
    """The records of one kind of file, as that kind writes them; text or null from ``given`` on."""
    dice = Dice(seed, "record")
    lazy = _called(frame.lazy(), dice, habit, parameters)
    lazy = _employer(lazy, dice, firms, habit, parameters)
    made = _contacts(lazy, dice, firms, habit).select(*_COLUMNS, "record shaken").collect()
    made = _where(made, pl.col("phone").is_not_null(), _dialled(dice, habit))
    made = _where(made, dice.chance("formatted e-mail", parameters.formatted_email), _formatted(dice))
    made = _where(made, dice.chance("slip", habit.slip), *_slips(dice))
    return _where(made, dice.chance("capitals", habit.capitals), *_shouts(dice)).select(_COLUMNS)


_COLUMNS = (
    "record", "person", "company", "day", "country", "culture", "native", "given", "family", "title",
    "employer",
    "domain", "email", "phone", "linkedin", "city", "region", "country_name",
)  # fmt: skip


def _where(frame: pl.DataFrame, hit: pl.Expr, *changes: pl.Expr) -> pl.DataFrame:
    """The frame with the changes made in the rows that are hit, and computed for those alone."""
    frame = frame.lazy().with_columns(hit.alias("hit")).collect()
    changed = frame.lazy().filter("hit").select(*changes).collect()
    if changed.is_empty():
        return frame
    place = pl.when("hit").then(pl.col("hit").cum_sum() - 1)
    return frame.with_columns(
        pl.when("hit").then(gathered(column, place)).otherwise(column.name).alias(column.name)
        for column in changed.iter_columns()
    )


def _called(frame: pl.LazyFrame, dice: Dice, habit: Habit, parameters: Parameters) -> pl.LazyFrame:
    """The frame with the names in the form that the file has."""
    given_table, family_table = given_names(parameters.given_zipf), family_names(parameters.family_zipf)
    native_given = gathered(given_table.native, pl.col("given_place"))
    native_family = gathered(family_table.native, pl.col("family_place"))
    in_script = native_given.is_not_null() & native_family.is_not_null()
    native = in_script & dice.chance("native", habit.native)
    nickname = pl.col("nickname").is_not_null() & dice.chance("nickname in use", habit.nickname)
    romanized = in_script & dice.chance("transliterated", habit.transliterated)
    bare = dice.chance("plain", habit.plain)
    frame = frame.with_columns(
        native.alias("native"),
        pl.when(native).then(native_given)
        .when(nickname).then("nickname")
        .when(romanized).then(gathered(given_table.variant, pl.col("given_place")))
        .when(bare).then(gathered(given_table.plain, pl.col("given_place")))
        .otherwise("given").alias("given"),
        pl.when(native).then(native_family)
        .when(romanized).then(gathered(family_table.variant, pl.col("family_place")))
        .when(bare).then(plain(pl.col("family")))
        .otherwise("family").alias("family"),
    )  # fmt: skip
    initial = pl.concat_str(pl.col("given").str.slice(0, 1), pl.lit("."))
    shortened = pl.when(dice.chance("initial", habit.initial)).then(initial).otherwise("given")
    swapped = dice.chance("swapped", habit.swapped)
    return frame.with_columns(
        pl.when(swapped).then("family").otherwise(shortened).alias("given"),
        pl.when(swapped).then("given").otherwise("family").alias("family"),
    )


def _employer(
    frame: pl.LazyFrame, dice: Dice, firms: Firms, habit: Habit, parameters: Parameters
) -> pl.LazyFrame:
    """The frame with company, domain, title and the name of the country."""
    place, titles = pl.col("company"), title_table()
    name = gathered(firms.frame["name"], place)
    full = pl.concat_str(name, pl.lit(" "), gathered(firms.frame["legal_form"], place))
    form = dice.fraction("form of company")
    short = parameters.legal_form + parameters.shortened_company
    title = pl.col("title")
    own_words = gathered(titles.local, pl.col("culture") * len(titles.title) + title)
    aliases = country_lists()["alias"]
    return frame.with_columns(
        pl.when(dice.chance("no company", habit.no_company)).then(None)
        .when(form < parameters.legal_form).then(full)
        .when(form < short).then(short_company(name))
        .otherwise(name).alias("employer"),
        gathered(firms.frame["domain"], place).alias("domain"),
        pl.when(dice.chance("no title", habit.no_title)).then(None)
        .when(dice.chance("short title", parameters.shortened_title)).then(own_words)
        .otherwise(gathered(titles.title, title)).alias("title"),
        gathered(aliases.values, aliases.one_of(dice, "alias", pl.col("country"))).alias("country_name"),
    )  # fmt: skip


def _contacts(frame: pl.LazyFrame, dice: Dice, firms: Firms, habit: Habit) -> pl.LazyFrame:
    """The frame with the one address, number, profile and place that the file has."""
    address, number = dice.fraction("address"), dice.fraction("number")
    private = habit.work_email + habit.private_email
    role = private + habit.role_email
    shared = pl.concat_str(dice.one_of("role", _ROLES), pl.lit("@"), "domain")
    office = gathered(firms.frame["office"], pl.col("company"))
    return frame.with_columns(
        pl.when(address < habit.work_email).then("email")
        .when(address < private).then("private_email")
        .when(address < role).then(shared).alias("email"),
        pl.when(number < habit.own_phone).then("phone")
        .when(number < habit.own_phone + habit.switchboard).then(office).alias("phone"),
        pl.when(dice.chance("profile", habit.profile)).then("linkedin").alias("linkedin"),
        pl.when(~dice.chance("no city", habit.no_city)).then("city").alias("city"),
        pl.when(~dice.chance("no city", habit.no_city)).then("region").alias("region"),
    )  # fmt: skip


def _dialled(dice: Dice, habit: Habit) -> pl.Expr:
    """The number as people write it."""
    national = dice.chance("national", habit.national)
    return written(dice, "form of number", pl.col("phone"), pl.col("country"), national=national).alias(
        "phone"
    )


def _formatted(dice: Dice) -> pl.Expr:
    """The address in capitals, with a plus tag, or without the dots that Gmail ignores."""
    email, form = pl.col("email"), dice.below("form of e-mail", 3)
    local, tag = email.str.extract(r"^([^@]+)", 1), dice.one_of("tag", _TAGS)
    gmail = email.str.ends_with("@gmail.com")
    without_dots = pl.concat_str(local.str.replace_all(".", "", literal=True), pl.lit("@googlemail.com"))
    return (
        pl.when(form == 0).then(email.str.to_uppercase())
        .when((form == 1) & gmail).then(without_dots)
        .otherwise(email.str.replace("@", pl.concat_str(pl.lit("+"), tag, pl.lit("@")), literal=True))
    ).alias("email")  # fmt: skip


def _slips(dice: Dice) -> list[pl.Expr]:
    """One of four fields of each row, with one slip of the keyboard."""
    fields = ("given", "family", "email", "employer")
    where = dice.below("slipped field", len(fields))
    return [
        pl.when(where == place).then(_slip(pl.col(field), dice)).otherwise(field).alias(field)
        for place, field in enumerate(fields)
    ]


def _slip(text: pl.Expr, dice: Dice) -> pl.Expr:
    """The text with one character past the first swapped, lost, doubled or mistyped.

    In an address the slip is in the first six characters, so that its domain stays what it is.
    """
    at = 1 + dice.below("slip at", (text.str.len_chars().clip(3, 7) - 2).cast(pl.UInt64)).cast(pl.Int64)
    kind = dice.below("kind of slip", 4)
    before, here, after = text.str.slice(0, at), text.str.slice(at, 1), text.str.slice(at + 1)
    wrong_key = here.replace_strict(list(_KEYS), list(_NEXT_KEYS), default="e")
    slipped = (
        pl.when(kind == 0).then(pl.concat_str(before, after.str.slice(0, 1), here, after.str.slice(1)))
        .when(kind == 1).then(pl.concat_str(before, after))
        .when(kind == 2).then(pl.concat_str(before, here, here, after))
        .otherwise(pl.concat_str(before, wrong_key, after))
    )  # fmt: skip
    return pl.when(text.str.len_chars() > 3).then(slipped).otherwise(text)


def _shouts(dice: Dice) -> list[pl.Expr]:
    """Names and company in capitals, or all lower case."""
    loud = dice.chance("loud", 0.6)
    return [
        pl.when(loud)
        .then(pl.col(field).str.to_uppercase())
        .otherwise(pl.col(field).str.to_lowercase())
        .alias(field)
        for field in ("given", "family", "employer")
    ]

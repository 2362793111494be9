"""The short way of ``name``: names of plain Latin words, which are most names, as a value and over columns.

A word is *plain* when it has at least two Latin letters, no role (title, degree, particle, nobody) and is no
family name that stands first; its case is ``mixed`` (Ada), ``upper`` or ``lower``. Which words are plain is
found out once for each distinct word; a name of plain words in one case is then put together by columns.
Whatever else there is in a cell, ``name`` reads the long way. That both give the same is a property test.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Literal

import polars as pl
from msgspec import Struct

from leadspro_engine.normalize import columns
from leadspro_engine.normalize.name_case import capitalized
from leadspro_engine.normalize.name_fold import fold_word
from leadspro_engine.normalize.name_tables import awkward, is_nobody, names, roles, words
from leadspro_engine.normalize.name_text import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

Case = Literal["mixed", "upper", "lower", "initial"]

_WORD = r"[^\W\d_]{2,}(?:['-][^\W\d_]+)*"
_ONE_WORD = re.compile(_WORD)
_EASY = re.compile(rf"{_WORD}(?: [A-Z]\.?| {_WORD})? {_WORD}")
_INITIAL = re.compile(r"[A-Z]\.")
_PATRONYMIC_ENDS = ("vich", "vych", "vna", "chna")
_LAST_LATIN = "\u024f"


class PersonName(Struct, frozen=True, gc=False):
    """A person's name in display form; ``full`` is what stands on a card, without prefix and degrees."""

    full: str
    prefix: str | None = None
    given: str | None = None
    middle: str | None = None
    family: str | None = None
    suffix: str | None = None


class Word(Struct, frozen=True, gc=False):
    """What is to be known of one word before it is taken for a plain part of a name.

    Attributes:
        case: None when the word is not plain.
        shown: its display form, if the whole name is in that case.
        folded: its compare form.
        job: whether it may begin a job title.
        iberian: whether it may belong to the family name behind it.
        patronymic: whether it may be a patronymic, which tells that the family name stands first.
        simple: no hyphen, apostrophe, or Scottish prefix, which need thought in a name of one case.
    """

    case: Case | None
    shown: str
    folded: str
    job: bool
    iberian: bool
    patronymic: bool
    simple: bool


def easy(text: str) -> PersonName | None:
    """Two or three Latin words, none of which needs thought; None sends the name the long way.

    ``Last, First`` is turned around, if the last name is one word.
    """
    family, comma, given = text.partition(", ")
    if comma:
        if " " in family or "job" in roles(given.partition(" ")[0]):
            return None
        text = f"{given} {family}"
    if len(text) > LONGEST_NAME or not _EASY.fullmatch(text) or max(text) > _LAST_LATIN:
        return None
    lower = text.lower().replace(".", "").split(" ")
    if not awkward().isdisjoint(lower) or is_nobody(text) or (len(lower) == 3 and not _plain_middle(lower)):
        return None
    tokens = text.split(" ") if _is_mixed(text) else _capitalized(text, lower)
    if not tokens:
        return None
    text = " ".join(tokens)
    return PersonName(text, None, tokens[0], tokens[1] if len(tokens) == 3 else None, tokens[-1], None)


def whole_columns(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Which of some cells ``easy`` surely reads, and the ``PersonName`` of each of those.

    Args:
        cells: texts or nulls.
    """
    comma = pl.col("cell").str.splitn(", ", 2)
    before, behind = comma.struct[0], comma.struct[1]
    one_word = ~before.str.contains(" ", literal=True)
    text = (
        pl.when(behind.is_null()).then("cell").when(one_word).then(pl.concat_str(behind, pl.lit(" "), before))
    )
    frame = cells.to_frame("cell").select(text.alias("text"), behind.is_not_null().alias("turned"))
    frame = frame.with_columns(pl.col("text").str.split(" ").alias("words"))
    length, three = pl.col("words").list.len(), pl.col("words").list.len() == 3
    place = {
        "first": pl.lit(0),
        "middle": pl.when(three).then(1),
        "last": pl.when(length > 1).then(length - 1),
    }
    frame = frame.with_columns(
        pl.col("words").list.get(at, null_on_oob=True).alias(n) for n, at in place.items()
    )
    frame = _with_words(frame, ("first", "middle", "last"))
    nobody = (
        pl.col("text").str.to_lowercase().str.replace_all(".", "", literal=True).is_in(list(words("nobody")))
    )
    double = pl.concat_str("first folded", pl.lit(" "), "middle folded").is_in(list(names("double")))
    middle = (length == 2) | (
        three
        & ~pl.col("last patronymic")
        & ~pl.col("middle iberian")
        & ~double
        & pl.col("middle case").is_not_null()
    )
    settled = frame.select(
        settled=(
            _one_case(initials=("middle",), simple=True) & middle & ~nobody
            & ~(pl.col("turned") & pl.col("first job")) & (pl.col("text").str.len_chars() <= LONGEST_NAME)
        ).fill_null(value=False)
    ).to_series()  # fmt: skip
    return settled, _named(frame.filter(settled))


def part_columns(given: pl.Series, middle: pl.Series, family: pl.Series) -> tuple[pl.Series, pl.Series]:
    """For which rows the parts of a name are plain words in one case, and the ``PersonName`` of those.

    Args:
        given: texts or nulls; a cell may hold several words.
        middle: the same of middle names.
        family: the same of family names.
    """
    frame = pl.DataFrame({"first": given, "middle": middle, "last": family})
    frame = _with_words(frame, ("first", "middle", "last"))
    whole = pl.col("first").str.ends_with(pl.concat_str(pl.lit(" "), "last"))
    no_middle = pl.col("middle").is_null() | (pl.col("middle") == "")
    middle_is_plain = no_middle | pl.col("middle case").is_not_null()
    settled = frame.select(
        settled=(_one_case(initials=("first", "middle"), simple=False) & middle_is_plain & ~whole)
        .fill_null(value=False)
    ).to_series()  # fmt: skip
    return settled, _named(frame.filter(settled))


@functools.lru_cache(maxsize=65_536)
def cell_of_words(cell: str) -> Word:
    """What is to be known of a cell of one or more words, taken together.

    >>> cell_of_words("Ada").case, cell_of_words("GARCIA LOPEZ").shown, cell_of_words("van Dyck").case
    ('mixed', 'Garcia Lopez', None)
    """
    several = cell.split(" ")
    case = _case_of(cell, several)
    shown = " ".join(map(capitalized, several)) if case in {"upper", "lower"} else cell
    folded = fold_word(cell)
    return Word(
        case=case if folded else None,
        shown=shown,
        folded=folded,
        job="job" in roles(several[0]),
        iberian=folded in names("iberian"),
        patronymic=cell.lower().endswith(_PATRONYMIC_ENDS),
        simple=cell.isalpha() and not cell.lower().startswith(("mc", "mac")),
    )


def _case_of(cell: str, several: Sequence[str]) -> Case | None:
    """The case that all words of a cell share; None when one of them is not plain."""
    if _INITIAL.fullmatch(cell):
        return None if roles(cell) else "initial"
    if max(cell, default="") > _LAST_LATIN or is_nobody(cell):
        return None
    if not all(_ONE_WORD.fullmatch(w) and w.lower() not in awkward() and not _tells(w) for w in several):
        return None
    if all(word[0].isupper() and not word.isupper() for word in several):
        return "mixed"
    if not cell.isascii():
        return None
    return "upper" if cell.isupper() else "lower" if cell.islower() and len(several) == 1 else None


def _tells(word: str) -> bool:
    """Whether a word has a role other than that it may begin a job title."""
    return not roles(word) <= {"job"}


def _with_words(frame: pl.DataFrame, places: Sequence[str]) -> pl.DataFrame:
    """The frame with the fields of ``Word`` for the words in each of the columns ``places``."""
    for place in places:
        distinct, at = columns.encoded(frame.get_column(place))
        short = (cell if cell is not None and len(cell) <= LONGEST_NAME else None for cell in distinct)
        known = columns.structs((None if cell is None else cell_of_words(cell) for cell in short), Word)
        facts = known.struct.unnest().gather(at)
        frame = frame.hstack([column.alias(f"{place} {column.name}") for column in facts.iter_columns()])
    return frame


def _one_case(*, initials: Sequence[str], simple: bool) -> pl.Expr:
    """Whether first and last word are plain and in one case, and the middle one, if there is one, as well.

    Args:
        initials: which may be an initial in a name of mixed case.
        simple: whether names in capitals or small letters must be of ``simple`` words.
    """
    case = pl.col("last case")
    agreeing = [
        (pl.col(f"{place} case") == case) | ((pl.col(f"{place} case") == "initial") & (case == "mixed"))
        if place in initials
        else pl.col(f"{place} case") == case
        for place in ("first", "middle")
    ]
    all_simple = (
        pl.col("first simple") & pl.col("middle simple").fill_null(value=True) & pl.col("last simple")
    )
    enough = (case == "mixed") | all_simple if simple else pl.lit(value=True)
    return (case != "initial") & agreeing[0] & agreeing[1].fill_null(value=True) & enough


def _named(frame: pl.DataFrame) -> pl.Series:
    """The names of rows that are settled."""
    given, middle, family = (
        pl.when(pl.col(f"{place} case").is_not_null()).then(pl.col(f"{place} shown"))
        for place in ("first", "middle", "last")
    )
    none = pl.lit(None, pl.String())
    fields = (
        pl.concat_str(given, middle, family, separator=" ", ignore_nulls=True).alias("full"),
        none.alias("prefix"),
        given.alias("given"),
        middle.alias("middle"),
        family.alias("family"),
        none.alias("suffix"),
    )
    return frame.select(pl.struct(fields)).to_series()


def _is_mixed(text: str) -> bool:
    """Whether every word begins with a capital and goes on otherwise; initials may stand in between."""
    return all(
        word[0].isupper() and (not word.isupper() or (len(word) == 2 and word[1] == "."))
        for word in text.split(" ")
    )


def _capitalized(text: str, lower: Sequence[str]) -> list[str]:
    """The words of an ASCII name in one case with their capitals, or nothing if that needs thought."""
    one_case = text.isascii() and (text.isupper() or text.islower())
    if not one_case or not text.replace(" ", "").isalpha():
        return []
    return [] if any(word.startswith(("mc", "mac")) for word in lower) else [w.capitalize() for w in lower]


def _plain_middle(lower: Sequence[str]) -> bool:
    """Whether the middle one of three words is surely a middle name."""
    if lower[2].endswith(_PATRONYMIC_ENDS):
        return False
    folded = fold_word(lower[1])
    return folded not in names("iberian") and f"{fold_word(lower[0])} {folded}" not in names("double")

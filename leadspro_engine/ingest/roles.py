"""Which role each column plays, guessed from its header and from what is in it.

1. **Header.** The words of a header (``"E-Mail (work)"``, ``"workEmail"``, ``"person.email"``) are looked
   up in the table ``header_words.csv``, which holds the words of fifteen languages. Words that say whose or
   which one (``work``, ``primary``, ``2``; rows ``(whose)`` of the table) are then taken away and it is
   tried again. Words such as ``opt-in`` and ``owner`` (rows ``(not)``) end the guessing.
2. **Content against.** A header that claims a kind of value which the cells do not have is not believed
   (``"Email opt-in"`` holding yes and no).
3. **Content for.** A column that no header explains is an e-mail, LinkedIn, domain or telephone column
   when nearly all of its cells look like it.

Also used where no source is declared: dedupe, bulk enrichment, CSV jobs.
"""

from __future__ import annotations

import csv
import functools
import importlib.resources
import re
from typing import TYPE_CHECKING, Literal

import polars as pl
from anyascii import anyascii

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SAMPLE_ROWS = 1000
"""How many rows are looked at."""

_NAME_IS_COMPANY = frozenset(("name", "names", "title", "display name", "full name"))

_EMAIL = r"^[^@\s,;]+@[^@\s,;]+\.[A-Za-z]{2,}"
_PHONE = r"^[+(]?[\d][\d\s().\-/x]{5,24}$"
_PERSON_PROFILE = r"(?i)linkedin\.com/(in|pub)/"
_COMPANY_PROFILE = r"(?i)linkedin\.com/(company|school|showcase)/"
_DATE = r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"

_MUST_LOOK: dict[str, str] = {
    "email": r"@",
    "phone": r"\d.*\d.*\d.*\d.*\d",
    "domain": r"\w\.\w",
    "headcount": r"\d",
    "founded": r"\d\d",
    "birth_date": r"\d",
    "observed_at": r"\d",
    "street_number": r"\d",
    "given_name": r"[^\W\d]",
    "family_name": r"[^\W\d]",
    "full_name": r"[^\W\d]",
}
_MUST_LOOK_SHARE = 0.3
_LOOKS_SHARE = 0.8

_LAST_WORD = {"email": "email", "phone": "phone", "mobile": "phone", "telephone": "phone"}
"""Headers that end in one of these hold it, whatever stands before: ``Assistant's desk phone``."""

_OF_COMPANY = {"full_name": None, "given_name": None, "family_name": None, "linkedin": "company_linkedin"}
"""What a role becomes in a company's row: names there are those of a contact, the profile is its page."""

_OF_EMPLOYER = {
    "linkedin": "company_linkedin",
    "source_record_id": None,
    "observed_at": None,
    "city": None,
    "region": None,
    "country": None,
    "postal_code": None,
    "address": None,
    "street": None,
    "street_number": None,
    "place": None,
}
"""What a role becomes in a person's row under a header of the employer: its place is not the person's."""

Kind = Literal["person", "company"]


def guess_roles(frame: pl.DataFrame, *, record: Kind = "person") -> dict[str, str]:
    """The role of each column that has one, in the order of the columns.

    Args:
        frame: rows of a file; only the first ``SAMPLE_ROWS`` are looked at.
        record: what a row is: ``name`` is a person's or a company's.

    Returns:
        column -> a role of ``normalize.record.ROLES``, ``source_record_id`` or ``observed_at``. Several
        columns may have the same role; where it holds one value, the first column that is not blank counts.

    >>> guess_roles(pl.DataFrame({"Vorname": ["Ada"], "E-Mail (work)": ["ada@example.com"], "Note": ["x"]}))
    {'Vorname': 'given_name', 'E-Mail (work)': 'email'}
    """
    sample = frame.head(SAMPLE_ROWS)
    found: dict[str, str] = {}
    for column in sample.columns:
        cells = _cells(sample.get_column(column))
        role = _guess(column, cells, record)
        if role is not None:
            found[column] = role
    return _settled(found, sample)


def known_headers(cells: Iterable[str]) -> int:
    """How many of these cells are words that head a column."""
    return sum(header_role(cell) is not None for cell in cells)


def header_role(header: str, *, record: Kind = "person") -> str | None:
    """The role that a header claims, None when it says nothing.

    >>> header_role("workEmail"), header_role("Téléphone portable"), header_role("Email Opt In")
    ('email', 'phone', None)
    >>> header_role("name"), header_role("name", record="company")
    ('full_name', 'company')
    """
    words = _words(header)
    if record == "company" and " ".join(words) in _NAME_IS_COMPANY:
        return "company"
    exact = _roles_by_words().get(" ".join(words))
    if exact is not None:
        return _OF_COMPANY.get(exact, exact) if record == "company" else exact
    if not _marked("(not)").isdisjoint(words):
        return None
    return _without(words, record)


def looks_like_data(cells: Iterable[str]) -> bool:
    """Whether a row holds a value that never heads a column: an address, a number, a date, a link."""
    return any(
        re.search(pattern, cell.strip())
        for cell in cells
        for pattern in (_EMAIL, r"^\+?\d[\d\s().\-]{5,}$", _DATE, r"(?i)^https?://", _PERSON_PROFILE)
    )


def _guess(column: str, cells: pl.Series, record: Kind) -> str | None:
    claimed = header_role(column, record=record)
    if cells.is_empty():
        return claimed
    if claimed in (None, "linkedin", "domain", "company_linkedin"):
        shown = _shown(cells)
        if shown is not None and (claimed is None or shown in ("linkedin", "company_linkedin")):
            return shown
    if claimed is None:
        return None
    must = _MUST_LOOK.get(claimed)
    return claimed if must is None or _share(cells, must) >= _MUST_LOOK_SHARE else None


def _shown(cells: pl.Series) -> str | None:
    """The role that the cells themselves show."""
    if _share(cells, _EMAIL) >= _LOOKS_SHARE:
        return "email"
    if _share(cells, _PERSON_PROFILE) >= _LOOKS_SHARE:
        return "linkedin"
    if _share(cells, _COMPANY_PROFILE) >= _LOOKS_SHARE:
        return "company_linkedin"
    if _share(cells, _PHONE) >= _LOOKS_SHARE and _share(cells, _DATE) < 0.5 and _has_phone_form(cells):
        return "phone"
    return None


def _has_phone_form(cells: pl.Series) -> bool:
    """Plain digits alone could be any number: half of the cells must be written as a telephone number is."""
    return _share(cells, r"^\+|[\s().\-/]") >= 0.5


def _settled(found: dict[str, str], sample: pl.DataFrame) -> dict[str, str]:
    """The guesses, made consistent with each other."""
    roles = set(found.values())
    if "street_number" in roles:
        found = {column: "street" if role == "address" else role for column, role in found.items()}
    ids = [column for column, role in found.items() if role == "source_record_id"]
    own = next((column for column in ids if _is_unique(sample.get_column(column))), None)
    return {column: role for column, role in found.items() if column not in ids or column == own}


def _is_unique(values: pl.Series) -> bool:
    return not values.null_count() and values.n_unique() == values.len()


def _cells(values: pl.Series) -> pl.Series:
    """The texts of a column that are not blank; of a list, its first entry."""
    if isinstance(values.dtype, pl.List):
        values = values.list.first()
    texts = values.cast(pl.String(), strict=False).str.strip_chars().drop_nulls()
    return texts.filter(texts != "")


def _share(cells: pl.Series, pattern: str) -> float:
    """The share of cells in which a pattern is found, 0..1."""
    return float(cells.str.contains(pattern).sum()) / len(cells)


def _without(words: Sequence[str], record: Kind) -> str | None:
    """The role of a header once the words that say whose or which one are gone."""
    whose = _marked("(whose)")
    owner = next((place for place, word in enumerate(words) if word not in whose), len(words))
    rest = list(words[owner:])  # "employer street number" -> "street number"
    if " ".join(rest) not in _roles_by_words():
        rest = [word for word in words if word not in whose]
    of_company = not _marked("(company)").isdisjoint(words)
    if not rest:
        return "company" if of_company and "name" not in words else None
    role = _roles_by_words().get(" ".join(rest)) or _LAST_WORD.get(rest[-1])
    if of_company and role == "full_name":
        return "company"
    if record == "company":
        return _OF_COMPANY.get(role or "", role)
    return _OF_EMPLOYER.get(role or "", role) if of_company else role


def _words(header: str) -> list[str]:
    """A header in compare form: camel case taken apart, ASCII, lower case, words alone.

    >>> _words("person.workEmail_Address2"), _words("Straße")
    (['person', 'work', 'email', 'address', '2'], ['strasse'])
    """
    header = re.sub(r"(?i)linked\s?in\b|linkedin", "linkedin", header)  # its capitals are no word border
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z]+$)|(?<=[a-z])(?=\d)", " ", header)
    text = anyascii(re.sub(r"(?i)\be[\s_-]?mail", "email", apart)).casefold()
    return re.findall(r"[a-z]+|\d+|#", text)


@functools.cache
def _table() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The rows of ``header_words.csv``: a role (or a mark in brackets), and its words in compare form."""
    text = (
        importlib.resources.files("leadspro_engine.ingest")
        .joinpath("header_words.csv")
        .read_text(encoding="utf-8")
    )
    return tuple(
        (row["role"], tuple(" ".join(_words(words)) for words in row["words"].split("|")))
        for row in csv.DictReader(text.splitlines())
    )


@functools.cache
def _roles_by_words() -> Mapping[str, str]:
    """Header words -> role; the first role that lists them has them."""
    table: dict[str, str] = {}
    for role, listed in _table():
        for words in listed:
            if not role.startswith("("):
                table.setdefault(words, role)
    return table


@functools.cache
def _marked(mark: str) -> frozenset[str]:
    """The words that have a mark such as ``(whose)``."""
    return frozenset(word for role, listed in _table() for word in listed if role == mark)

"""The sources file: which files a refresh reads, what they hold and how far to trust them.

```toml
[[source]]
name = "crm"                  # unique; lower-case letters, digits and _
path = "crm_export.csv"       # or a pattern such as "crm/*.csv.gz"; relative to the sources file
record = "person"             # person | company
layout = "guess"              # guess | a vendor layout, see leadspro_engine.ingest.layouts
mode = "full"                 # full: these files are all it says | delta: later rows replace earlier ones
trust = 0.8                   # 0..1, which source wins when two disagree
region = "US"                 # country of national telephone numbers, ISO 3166-1 alpha-2
observed_at = 2026-05-01      # when the records were true; else their own date column, else the file's date
one_record_per_entity = true  # no two of its records are the same person (or company); false when not said
optional = true               # an inbox that may be empty; else a source without a file is an error
max_age_days = 45             # the pipelines warn when its newest file is older
labels = "crm_labels.csv"     # a labelled sample to measure accuracy on, see leadspro_engine.ingest.labels
[source.columns]              # their column -> role, where guessing would be wrong
"Work Email" = "email"
```
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (msgspec reads the annotations of Source at run time)
import difflib
import glob
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

from leadspro_engine.errors import SourceError
from leadspro_engine.ingest.layouts import LAYOUTS
from leadspro_engine.normalize.record import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RecordKind = Literal["person", "company"]
Mode = Literal["full", "delta"]
COLUMN_ROLES = (*ROLES, "source_record_id", "observed_at", "ignore")
"""What a column may be declared as: a role of a record, or what the source says about the record itself."""

_ACCEPTED: dict[str, str] = {
    "name": "a text of lower-case letters, digits and _",
    "path": "a text: the path of a file, or a pattern such as 'crm/*.csv'",
    "record": "'person' or 'company'",
    "layout": "a text: 'guess', or the name of a vendor layout",
    "mode": "'full' (these files are all it says) or 'delta' (later rows replace earlier ones)",
    "trust": "a number from 0 to 1",
    "region": "an ISO 3166-1 code of two capital letters, such as 'US'",
    "observed_at": "a date without quotes, such as 2026-05-01",
    "one_record_per_entity": "true or false",
    "optional": "true or false",
    "max_age_days": "a whole number of days, 1 or more",
    "labels": "a text: the path of a CSV file",
    "columns": "a table of column = role, both texts in quotes",
}
"""What each field of an entry accepts, in words."""

_NAME = re.compile(r"[a-z0-9_]+")
_REGION = re.compile(r"[A-Z]{2}")


class Source(Struct, frozen=True, kw_only=True):
    """One source as declared, with its defaults filled in; see the module for the meaning of each field.

    Attributes:
        folder: what ``path`` is relative to.
        nameless: rows without a name or an identifier are records too; not declared, for ``dedupe`` only.
    """

    name: str
    path: str
    folder: Path = Path()
    record: RecordKind = "person"
    layout: str = "guess"
    mode: Mode = "full"
    trust: float = 0.5
    region: str | None = None
    observed_at: dt.date | None = None
    one_record_per_entity: bool = False
    optional: bool = False
    max_age_days: int | None = None
    labels: str | None = None
    columns: dict[str, str] = {}
    nameless: bool = False

    def files(self) -> list[Path]:
        """The files that the path or pattern names, sorted by name.

        Raises:
            SourceError: there are none, and the source is not optional.
        """
        found = sorted(Path(name) for name in glob.glob(str(self.folder / self.path), recursive=True))  # noqa: PTH207 (Path.glob refuses absolute patterns)
        files = [path for path in found if path.is_file()]
        if not files and not self.optional:
            raise SourceError(
                self.name,
                f"no file at {self.folder / self.path}",
                "Correct `path`, put the file there, or say `optional = true` if it may be missing.",
            )
        return files


FIELDS = tuple(name for name in Source.__struct_fields__ if name not in {"folder", "nameless"})


def load_sources(path: Path) -> list[Source]:
    """The sources that a TOML file declares, in its order, names unique.

    Raises:
        SourceError: the file is missing or not TOML, or an entry is wrong; names the entry, the field,
            what was given and what is accepted.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as exc:
        raise SourceError(
            str(path), "the sources file cannot be read", "Give its path with --sources."
        ) from exc
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise SourceError(str(path), f"not TOML: {exc}", "Correct that place.") from exc
    return _declared(content, path)


def _declared(content: dict[str, Any], path: Path) -> list[Source]:
    _only_known(str(path), content, ("source",), "table")
    entries = content.get("source", [])
    if not isinstance(entries, list) or not entries:
        raise SourceError(str(path), "it declares no source", "Add an entry that begins with [[source]].")
    sources = [_source(entry, number, path) for number, entry in enumerate(entries, start=1)]
    names = [source.name for source in sources]
    for name in names:
        if names.count(name) > 1:
            raise SourceError(name, "two entries have this name", "Give each source its own name.")
    return sources


def _source(entry: dict[str, Any], number: int, path: Path) -> Source:
    """One entry, checked field by field."""
    label = str(entry.get("name") or f"#{number} in {path}")
    _only_known(label, entry, FIELDS, "field")
    for required in ("name", "path"):
        if not entry.get(required):
            raise SourceError(label, f"`{required}` is missing", f"Every [[source]] needs `{required}`.")
    try:
        source = msgspec.convert({**entry, "folder": path.parent}, Source)
    except msgspec.ValidationError as exc:
        field, problem = _parted(str(exc))
        remedy = f"Give {_ACCEPTED[field.partition('.')[0].partition('[')[0]]}."
        raise SourceError(label, f"`{field}`: {problem}", remedy) from exc
    _check(source)
    return source


def _check(source: Source) -> None:
    """Raise for values that are of the right type and still wrong."""
    if not _NAME.fullmatch(source.name):
        _refuse(source, "name", source.name, _ACCEPTED["name"])
    if not 0 <= source.trust <= 1:
        _refuse(source, "trust", source.trust, _ACCEPTED["trust"])
    if source.region is not None and not _is_region(source.region):
        _refuse(source, "region", source.region, _ACCEPTED["region"])
    if source.max_age_days is not None and source.max_age_days < 1:
        _refuse(source, "max_age_days", source.max_age_days, _ACCEPTED["max_age_days"])
    if source.labels is not None and not (source.folder / source.labels).is_file():
        _refuse(source, "labels", source.labels, f"a file below {source.folder}; there is none of this name")
    if source.layout != "guess" and source.layout not in LAYOUTS:
        _refuse(source, "layout", source.layout, _one_of(source.layout, ("guess", *LAYOUTS)))
    for column, role in source.columns.items():
        if role not in COLUMN_ROLES:
            _refuse(source, f"columns.{column!r}", role, _one_of(role, COLUMN_ROLES))


def _refuse(source: Source, field: str, given: object, accepted: str) -> None:
    raise SourceError(source.name, f"`{field}` is {given!r}", f"Give {accepted}.")


def _only_known(label: str, given: Iterable[str], known: Sequence[str], what: str) -> None:
    for name in given:
        if name not in known:
            raise SourceError(label, f"unknown {what} `{name}`", f"Give {_one_of(name, known)}.")


def _one_of(given: str, known: Sequence[str]) -> str:
    """The accepted values in words, the nearest one first when there is one.

    >>> _one_of("persn", ("person", "company"))
    "'person' (did you mean that?), or one of: person, company"
    """
    near = difflib.get_close_matches(given, known, n=1)
    hint = f"{near[0]!r} (did you mean that?), or " if near else ""
    return f"{hint}one of: {', '.join(known)}"


def _is_region(code: str) -> bool:
    """Whether a country has this code, written in capitals.

    >>> _is_region("GB"), _is_region("UK"), _is_region("gb")
    (True, False, False)
    """
    from leadspro_engine.normalize import place

    return _REGION.fullmatch(code) is not None and place.country_name(code) is not None


def _parted(message: str) -> tuple[str, str]:
    """The field that msgspec's message names, and what is wrong with it.

    >>> _parted("Expected `float`, got `str` - at `$.trust`")
    ('trust', 'expected `float`, got `str`')
    """
    problem, _, place = message.partition(" - at ")
    return place.strip("`").removeprefix("$."), f"{problem[0].lower()}{problem[1:]}"

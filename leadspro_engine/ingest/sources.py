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

_FORMAT = "The format stands at the head of leadspro_engine/ingest/sources.py."
_NAME = re.compile(r"[a-z0-9_]+")
_REGION = re.compile(r"[A-Z]{2}")


class Source(Struct, frozen=True, kw_only=True):
    """One source as declared, with its defaults filled in; see the module for the meaning of each field.

    Attributes:
        folder: what ``path`` is relative to.
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
    columns: dict[str, str] = {}

    def files(self) -> list[Path]:
        """The files that the path or pattern names, sorted by name.

        Raises:
            SourceError: there are none.
        """
        found = sorted(Path(name) for name in glob.glob(str(self.folder / self.path), recursive=True))  # noqa: PTH207 (Path.glob refuses absolute patterns)
        files = [path for path in found if path.is_file()]
        if not files:
            raise SourceError(
                self.name,
                f"no file at {self.folder / self.path}",
                "Correct `path`, or put the file there.",
            )
        return files


FIELDS = tuple(name for name in Source.__struct_fields__ if name != "folder")


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
        raise SourceError(label, _readable(str(exc)), _FORMAT) from exc
    _check(source)
    return source


def _check(source: Source) -> None:
    """Raise for values that are of the right type and still wrong."""
    if not _NAME.fullmatch(source.name):
        _refuse(source, "name", source.name, "lower-case letters, digits and _")
    if not 0 <= source.trust <= 1:
        _refuse(source, "trust", source.trust, "a number from 0 to 1")
    if source.region is not None and not _REGION.fullmatch(source.region):
        _refuse(source, "region", source.region, "two capital letters, such as US")
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


def _readable(message: str) -> str:
    """Msgspec's message with the field's name in front.

    >>> _readable("Expected `float`, got `str` - at `$.trust`")
    '`trust`: expected `float`, got `str`'
    """
    problem, _, place = message.partition(" - at ")
    field = place.strip("`").removeprefix("$.")
    return f"`{field}`: {problem[0].lower()}{problem[1:]}" if field else problem

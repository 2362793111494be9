"""Leads Pro: clean, matched and answerable contact data on your own machine.

```
import leadspro_engine as lp

lp.refresh("sources.toml", home="data")         # source files -> a published snapshot
engine = lp.open("data")                        # open it
engine.enrich(email="amanda@northpeak.io")      # who is this?
engine.search_people(job_title="Engineer")      # who fits this?
lp.dedupe(frame)                                # clusters of any table
```

Importing the package loads none of its libraries: each name below is loaded when it is first used.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadspro_engine.dataset import Dataset
    from leadspro_engine.dedupe import dedupe
    from leadspro_engine.engine import Engine, LiveEngine
    from leadspro_engine.engine import open_engine as open  # noqa: A004 - `lp.open(...)`, as `gzip.open`
    from leadspro_engine.errors import DatasetCorrupt, DatasetMissing, InvalidInput, LeadsProError
    from leadspro_engine.records import CompanyFilters, PeopleFilters, PersonQuery, Suppressions
    from leadspro_engine.refresh import refresh

__all__ = [
    "CompanyFilters",
    "Dataset",
    "DatasetCorrupt",
    "DatasetMissing",
    "Engine",
    "InvalidInput",
    "LeadsProError",
    "LiveEngine",
    "PeopleFilters",
    "PersonQuery",
    "Suppressions",
    "dedupe",
    "open",
    "refresh",
]

_HOMES = {
    "CompanyFilters": "records",
    "Dataset": "dataset",
    "DatasetCorrupt": "errors",
    "DatasetMissing": "errors",
    "Engine": "engine",
    "InvalidInput": "errors",
    "LeadsProError": "errors",
    "LiveEngine": "engine",
    "PeopleFilters": "records",
    "PersonQuery": "records",
    "Suppressions": "records",
    "dedupe": "dedupe",
    "open": "engine",
    "refresh": "refresh",
}
"""Where each name of the door lives."""

_NAMES_THERE = {"open": "open_engine"}


def __getattr__(name: str) -> Any:
    """Load a name of the door on its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = importlib.import_module(f"{__name__}.{_HOMES[name]}")
    globals()[name] = value = getattr(home, _NAMES_THERE.get(name, name))
    return value


def __dir__() -> list[str]:
    """The names of the door, loaded or not."""
    return sorted({*globals(), *__all__})


class _Door(ModuleType):
    """This package, which keeps ``dedupe`` and ``refresh`` the functions that they are.

    They live in modules of the same name, and the import system would put the module in the function's
    place when somebody first imports it.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Door

"""A report over a table whose cells and headers try to become part of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import leadspro_engine as lp

if TYPE_CHECKING:
    from pathlib import Path

ATTACKS = (
    "<script>document.title = 'owned'</script>",
    '"><img src=x onerror="document.title = \'owned\'">',
    "</style></details><svg onload=\"document.title='owned'\">",
    "{style} {body} %s",
)


def hostile_report(path: Path) -> Path:
    """Write the report of such a table to ``path``."""
    rows = [
        {
            "name": f"Ada{n % 4} Lovelace",
            "email": f"ada{n % 5}@acme.com",
            ATTACKS[0]: ATTACKS[n % 4],
            "title": ATTACKS[1],
        }
        for n in range(20)
    ]
    lp.dedupe(pl.DataFrame(rows), report=path)
    return path

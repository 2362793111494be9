"""A second refresh that takes over what did not change publishes what one that takes over nothing does."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import lmdb
import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from leadspro_engine.dataset import Dataset, current_version, snapshots_folder
from leadspro_engine.dataset.home import KEYS, SEARCH
from leadspro_engine.dataset.search_index import TERMS_FILE
from leadspro_engine.dataset.tables import KINDS, TABLES
from leadspro_engine.privacy import SuppressionList
from leadspro_engine.records import Suppressions
from leadspro_engine.refresh import refresh

SOURCES = """
[[source]]
name = "crm"
path = "crm.csv"
observed_at = 2026-05-01

[[source]]
name = "web"
path = "web.csv"
observed_at = 2026-04-01
one_record_per_entity = true

[[source]]
name = "register"
path = "register.csv"
record = "company"
observed_at = 2026-03-01
trust = 0.95
"""
HEADER = "id,First Name,Last Name,Email,Phone,Company,Title"
people = st.builds(
    "{},{},{},{},{},{}".format,
    st.sampled_from(("Robert", "Bob", "Liz", "Elizabeth", "Ann")),
    st.sampled_from(("Hartwell", "Coldstrom", "Oakden")),
    st.sampled_from(("", "bob@acme.com", "liz@acme.com", "bob@beta.io", "a.oak@beta.io")),
    st.sampled_from(("", "+14155550101", "+14155550102")),
    st.sampled_from(("", "Acme Inc.", "Acme", "Beta", "Gamma GmbH")),
    st.sampled_from(("", "Buyer", "Head of Growth")),
)
companies = st.builds(
    "{},{}".format,
    st.sampled_from(("Acme Inc.", "Beta Ltd", "Gamma", "Delta AG")),
    st.sampled_from(("", "acme.com", "beta.io", "gamma.de")),
)
files = st.fixed_dictionaries(
    {
        "crm": st.dictionaries(st.integers(0, 14), people, min_size=8, max_size=12),
        "web": st.dictionaries(st.integers(0, 6), people, min_size=1, max_size=5),
        "register": st.dictionaries(st.integers(0, 4), companies, max_size=3),
    }
)
edits = st.fixed_dictionaries(
    {
        "crm": st.dictionaries(st.integers(0, 16), people | st.none(), max_size=4),
        "web": st.dictionaries(st.integers(0, 6), people | st.none(), max_size=1),
        "register": st.dictionaries(st.integers(0, 4), companies | st.none(), max_size=1),
    }
)
hidden = st.sampled_from((None, None, "bob@acme.com", "a.oak@beta.io"))
verdicts = st.lists(
    st.tuples(st.sampled_from(("crm:1", "crm:2")), st.sampled_from(("crm:3", "web:1")), st.booleans()),
    max_size=1,
)
Files = dict[str, dict[int, str]]


def write(folder: Path, rows: Files) -> Path:
    for name, header in (("crm", HEADER), ("web", HEADER), ("register", "id,Company,Domain")):
        lines = [f"{number},{row}" for number, row in sorted(rows[name].items())]
        (folder / f"{name}.csv").write_text("\n".join([header, *lines]) + "\n")
    path = folder / "sources.toml"
    path.write_text(SOURCES)
    return path


def edited(rows: Files, changes: dict[str, dict[int, str | None]]) -> Files:
    merged = {name: {**rows[name], **changes[name]} for name in rows}
    return {name: {n: row for n, row in one.items() if row is not None} for name, one in merged.items()}


def entries(path: Path) -> dict[bytes, dict[bytes, bytes]]:
    """Every entry of every map of a mapped file."""
    with lmdb.open(str(path), subdir=False, readonly=True, lock=False, max_dbs=200) as environment:
        with environment.begin() as transaction:
            names = [name for name, _ in transaction.cursor()]
        maps = {name: environment.open_db(name, create=False) for name in names}
        with environment.begin() as transaction:
            return {name: dict(transaction.cursor(one)) for name, one in maps.items()}


def published(home: Path) -> dict[str, Any]:
    """All that a snapshot answers from: every row of every table, and every entry of both indexes."""
    snapshot = snapshots_folder(home) / str(current_version(home))
    found: dict[str, Any] = {
        "keys": entries(snapshot / KEYS),
        "terms": entries(snapshot / SEARCH / TERMS_FILE),
        **{path.name: path.read_bytes() for path in (snapshot / SEARCH).glob("*.arrow")},
    }
    with Dataset.open(home, verify=True) as dataset:
        tables = [*TABLES, "frequencies", *(f"identifiers_{kind}" for kind in KINDS)]
        for table in tables:
            left_out = "exclude (last_version)" if table == "id_changes" else ""
            rows = dataset.cursor().execute(f"select * {left_out} from {table}").fetchall()
            found[table] = sorted(map(repr, rows))
    return found


@settings(
    max_examples=3,
    phases=(Phase.reuse, Phase.generate),  # an example takes seconds: shrinking one takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(files, st.lists(st.tuples(edits, hidden, verdicts), min_size=1, max_size=2))
def test_incremental_is_full(rows: Files, later: list[tuple[Any, str | None, list[Any]]]) -> None:
    publishing = sys.modules["leadspro_engine.dataset.publish"]  # the package has a function of that name
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as name:
        patch.setattr(publishing, "MOST_PATCHED", 10.0)
        folder = Path(name)
        sources, home = write(folder, rows), folder / "home"
        refresh(sources, home)
        for number, (changes, address, judged) in enumerate(later):
            rows = edited(rows, changes)
            write(folder, rows)
            (home / "verdicts.jsonl").write_bytes(
                b"".join(msgspec.json.encode({"a": a, "b": b, "same": same}) + b"\n" for a, b, same in judged)
            )
            listed = SuppressionList(folder / f"hidden-{number}")
            (folder / f"hidden-{number}").mkdir()
            if address is not None:
                listed.add("email", address, reason=None, now=dt.datetime.now(dt.UTC))
            options: dict[str, Any] = {
                "suppressions": Suppressions(listed.hashes()),
                "force": True,
                "accept_smaller": True,
            }
            full = shutil.copytree(home, folder / f"full-{number}")
            refresh(sources, full, anew=True, **options)
            refresh(sources, home, **options)
            assert published(home) == published(full)

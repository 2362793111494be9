"""What people have said about pairs of records: one and the same, or two. It always holds, and it teaches.

Verdicts name records by ``record_id``, so that they outlive every rebuild; one about a record that is not
there says nothing. In a file they are JSON lines, of which the last about a pair counts.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import msgspec
import polars as pl
from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from duckdb import DuckDBPyConnection


class Verdict(Struct, frozen=True):
    """Whether two records are one and the same.

    Attributes:
        a: the ``record_id`` of one.
        b: that of the other.
        same: whether both are of one entity.
    """

    a: str
    b: str
    same: bool

    @property
    def pair(self) -> tuple[str, str]:
        """Both records in alphabetical order."""
        return min(self.a, self.b), max(self.a, self.b)


Verdicts = Sequence[Verdict]


def read_verdicts(path: Path) -> list[Verdict]:
    """The verdicts of a file, the last about each pair; none when there is no file.

    Raises:
        InvalidInput: a line is no verdict; the error names it.
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    last: dict[tuple[str, str], Verdict] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            verdict = msgspec.json.decode(line, type=Verdict)
        except msgspec.DecodeError as exc:
            accepted = f'lines such as {{"a": "crm:1", "b": "web:7", "same": true}} ({exc})'
            raise InvalidInput(f"{path}, line {number}", line.decode(errors="replace"), accepted) from exc
        last[verdict.pair] = verdict
    return list(last.values())


def add_verdict(path: Path, verdict: Verdict) -> None:
    """Write one more verdict to a file; on the disk when this returns."""
    with path.open("ab") as file:
        file.write(msgspec.json.encode(verdict) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def check_verdicts(verdicts: Verdicts) -> None:
    """Return when the verdicts can all be true.

    Raises:
        InvalidInput: two records are said to be two, and to be one with a chain of others.
    """
    root = _groups(verdicts)
    for verdict in verdicts:
        if not verdict.same and root(verdict.a) == root(verdict.b):
            raise InvalidInput(
                "verdicts",
                f"{verdict.a} and {verdict.b} are two",
                "verdicts that agree: others say, in a chain, that these two are one",
            )


def settled_pairs(verdicts: Verdicts) -> Callable[[str, str], bool]:
    """Whether the verdicts, with all that follows from them, say of two records if they are one.

    >>> settled = settled_pairs([Verdict("a", "b", True), Verdict("b", "c", False)])
    >>> settled("a", "c"), settled("a", "d")
    (True, False)
    """
    root = _groups(verdicts)
    apart = {frozenset((root(one.a), root(one.b))) for one in verdicts if not one.same}

    def settled(a: str, b: str) -> bool:
        return root(a) == root(b) or frozenset((root(a), root(b))) in apart

    return settled


def _groups(verdicts: Verdicts) -> Callable[[str], str]:
    """For each record one that stands for all that are said to be one with it."""
    parent: dict[str, str] = {}

    def root(record: str) -> str:
        while (above := parent.get(record, record)) != record:
            record = above
        return record

    for verdict in verdicts:
        if verdict.same:
            parent[root(verdict.a)] = root(verdict.b)
    return root


def judged_records(con: DuckDBPyConnection, verdicts: Verdicts, one_each: Collection[str] = ()) -> None:
    """Make ``verdicts(record_a, record_b, same)``, of the pairs whose two records are both in ``input``.

    ``input`` gets a column ``apart``: the record id of records that are judged or of a source that has one
    record an entity (``one_each``), null for all others. Rows that say the same are compared as one unless
    they differ there.
    """
    rows = [(*verdict.pair, verdict.same) for verdict in verdicts if verdict.a != verdict.b]
    schema = {"record_a": pl.String, "record_b": pl.String, "same": pl.Boolean}
    con.register("verdicts_given", pl.DataFrame(rows, schema=schema, orient="row").unique().to_arrow())
    sql.run(con, "verdicts", _VERDICTS)
    alone = "".join(f" or i.source = {sql.quoted(source)}" for source in one_each)
    sql.run(con, "judged records", _JUDGED.format(alone=alone))


def records_of_one_each(con: DuckDBPyConnection, one_each: Collection[str]) -> None:
    """Make ``once(n, source)``: the distinct records of sources that have one record an entity."""
    names = ", ".join(sql.quoted(source) for source in one_each)
    found = f"select n, i.source from members join input i using (record_id) where i.source in ({names})"
    nothing = "select 0 as n, '' as source where false"
    sql.run(con, "records of one each", f"create or replace table once as {found if one_each else nothing}")


def judged_pairs(con: DuckDBPyConnection) -> None:
    """Make ``judged(a, b, same)`` of the distinct records, and a candidate of each pair in ``pairs``."""
    sql.run(con, "judged pairs", _PAIRS)
    sql.run(con, "judged candidates", _CANDIDATES)


def judged_edges(con: DuckDBPyConnection) -> dict[tuple[int, int], bool]:
    """Pair of distinct records ``(a, b)``, a < b -> whether both are one."""
    found = sql.rows(con, "judged edges", "select a, b, same from judged")
    return {(a, b): same for a, b, same in found}


_VERDICTS = """
create or replace table verdicts as
select v.* from verdicts_given v
semi join input a on a.record_id = v.record_a semi join input b on b.record_id = v.record_b
"""

_JUDGED = """
create or replace view compared_input as
select i.*, case when i.record_id in (
  select record_a from verdicts union select record_b from verdicts
){alone} then i.record_id end as apart
from input i
"""

_PAIRS = """
create or replace table judged as
select least(x.n, y.n) as a, greatest(x.n, y.n) as b, v.same
from verdicts v join members x on x.record_id = v.record_a join members y on y.record_id = v.record_b
"""

_CANDIDATES = """
insert into pairs select a, b, 0 from judged anti join pairs using (a, b)
"""

"""Evidence that an earlier run worked out: the same two records under the same weights say the same.

Which pairs are candidates, and which of them become one, is worked out afresh every time; only the comparing,
which is most of the work, is spared. So a run that remembers gives what a run that does not remember gives.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from leadspro_engine import sql
from leadspro_engine.compare.columns import level_sql
from leadspro_engine.resolve import pairs

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from leadspro_engine.compare import Comparison, Model, Weights


def add_evidence(
    con: DuckDBPyConnection, comparisons: tuple[Comparison, ...], model: Model, weights: Weights
) -> None:
    """Make ``evidence`` of all candidate pairs, of the view ``known_evidence`` where it has them.

    Args:
        con: a workbench with ``pairs``, ``known_frequencies`` and ``known_evidence(x, y, bits)``: what pairs
            said earlier under these weights and frequencies, by the content of their records.
        comparisons: those that can speak.
        model: the comparison model.
        weights: the weights that the known evidence was worked out with.
    """
    sql.run(con, "contents", contents_sql(model))
    sql.run(con, "pairs with known evidence", _REMEMBERED)
    sql.run(con, "pairs without", _NEW)
    pairs.use_frequencies(con, model, "new_pairs")
    pairs.add_levels(con, comparisons, model, pairs="new_pairs")
    pairs.add_evidence(con, comparisons, model, weights, pairs="new_pairs")
    sql.run(con, "known evidence", "insert into evidence select a, b, bits from remembered")


def contents_sql(model: Model) -> str:
    """``contents(n, content)``: a hash of what is compared of a record, and of how it is compared."""
    rules = "\n".join(level_sql(model, one) for one in model.comparisons)
    how = hashlib.sha256(rules.encode()).hexdigest()
    compared = ", ".join(model.columns)
    content = f"hash('{how}', {compared})"
    return f"create or replace table contents as select n, {content} as content from distinct_records"


EVIDENCE = """
select x.content as x, y.content as y, e.bits
from evidence e join contents x on x.n = e.a join contents y on y.n = e.b order by x, y
"""
"""What the next run may remember; ``contents`` must be there."""

_REMEMBERED = """
create or replace table remembered as
select p.a, p.b, k.bits
from pairs p join contents x on x.n = p.a join contents y on y.n = p.b
join (select x, y, any_value(bits) as bits from known_evidence group by x, y) k
  on k.x = x.content and k.y = y.content
"""

_NEW = "create or replace table new_pairs as select * from pairs anti join remembered using (a, b)"

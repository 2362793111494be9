"""Column form: the same comparisons as SQL text over pairs of records.

Expects two aliases ``l`` and ``r`` over a table of canonical records that also has, for each frequency
column ``c``, a column ``tf_c``: the share of records that have the value (for a list column, a list of
shares, parallel to the values).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from leadspro_engine.compare.predicates import All, AnyOf, Not

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from leadspro_engine.compare.model import Comparison, Level, Model
    from leadspro_engine.compare.predicates import Predicate
    from leadspro_engine.compare.weights import Weights


def level_sql(model: Model, comparison: Comparison) -> str:
    """The level of a pair as SQL: 0 the strongest, ``len(levels)`` for "differs", -1 for missing."""
    present = " and ".join(
        "(" + " or ".join(_has(model, f"{side}.{column}", column) for column in comparison.required) + ")"
        for side in "lr"
    )
    if comparison.when is not None:
        present += f" and coalesce({comparison.when.sql()}, false)"
    cases = "\n".join(
        f"    when {level.predicate.sql()} then {number}" for number, level in enumerate(comparison.levels)
    )
    return f"case when not ({present}) then -1\n{cases}\n    else {len(comparison.levels)} end"


def conditions(comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    """The statements, as SQL, on which it depends whether several of the comparisons speak.

    Who works them out once a pair spares most of the work: that two people share an employer is asked by
    half of the comparisons.
    """
    found = Counter(
        part.sql() for one in comparisons if one.when is not None for part in _statements(one.when)
    )
    return tuple(text for text, times in found.items() if times > 1)


def _statements(predicate: Predicate) -> Iterator[Predicate]:
    """A statement, or those that it is made of; alternatives and what is said at once stay whole."""
    if isinstance(predicate, Not):
        yield from _statements(predicate.part)
    elif isinstance(predicate, All) and any(isinstance(part, Not | AnyOf) for part in predicate.parts):
        for part in predicate.parts:
            yield from _statements(part)
    else:
        yield predicate


def share_sql(model: Model, level: Level) -> str:
    """An expression for the smallest share among the values on which a pair agrees at this level."""
    assert level.frequency_of is not None
    first = _column_share_sql(model, level.frequency_of)
    return first if level.and_of is None else f"{first} * {_column_share_sql(model, level.and_of)}"


def _column_share_sql(model: Model, column: str) -> str:
    """The smallest share among the values of one column on which a pair agrees."""
    if column not in model.list_columns:
        return f"greatest(l.tf_{column}, r.tf_{column})"
    shared = f"list_intersect(l.{column}, r.{column})"
    return f"list_min(list_transform({shared}, lambda v: l.tf_{column}[list_position(l.{column}, v)]))"


def level_share_sql(model: Model, comparison: Comparison) -> str | None:
    """The share that replaces u at a pair's level as SQL, null at others; None without such levels."""
    cases = "\n".join(
        f"    when {number} then {share_sql(model, level)}"
        for number, level in enumerate(comparison.levels)
        if level.frequency_of is not None
    )
    return f"case level_{comparison.field}\n{cases}\n end" if cases else None


def bits_sql(comparison: Comparison, weights: Weights) -> str:
    """An expression for the bits of a pair, over its columns ``level_<field>`` and ``share_<field>``."""
    cases = []
    for number, weight in enumerate(weights.fields[comparison.field]):
        bits = repr(weight.bits)
        if comparison.frequency_column(number) is not None:
            share = f"greatest(share_{comparison.field}, {weight.rarest!r})"
            chance = f"{weight.lift!r} * {share} ** {weight.power!r}"
            sure = msgspec.structs.replace(weight, lift=1.0)
            bits = f"{sure.bits_at(1.0)!r} - log2(least({chance}, 1.0))"
        cases.append(f"    when {number} then {bits}")
    return f"case level_{comparison.field}\n" + "\n".join(cases) + "\n    else 0 end"


def evidence_bits_sql(comparisons: Sequence[Comparison], weights: Weights) -> str:
    """An expression for the evidence of a pair in bits; with the prior it is the score."""
    return "\n  + ".join(["0::double", *(f"({bits_sql(one, weights)})" for one in comparisons)])


def _has(model: Model, name: str, column: str) -> str:
    """Whether a column has a value: a list one must not be empty."""
    return f"coalesce(len({name}), 0) > 0" if column in model.list_columns else f"{name} is not null"

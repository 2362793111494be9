"""The column form (SQL) and the value form of every comparison say the same."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine import sql
from leadspro_engine.compare import COMPANIES, PEOPLE, Model, Weights, score, shipped_weights
from leadspro_engine.compare.columns import evidence_bits_sql, level_share_sql, level_sql
from leadspro_engine.compare.score import level_of

WORDS = [
    "a",
    "j",
    "jo",
    "john",
    "jon",
    "johnn",
    "jonathan",
    "smith",
    "smyth",
    "smith jones",
    "jones",
    "o neil",
]
DATES = ["2001-02-03", "2001-03-02", "2001-02-13", "2011-02-03", "19750888", "2001"]
DIGITS = ["4155550106", "4155550107", "415555010", "12345", "12346", "1234567", "1234587"]
NAMES = ["site 1", "site 2", "site ii", "site iii", "acme site i", "x", "3 x iv"]
DOMAINS = ["acme.com", "acme.de", "acme-2.com", "acme-3.com", "acmee-2.com"]
ADDRESSES = ["john@acme.com", "john@acne.com", "jon@acme.com", "sales@acme.com", "zoë@acme.com", "x@y"]
TEXTS = WORDS + DATES + DIGITS + ADDRESSES + NAMES + DOMAINS

texts = st.one_of(st.none(), st.sampled_from(TEXTS), st.text("abé1 -|'", min_size=1, max_size=6))
lists = st.lists(st.sampled_from(TEXTS) | st.text("abé1 -|'", min_size=1, max_size=6), max_size=3)


def records(model: Model) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {column: lists if column in model.list_columns else texts for column in model.columns}
    )


def frame(model: Model, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {
        column: pl.List(pl.String()) if column in model.list_columns else pl.String()
        for column in model.columns
    }
    shares = {
        f"tf_{column}": pl.List(pl.Float64()) if column in model.list_columns else pl.Float64()
        for column in model.frequency_columns
    }
    numbered = [
        {"n": n, **row, **{f"tf_{c}": _shares(row[c]) for c in model.frequency_columns}}
        for n, row in enumerate(rows)
    ]
    return pl.DataFrame(numbered, schema={"n": pl.Int64(), **schema, **shares})


def frequency(_column: str, value: str) -> float | None:
    """Any fixed function of the value serves as its share."""
    return 0.01 + (len(value) % 5) / 20


def lifted(weights: Weights) -> Weights:
    """Weights of which no two levels have the same lift and power."""
    return msgspec.structs.replace(
        weights,
        fields={
            field: tuple(
                msgspec.structs.replace(level, lift=0.3 + number, power=0.4 + number / 10)
                for number, level in enumerate(levels)
            )
            for field, levels in weights.fields.items()
        },
    )


def _shares(value: str | list[str] | None) -> Any:
    if value is None:
        return None
    return frequency("", value) if isinstance(value, str) else [frequency("", one) for one in value]


@pytest.mark.parametrize("model", [PEOPLE, COMPANIES], ids=lambda model: model.name)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_sql_and_values_find_the_same_levels_and_bits(model: Model, data: st.DataObject) -> None:
    rows = data.draw(st.lists(records(model), min_size=2, max_size=6))
    weights = lifted(shipped_weights(model, records=1000))
    con = sql.workbench(threads=1)
    con.register("frame", frame(model, rows).to_arrow())
    con.execute("create table records as select * from frame")
    levels = [f"({level_sql(model, one)})::tinyint as level_{one.field}" for one in model.comparisons]
    shares = [
        f"({text}) as share_{one.field}"
        for one in model.comparisons
        if (text := level_share_sql(model, one)) is not None
    ]
    columns = ", ".join([*levels, *shares])
    pairs = "from records l join records r on l.n < r.n"
    con.execute(f"create table levels as select l.n as a, r.n as b, {columns} {pairs}")
    listed = ", ".join(f"level_{one.field}" for one in model.comparisons)
    bits_sql = evidence_bits_sql(model.comparisons, weights)
    found = con.execute(f"select a, b, {bits_sql} as bits, {listed} from levels order by a, b").fetchall()
    assert [(a, b) for a, b, *_ in found] == list(itertools.combinations(range(len(rows)), 2))
    for a, b, bits, *numbers in found:
        expected = [level_of(comparison, rows[a], rows[b]) for comparison in model.comparisons]
        assert [None if number < 0 else number for number in numbers] == expected
        scored = score(model, rows[a], rows[b], weights, frequency)
        assert bits == pytest.approx(scored.bits - scored.prior_bits, abs=1e-9)


@pytest.mark.parametrize("model", [PEOPLE, COMPANIES], ids=lambda model: model.name)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_the_bits_of_the_evidence_sum_to_the_score(model: Model, data: st.DataObject) -> None:
    left, right = data.draw(records(model)), data.draw(records(model))
    scored = score(model, left, right, shipped_weights(model, records=1000))
    assert scored.bits == pytest.approx(scored.prior_bits + sum(one.bits for one in scored.evidence))
    assert 0 <= scored.probability <= 1


@pytest.mark.parametrize("model", [PEOPLE, COMPANIES], ids=lambda model: model.name)
def test_priors_of_every_comparison_are_distributions_that_favour_agreement(model: Model) -> None:
    for comparison in model.comparisons:
        assert sum(level.m for level in comparison.levels) < 1
        assert sum(level.u for level in comparison.levels) < 1
        assert comparison.levels[0].m > comparison.levels[0].u

"""The column form of any kind, from its scalar form: each distinct value is parsed once.

Contact data repeats itself (a million rows have some 300,000 distinct e-mail addresses, 40,000 employers and
200 countries), so a column is taken apart into its distinct values and their places, the distinct
values go through the scalar form, and the answers are put back into their places. The column form is
equal to the scalar form because it *is* the scalar form.
"""

from __future__ import annotations

import functools
import types
import typing
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import polars as pl
import pyarrow as pa

from leadspro_engine.normalize.text import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_ANSWER = "\0answer"
S = TypeVar("S", bound=msgspec.Struct)

_PLAIN_TYPES: dict[Any, pl.DataType] = {
    str: pl.String(),
    int: pl.Int64(),
    float: pl.Float64(),
    bool: pl.Boolean(),
}


def struct_column(values: pl.Series, parse: Callable[[str], S | None], struct: type[S]) -> pl.Series:
    """One struct for each row of ``values``, null where ``parse`` gives None.

    Args:
        values: cells of any type; null stays null.
        parse: the scalar form.
        struct: what it gives; its fields become the fields of the column.
    """
    distinct, places = encoded(values)
    return (
        structs([None if v is None else parse(v) for v in distinct], struct).gather(places).alias(values.name)
    )


def text_column(values: pl.Series, parse: Callable[[str], str | None]) -> pl.Series:
    """One text for each row of ``values``, null where ``parse`` gives None."""
    distinct, places = encoded(values)
    parsed = [None if v is None else parse(v) for v in distinct]
    return pl.Series(values.name, parsed, pl.String()).gather(places)


def list_column(values: pl.Series, parse: Callable[[str], Sequence[str]]) -> pl.Series:
    """One list of texts for each row of ``values``; null cells give an empty list."""
    distinct, places = encoded(values)
    parsed = ([] if v is None else list(parse(v)) for v in distinct)
    return _series(pl.Field(values.name, pl.List(pl.String())), parsed).gather(places)


def struct_rows(arguments: pl.DataFrame, parse: Callable[..., S | None], struct: type[S]) -> pl.Series:
    """One struct for each row of ``arguments``: ``parse`` is called once for each distinct row.

    Args:
        arguments: one column for each argument of ``parse``, in its order: cells, or lists of cells.
        parse: the scalar form; it is given None for null, and a list for a list.
        struct: what it gives.
    """
    texts = pl.DataFrame([_lists_or_texts(column) for column in arguments.iter_columns()])
    distinct = texts.unique(maintain_order=True)
    answers = structs([parse(*row) for row in distinct.iter_rows()], struct)
    answered = distinct.with_columns(answers.alias(_ANSWER))
    joined = texts.join(answered, on=texts.columns, how="left", nulls_equal=True, maintain_order="left")
    return joined.get_column(_ANSWER).alias(struct.__name__.lower())


def optional_rows(
    arguments: Mapping[str, pl.Series | None], parse: Callable[..., S | None], struct: type[S]
) -> pl.Series:
    """``struct_rows`` of columns of which some are not there: ``parse`` is given None for those."""
    given = next((column for column in arguments.values() if column is not None), pl.Series())
    return struct_rows(
        pl.DataFrame(
            [
                pl.repeat(None, len(given), dtype=pl.String(), eager=True).alias(name)
                if column is None
                else column.alias(name)
                for name, column in arguments.items()
            ]
        ),
        parse,
        struct,
    )


def encoded(values: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The distinct texts of a column, null among them if it is there, and where each row finds its own.

    >>> [column.to_list() for column in encoded(pl.Series(["b", None, "b"]))]
    [['b', None], [0, 1, 0]]
    """
    arrow = texts_of(values).to_arrow(compat_level=pl.CompatLevel.oldest())
    found = arrow.dictionary_encode(null_encoding="encode")
    return pl.Series(pl.from_arrow(found.dictionary)), pl.Series(pl.from_arrow(found.indices)).cast(pl.UInt32)


def pieced(settled: pl.Series, quick: pl.Series, rest: pl.Series) -> pl.Series:
    """One column of two: the ``quick`` answers where ``settled`` is true, the ``rest`` elsewhere, in order.

    >>> pieced(pl.Series([True, False, True]), pl.Series([1, 3]), pl.Series([2])).to_list()
    [1, 2, 3]
    """
    if rest.is_empty():
        return quick
    places = pl.concat([settled.arg_true(), (~settled).arg_true()])
    return pl.concat([quick, rest.alias(quick.name)]).gather(places.arg_sort())


def opened(lists: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The cells of all lists that hold a text, one after the other, and the row that each stands in.

    >>> [column.to_list() for column in opened(pl.Series([["a", ""], None, ["b", None]]))]
    [['a', 'b'], [0, 2]]
    """
    flat = (
        _lists_or_texts(lists)
        .to_frame("cell")
        .with_row_index("row")
        .explode("cell")
        .filter(pl.col("cell") != "")
    )
    return flat.get_column("cell"), flat.get_column("row")


def relisted(rows: pl.Series, values: pl.Series, height: int) -> pl.Series:
    """One list for each of ``height`` rows: its values that are not null, each once, in their order.

    Args:
        rows: the row of each value, ascending.
        values: texts or nulls.
        height: how many lists there are to be.

    >>> relisted(pl.Series([0, 0, 2]), pl.Series(["a", "a", "b"]), 3).to_list()
    [['a'], [], ['b']]
    """
    flat = pl.DataFrame({"row": rows.cast(pl.UInt32()), "value": values}).drop_nulls()
    if not rows.is_unique().all():
        flat = flat.unique(maintain_order=True)
    ends = pl.int_range(height, dtype=pl.UInt32, eager=True)
    offsets = (
        flat.get_column("row")
        .search_sorted(ends, side="left")
        .extend(pl.Series([flat.height], dtype=pl.UInt32))
    )
    texts = flat.get_column("value").to_arrow(compat_level=pl.CompatLevel.oldest())
    return pl.Series(values.name, pa.LargeListArray.from_arrays(offsets.cast(pl.Int64).to_arrow(), texts))


def structs(values: Iterable[S | None], struct: type[S]) -> pl.Series:
    """A struct column of these values, null where one is None."""
    listed = list(values)
    present = [value for value in listed if value is not None]
    schema = dtype_of(struct)
    frame = pl.DataFrame([_series(field, map(attrgetter(field.name), present)) for field in schema.fields])
    found = frame.select(pl.struct(pl.all()).alias(struct.__name__.lower())).to_series()
    if len(present) == len(listed):
        return found
    nothing = pl.repeat(None, len(listed) - len(present), dtype=schema, eager=True)
    return pieced(pl.Series([value is not None for value in listed], dtype=pl.Boolean()), found, nothing)


def _series(field: pl.Field, values: Iterable[Any]) -> pl.Series:
    """One column of values; lists of texts go through Arrow, which takes them ten times faster."""
    if field.dtype != pl.List(pl.String()):
        return pl.Series(field.name, list(values), field.dtype)
    return pl.Series(field.name, pa.array(list(values), pa.list_(pa.string())))


@functools.cache
def dtype_of(struct: type[msgspec.Struct]) -> pl.Struct:
    """The Polars type of a struct: text, numbers, truth values, lists of these, and choices as text."""
    hints = typing.get_type_hints(struct)
    return pl.Struct([pl.Field(name, _dtype(hints[name])) for name in struct.__struct_fields__])


def texts_of(values: pl.Series) -> pl.Series:
    """The cells as text, exactly as the scalar forms read them (``text.as_text``); no text is null."""
    if values.dtype == pl.String():
        return values
    if values.dtype.is_nested() or values.dtype == pl.Object() or values.dtype == pl.Null():
        return pl.Series(values.name, [as_text(v) for v in values.to_list()], pl.String())
    distinct = values.unique()
    texts = pl.Series([as_text(v) for v in distinct.to_list()], dtype=pl.String())
    return values.replace_strict(distinct, texts, return_dtype=pl.String())


def _lists_or_texts(values: pl.Series) -> pl.Series:
    if not isinstance(values.dtype, pl.List) or values.dtype == pl.List(pl.String()):
        return values if isinstance(values.dtype, pl.List) else texts_of(values)
    lists = [None if cell is None else [as_text(v) for v in cell] for cell in values.to_list()]
    return pl.Series(values.name, lists, pl.List(pl.String()))


def _dtype(hint: Any) -> pl.DataType:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _dtype(next(arm for arm in typing.get_args(hint) if arm is not types.NoneType))
    if origin is typing.Literal:
        return pl.String()
    if origin in (list, tuple):
        return pl.List(_dtype(typing.get_args(hint)[0]))
    return _PLAIN_TYPES[hint]

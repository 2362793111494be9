"""The parts of a record: which raw roles are read together, and which canonical columns they become.

A part is one scalar function from the values of some roles to a struct whose fields are columns of the
canonical schema (``part_values``), and perhaps a column form of its own (``part_columns``). ``record`` takes
the parts in order over one record or a frame, so that both forms of a record come from one definition; a
part may also read columns that an earlier part has made (telephone numbers read the country).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from leadspro_engine.normalize import columns, part_columns
from leadspro_engine.normalize import part_values as values

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl


class Part(Struct, frozen=True):
    """One part of a record.

    Attributes:
        read: takes the values of ``roles``, then those of ``made``, and gives an instance of ``gives``.
        roles: raw roles that it reads.
        gives: its fields are canonical columns.
        made: canonical columns of earlier parts that it reads as well.
        fast: the column form, if the part has one of its own: a frame of the values to one of the fields.
    """

    read: Callable[..., Struct]
    roles: tuple[str, ...]
    gives: type[Struct]
    made: tuple[str, ...] = ()
    fast: Callable[[pl.DataFrame], pl.DataFrame] | None = None

    def columns(self, cells: pl.DataFrame) -> pl.DataFrame:
        """The fields of ``gives``, one row for each row of ``cells``; equal to ``read`` of that row."""
        if self.fast is not None:
            return self.fast(cells)
        return columns.struct_rows(cells, self.read, self.gives).struct.unnest()


_NAMES = ("full_name", "title_before_name", "given_name", "middle_name", "family_name", "name_suffix")
_STREETS = ("address", "street_number", "street", "unit", "postal_code")

_WHERE = Part(values.where, ("city", "region", "country", "place"), values.Where)
_STREET = Part(values.street, _STREETS, values.Street)
_PHONES = Part(
    values.phones, ("phone", "region_hint"), values.Phones, ("country",), part_columns.phone_columns
)
_IDENTIFIERS = Part(values.identifiers, ("identifier",), values.Identifiers)

PERSON_PARTS = (
    _WHERE,
    _STREET,
    Part(values.names, _NAMES, values.Name, (), part_columns.name_columns),
    Part(values.mail, ("email",), values.Mail, ("given_key", "family_key"), part_columns.mail_columns),
    _PHONES,
    Part(values.job, ("title", "department", "seniority"), values.Job),
    Part(
        values.employer,
        ("company", "domain", "company_linkedin", "email"),
        values.Employer,
        (),
        part_columns.employer_columns,
    ),
    Part(values.profile, ("linkedin", "birth_date"), values.Profile, (), part_columns.profile_columns),
    _IDENTIFIERS,
    Part(values.skills, ("skill",), values.Skills),
)
"""The parts of a person, in the order in which they are read."""

COMPANY_PARTS = (
    _WHERE,
    _STREET,
    _PHONES,
    Part(
        values.identity,
        ("company", "full_name", "domain", "email"),
        values.Identity,
        (),
        part_columns.identity_columns,
    ),
    Part(values.page, ("company_linkedin", "linkedin"), values.Page),
    Part(values.facts, ("industry", "headcount", "founded", "company_status"), values.Facts),
    Part(values.technologies, ("technology",), values.Technologies),
    _IDENTIFIERS,
)
"""The parts of a company, in the order in which they are read."""

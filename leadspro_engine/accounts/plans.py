"""What a workspace may use: the plans of ``<home>/plans.toml``, else those of the packaged table."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

from leadspro_engine.errors import InvalidInput

if TYPE_CHECKING:
    from pathlib import Path

FILE = "plans.toml"
ROW_BYTES = 2_048
"""What a row of a job's file may take on average: rows of contacts take some 200 bytes."""

Count = Annotated[int, Meta(ge=0)]


class Plan(Struct, frozen=True, forbid_unknown_fields=True):
    """The limits of one plan.

    Attributes:
        monthly_credits: credits granted for each calendar month in UTC.
        requests_per_minute: requests that one key may make in one minute.
        batch_size: items that one batch may hold; 0 when batches are not available.
        job_rows: rows that the file of one job may have; 0 when jobs are not available.
        history_days: for how long the history keeps which people were shown.
    """

    name: str
    monthly_credits: Count
    requests_per_minute: Annotated[int, Meta(ge=1)]
    batch_size: Count
    job_rows: Count
    history_days: Annotated[int, Meta(ge=1)]

    @property
    def upload_bytes(self) -> int:
        """The largest file of a job."""
        return self.job_rows * ROW_BYTES

    @property
    def batch(self) -> bool:
        """Whether batches are available on the plan."""
        return self.batch_size > 0


class Plans(Struct, frozen=True):
    """The plans of an installation, in the order of their table."""

    by_name: dict[str, Plan]

    def named(self, name: str) -> Plan:
        """The plan of that name.

        Raises:
            InvalidInput: there is none.
        """
        if name not in self.by_name:
            raise InvalidInput("plan", name, f"one of {', '.join(self.by_name)}")
        return self.by_name[name]


def read_plans(home: Path | None = None) -> Plans:
    """The plans of a data folder, or the packaged ones where it has no ``plans.toml``.

    Raises:
        InvalidInput: the file is not a table of plans; names the place.

    >>> list(read_plans().by_name)
    ['free', 'pro', 'scale', 'demo']
    """
    own = None if home is None else home / FILE
    packaged = resources.files(__package__).joinpath(FILE)
    text = own.read_bytes() if own is not None and own.exists() else packaged.read_bytes()
    try:
        table = msgspec.toml.decode(text)
        return Plans(
            {name: msgspec.convert({"name": name, **limits}, Plan) for name, limits in table.items()}
        )
    except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as exc:
        where = "plans.toml" if own is None else str(own)
        raise InvalidInput(
            where, str(exc), "a table for each plan, with the fields of the packaged ones"
        ) from exc

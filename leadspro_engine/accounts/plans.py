"""What a workspace may use: the plans of the packaged table ``plans.toml``."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from leadspro_engine.errors import InvalidInput

Count = Annotated[int, Meta(ge=0)]


class Plan(Struct, frozen=True):
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
    def batch(self) -> bool:
        """Whether batches are available on the plan."""
        return self.batch_size > 0


@cache
def plans() -> dict[str, Plan]:
    """Every plan by its name, in the order of the table.

    >>> list(plans())
    ['free', 'pro', 'scale', 'demo']
    """
    table = msgspec.toml.decode(resources.files(__package__).joinpath("plans.toml").read_bytes())
    return {name: msgspec.convert({"name": name, **limits}, Plan) for name, limits in table.items()}


def plan(name: str) -> Plan:
    """The plan of that name.

    Raises:
        InvalidInput: there is none.
    """
    if name not in plans():
        raise InvalidInput("plan", name, f"one of {', '.join(plans())}")
    return plans()[name]

"""What the processes of one installation are told through the environment."""

from __future__ import annotations

import os
from pathlib import Path  # noqa: TC003 - msgspec reads the annotations
from typing import Self

from msgspec import Struct

from leadspro_engine.accounts import Accounts
from leadspro_engine.dataset.home import HOME_VARIABLE, home_folder

DEMO = "LEADSPRO_DEMO"
DATABASE = "LEADSPRO_DATABASE"
LIMITS = "LEADSPRO_LIMITS"


class Environment(Struct, frozen=True):
    """The data folder and how its accounts are kept.

    Attributes:
        home: the data folder, ``LEADSPRO_HOME``.
        demo: whether the public key ``pl_demo_public`` works; ``LEADSPRO_DEMO=1``.
        database: SQLAlchemy URL of the accounts, ``LEADSPRO_DATABASE``; a file of the data folder when None.
        limits: Redis URL of the request counts, ``LEADSPRO_LIMITS``; a file of the data folder when None.
    """

    home: Path
    demo: bool = False
    database: str | None = None
    limits: str | None = None

    @classmethod
    def read(cls, home: str | Path | None = None, *, demo: bool | None = None) -> Self:
        """What the environment says, unless it is said here."""
        return cls(
            home_folder(home),
            os.environ.get(DEMO) == "1" if demo is None else demo,
            os.environ.get(DATABASE) or None,
            os.environ.get(LIMITS) or None,
        )

    def hand_on(self) -> None:
        """Tell the processes that this one starts."""
        os.environ[HOME_VARIABLE] = str(self.home.resolve())
        os.environ[DEMO] = "1" if self.demo else "0"

    def accounts(self) -> Accounts:
        """The accounts of the installation, made on first use."""
        return Accounts.open(self.home, url=self.database, limits_url=self.limits, demo=self.demo)

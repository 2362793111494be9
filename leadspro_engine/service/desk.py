"""What an operation is given and what it gives back: a desk to work at, and an offer yet to be paid."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, BinaryIO, Protocol

from msgspec import Struct

from leadspro_engine.dataset import as_of
from leadspro_engine.errors import DatasetMissing, InvalidInput, Unauthorized
from leadspro_engine.records import Suppressions
from leadspro_engine.service.answers import AnswerMeta  # noqa: TC001 - msgspec reads the annotations
from leadspro_engine.service.job_files import JobFiles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from leadspro_engine.accounts import Accounts, Caller
    from leadspro_engine.dataset.keys import KeyIndex
    from leadspro_engine.engine import Engine
    from leadspro_engine.privacy import SuppressionList


class Answer(Protocol):
    """An answer of ``service.answers``: a struct with ``meta``."""

    @property
    def meta(self) -> AnswerMeta:
        """What the answer says of itself."""


class Offer(Struct, frozen=True):
    """An answer that is ready but for its bill.

    Attributes:
        answer: makes the answer. ``meta.credits_used`` says how many of the people on offer are paid for: the
            first ones, and all unless credits ran out. It may raise; then nothing is charged.
        ids: of the people on offer, one credit each, in the order in which they are shown.
        flat: whether it is one credit for all of them together.
    """

    answer: Callable[[AnswerMeta], Answer]
    ids: tuple[str, ...] = ()
    flat: bool = False

    @property
    def price(self) -> int:
        """Credits that all of it costs."""
        return min(1, len(self.ids)) if self.flat else len(self.ids)


class Download(Struct, frozen=True):
    """A file to be sent instead of an answer; it is free, and closing it removes it.

    Attributes:
        name: what to call it on the other side; plain ASCII.
        size: in bytes.
    """

    media: str
    name: str
    file: BinaryIO
    size: int


class Desk:
    """What one request may use: the dataset as it was when the request came, the accounts, and its caller."""

    def __init__(  # noqa: PLR0913 - all that an operation may need
        self,
        home: Path,
        accounts: Accounts,
        suppressions: SuppressionList,
        engine: Engine | None,
        caller: Caller | None = None,
        *,
        paid: int | None = None,
        upload: Path | None = None,
    ) -> None:
        self._home = home
        self._engine = engine
        self._caller = caller
        self._paid = paid
        self._upload = upload
        self.accounts = accounts
        self.suppressions = suppressions

    @property
    def files(self) -> JobFiles:
        """The files of jobs."""
        return JobFiles(self._home)

    @property
    def engine(self) -> Engine:
        """The engine over the snapshot that the request pins, without the people who asked not to be shown.

        Raises:
            DatasetMissing: nothing was published yet.
        """
        if self._engine is None:
            raise DatasetMissing(self._home)
        return self._engine.hiding(Suppressions(self.suppressions.hashes()))

    def hidden(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids whose owners asked not to be shown, as far as the dataset knows them."""
        if self._engine is None:
            return frozenset()
        wanted = list(ids)
        return frozenset(self._engine.people(wanted).keys() - self.engine.people(wanted).keys())

    def as_of(self, version: str | None) -> AbstractContextManager[KeyIndex | None]:
        """The records of an earlier dataset, hidden people too; None when it is not kept any more."""
        return as_of(self._home, version)

    @property
    def published(self) -> Engine | None:
        """The engine, or None when nothing was published yet."""
        return self._engine

    @property
    def credits(self) -> int:
        """What the answer may cost: credits left in the month, or those an answer made anew was paid with."""
        return self.accounts.credits_left(self.caller) if self._paid is None else self._paid

    @property
    def upload(self) -> Path:
        """The file that came as the request's body; whoever wants to keep it moves it away.

        Raises:
            InvalidInput: none came.
        """
        if self._upload is None:
            raise InvalidInput("body", None, "a file")
        return self._upload

    @property
    def caller(self) -> Caller:
        """Who asks.

        Raises:
            Unauthorized: nobody gave a key.
        """
        if self._caller is None:
            raise Unauthorized
        return self._caller

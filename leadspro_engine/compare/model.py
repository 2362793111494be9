"""What a comparison model is: a readable table of fields and levels.

A *comparison* looks at one aspect of two records (the family name, the phones) and has ordered *levels*,
from the strongest agreement to the weakest; a pair takes the first level whose predicate holds. Below the
listed levels stands one more, ``differs``; a comparison says nothing when either record lacks the value.

Each level has an m probability (how often records of one entity fall here) and a u probability (how often
records of two entities do). The values given in the tables are priors for data that cannot teach them;
``resolve`` learns better ones and stores them in ``Weights``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from leadspro_engine.compare.predicates import Predicate

DIFFERS = "differs"


class Level(Struct, frozen=True):
    """One degree of agreement.

    Attributes:
        label: what holds, in words; shown in explanations.
        predicate: when it holds.
        m: prior share of pairs of the same entity at this level.
        u: prior share of pairs of different entities at this level.
        frequency_of: column whose agreeing value's frequency replaces u, so that rare values weigh more.
        and_of: a second column whose value agrees too; its frequency multiplies the first one's.
    """

    label: str
    predicate: Predicate
    m: float
    u: float
    frequency_of: str | None = None
    and_of: str | None = None


class Comparison(Struct, frozen=True):
    """One aspect of two records.

    Attributes:
        field: name of the aspect, as explanations show it.
        columns: the columns it reads; the first one is shown in explanations.
        levels: strongest first; ``differs`` follows them by itself.
        needs: columns of which each record must have at least one; ``columns`` when not given.
        when: the comparison speaks only where this holds, and its probabilities are those given that it
            does. Two records that share an employer nearly always share a city too: counted as if it were
            independent, that would make colleagues one person.
        among: columns of which two records share a value where ``when`` holds (any value of a list, and all
            others together); chance agreement is measured on pairs that do, for among all pairs too few of
            them are drawn.
        aspect: what explanations call it, when several comparisons share one aspect; ``field`` if not given.
    """

    field: str
    columns: tuple[str, ...]
    levels: tuple[Level, ...]
    needs: tuple[str, ...] = ()
    when: Predicate | None = None
    among: tuple[str, ...] = ()
    aspect: str = ""

    @property
    def required(self) -> tuple[str, ...]:
        """Columns of which each record must have at least one for the comparison to speak."""
        return self.needs or self.columns

    def frequency_column(self, number: int) -> str | None:
        """The column whose value frequency replaces u at a level, or None."""
        return self.levels[number].frequency_of if number < len(self.levels) else None

    @property
    def frequency_columns(self) -> tuple[str, ...]:
        """Columns whose value frequencies this comparison uses."""
        columns = [column for level in self.levels for column in (level.frequency_of, level.and_of)]
        return tuple(dict.fromkeys(column for column in columns if column is not None))


class Model(Struct, frozen=True):
    """A table of comparisons for one type of record.

    Attributes:
        name: ``people`` or ``companies``.
        comparisons: the aspects, in the order in which explanations list them.
        list_columns: which of the columns hold lists.
        implied: column -> columns that nearly always agree where it does.
        shared_by: list columns whose values lose their say once too many hold them (a switchboard, a
            family's mailbox): column -> SQL expression that tells one holder from another.
        own: columns whose values one entity has for itself: many records that share one of them and the whole
            name are counted as one entity before anything is learned.
    """

    name: Literal["people", "companies"]
    comparisons: tuple[Comparison, ...]
    list_columns: frozenset[str]
    implied: dict[str, tuple[str, ...]] = {}
    shared_by: dict[str, str] = {}
    own: tuple[str, ...] = ()

    @property
    def frequency_columns(self) -> tuple[str, ...]:
        """Every column whose value frequencies the model uses, without repetition."""
        return tuple(dict.fromkeys(column for one in self.comparisons for column in one.frequency_columns))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the model reads, without repetition."""
        return tuple(dict.fromkeys(column for one in self.comparisons for column in one.columns))

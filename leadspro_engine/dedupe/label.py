"""Labels by asking: "same person?" about the pairs that would teach most, with the reasons for and against.

The pairs nearest to the threshold are asked first; after every few answers everything is weighed again. Each
answer is on the disk before the next question, in a file that ``dedupe`` and later sessions read.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from leadspro_engine import sql
from leadspro_engine.dedupe.run import resolve_table
from leadspro_engine.dedupe.table import Given, Options, RecordKind, Table, read_table
from leadspro_engine.resolve import Verdict, add_verdict, check_verdicts, read_verdicts
from leadspro_engine.resolve.findings import ScoredPair, doubtful_pairs, row_probabilities

if TYPE_CHECKING:
    from collections.abc import Sequence

AT_ONCE = 5
"""Questions that are asked before everything is weighed again."""


class Question(Struct, frozen=True):
    """Two rows of which somebody is asked whether they are one.

    Attributes:
        number: counted from 1.
        kind: what a row is.
        a: one row as it was given, column -> value.
        b: the other.
        pair: the records with the score and its reasons.
    """

    number: int
    kind: RecordKind
    a: dict[str, Any]
    b: dict[str, Any]
    pair: ScoredPair


class Labels(Struct, frozen=True):
    """How many answers of each kind a session gave; nobody is asked about a skipped pair again in it."""

    same: int
    different: int
    skipped: int


NO_OPTIONS = Options()
"""Everything is guessed."""

Answer = Callable[[Question], bool | None]
"""True for one, False for two, None to skip. ``StopIteration`` ends the session."""


def label(
    table: Given,
    verdicts: str | Path,
    answer: Answer,
    *,
    options: Options = NO_OPTIONS,
    most: int = 20,
) -> Labels:
    """Ask about doubtful pairs and keep the answers.

    Args:
        table: a frame or files, as for ``dedupe``.
        verdicts: the file that the answers are added to.
        answer: asked for each pair.
        options: how the table is read.
        most: how many pairs are asked about.

    Raises:
        InvalidInput: as for ``dedupe``, or the file has a line that is no verdict.
    """
    read, path = read_table(table, options), Path(verdicts)
    given: list[bool | None] = []
    skipped: set[tuple[str, str]] = set()
    try:
        while len(given) < most and (pairs := _next(read, path, skipped, min(AT_ONCE, most - len(given)))):
            for pair in pairs:
                rows = read.raw([pair.a, pair.b])
                told = answer(Question(len(given) + 1, read.kind, rows[pair.a], rows[pair.b], pair))
                given.append(told)
                if told is None:
                    skipped.add((min(pair.a, pair.b), max(pair.a, pair.b)))
                else:
                    add_verdict(path, Verdict(pair.a, pair.b, told))
    except StopIteration:
        pass
    return Labels(given.count(True), given.count(False), given.count(None))


def _next(read: Table, path: Path, skipped: set[tuple[str, str]], most: int) -> Sequence[ScoredPair]:
    """The pairs to ask about next, the most doubtful first."""
    verdicts = read_verdicts(path)
    check_verdicts(verdicts)
    known = skipped | {verdict.pair for verdict in verdicts}
    with closing(sql.workbench()) as con:
        resolution = resolve_table(con, read, verdicts)
        row_probabilities(con, resolution)
        return doubtful_pairs(con, read.model, resolution.weights, most=most, but=known)

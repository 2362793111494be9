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
from leadspro_engine.dedupe.table import RecordKind  # noqa: TC001 - msgspec may read the annotations
from leadspro_engine.resolve import Verdict, add_verdict, check_verdicts, read_verdicts, settled_pairs
from leadspro_engine.resolve.findings import ScoredPair, doubtful_pairs, row_probabilities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadspro_engine.dedupe.published import PublishedRecords
    from leadspro_engine.dedupe.table import Table

AT_ONCE = 5
"""Questions that are asked before everything is weighed again."""


class Question(Struct, frozen=True):
    """Two rows of which somebody is asked whether they are one.

    Attributes:
        number: counted from 1.
        kind: what a row is.
        a: one row, column -> value; by role when the rows come from several sources.
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


Answer = Callable[[Question], bool | None]
"""True for one, False for two, None to skip. ``StopIteration`` ends the session."""


def label(
    records: Table | PublishedRecords, verdicts: str | Path, answer: Answer, *, most: int = 20
) -> Labels:
    """Ask about doubtful pairs and keep the answers.

    Args:
        records: a table that ``read_table`` read, or the ``published_records`` of a data folder.
        verdicts: the file that the answers are added to.
        answer: asked for each pair; never for one that earlier answers settle.
        most: how many pairs are asked about.

    Raises:
        InvalidInput: the file has a line that is no verdict, or verdicts that contradict each other.
    """
    path = Path(verdicts)
    given: list[bool | None] = []
    skipped: set[tuple[str, str]] = set()
    try:
        while len(given) < most:
            pairs = _next(records, path, skipped, min(AT_ONCE, most - len(given)))
            if not pairs:
                break
            for pair in pairs:
                if settled_pairs(read_verdicts(path))(pair.a, pair.b):
                    continue
                told = answer(_question(records, pair, number=len(given) + 1))
                given.append(told)
                if told is None:
                    skipped.add((min(pair.a, pair.b), max(pair.a, pair.b)))
                else:
                    add_verdict(path, Verdict(pair.a, pair.b, told))
    except StopIteration:
        pass
    return Labels(given.count(True), given.count(False), given.count(None))


def _question(records: Table | PublishedRecords, pair: ScoredPair, *, number: int) -> Question:
    """A pair with both rows."""
    rows = records.aligned([pair.a, pair.b])
    return Question(number, records.kind, rows[pair.a], rows[pair.b], pair)


def _next(
    records: Table | PublishedRecords, path: Path, skipped: set[tuple[str, str]], most: int
) -> Sequence[ScoredPair]:
    """The pairs to ask about next, the most doubtful first."""
    verdicts = read_verdicts(path)
    check_verdicts(verdicts)
    settled = settled_pairs(verdicts)
    with closing(sql.workbench()) as con:
        resolution = records.resolve(con, verdicts)
        row_probabilities(con, resolution)
        return doubtful_pairs(
            con,
            records.model,
            resolution.weights,
            most=most,
            but=lambda a, b: (min(a, b), max(a, b)) in skipped or settled(a, b),
        )

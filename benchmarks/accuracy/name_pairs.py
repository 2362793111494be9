"""Are two names the same: precision, recall and F1 of the name score on labelled pairs.

The verdicts are compared with the committed run ``name_pairs_run.csv`` (a hash of each pair, its score, its
verdict), so that a change of the rules shows as the list of pairs that flipped. The pairs themselves are not
part of the project: they are nomenklatura's ``contrib/name_bench/cases.csv`` (MIT), in the evaluation folder.
"""

from __future__ import annotations

import csv
import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from msgspec import Struct

from leadspro_engine.compare.names import SAME_NAME, Kind, similarity

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from benchmarks.harness import Row

EVALUATION = Path(__file__).parents[3] / "shared" / "evaluation"
FROZEN = Path(__file__).with_name("name_pairs_run.csv")
PEERS: dict[Kind, float] = {"person": 0.735, "organization": 0.851}
"""F1 of nomenklatura's logic-v2 at its own threshold, from the scores committed beside its cases."""

_ROUNDS = 5


class Pair(Struct, frozen=True):
    """One labelled pair; ``quality`` STRONG means that no matcher may get it wrong."""

    id: str
    kind: Kind
    left: str
    right: str
    is_match: bool
    quality: str
    score: float

    @property
    def verdict(self) -> bool:
        """Whether the score takes the two for one."""
        return self.score >= SAME_NAME


def options(parser: argparse.ArgumentParser) -> None:
    """Where the labelled pairs are, and whether this run becomes the frozen one."""
    parser.add_argument("--evaluation", type=Path, default=EVALUATION, help="folder of labelled sets")
    parser.add_argument("--freeze", action="store_true", help=f"write this run to {FROZEN.name}")


def run(options: argparse.Namespace) -> list[Row]:
    """One row for people and one for organizations; wrong cases and flips are printed before."""
    path = options.evaluation / "name_pairs" / "pairs.parquet"
    if not path.is_file():
        print(f"NOT MEASURED: no labelled name pairs at {path}; give their folder with --evaluation.")
        return []
    pairs = scored(pl.read_parquet(path))
    for line in (*wrong(pairs), *flips(pairs, frozen())):
        print(line)
    if options.freeze:
        freeze(pairs)
    return [_row(kind, [pair for pair in pairs if pair.kind == kind]) for kind in PEERS]


def scored(cases: pl.DataFrame) -> list[Pair]:
    """Every labelled pair with its score; companies and legal entities are organizations."""
    return [_scored(case) for case in cases.iter_rows(named=True)]


def _scored(case: dict[str, Any]) -> Pair:
    kind: Kind = "person" if case["schema"] == "Person" else "organization"
    left, right = case["name1"], case["name2"]
    return Pair(
        id=_id(case["schema"], left, right),
        kind=kind,
        left=left,
        right=right,
        is_match=case["is_match"],
        quality=case["quality"],
        score=similarity(left, right, kind=kind),
    )


def wrong(pairs: Sequence[Pair]) -> list[str]:
    """A line for each pair on which verdict and label differ, the STRONG ones first."""
    failed = sorted(
        (pair for pair in pairs if pair.verdict != pair.is_match),
        key=lambda pair: (pair.quality != "STRONG", pair.kind, pair.left, pair.right),
    )
    return [
        f"wrong {pair.quality:6} {pair.kind:12} {pair.score:.2f} "
        f"{'same' if pair.is_match else 'different'}: {pair.left} | {pair.right}"
        for pair in failed
    ]


def flips(pairs: Sequence[Pair], before: dict[str, bool]) -> list[str]:
    """A line for each pair whose verdict is not that of the frozen run."""
    return [
        f"flipped to {'same' if pair.verdict else 'different'} "
        f"({'right' if pair.verdict == pair.is_match else 'wrong'}): {pair.left} | {pair.right}"
        for pair in pairs
        if before.get(pair.id, pair.verdict) != pair.verdict
    ]


def frozen() -> dict[str, bool]:
    """The committed run: pair id -> verdict."""
    if not FROZEN.is_file():
        return {}
    rows = csv.DictReader(FROZEN.read_text(encoding="utf-8").splitlines())
    return {row["pair"]: row["verdict"] == "same" for row in rows}


def freeze(pairs: Sequence[Pair]) -> None:
    """Write this run, sorted by pair id and unique by it."""
    lines = {
        pair.id: f"{pair.id},{pair.score:.4f},{'same' if pair.verdict else 'different'}" for pair in pairs
    }
    FROZEN.write_text(
        "\n".join(["pair,score,verdict", *(lines[i] for i in sorted(lines))]) + "\n", encoding="utf-8"
    )


def _id(schema: str, left: str, right: str) -> str:
    return hashlib.sha256(f"{schema}|{left}|{right}".encode()).hexdigest()[:12]


def _row(kind: Kind, pairs: Sequence[Pair]) -> Row:
    both = sum(pair.verdict and pair.is_match for pair in pairs)
    found, true = sum(pair.verdict for pair in pairs), sum(pair.is_match for pair in pairs)
    return {
        "names": kind,
        "pairs": len(pairs),
        "precision": round(both / found, 4),
        "recall": round(both / true, 4),
        "F1": round(2 * both / (found + true), 4),
        "nomenklatura F1": PEERS[kind],
        "STRONG wrong": sum(pair.quality == "STRONG" and pair.verdict != pair.is_match for pair in pairs),
        "us a pair": round(_microseconds(pairs), 1),
    }


def _microseconds(pairs: Sequence[Pair]) -> float:
    """The processor time of one pair, best of some rounds."""
    best = float("inf")
    for _ in range(_ROUNDS):
        began = time.process_time()
        for pair in pairs:
            similarity(pair.left, pair.right, kind=pair.kind)
        best = min(best, time.process_time() - began)
    return best / len(pairs) * 1e6

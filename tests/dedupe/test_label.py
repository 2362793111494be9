"""Labels by asking: doubtful pairs first, every answer kept, and better clusters for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import leadspro_engine as lp
from leadspro_engine.cli import main
from leadspro_engine.dedupe import Options, Question, label, published_records, read_table
from leadspro_engine.refresh import refresh
from leadspro_engine.resolve import read_verdicts

if TYPE_CHECKING:
    from pathlib import Path

GIVEN = ("Ada", "Bob", "Cleo", "Dana", "Egon", "Fay")


@pytest.fixture
def table() -> pl.DataFrame:
    """Namesakes in one town: the values alone cannot tell who is one, the column ``truth`` can."""
    rows = [
        {"truth": str(n), "name": f"{GIVEN[n % 6]} Lovelace", "town": "Oslo", "phone": f"+4722{n % 12:06}"}
        for n in range(24)
    ]
    return pl.DataFrame([*rows, *({**row, "town": "Bergen"} for row in rows[:6])])


def truth(question: Question) -> bool:
    return bool(question.a["truth"] == question.b["truth"])


def wrong_pairs(table: pl.DataFrame, found: pl.DataFrame) -> int:
    rows = list(zip(table["truth"], found["cluster_id"], strict=True))
    return sum((a[0] == b[0]) != (a[1] == b[1]) for n, a in enumerate(rows) for b in rows[:n])


def test_answers_make_the_clusters_better_and_are_not_asked_for_again(
    table: pl.DataFrame, tmp_path: Path
) -> None:
    path, asked = tmp_path / "verdicts.jsonl", list[frozenset[str]]()

    def answer(question: Question) -> bool:
        asked.append(frozenset((question.pair.a, question.pair.b)))
        return truth(question)

    columns = {"truth": "ignore"}
    before = wrong_pairs(table, lp.dedupe(table, columns=columns).rows)
    read = read_table(table, Options(columns=columns))
    labels = label(read, path, answer, most=15)
    assert labels.same + labels.different == len(asked) == len(set(asked)) == len(read_verdicts(path)) == 15
    after = wrong_pairs(table, lp.dedupe(table, columns=columns, verdicts=path).rows)
    assert after < before
    label(read, path, answer, most=3)
    assert len(asked) == len(set(asked)) == 18


def test_skipped_pairs_are_kept_nowhere_and_a_session_can_end(table: pl.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    answers: list[bool | None] = [None, True]

    def answer(_question: Question) -> bool | None:
        if not answers:
            raise StopIteration
        return answers.pop(0)

    labels = label(read_table(table, Options()), path, answer)
    assert (labels.same, labels.different, labels.skipped) == (1, 0, 1)
    assert len(read_verdicts(path)) == 1


def test_the_command_asks_shows_the_reasons_and_keeps_the_answers(
    table: pl.DataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table.write_csv(tmp_path / "people.csv")
    file, verdicts = str(tmp_path / "people.csv"), tmp_path / "verdicts.jsonl"
    with (tmp_path / "typed").open("w+") as typed:
        typed.write("what?\ny\nskip\nn\nq\n")
        typed.seek(0)
        monkeypatch.setattr("sys.stdin", typed)
        assert main(["label", file, "--verdicts", str(verdicts), "--column", "truth=ignore", "--json"]) == 0
    said = capsys.readouterr()
    assert '"same": 1' in said.out
    assert "Same person?" in said.err
    assert "family_name" in said.err
    assert [verdict.same for verdict in read_verdicts(verdicts)] == [True, False]
    out = tmp_path / "out.parquet"
    assert main(["dedupe", file, "--out", str(out), "--verdicts", str(verdicts)]) == 0
    rows = pl.read_parquet(out)
    one = read_verdicts(verdicts)[0]
    assert rows.filter(pl.col("record_id").is_in([one.a, one.b]))["cluster_id"].n_unique() == 1
    assert {"truth", "name", "town", "phone"} <= set(rows.columns)


def test_verdicts_that_are_not_there_are_refused(
    table: pl.DataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table.write_csv(tmp_path / "people.csv")
    arguments = ["dedupe", str(tmp_path / "people.csv"), "--out", str(tmp_path / "o.csv")]
    assert main([*arguments, "--verdicts", str(tmp_path / "none.jsonl")]) == 2
    assert "leadspro label" in capsys.readouterr().err


def test_answers_about_a_snapshot_hold_in_every_later_refresh(table: pl.DataFrame, tmp_path: Path) -> None:
    table.write_csv(tmp_path / "people.csv")
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nname = "crm"\npath = "people.csv"\nobserved_at = 2026-05-01\n'
        '[source.columns]\ntruth = "ignore"\n'
    )
    home = tmp_path / "home"
    refresh(tmp_path / "sources.toml", home)
    asked: list[Question] = []

    def answer(question: Question) -> bool:
        asked.append(question)
        return not question.pair.joined

    label(published_records(home, "person"), home / "verdicts.jsonl", answer, most=4)
    assert {"full_name", "phones", "source"} <= asked[0].a.keys()
    for relearn in (False, True):
        assert refresh(tmp_path / "sources.toml", home, force=True, relearn=relearn).published
        with lp.Dataset.open(home) as dataset:
            rows = dataset.cursor().execute("select record_id, entity_id from lineage").fetchall()
        entity = dict(rows)
        for question in asked:
            same = entity[question.pair.a] == entity[question.pair.b]
            assert same is (not question.pair.joined)

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import leadspro_engine as lp
from leadspro_engine.cli import main
from leadspro_engine.errors import InvalidInput, SourceError

DEMO = Path(__file__).parents[2] / "datasets" / "demo"

PEOPLE = pl.DataFrame(
    {
        "Full Name": ["Robert Hartwell", "Hartwell, Bob", "Ada Lovelace", None, "Grace Hopper"],
        "E-mail": ["bob@acme.com", "BOB@ACME.COM", "ada@acme.com", None, None],
        "Seen": [1, 2, 3, 4, 5],
    }
)


def test_a_frame_keeps_its_rows_in_order_and_gets_a_cluster_each() -> None:
    found = lp.dedupe(PEOPLE)
    clusters = found.rows["cluster_id"].to_list()
    assert found.record == "person"
    assert found.roles["table_1_1"] == {"Full Name": "full_name", "E-mail": "email"}
    assert clusters[0] == clusters[1]
    assert len(set(clusters)) == 4
    assert found.rows["cluster_size"].to_list() == [2, 2, 1, 1, 1]


def test_every_row_of_a_file_is_a_row_of_the_result_or_a_reject() -> None:
    path = DEMO / "crm_export.csv"
    found = lp.dedupe(path)
    unreadable = found.rejects.filter(~pl.col("reason").str.starts_with("nothing usable"))
    lines = found.rows["line"].to_list()
    assert len(lines) == len(set(lines))
    assert unreadable.height > 0
    assert found.rows["cluster_id"].n_unique() < found.rows.height


@pytest.mark.parametrize(
    ("names", "record"),
    [
        (["Robert Hartwell", "Ada Lovelace", "Grace Hopper", "Mary Shelley"], "person"),
        (["Main Street Diner", "Palm Too", "Acme Ltd", "Café des Artistes"], "company"),
    ],
)
def test_a_bare_name_column_is_told_apart_by_its_values(names: list[str], record: str) -> None:
    assert lp.dedupe(pl.DataFrame({"name": names})).record == record


@pytest.mark.parametrize(
    "headers",
    [["First Name", "Last Name", "Email", "Company"], ["Vorname", "Nachname", "E-Mail", "Firma"]],
    ids=["English", "German"],
)
def test_people_with_employers_are_people_and_colleagues_are_two(headers: list[str]) -> None:
    rows = [
        ["George", "Miller", "george@acme.com", "Acme"],
        ["Anna", "Smith", "anna@acme.com", "Acme"],
    ]
    found = lp.dedupe(pl.DataFrame(rows, schema=headers, orient="row"))
    assert found.record == "person"
    assert found.rows["cluster_id"].n_unique() == 2


def test_an_unknown_role_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match="full_name"):
        lp.dedupe(PEOPLE, columns={"Full Name": "nope"})


def test_two_files_are_linked_with_at_most_one_partner_a_row(tmp_path: Path) -> None:
    for name in ("a", "b"):
        frame = pl.DataFrame(
            {"name": ["Acme Ltd", "Birchwood Inc", "Cedar LLC"], "city": ["Rome", "Oslo", "Bonn"]}
        )
        frame.write_csv(tmp_path / f"{name}.csv")
    found = lp.dedupe([tmp_path / "a.csv", tmp_path / "b.csv"], link=True)
    assert found.rows["cluster_size"].to_list() == [2] * 6


def test_a_link_of_one_source_says_what_is_needed() -> None:
    with pytest.raises(InvalidInput, match="source"):
        lp.dedupe(PEOPLE, link=True)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.csv"):
        lp.dedupe(tmp_path / "nowhere.csv")


def test_more_than_nine_sources_keep_their_rows_in_order() -> None:
    frame = pl.DataFrame(
        {"source": [f"s{n}" for n in range(12)] * 2, "name": [f"Firm {n}" for n in range(24)]}
    )
    rows = lp.dedupe(frame, record="company", link=True).rows
    assert rows["line"].to_list() == list(range(1, 25))
    assert rows["source"].to_list() == [f"table_{n}_{n}" for n in range(1, 13)] * 2


@pytest.mark.parametrize("frame", [pl.DataFrame(), pl.DataFrame(schema={"name": pl.String()})])
def test_a_table_without_rows_gives_no_rows(frame: pl.DataFrame) -> None:
    assert lp.dedupe(frame).rows.height == 0


def test_a_column_may_have_any_name() -> None:
    frame = pl.DataFrame({"_row": [1, 2], 'it\'s "a" name': ["Acme Ltd", "Acme Ltd"]})
    assert lp.dedupe(frame, columns={'it\'s "a" name': "company"}).rows["cluster_size"].to_list() == [2, 2]


def test_no_file_and_an_unknown_kind_say_what_is_accepted() -> None:
    with pytest.raises(InvalidInput, match="at least one file"):
        lp.dedupe([])
    with pytest.raises(InvalidInput, match="person, company"):
        lp.dedupe(PEOPLE, record="people")  # type: ignore[arg-type]  # what a caller without types may write


def test_the_columns_of_a_frame_stand_beside_what_was_found() -> None:
    frame = PEOPLE.with_columns(cluster_id=pl.lit("theirs"))
    rows = lp.dedupe(frame).rows
    found = "source file line source_record_id record_id cluster_id cluster_size probability"
    assert rows.columns[:8] == found.split()
    assert rows.select("Full Name", "E-mail", "Seen").equals(PEOPLE)
    assert rows["cluster_id_original"].to_list() == ["theirs"] * 5
    assert rows["probability"].is_between(0, 1).all()


def test_the_columns_of_several_files_stand_beside_what_was_found_and_broken_rows_keep_their_text(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.csv").write_text(
        'Name,Email,Note\nAda Lovelace,ada@acme.com,"x, ""y"""\nBob,b@b.io,1,2,3\n,,z\n'
    )
    PEOPLE.write_parquet(tmp_path / "b.parquet")
    rows = lp.dedupe([tmp_path / "a.csv", tmp_path / "b.parquet"]).rows
    assert rows.height == 3 + PEOPLE.height
    assert rows["Note"].to_list()[:3] == ['x, "y"', None, "z"]
    assert rows["Seen"].to_list() == [None, None, None, 1, 2, 3, 4, 5]
    assert rows["unreadable"].to_list()[:3] == [None, "Bob,b@b.io,1,2,3", None]
    assert rows["cluster_id"].null_count() == 0
    ada = rows.filter(pl.col("Name").eq("Ada Lovelace") | pl.col("Full Name").eq("Ada Lovelace"))
    assert ada["cluster_id"].n_unique() == 1


@pytest.mark.parametrize("link", [False, True])
def test_pairs_that_must_or_cannot_be_one_are_rows_by_place_or_by_record_id(*, link: bool) -> None:
    frame = PEOPLE.with_columns(source=pl.Series(["x", "y", "x", "y", "y"]))
    plain = lp.dedupe(frame, link=link).rows
    told = lp.dedupe(frame, link=link, must_link=[(2, 4)], cannot_link=[(plain["record_id"][1], 0)]).rows
    clusters = told["cluster_id"].to_list()
    assert plain["cluster_id"][0] == plain["cluster_id"][1]
    assert clusters[0] != clusters[1]
    assert clusters[2] == clusters[4]


@pytest.mark.parametrize(
    "ref", [5, -1, 3, "nobody"], ids=["too large", "negative", "an empty row", "unknown"]
)
def test_a_pair_that_names_no_row_is_refused(ref: int | str) -> None:
    with pytest.raises(InvalidInput, match="must_link"):
        lp.dedupe(PEOPLE, must_link=[(0, ref)])


def test_pairs_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(InvalidInput, match="verdicts"):
        lp.dedupe(PEOPLE, must_link=[(0, 1), (1, 2)], cannot_link=[(0, 2)])


def test_lists_become_json_in_a_csv_file(tmp_path: Path) -> None:
    frame = pl.DataFrame({"name": ["Ada Lovelace", "Bob Ray"], "tags": [["a", 'b"'], None]})
    frame.write_parquet(tmp_path / "in.parquet")
    assert main(["dedupe", str(tmp_path / "in.parquet"), "--out", str(tmp_path / "out.csv")]) == 0
    assert pl.read_csv(tmp_path / "out.csv")["tags"].to_list() == ['["a","b\\""]', None]

"""The generator keeps what its README says: same bytes, unique identifiers, stated shares, valid numbers."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import phonenumbers
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets import synthetic
from datasets.places import countries
from datasets.synthetic.dice import Dice, rolled_slowly, scrambled
from datasets.synthetic.parameters import PARAMETERS, SOURCES, described
from datasets.synthetic.tables import number_plan
from datasets.synthetic.telephones import national_number

PEOPLE = 6000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six thousand people, written once."""
    out = tmp_path_factory.mktemp("synthetic")
    synthetic.generate(PEOPLE, out, seed=7)
    return out


def table(folder: Path, name: str) -> pl.DataFrame:
    """All parts of one source or truth."""
    return pl.read_parquet(folder / name / "*.parquet")


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file under the folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_same_seed_and_size_give_the_same_bytes_on_one_thread_and_on_many(tmp_path: Path, kind: str) -> None:
    found = []
    for threads in ("1", "3"):
        out = tmp_path / threads
        command = [
            sys.executable,
            "-m",
            "datasets.synthetic",
            "--people",
            "3000",
            "--out",
            str(out),
            "--format",
            kind,
        ]
        subprocess.run(
            command, check=True, capture_output=True, env={**os.environ, "POLARS_MAX_THREADS": threads}
        )
        found.append(digests(out))
    assert found[0] == found[1]
    assert len(found[0]) == 2 + 6 + 6


def test_another_seed_gives_other_people(folder: Path, tmp_path: Path) -> None:
    synthetic.generate(PEOPLE, tmp_path, seed=8)
    here, there = digests(folder), digests(tmp_path)
    assert [name for name in here if name.endswith(".parquet") and here[name] == there.get(name)] == []


def test_the_parts_hold_each_person_once_whatever_their_size(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthetic, "_PART", 1000)
    synthetic.generate(PEOPLE, tmp_path, seed=7)
    assert len(list((tmp_path / "crm").iterdir())) == 6
    for source in SOURCES:
        whole, parts = table(folder, source), table(tmp_path, source)
        assert whole.equals(parts.sort(whole.columns[0]))


def test_truth_names_every_record_once(folder: Path) -> None:
    truth = table(folder, "truth/people")
    rows = pl.concat([
        table(folder, source).select(pl.concat_str(pl.lit(f"{source}:"), pl.nth(0)).alias("record_id"))
        for source in SOURCES
    ])  # fmt: skip
    assert truth["record_id"].is_unique().all()
    assert set(truth["record_id"]) == set(rows["record_id"])
    assert truth["person_id"].n_unique() == PEOPLE
    listed = table(folder, "truth/companies")
    assert listed["record_id"].is_unique().all()
    assert set(truth["company_id"]) >= set(listed["company_id"]) & set(truth["company_id"]) != set()


def test_a_work_or_private_address_belongs_to_one_person(folder: Path) -> None:
    people = table(folder, "crm").join(
        table(folder, "truth/people").with_columns(
            pl.col("record_id").str.strip_prefix("crm:").alias("Contact ID")
        ),
        on="Contact ID",
    )
    local = pl.col("Work Email").str.to_lowercase().str.extract(r"^([^@+]+)")
    domain = pl.col("Work Email").str.to_lowercase().str.extract(r"@(.+)$")
    owners = (
        people.filter(~local.is_in(["info", "sales", "contact", "office"]))
        .group_by(local.alias("local"), domain.alias("domain"))
        .agg(pl.col("person_id").n_unique())
    )
    shared = owners.filter(pl.col("person_id") > 1).height
    assert shared <= owners.height * 0.002, "slips of the keyboard alone may make two people share an address"


def test_domains_of_companies_are_unique(folder: Path) -> None:
    companies = table(folder, "companies").join(
        table(folder, "truth/companies").with_columns(
            pl.col("record_id").str.strip_prefix("companies:").alias("Company ID")
        ),
        on="Company ID",
    )
    owners = companies.drop_nulls("Domain").group_by("Domain").agg(pl.col("company_id").n_unique())
    assert owners["company_id"].max() == 1


def test_shares_are_those_of_the_parameters(folder: Path) -> None:
    crm, habit = table(folder, "crm"), PARAMETERS.crm
    assert crm["Job Title"].null_count() / crm.height == pytest.approx(habit.no_title, abs=0.02)
    assert crm["City"].null_count() / crm.height == pytest.approx(habit.no_city, abs=0.03)
    given = habit.work_email + habit.private_email + habit.role_email
    assert 1 - crm["Work Email"].null_count() / crm.height == pytest.approx(given, abs=0.03)
    role = crm["Work Email"].str.to_lowercase().str.contains(r"^(info|sales|contact|office)[@+]").sum()
    assert role / crm.height == pytest.approx(habit.role_email, abs=0.02)
    sizes = (
        table(folder, "truth/people")
        .group_by("person_id")
        .len()["len"]
        .value_counts(normalize=True)
        .sort("len")
    )
    weights = PARAMETERS.records_of_a_person
    assert sizes["proportion"].to_list() == pytest.approx(
        [weight / sum(weights) for weight in weights], abs=0.03
    )


def test_names_are_skewed_and_shared(folder: Path) -> None:
    names = table(folder, "vendor")["last_name"].drop_nulls().str.to_lowercase().value_counts(sort=True)
    assert names["count"][0] >= 10
    assert names.filter(pl.col("count") == 1).height > names.height / 2


def test_switchboards_are_shared_by_several_people(folder: Path) -> None:
    phones = table(folder, "vendor").join(
        table(folder, "truth/people").with_columns(
            pl.col("record_id").str.strip_prefix("vendor:").alias("id")
        ),
        on="id",
    )
    owners = phones.drop_nulls("phone").group_by("phone").agg(pl.col("person_id").n_unique())
    assert owners.filter(pl.col("person_id") >= 3).height > 5


@pytest.mark.parametrize("block", ["direct", "office"])
def test_every_number_of_the_plan_is_valid_and_nobody_elses(block: str) -> None:
    size = 20 * 300
    frame = pl.DataFrame({"key": pl.int_range(size, dtype=pl.UInt64, eager=True) * 1663}).with_columns(
        (pl.int_range(size, dtype=pl.UInt64, eager=True) % 20).alias("country")
    )
    assert block in {"direct", "office"}
    found = frame.with_columns(
        national_number(pl.col("key"), pl.col("country"), "direct" if block == "direct" else "office").alias(
            "number"
        )
    )
    assert found.select("country", "number").is_unique().all()
    codes = [row["calling_code"] for row in number_plan()]
    invalid = [
        (countries()[country].code, number)
        for country, number in found.select("country", "number").iter_rows()
        if not phonenumbers.is_valid_number(phonenumbers.parse(f"+{codes[country]}{number}"))
    ]
    assert invalid == []


def test_sources_are_declared_with_columns_that_the_files_have(folder: Path) -> None:
    declared = tomllib.loads((folder / "sources.toml").read_text(encoding="utf-8"))["source"]
    assert [source["name"] for source in declared] == [*SOURCES, "companies", "technologies"]
    for source in declared:
        assert set(source["columns"]) == set(table(folder, source["name"]).columns)


def test_the_readme_shows_the_parameters_as_they_are() -> None:
    readme = Path(synthetic.__file__).with_name("README.md").read_text(encoding="utf-8")
    assert described() in readme


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**31), st.text(max_size=8))
def test_a_roll_of_a_column_equals_the_roll_in_python_integers(value: int, seed: int, name: str) -> None:
    dice = Dice(seed, "row")
    frame = pl.DataFrame({"row": pl.Series([value], dtype=pl.UInt64)}).with_columns(dice.shaken())
    assert frame.select(dice.roll(name)).item() == rolled_slowly(seed, "row", value, name)


def test_rolls_are_uniform_and_independent() -> None:
    dice = Dice(1, "row")
    frame = pl.DataFrame({"row": pl.int_range(100_000, dtype=pl.UInt64, eager=True)}).with_columns(
        dice.shaken()
    )
    rolls = frame.select(dice.fraction("one").alias("one"), dice.fraction("two").alias("two"))
    assert rolls["one"].mean() == pytest.approx(0.5, abs=0.005)
    assert abs(rolls.select(pl.corr("one", "two")).item()) < 0.01
    shifted = rolls.select(pl.corr(pl.col("one"), pl.col("one").shift(1))).item()
    assert abs(shifted) < 0.01


@pytest.mark.parametrize("size", [1000, 10_000, 8_000_000 // 100])
@pytest.mark.parametrize("use", range(6))
def test_scrambling_is_one_to_one(size: int, use: int) -> None:
    keys = pl.DataFrame({"key": pl.int_range(size, dtype=pl.UInt64, eager=True)})
    assert keys.select(scrambled(pl.col("key"), size, use)).to_series().sort().to_list() == list(range(size))

"""``leadspro``: each command, its JSON, its exit code, and errors of one line."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from leadspro_engine.cli import main
from leadspro_engine.privacy import SuppressionList

if TYPE_CHECKING:
    from collections.abc import Callable

DEMO = Path(__file__).parents[1] / "datasets" / "demo"
Ask = "Callable[..., Any]"


@pytest.fixture
def ask(demo_home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs a command on the demo data and gives its JSON."""

    def run(*argv: str) -> Any:
        assert main([*argv, "--home", str(demo_home), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_enrich_by_options_and_by_json_is_the_same(ask: Callable[..., Any]) -> None:
    by_options = ask("enrich", "--email", "amanda@northpeak.io", "--company", "North Peak")
    by_json = ask("enrich", '{"email": "amanda@northpeak.io", "company": "North Peak"}')
    assert by_options == by_json
    assert by_options["status"] == "matched"
    assert by_options["company"]["domain"] == "northpeak.io"


def test_a_list_of_queries_is_answered_in_order(ask: Callable[..., Any]) -> None:
    answers = ask(
        "enrich", '[{"linkedin": "priya-shah-growth"}, {"email": "nobody@example.com"}, {"email": "x"}]'
    )
    assert [answer["status"] for answer in answers] == ["matched", "no_match", "invalid"]
    assert answers[0]["person"]["linkedin"] == "priya-shah-growth"


def test_search_pages_and_excludes(ask: Callable[..., Any]) -> None:
    wanted = ("search", "people", "--job-title", "Revenue Operations", "--country", "United States")
    page = ask(*wanted, "--limit", "2")
    assert len(page["results"]) == 2
    following = ask(*wanted, "--limit", "2", "--cursor", page["next_cursor"])
    assert {one["person"]["id"] for one in page["results"]}.isdisjoint(
        one["person"]["id"] for one in following["results"]
    )
    city = page["results"][0]["person"]["location"]["city"]
    fewer = ask(*wanted, "--exclude", f"city={city}")
    assert fewer["total"]["value"] < page["total"]["value"]
    companies = ask("search", "companies", "--technology", "AWS", "--status", "verified")
    assert all("AWS" in one["company"]["technologies"] for one in companies["results"])


def test_tables_show_what_json_holds(demo_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(demo_home)]
    for argv, expected in (
        (
            ["enrich", "--email", "amanda@northpeak.io", "--explain"],
            ["Amanda Reeves", "likelihood", "prior", "Mandy Reeves"],
        ),
        (["enrich", "--email", "nobody@example.com"], ["No match."]),
        (["enrich", '[{"linkedin": "priya-shah-growth"}]'], ["Priya Shah", "matched"]),
        (["search", "people", "--company", "North Peak"], ["found", "Amanda Reeves"]),
        (["search", "companies", "--name", "North Peak"], ["North Peak", "northpeak.io"]),
        (["snapshots", "list"], ["published (UTC)", "yes"]),
        (["snapshots", "show"], ["crm_export.csv"]),
        (["snapshots", "verify"], ["is whole"]),
    ):
        assert main([*argv, *home]) == 0
        out = capsys.readouterr().out
        for text in expected:
            assert text in out


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (["enrich", "not json"], "JSON"),
        (["enrich", "3"], "a JSON object, or a list"),
        (["enrich", "{}", "--email", "a@x.org"], "not both"),
        (["enrich", '{"emial": "a@x.org"}'], "emial"),
        (["enrich"], "leadspro: "),
        (["search", "people", "--exclude", "city"], "FIELD=VALUE"),
        (["search", "people", "--exclude", "town=Paris"], "city"),
        (["search", "people", "--city", "Paris", "--limit", "0"], "limit"),
        (["search", "people", "--city", "Paris", "--cursor", "junk"], "cursor"),
        (["snapshots", "rollback"], "version"),
        (["serve", "--tls-key", "k.pem"], "--tls-certificate and --tls-key together"),
        (["dedupe", "x.csv", "--out", "clusters.txt"], "ends in .parquet or .csv"),
        (["dedupe", "x.csv", "--out", "c.csv", "--column", "Email"], "COLUMN=ROLE"),
    ],
)
def test_wrong_questions_end_with_2_and_one_line(
    demo_home: Path, capsys: pytest.CaptureFixture[str], argv: list[str], text: str
) -> None:
    assert main([*argv, "--home", str(demo_home)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert text in told.err
    assert told.err.count("\n") == 1


def test_failures_end_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enrich", "--email", "a@x.org", "--home", str(tmp_path)]) == 1
    assert "Run `leadspro refresh` first" in capsys.readouterr().err
    assert main(["refresh", "--sources", str(tmp_path / "none.toml"), "--home", str(tmp_path)]) == 1
    assert "--sources" in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv", [[], ["unknown"], ["search"], ["enrich", "--emial", "x"], ["keys", "revoke"]]
)
def test_arguments_that_nobody_knows_end_with_2(argv: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2


def test_refresh_shows_steps_and_then_says_up_to_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p.csv").write_text("Name,Email\nAda Lovelace,ada@acme.com\nBob Ray,bob@beta.io\n")
    (tmp_path / "sources.toml").write_text('[[source]]\nname = "p"\npath = "p.csv"\n')
    argv = ["refresh", "--sources", str(tmp_path / "sources.toml"), "--home", str(tmp_path / "home")]
    assert main(argv) == 0
    told = capsys.readouterr()
    assert "Published v-" in told.out
    assert "cluster people: 2 people records" in told.err
    assert main([*argv, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["published"] is False
    assert main(argv) == 0
    assert "Up to date" in capsys.readouterr().out
    assert main([*argv, "--force"]) == 0
    capsys.readouterr()
    home = ["--home", str(tmp_path / "home")]
    assert main(["snapshots", "list", *home, "--json"]) == 0
    first, second = [one["version"] for one in json.loads(capsys.readouterr().out)]
    assert main(["snapshots", "diff", first, second, *home]) == 0
    assert f"From {first} to {second}" in capsys.readouterr().out
    assert main(["snapshots", "rollback", *home]) == 0
    assert "is current" in capsys.readouterr().out
    (tmp_path / "home" / "snapshots" / second / "manifest.json").write_text("{")
    assert main(["snapshots", "list", *home]) == 0
    assert "not a manifest" in " ".join(capsys.readouterr().out.split())
    assert main(["snapshots", "prune", "--keep", "1", *home]) == 0
    assert "Nothing to remove" in capsys.readouterr().out


def test_workspaces_are_made_on_the_plans_of_the_data_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*argv: str) -> Any:
        assert main([*argv, "--home", str(tmp_path), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    assert [plan["name"] for plan in told("plans")] == ["free", "pro", "scale", "demo"]
    (tmp_path / "plans.toml").write_text(
        "[tiny]\nmonthly_credits = 5\nrequests_per_minute = 2\n"
        "batch_size = 0\njob_rows = 0\nhistory_days = 1\n"
    )
    assert [plan["monthly_credits"] for plan in told("plans")] == [5]
    made = told("workspaces", "create", "acme", "--plan", "tiny")
    assert told("workspaces", "list") == [made]
    assert told("workspaces", "plan", made["id"], "tiny")["plan"] == "tiny"
    assert told("purge") == {"records": 0, "jobs": 0}
    assert main(["workspaces", "create", "x", "--plan", "free", "--home", str(tmp_path)]) == 2
    (tmp_path / "plans.toml").write_text("[tiny]\nmonthly_credits = -5\n")
    assert main(["plans", "--home", str(tmp_path)]) == 2
    assert "plans.toml" in capsys.readouterr().err


def test_keys_are_made_listed_and_ended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def keys(*argv: str) -> Any:
        assert main(["keys", *argv, "--home", str(tmp_path), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    made = keys(
        "create", "reports", "--scope", "search", "--scope", "usage", "--days", "30", "--mode", "test"
    )
    assert made["token"].startswith("pl_test_")
    assert made["key"]["scopes"] == ["search", "usage"]
    (listed,) = keys("list")
    assert listed["id"] == made["key"]["id"]
    assert made["token"] not in json.dumps(listed)
    assert keys("revoke", listed["id"])["revoked_at"] is not None
    assert main(["keys", "revoke", "key_unknown", "--home", str(tmp_path)]) == 1
    assert main(["keys", "list", "--home", str(tmp_path)]) == 0
    assert "reports" in capsys.readouterr().out
    assert main(["keys", "create", "x", "--scope", "everything", "--home", str(tmp_path)]) == 2


@pytest.mark.parametrize("out", ["clusters.parquet", "clusters.csv"])
def test_dedupe_writes_clusters(tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str) -> None:
    argv = ["dedupe", str(DEMO / "crm_export.csv"), "--out", str(tmp_path / out), "--column", "Notes=ignore"]
    assert main([*argv, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    read = pl.read_csv if out.endswith("csv") else pl.read_parquet
    rows = read(tmp_path / out)
    assert rows.height == said["rows"]
    assert rows.get_column("cluster_id").n_unique() == said["clusters"]
    assert 30 <= said["duplicates"] <= 50  # by the truth 38 rows of the file repeat a person
    assert main(argv) == 0
    assert "Clusters" in capsys.readouterr().out


def test_it_runs_as_a_program_and_survives_a_reader_that_leaves() -> None:
    code = "import sys; from leadspro_engine.cli import main; sys.exit(main())"
    shown = subprocess.run(
        [sys.executable, "-c", code, "--version"], capture_output=True, text=True, check=True
    )
    assert shown.stdout.startswith("leadspro ")


def test_help_of_every_command_names_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("refresh", "enrich", "serve", "dedupe", "search people", "keys create", "snapshots show"):
        with pytest.raises(SystemExit) as caught:
            main([*command.split(), "--help"])
        assert caught.value.code == 0
        assert "--home" in capsys.readouterr().out


def test_who_asked_not_to_be_shown_is_not_shown_here_either(
    demo_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "snapshots").symlink_to(demo_home / "snapshots")
    now = dt.datetime(2026, 3, 14, tzinfo=dt.UTC)
    SuppressionList(tmp_path).add("email", "amanda@northpeak.io", reason=None, now=now)
    assert main(["enrich", "--email", "amanda@northpeak.io", "--home", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "No match.\n"


@pytest.mark.parametrize("days", ["0", "-1", "99999999999", "soon"])
def test_days_that_no_key_can_last_are_asked_wrongly(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["keys", "create", "crm", "--days", days])
    assert caught.value.code == 2
    assert "--days" in capsys.readouterr().err

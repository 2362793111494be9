"""docs/search.md: what it shows runs, and it names everything that can be asked for."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from leadspro_engine.cli import main
from leadspro_engine.dataset.searchable import COMPLETED
from leadspro_engine.records import CompanyFilters, PeopleFilters
from leadspro_engine.search import LARGEST_PAGE, understand
from leadspro_engine.search.complete import LONGEST_PREFIX
from leadspro_engine.search.facets import FACETS, MOST_VALUES
from leadspro_engine.search.filters import MAX_CHARACTERS, MAX_VALUES, SORTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "search.md").read_text(encoding="utf-8")
COMMANDS = [line for line in PAGE.splitlines() if line.startswith("leadspro ")]
PLAIN = re.findall(r"^\| ([^|`]+) \| (`.*) \|$", PAGE.partition("## Plain text")[2], re.MULTILINE)


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_finds_something(line: str, demo_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*shlex.split(line)[1:], "--home", str(demo_home)]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 3


def test_the_python_lines_run(tmp_path: Path, demo_home: Path) -> None:
    (tmp_path / "leadspro-data").symlink_to(demo_home)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    path = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    done = subprocess.run(
        [sys.executable, "-c", path + code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "'Munich'" in done.stdout


@pytest.mark.parametrize(("words", "shown"), PLAIN)
def test_plain_text_becomes_what_is_shown(words: str, shown: str) -> None:
    filters = re.findall(r"`(\w+)` (.+?)(?=, `|$)", shown)
    assert understand(words).filters == {field: values.split(", ") for field, values in filters}


def test_every_field_facet_and_order_is_named() -> None:
    names = {*PeopleFilters.__struct_fields__, *CompanyFilters.__struct_fields__}
    names |= {*COMPLETED, *SORTS, *FACETS["people"], *FACETS["companies"]}
    assert [name for name in sorted(names) if f"`{name}`" not in PAGE] == []


def test_the_limits_are_those_that_hold() -> None:
    assert f"| values of a field | {MAX_VALUES} |" in PAGE
    assert f"| characters of a value, and of a plain text | {MAX_CHARACTERS} |" in PAGE
    assert f"| typed characters for autocomplete | {LONGEST_PREFIX} |" in PAGE
    assert f"`limit` is 1 to {LARGEST_PAGE} (10)" in PAGE
    assert f"The {MOST_VALUES} commonest values" in PAGE

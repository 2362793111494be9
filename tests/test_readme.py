"""The README's code runs as it stands there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path, demo_home: Path) -> Path:
    """A folder that looks like the checkout after ``make demo``."""
    (tmp_path / "leadspro-data").symlink_to(demo_home)
    (tmp_path / "datasets").symlink_to(ROOT / "datasets")
    return tmp_path


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_python_lines_run_in_order(place: Path) -> None:
    code = "\n".join(blocks("python"))
    path = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    done = subprocess.run(
        [sys.executable, "-c", path + code], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    first = done.stdout.splitlines()[0]
    assert first.startswith("Amanda Reeves at North Peak")


def commands() -> list[str]:
    lines = "\n".join(blocks("bash")).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith(".venv/bin/leadspro ")]


@pytest.mark.parametrize("line", commands())
def test_each_command_runs(line: str, place: Path) -> None:
    path = f"import sys; sys.path.insert(0, {str(ROOT)!r})"
    code = f"{path}; from leadspro_engine.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", code, *shlex.split(line)[1:]]
    done = subprocess.run(words, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_every_file_that_is_linked_exists() -> None:
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", README)]
    assert targets
    assert all((ROOT / target).exists() for target in targets if not target.startswith("http"))


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`?make ([a-z]+)", README)) - {"nothing"}
    assert named
    assert all(f"\n{target}:" in makefile for target in named)

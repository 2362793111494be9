"""Encodings and packing are found; damage ends a file early and is told."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from leadspro_engine.ingest.encoding import TextFile, survey

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Zoë,Łódź\nRené,naïve\n"


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_encoding_is_found(tmp_path: Path, codec: str, found: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(TEXT.encode(codec))
    assert survey(path).encoding == found
    with TextFile(path, found) as file:
        assert file.read() == TEXT


def test_windows_and_iso_latin_are_told_apart_by_undefined_bytes(tmp_path: Path) -> None:
    windows, iso = tmp_path / "w.csv", tmp_path / "i.csv"
    windows.write_bytes("caf\xe9 \u20ac5\n".encode("cp1252"))
    iso.write_bytes("caf\xe9 \x81\n".encode("latin-1"))
    assert survey(windows).encoding == "cp1252"
    assert survey(iso).encoding == "latin-1"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_few_foreign_lines_leave_a_file_utf8(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(mark + "é\nü\n".encode() + b"\xe9\n")
    found = survey(path)
    assert found.encoding.startswith("utf-8")
    assert found.mixed


def test_late_foreign_bytes_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"plain\n" * 1_000_000 + b"caf\xe9\n")
    assert survey(path).encoding == "cp1252"


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_packed_files_are_read_and_a_cut_one_says_so(tmp_path: Path, kind: str) -> None:
    text = "".join(f"{n},{n * n}\n" for n in range(20_000))
    packed = (
        gzip.compress(text.encode()) if kind == "gz" else pa.compress(text.encode(), "zstd", asbytes=True)
    )
    whole, cut = tmp_path / f"whole.csv.{kind}", tmp_path / f"cut.csv.{kind}"
    whole.write_bytes(packed)
    cut.write_bytes(packed[: len(packed) // 2])
    with TextFile(whole, "utf-8") as file:
        assert file.read() == text
        assert file.damage is None
    with TextFile(cut, "utf-8") as file:
        assert text.startswith(file.read())
        assert file.damage is not None
        assert "damaged" in file.damage

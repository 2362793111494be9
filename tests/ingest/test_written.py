"""Files of a source that were read before are not read again, unless what they follow from has changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from leadspro_engine.ingest import Source, file_read, read_source, write_file, write_source
from leadspro_engine.ingest.written import RECORDS

if TYPE_CHECKING:
    from pathlib import Path

MAY = "id,name,email\n1,Ada,ada@acme.com\n2,Bob,bob@beta.io\n3,,\n"
JUNE = "id,name,email\n2,Bobby,bob@beta.io\n4,Cy,cy@gamma.de\n"


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A delta source with two files of which one has a reject and a row that the other replaces."""
    (tmp_path / "may.csv").write_text(MAY)
    (tmp_path / "june.csv").write_text(JUNE)
    return Source(name="s", path="*.csv", folder=tmp_path, mode="delta")


def written(source: Source) -> pl.DataFrame:
    """The records of the source, with a folder of files that were read beside it."""
    place = source.folder / "out"
    place.mkdir(exist_ok=True)
    write_source(source, place / "r.parquet", place / "x.parquet", kept=source.folder / "kept")
    return pl.read_parquet(place / "r.parquet")


def folders(source: Source) -> dict[str, tuple[str, int]]:
    """Name of a file that was read -> its folder, and when it was read."""
    return {
        file_read(folder).name: (folder.name, (folder / RECORDS).stat().st_mtime_ns)
        for folder in (source.folder / "kept").iterdir()
    }


def test_only_what_changed_is_read_again(source: Source) -> None:
    written(source)
    first = folders(source)
    written(source)
    assert folders(source) == first
    (source.folder / "june.csv").write_text(JUNE + "5,Dee,dee@delta.se\n")
    assert_frame_equal(written(source), read_source(source).records)
    second = folders(source)
    assert second["may.csv"] == first["may.csv"]
    assert second["june.csv"] != first["june.csv"]
    (source.folder / "june.csv").unlink()
    assert_frame_equal(written(source), read_source(source).records)
    assert list(folders(source)) == ["may.csv"]


@pytest.mark.parametrize("change", [{"trust": 0.9}, {"region": "US"}, {"columns": {"email": "ignore"}}])
def test_a_changed_declaration_reads_again(source: Source, change: dict[str, object]) -> None:
    written(source)
    changed = msgspec.structs.replace(source, **change)
    assert_frame_equal(written(changed), read_source(changed).records)


def test_another_date_of_the_file_reads_again(source: Source) -> None:
    written(source)
    os.utime(source.folder / "may.csv", (0, 0))
    assert_frame_equal(written(source), read_source(source).records)


def test_a_reading_that_was_cut_short_is_done_again(source: Source) -> None:
    folder = write_file(source, source.folder / "may.csv", source.folder / "kept")
    (folder / "read.json").unlink()
    (folder / RECORDS).write_bytes(b"half")
    assert_frame_equal(written(source), read_source(source).records)


def test_what_is_kept_is_what_is_used_until_it_is_read_again(source: Source) -> None:
    path, kept = source.folder / "may.csv", source.folder / "kept"
    folder = write_file(source, path, kept)
    pl.read_parquet(folder / RECORDS).head(1).write_parquet(folder / RECORDS)
    assert written(source).height == 3
    write_file(source, path, kept, again=True)
    assert_frame_equal(written(source), read_source(source).records)

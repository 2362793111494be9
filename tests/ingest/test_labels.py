"""Labelled samples: found by the source's own id or by line, and refused with what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from leadspro_engine.errors import SourceError
from leadspro_engine.ingest import Source
from leadspro_engine.ingest.labels import read_labels

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "people_raw.parquet"
    frame = pl.DataFrame(
        {
            "record_id": ["crm:1", "crm:2", "list:x"],
            "source": ["crm", "crm", "list"],
            "source_record_id": ["1", "2", "x"],
            "line": [2, 3, 2],
        }
    )
    frame.write_parquet(path)
    return path


def source(folder: Path, labels: str) -> Source:
    (folder / "labels.csv").write_text(labels)
    return Source(name="crm", path="crm.csv", folder=folder, labels="labels.csv")


def test_records_are_found_by_id_or_by_line_in_any_source(tmp_path: Path, records: Path) -> None:
    declared = source(
        tmp_path, "source,source_record_id,line,person_id\n,1,,a\ncrm,,3,a\nlist,,2,b\ncrm,9,,c\n"
    )
    assert read_labels(declared, records).rows() == [("crm:1", "a"), ("crm:2", "a"), ("list:x", "b")]


def test_without_a_source_it_speaks_of_the_one_that_names_it(tmp_path: Path, records: Path) -> None:
    declared = source(tmp_path, "source_record_id,person_id\n1,a\nx,b\n2,\n")
    assert read_labels(declared, records).rows() == [("crm:1", "a")]


@pytest.mark.parametrize("text", ["source_record_id,who\n1,a\n", "person_id\na\n", ""])
def test_a_sample_without_its_columns_is_refused(tmp_path: Path, records: Path, text: str) -> None:
    with pytest.raises(SourceError, match="source crm: labels"):
        read_labels(source(tmp_path, text), records)

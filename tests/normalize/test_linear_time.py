"""No pattern backtracks: a short text repeated up to 64 KiB is read by every kind in bounded time.

The bound is far above what any kind takes (milliseconds) and far below what a quadratic pattern takes at this
length (65,536 characters squared are minutes).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadspro_engine.normalize import (
    address,
    company,
    date,
    domain,
    email,
    headcount,
    identifier,
    industry,
    linkedin,
    name,
    phone,
    place,
    record,
    skill,
    technology,
    title,
    url,
)

if TYPE_CHECKING:
    from collections.abc import Callable

READERS: dict[str, tuple[Callable[[Any], object], ...]] = {
    "address": (address.parse, address.why),
    "company": (company.parse, company.why),
    "date": (date.parse, date.why),
    "domain": (domain.company_domain, domain.why),
    "email": (email.parse, email.why),
    "headcount": (headcount.parse, headcount.why),
    "identifier": (identifier.parse, identifier.why),
    "industry": (industry.parse, industry.why),
    "linkedin": (linkedin.person, linkedin.company, linkedin.why),
    "name": (name.parse, name.key, name.from_parts, name.why),
    "phone": (phone.parse_all, lambda cell: phone.parse(cell, "US"), phone.why),
    "place": (lambda cell: place.parse(place=cell), place.parse, place.country, place.why),
    "skill": (skill.parse, skill.why),
    "technology": (technology.parse, technology.why),
    "title": (title.parse, title.department, title.level, title.why),
    "url": (url.parse, url.why),
}
LONGEST = 64 * 1024
PIECES = st.text(
    st.sampled_from("aAzZ09 .,;:-–_/\\|@+&'\"()[]<>#%*~\n\té\u0301\u200b\u202eß王ー김一١🚀İ"),
    min_size=1,
    max_size=5,
) | st.sampled_from(
    [
        "a.",
        "1 ",
        "x1",
        "of ",
        "van ",
        "S.A. ",
        "d/b/a ",
        "http://",
        "a@a.",
        "+1",
        "1-2",
        "(a",
        "St. ",
        "linkedin.com/in/",
    ]
)


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(start=PIECES, repeated=PIECES, end=PIECES)
def test_long_cells_are_read_in_bounded_time(kind: str, start: str, repeated: str, end: str) -> None:
    cell = start + repeated * (LONGEST // len(repeated)) + end
    for read in READERS[kind]:
        began = time.process_time()
        read(cell)
        assert time.process_time() - began < 2.0


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(repeated=PIECES)
def test_records_of_long_cells_are_read_in_bounded_time(repeated: str) -> None:
    cell = repeated * (LONGEST // len(repeated))
    raw = {role: [[cell] if role in record.LIST_ROLES else cell] for role in record.ROLES}
    frame = pl.DataFrame(raw, schema={role: record.RAW_SCHEMA[role] for role in record.ROLES})
    began = time.process_time()
    record.person_columns(frame)
    record.company_columns(frame)
    assert time.process_time() - began < 5.0

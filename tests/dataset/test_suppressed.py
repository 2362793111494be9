from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from leadspro_engine.dataset import Dataset, hidden_ids, hides, publish
from leadspro_engine.records import Suppressions
from tests.dataset.made import write_work
from tests.match.town import TOWN

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    home = tmp_path_factory.mktemp("hidden")
    publish(home, write_work(home / "work", TOWN), {})
    with Dataset.open(home) as dataset:
        yield dataset


@pytest.mark.parametrize(
    ("identifiers", "number"),
    [
        ([], 0),
        (["email:amanda@northpeak.io"], 1),
        (["phone:+14155550107"], 1),
        (["linkedin:priya-shah-growth"], 1),
        (["linkedin:None", "email:nobody@nowhere.com"], 0),
        (["email:amanda@northpeak.io", "phone:+14155550107", "linkedin:priya-shah-growth"], 2),
    ],
)
def test_one_person_and_the_whole_snapshot_agree_on_who_is_hidden(
    town: Dataset, identifiers: list[str], number: int
) -> None:
    hidden = Suppressions(frozenset(sha256(one.encode()).hexdigest() for one in identifiers))
    everybody = [row[0] for row in town.cursor().execute("select id from people").fetchall()]
    one_by_one = sorted(one for one, stored in town.people(everybody).items() if hides(hidden, stored.person))
    assert one_by_one == hidden_ids(town.cursor(), hidden)
    assert len(one_by_one) == number

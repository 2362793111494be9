"""The short way of queries by personal identifiers alone gives what weighing everybody gives."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.dataset import Dataset, publish
from leadspro_engine.errors import InvalidInput
from leadspro_engine.match.answer import Matcher
from leadspro_engine.match.exact import NOWHERE, sole
from leadspro_engine.match.question import query_of
from leadspro_engine.records import EmailEntry, Person, PhoneEntry, Suppressions
from tests.dataset.made import NOW, Made, write_work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KINDS = ("email", "phone", "linkedin")


@pytest.fixture(scope="module")
def demo(demo_home: Path) -> Iterator[Dataset]:
    with Dataset.open(demo_home) as opened:
        yield opened


def _keys(dataset: Dataset, kind: str) -> list[str]:
    text = f"select distinct key from identifiers_{kind} order by key"
    return [key for (key,) in dataset.cursor().execute(text).fetchall()]


def _told(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except InvalidInput as exc:
        return (exc.field, str(exc))


def _agree(matcher: Matcher, query: Any) -> None:
    short = _told(lambda: matcher.answer(query))
    assert short == _told(lambda: matcher.answer_in_full(query_of(query))), query


@pytest.mark.parametrize("kind", [*KINDS, "email_sha256", "email_md5"])
def test_every_identifier_has_the_answer_of_the_long_way(demo: Dataset, kind: str) -> None:
    matcher = Matcher(demo, min_likelihood=0.0)
    short = 0
    keys = _keys(demo, kind)
    for key in keys:
        query = {kind.partition("_")[0]: key}
        _agree(matcher, query)
        short += sole(demo.keys, query) is not None
    assert short > 0.7 * len(keys)


@cache
def _people(dataset: Dataset) -> list[dict[str, list[str]]]:
    """The identifiers of each person that has at least two kinds, by kind."""
    found: dict[str, dict[str, list[str]]] = {}
    for kind in KINDS:
        text = f"select id, key from identifiers_{kind} order by id, key"
        for one, key in dataset.cursor().execute(text).fetchall():
            found.setdefault(one, {}).setdefault(kind, []).append(key)
    return [one for one in found.values() if len(one) > 1]


@st.composite
def _queries(draw: st.DrawFn, dataset: Dataset) -> dict[str, Any]:
    """Identifiers of one person or of several, as they are or damaged, perhaps with something else."""
    people = _people(dataset)
    whole = draw(st.sampled_from(people))
    query: dict[str, Any] = {}
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True)):
        one = whole if draw(st.integers(0, 3)) else draw(st.sampled_from(people))
        text = draw(st.sampled_from(one.get(kind, [f"nobody-{kind}", "nobody@acme.com", "+442079460123"])))
        query[kind] = draw(_damaged(text))
    other = st.sampled_from([{"name": "Ada Lovelace"}, {"company": "North Peak"}, {"country": "US"}, {}])
    return query | (draw(other) if draw(st.integers(0, 4)) == 0 else {})


def _damaged(text: str) -> st.SearchStrategy[Any]:
    """A text as it is, in other forms of the same, and with a slip."""
    return st.sampled_from([
        text, text, text.upper(), f" {text} ", [text], [text, text], [text, "nobody@acme.com"], f"<{text}>",
        text.replace("@", "+tag@"), text.replace("gmail", "googlemail"), text[1:], text + "1", "", None, "  ",
        f"{text}; {text}", hashlib.sha256(text.encode()).hexdigest(), f"linkedin.com/in/{text}", text[::-1],
    ])  # fmt: skip


@settings(max_examples=300)
@given(data=st.data())
def test_any_mix_of_identifiers_has_the_answer_of_the_long_way(demo: Dataset, data: st.DataObject) -> None:
    query = data.draw(_queries(demo))
    hidden = data.draw(
        st.sampled_from([(), (hashlib.sha256(f"email:{query.get('email')}".encode()).hexdigest(),)])
    )
    matcher = Matcher(
        demo,
        min_likelihood=data.draw(st.sampled_from([0.0, 0.5, 0.99, 1.0])),
        required=data.draw(st.sampled_from([(), ("phone",), ("company.domain", "linkedin")])),
        fields=data.draw(st.sampled_from([(), ("name",), ("company.name", "emails")])),
        explain=data.draw(st.booleans()),
        preview=data.draw(st.booleans()),
        suppressions=Suppressions(frozenset(hidden)),
    )
    _agree(matcher, query)
    if "" not in query.values() and all(isinstance(one, str) for one in query.values()):
        _agree(matcher, query_of(query))


def _person(number: int, identifiers: dict[str, list[str]], **features: Any) -> Made:
    """Somebody whose features need not be what their identifiers say."""
    person = Person(
        id=f"person-{number}",
        emails=[EmailEntry(one, "professional") for one in identifiers.get("email", ())],
        phones=[PhoneEntry(one, "mobile") for one in identifiers.get("phone", ())],
    )
    return Made(person, identifiers, None, features)


ODD = (
    _person(1, {"email": ["a@one.com"]}, email_texts=["a@one.com"], domains=["one.com"]),
    _person(2, {"email": ["b@two.com"]}, email_texts=["b@two.com"], domains=["other.com"]),
    _person(3, {"email": ["c@two.com"]}, email_texts=["other@two.com"], domains=["two.com"]),
    _person(4, {"email": ["d+x@four.com"]}, email_texts=["d@four.com"], domains=["four.com"]),
    _person(5, {"email": ["d@four.com"]}, email_texts=["d@four.com"], domains=["four.com"]),
    _person(6, {"email": ["e@sub.six.com"]}, email_texts=["e@sub.six.com"], domains=["six.com"]),
    _person(7, {"email": ["f@gmail.com"]}, email_texts=["f@gmail.com"]),
    _person(8, {"phone": ["+442079460123"]}, phone_texts=["2079460123"]),
    _person(9, {"phone": ["+12079460123"]}, phone_texts=["2079460123"]),
    _person(10, {"phone": ["+14155550107"]}, phone_texts=["4155550107"]),
    _person(11, {"phone": ["+14155550108"]}),
    _person(12, {"linkedin": ["first", "second"]}, linkedin="first"),
    _person(13, {"email": ["g@one.com"], "phone": ["+14155550109"]},
            email_texts=["g@one.com"], domains=["one.com"], phone_texts=["4155550109"]),
)  # fmt: skip
HASHED = Made(
    Person(id="person-14", emails=[
        *(EmailEntry(one, "professional") for one in ("h@one.com", "i+x@one.com")),
        EmailEntry("j.k@gmail.com", "personal"), EmailEntry("info@one.com", "role"),
    ]),
    {"email_sha256": [hashlib.sha256(one).hexdigest() for one in (
        b"h@one.com", b"i+x@one.com", b"j.k@gmail.com", b"info@one.com",
    )]},
    None,
    {"email_texts": ["h@one.com", "i@one.com", "jk@gmail.com"]},
)  # fmt: skip
PLAIN = {
    "a@one.com", "e@sub.six.com", "f@gmail.com", "+14155550107", "first", "g@one.com",
    "+14155550109",
}  # fmt: skip
"""The keys above that say all there is to say; the others are not, or not alone, in the features."""


def test_keys_that_the_features_do_not_bear_out_take_the_long_way(tmp_path: Path) -> None:
    publish(tmp_path, write_work(tmp_path / "work", [*ODD, HASHED]), {}, now=NOW)
    with Dataset.open(tmp_path) as odd:
        matcher = Matcher(odd, min_likelihood=0.0)
        short = set()
        for made in ODD:
            for kind, keys in made.identifiers.items():
                for key in keys:
                    _agree(matcher, {kind: key})
                    short |= {key} if sole(odd.keys, {kind: key}) is not None else set()
        assert short == PLAIN
        _agree(matcher, {"email": "g@one.com", "phone": "+14155550109"})
        for address, plain in (
            ("h@one.com", True),
            ("i+x@one.com", True),
            ("j.k@gmail.com", False),
            ("info@one.com", False),
        ):
            query = {"email": hashlib.sha256(address.encode()).hexdigest()}
            _agree(matcher, query)
            assert (sole(odd.keys, query) is not None) is plain
        for nobody in ({"linkedin": "nobody"}, {"email": "info@one.com"}, {"email": "a@mailinator.com"}):
            assert sole(odd.keys, nobody) is NOWHERE
            _agree(matcher, nobody)
            _agree(matcher, nobody | {"phone": "+14155550107"})
        assert odd.keys.lookup("linkedin", ["second"]) == {"second": ["person-12"]}

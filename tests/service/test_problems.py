"""Decoding errors as JSON pointers."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspro_engine.service import field_of
from leadspro_engine.service.requests import EnrichRequest, SearchPeopleRequest


@pytest.mark.parametrize(
    ("struct", "body", "pointer"),
    [
        (EnrichRequest, b'{"email": 1}', "/email"),
        (EnrichRequest, b'{"email": ["a", "b", 3]}', "/email/2"),
        (EnrichRequest, b'{"nope": 1}', "/nope"),
        (EnrichRequest, b"[]", ""),
        (EnrichRequest, b"{", ""),
        (SearchPeopleRequest, b'{"exclude": {"city": 5}}', "/exclude/city"),
        (SearchPeopleRequest, b'{"exclude": {"nope": 5}}', "/exclude/nope"),
        (SearchPeopleRequest, b'{"a~/b": 5}', "/a~0~1b"),
    ],
)
def test_the_pointer_leads_to_the_bad_place(struct: type[msgspec.Struct], body: bytes, pointer: str) -> None:
    with pytest.raises(msgspec.DecodeError) as caught:
        msgspec.json.decode(body, type=struct)
    assert field_of(caught.value)[0] == pointer


@given(st.text())
def test_any_message_is_read_without_raising(message: str) -> None:
    pointer, detail = field_of(ValueError(message))
    assert isinstance(detail, str)
    assert pointer == "" or pointer.startswith("/")


def _resolve(value: Any, pointer: str) -> Any:
    """What a JSON pointer names in a value."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.integers(), min_size=1, max_size=1))
def test_the_pointer_of_an_unknown_field_resolves_in_the_body(body: dict[str, int]) -> None:
    if set(body) & set(EnrichRequest.__struct_fields__) or "`" in next(iter(body)):
        return
    with pytest.raises(msgspec.DecodeError) as caught:
        msgspec.json.decode(msgspec.json.encode(body), type=EnrichRequest)
    pointer, _ = field_of(caught.value)
    assert _resolve(body, pointer) == next(iter(body.values()))

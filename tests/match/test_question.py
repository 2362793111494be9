from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.match.question import ask
from leadspro_engine.normalize.record import person_values
from leadspro_engine.records import PersonQuery

TEXTS = st.sampled_from([
    "Ada Lovelace", "Lovelace, Ada", "ada@acme.com", "info@acme.com", "a.b+c@gmail.com", "(415) 555-0106",
    "+44 20 7946 0018", "US", "United Kingdom", "ada-lovelace", "https://acme.com", "Acme Inc.", "CTO", " ",
])  # fmt: skip
ROLES = {
    "email": "email", "phone": "phone", "linkedin": "linkedin",
    "name": "full_name", "first_name": "given_name", "last_name": "family_name",
    "company": "company", "domain": "domain", "title": "title",
    "country": "country", "region": "region", "city": "city",
}  # fmt: skip


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(ROLES)), TEXTS))
def test_a_query_has_the_features_of_a_record(query: dict[str, str]) -> None:
    query["email"] = "ada@example.com"  # so that it is always a question
    reading = ask(PersonQuery(**query)).readings[0]  # others part the name in another way
    raw: dict[str, Any] = {
        ROLES[field]: [text] if field in ("email", "phone") else text
        for field, text in query.items()
        if text.strip()
    }
    record = person_values(raw)
    assert reading == {column: value for column, value in record.items() if value not in (None, [])}


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        (PersonQuery(email="a.d.a+x@googlemail.com"), {"email": ("ada@gmail.com",)}),
        (
            PersonQuery(email=["ada@acme.com", "b" * 32]),
            {"email_md5": ("b" * 32,), "email": ("ada@acme.com",)},
        ),
        (PersonQuery(phone="020 7946 0018", country="GB"), {"phone": ("+442079460018",)}),
        (
            PersonQuery(name="Qux Quill", company="Acme Inc", domain="acme.com"),
            {
                "name_domain": ("qux quill|acme.com", "quill qux|acme.com"),
                "name_company": ("qux quill|acme", "quill qux|acme"),
            },
        ),
    ],
)
def test_the_keys_of_a_query(query: PersonQuery, keys: dict[str, tuple[str, ...]]) -> None:
    assert ask(query).keys == keys


def test_nicknames_are_looked_up_as_well() -> None:
    keys = ask(PersonQuery(name="Bob Silva", domain="acme.com")).keys["name_domain"]
    assert keys[0] == "bob silva|acme.com"
    assert "robert silva|acme.com" in keys


def test_a_list_of_names_gives_one_reading_each_and_their_number_is_bounded() -> None:
    two = ask(PersonQuery(name=["Ada King", "Ada Lovelace"], domain="acme.com"))
    assert [one["family_key"] for one in two.readings] == ["king", "lovelace"]
    many = [f"Ada {letter * 3}" for letter in "abcdefghij"]
    assert len(ask(PersonQuery(name=many, company=many, domain="acme.com")).readings) == 16

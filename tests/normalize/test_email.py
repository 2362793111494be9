"""E-mail addresses: the short way against email-validator, wrappings, keys, mailbox kinds."""

from __future__ import annotations

import hashlib
import unicodedata

import polars as pl
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from leadspro_engine.normalize import email
from leadspro_engine.normalize.text import clean

ATOMS = st.text(st.sampled_from("abzAZ09.+-_!#$%&'*/=?^`{|}~"), min_size=1, max_size=12)
ODD = st.text(
    st.sampled_from('aB.@<>"\\ ,;:()[]\t\u200b\u00e9\u0301İßΣ山＠﹫\u2024\u0130\u212a؟'), max_size=10
)
LABELS = st.text(st.sampled_from("abzAZ09-"), min_size=1, max_size=8) | st.sampled_from(
    ["xn--mnchen-3ya", "münchen", "ab--cd", "xn--", "a" * 63, "a" * 64, "山田", "ＡＢＣ", "K", "_dmarc", ""]
)
ENDS = st.sampled_from(
    [
        "com",
        "COM",
        "co.uk",
        "io",
        "local",
        "test",
        "invalid",
        "example",
        "c1",
        "1c",
        "arpa",
        "localhost",
        "рф",
        "gmail.com",
    ]
)
HOSTS = st.tuples(st.lists(LABELS, max_size=4), ENDS).map(lambda parts: ".".join([*parts[0], parts[1]]))
ADDRESSES = st.tuples(ATOMS | ODD, st.sampled_from(["@", "@@", ""]), HOSTS).map("".join)


def of_the_library(text: str | None) -> str | None:
    """The oracle: email-validator's normalized address in lower case, or None."""
    if text is None:
        return None
    try:
        judged = validate_email(text, check_deliverability=False)
        lowered = unicodedata.normalize("NFC", judged.local_part.lower()) + "@" + judged.domain
        return validate_email(lowered, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


@settings(deadline=None)
@given(ADDRESSES)
@example("a@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 63 + "." + "e" * 57 + ".com")
@example("a" * 249 + "@b.co")
@example("a" * 250 + "@b.co")
@example("POSTMASTER@Example.COM")
@example("a@K.com")
@example("x" * 185 + "@xn--mnchen-3ya.de")
def test_what_the_library_accepts_is_taken_as_the_library_says(text: str) -> None:
    judged = of_the_library(clean(text))
    found = email.parse(text)
    if judged is not None:
        assert found is not None
        assert found.address == judged
    assert found == email.parse_slowly(text)


@settings(deadline=None)
@given(ADDRESSES)
def test_what_the_library_refuses_is_only_read_unwrapped(text: str) -> None:
    cleaned = clean(text)
    assume(cleaned is not None and of_the_library(cleaned) is None)
    assert cleaned is not None
    found = email.parse(text)
    assert (None if found is None else found.address) == of_the_library(email.unwrapped(cleaned))


@settings(deadline=None)
@given(ADDRESSES)
def test_canonical_addresses_are_their_own_canonical_form(text: str) -> None:
    found = email.parse(text)
    if found is not None:
        assert email.parse(found.address) == found
        assert found.address == found.local + "@" + found.domain
        assert email.parse(found.key) is not None


@settings(deadline=None)
@given(st.lists(ADDRESSES | st.none()))
def test_column_form_equals_scalar_form(cells: list[str | None]) -> None:
    scalar = [email.parse(cell) for cell in cells]
    found = email.column(pl.Series(cells, dtype=pl.String)).to_list()
    assert found == [None if e is None else {f: getattr(e, f) for f in e.__struct_fields__} for e in scalar]


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("ada@acme.com", "ada@acme.com"),
        ("  Ada@ACME.com ", "ada@acme.com"),
        ("mailto:ada@acme.com", "ada@acme.com"),
        ("MAILTO:ada@acme.com?subject=Hi", "ada@acme.com"),
        ("Ada Lovelace <ada@acme.com>", "ada@acme.com"),
        ('"Lovelace, Ada" <ada@acme.com>', "ada@acme.com"),
        ("<ada@acme.com>", "ada@acme.com"),
        ("ada@acme.com (work)", "ada@acme.com"),
        ("ada@acme.com; bob@acme.com", "ada@acme.com"),
        ("ada@acme.com,bob@acme.com", "ada@acme.com"),
        ("ada@acme.com\nbob@acme.com", "ada@acme.com"),
        ("E-Mail: ada@acme.com", "ada@acme.com"),
        ("ada@acme.com.", "ada@acme.com"),
        ("'ada@acme.com'", "ada@acme.com"),
        ("ada@\u200bacme.com", "ada@acme.com"),
        ("\u202aada@acme.com\u202c", "ada@acme.com"),
        ("ada@xn--mnchen-3ya.de", "ada@münchen.de"),
        ("ADA@MÜNCHEN.DE", "ada@münchen.de"),
        (b"ada@acme.com", "ada@acme.com"),
        ("o'brien@acme.com", "o'brien@acme.com"),
        ("ada@acme", None),
        ("ada@acme.local", None),
        ("ada@@acme.com", None),
        ("ada at acme.com", None),
        ("@acme.com", None),
        ("ada@", None),
        ("n/a", None),
        ("", None),
        (None, None),
        (float("nan"), None),
        (14155550106.0, None),
        (["ada@acme.com"], None),
    ],
)
def test_wrappings(cell: object, address: str | None) -> None:
    found = email.parse(cell)
    assert (None if found is None else found.address) == address


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("a.d.a+list@gmail.com", "ada@gmail.com"),
        ("a.d.a@googlemail.com", "ada@gmail.com"),
        ("ada+list@outlook.com", "ada@outlook.com"),
        ("a.da@outlook.com", "a.da@outlook.com"),
        ("ada@me.com", "ada@icloud.com"),
        ("a-d_a.x+1@pm.me", "adax@proton.me"),
        ("ada+list@acme.com", "ada+list@acme.com"),
        ("ada-list@yahoo.com", "ada-list@yahoo.com"),
        ("+list@gmail.com", "+list@gmail.com"),
    ],
)
def test_keys_fold_only_what_the_provider_folds(address: str, key: str) -> None:
    found = email.parse(address)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("ada@acme.com", "professional"),
        ("ada@gmail.com", "personal"),
        ("ada@yahoo.co.uk", "personal"),
        ("ada@t-online.de", "personal"),
        ("info@acme.com", "role"),
        ("Sales-EMEA@acme.com", "role"),
        ("accounts.payable@acme.com", "role"),
        ("no-reply@acme.com", "role"),
        ("noreply123@acme.com", "role"),
        ("info@gmail.com", "role"),
        ("ada@mailinator.com", "disposable"),
        ("info@sub.yopmail.com", "disposable"),
        ("salesh@acme.com", "professional"),
        ("sales.smith@acme.com", "professional"),
        ("hr.anna@acme.com", "professional"),
        ("eve.art@acme.com", "professional"),
    ],
)
def test_kinds(address: str, kind: str) -> None:
    found = email.parse(address)
    assert found is not None
    assert email.kind(found) == kind


def test_registrable_domain_is_missing_under_an_unknown_suffix() -> None:
    found = email.parse("ada@acme.con")
    assert found is not None
    assert found.registrable_domain is None


def test_hashes_are_of_the_canonical_form() -> None:
    assert email.sha256("ada@acme.com") == hashlib.sha256(b"ada@acme.com").hexdigest()
    assert email.md5("ada@acme.com") == hashlib.md5(b"ada@acme.com").hexdigest()


def test_why_gives_the_librarys_reason() -> None:
    assert "period" in email.why("ada@acme")[0].detail
    assert email.why("no address")[0].code == "refused"
    assert [note.code for note in email.why("Info <info@mailinator.com>")] == [
        "repaired",
        "role",
        "disposable",
    ]

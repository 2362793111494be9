"""Domains: the short ways against email-validator and tldextract, and what hosts say of a company."""

from __future__ import annotations

import polars as pl
import pytest
import tldextract
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspro_engine.normalize import domain

EXTRACT = tldextract.TLDExtract(
    suffix_list_urls=(),
    fallback_to_snapshot=True,
    cache_dir=None,
    include_psl_private_domains=True,
    extra_suffixes=("example",),
)
RULES = sorted(EXTRACT.tlds)
LABELS = st.text(st.sampled_from("abzAZ09-_"), min_size=1, max_size=6) | st.sampled_from(
    [
        "xn--mnchen-3ya",
        "münchen",
        "ab--cd",
        "xn--a",
        "a" * 63,
        "a" * 64,
        "山",
        "ＡＢ",
        "K",
        "ß",
        "ǆ",
        "١",
        "א1",
    ]
)
HOSTS = st.lists(LABELS | st.sampled_from(RULES), min_size=1, max_size=4).map(".".join)


@settings(deadline=None)
@given(HOSTS)
def test_hosts_are_judged_as_the_library_judges_them(host: str) -> None:
    assert domain.judge(host) == domain.judge_slowly(host)


def of_tldextract(host: str) -> tuple[str, str] | None:
    found = EXTRACT.extract_str(host)
    if not found.domain:
        found = EXTRACT.extract_str(host, include_psl_private_domains=False)
    return (f"{found.domain}.{found.suffix}", found.suffix) if found.domain and found.suffix else None


@pytest.mark.parametrize("front", ["", "acme.", "www.acme.", "a.b.c.d."])
def test_every_public_suffix_is_found_as_tldextract_finds_it(front: str) -> None:
    hosts = [front + rule.removeprefix("!").replace("*", "wild") for rule in RULES]
    found = [domain.placed.__wrapped__(host) for host in hosts]
    places = [None if place is None else (place.registrable, place.suffix) for place in found]
    assert places == [of_tldextract(host) for host in hosts]


@pytest.mark.parametrize(
    ("cell", "host", "registrable"),
    [
        ("acme.com", "acme.com", "acme.com"),
        ("ACME.COM.", "acme.com", "acme.com"),
        ("http://acme.com", "acme.com", "acme.com"),
        ("https://www.acme.co.uk/about?x=http://b.com#y", "www.acme.co.uk", "acme.co.uk"),
        ("https://user:pass@acme.com:8443/", "acme.com", "acme.com"),
        ("//acme.com/x", "acme.com", "acme.com"),
        ("ftp://files.acme.com", "files.acme.com", "acme.com"),
        ("http:/acme.com", "acme.com", "acme.com"),
        ("www.acme.com, www.zenith.com", "www.acme.com", "acme.com"),
        ("ada@sub.acme.com", "sub.acme.com", "acme.com"),
        ("mailto:ada@acme.com", "acme.com", "acme.com"),
        ("<acme.com>", "acme.com", "acme.com"),
        ("*.acme.com", "acme.com", "acme.com"),
        ("@acme.com", "acme.com", "acme.com"),
        ("MÜNCHEN.de", "münchen.de", "münchen.de"),
        ("xn--mnchen-3ya.de", "münchen.de", "münchen.de"),
        ("http://例え.jp", "例え.jp", "例え.jp"),
        ("acme。com", "acme.com", "acme.com"),
        ("acme.github.io", "acme.github.io", "acme.github.io"),
        ("github.io", "github.io", "github.io"),
        ("shop.acme.com.br", "shop.acme.com.br", "acme.com.br"),
        ("www.city.kobe.jp", "www.city.kobe.jp", "city.kobe.jp"),
        ("acme.example", "acme.example", "acme.example"),
        ("co.uk", None, None),
        ("com", None, None),
        ("localhost", None, None),
        ("printer.local", None, None),
        ("192.168.0.1", None, None),
        ("http://[2001:db8::1]/", None, None),
        ("Acme Inc.", None, None),
        ("report.pdf", None, None),
        ("a..com", None, None),
        ("-acme.com", None, None),
        ("n/a", None, None),
        ("", None, None),
        (None, None, None),
        (14155550106.0, None, None),
    ],
)
def test_hosts_are_cut_out_of_what_surrounds_them(
    cell: object, host: str | None, registrable: str | None
) -> None:
    found = domain.parse(cell)
    assert (None if found is None else found.host) == host
    assert (None if found is None else found.registrable) == registrable


@pytest.mark.parametrize(
    ("cell", "company"),
    [
        ("https://www.acme.com/", "acme.com"),
        ("google.com", "google.com"),
        ("acme.myshopify.com", "acme.myshopify.com"),
        ("gmail.com", None),
        ("yahoo.com.br", None),
        ("yahoo-inc.com", "yahoo-inc.com"),
        ("facebook.com/acme", None),
        ("uk.linkedin.com/company/acme", None),
        ("sites.google.com/view/acme", None),
        ("https://bit.ly/3x", None),
        ("mailinator.com", None),
        ("www.sedo.com", None),
    ],
)
def test_company_domains(cell: str, company: str | None) -> None:
    assert domain.company_domain(cell) == company
    assert domain.company_column(pl.Series([cell, None])).to_list() == [company, None]


@settings(deadline=None)
@given(HOSTS)
def test_a_canonical_host_is_its_own_canonical_form_both_ways(host: str) -> None:
    found = domain.parse(host)
    if found is not None:
        assert domain.parse(found.host) == found
        assert domain.parse(domain.to_ascii(found.host)) == found
        assert domain.to_ascii(found.host).isascii()


@settings(deadline=None)
@given(st.lists(HOSTS | st.none()))
def test_column_form_equals_scalar_form(cells: list[str | None]) -> None:
    scalar = [domain.parse(cell) for cell in cells]
    found = domain.column(pl.Series(cells, dtype=pl.String)).to_list()
    assert found == [None if d is None else {f: getattr(d, f) for f in d.__struct_fields__} for d in scalar]


def test_no_host_is_of_two_kinds() -> None:
    from leadspro_engine.normalize import tables

    listed = [host.strip() for _, hosts in tables.rows("hosts.tsv") for host in hosts.split(",")]
    assert sorted(set(listed)) == sorted(listed)


def test_every_listed_host_has_a_registrable_domain() -> None:
    from leadspro_engine.normalize import tables

    listed = [host.strip() for _, hosts in tables.rows("hosts.tsv") for host in hosts.split(",")]
    assert [h for h in listed if not h.endswith(".*") and domain.placed(domain.judge(h) or "") is None] == []


def test_why() -> None:
    assert domain.why("acme.com") == ()
    assert [note.code for note in domain.why("gmail.com")] == ["free"]
    assert [note.code for note in domain.why("Acme Inc")] == ["refused"]
    assert [note.code for note in domain.why(None)] == ["blank"]

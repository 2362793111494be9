"""Plain keys: those that say of the one person to whom they lead all that comparing them could find out.

An e-mail address, a telephone number or a profile is *plain* when everybody to whom it leads has, among the
features that matching compares, the value that a query by it is compared with, when no second person has that
value, and when an address at a company's domain leads to people who are known at that domain. Asked by plain
keys alone, what a comparison says depends only on which kinds were given: ``match.exact`` remembers it.
Nearly all keys are plain. The others are such as a person's second profile, or a number without its country
that somebody abroad has as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine import sql
from leadspro_engine.normalize import email, phone

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from leadspro_engine.records import IdentifierKind

_HOST = "split_part(key, '@', -1)"
_UNTAGGED = "regexp_replace({}, '[+][^@]*@', '@')"
_ADDRESS = _UNTAGGED.format("address")


def _hashed(digest: str) -> str:
    """The people of a kind of hash, with the compare form of the address of theirs that it is the hash of."""
    return f"""
        select key, id, {_ADDRESS} as text, null as host
        from identifiers_email_{digest} left join (
            select id, {digest}(entry.address) as key, entry.address as address
            from (select id, unnest(emails) as entry from people)
            where entry.type not in ('role', 'disposable')
        ) using (id, key)"""


def _written(kind: IdentifierKind, text: str, host: str = "null") -> str:
    """The people of a kind of key, with the key in the form that is compared."""
    return f"select key, id, {text} as text, {host} as host from identifiers_{kind}"


_NATIONAL = f"regexp_replace(key, {sql.quoted(phone.CODE.pattern)}, '')"

_COMPARED: dict[IdentifierKind, tuple[str, str, str]] = {
    "email": (_written("email", _UNTAGGED.format("key"), _HOST), "email_texts", "email_texts"),
    "email_sha256": (_hashed("sha256"), "email_texts", "email_texts"),
    "email_md5": (_hashed("md5"), "email_texts", "email_texts"),
    "phone": (_written("phone", _NATIONAL), "phone_texts", "phone_texts"),
    "linkedin": (_written("linkedin", "key"), "linkedin", "[linkedin]"),
}
"""For each kind its people and what is compared, the feature that it is compared with, and that as a list."""

_NOT_PLAIN = """
    with hosts as (select unnest($hosts::varchar[]) as host, unnest($domains::varchar[]) as domain),
    asked as ({asked})
    select distinct key
    from asked
    join people_features using (id)
    left join hosts using (host)
    left join frequencies on field = '{feature}' and value = text
    where value is not null
        or not coalesce(list_contains({listed}, text), false)
        or (hosts.domain is not null and not coalesce(list_contains(domains, hosts.domain), false))"""


def not_plain(con: DuckDBPyConnection, kind: IdentifierKind) -> tuple[str, dict[str, list[str]] | None]:
    """A query of the keys of a kind that are not plain, and its parameters; empty for other kinds."""
    if kind not in _COMPARED:
        return "", None
    asked, feature, listed = _COMPARED[kind]
    domains = _domains_of_hosts(con) if kind == "email" else {}
    query = _NOT_PLAIN.format(asked=asked, feature=feature, listed=listed)
    return query, {"hosts": list(domains), "domains": list(domains.values())}


def _domains_of_hosts(con: DuckDBPyConnection) -> dict[str, str]:
    """The company's domain behind each mail host that belongs to a company."""
    text = f"select distinct {_HOST} from identifiers_email"
    hosts = [host for (host,) in sql.rows(con, "read mail hosts", text)]
    parsed = ((host, email.parse(f"a@{host}")) for host in hosts)
    return {
        host: domain
        for host, found in parsed
        if found is not None and (domain := email.company_domain(found)) is not None
    }

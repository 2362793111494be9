"""Who is nearly meant: the people of one employer, and the companies that are spelled almost alike.

Both are compiled into the key index from the identifier tables of names, and serve to find candidates for a
misspelt name; whether a candidate is meant is decided by comparing.

*Spellings.* A company key stands under the first ten of its letters, with and without its last word, and
under each of these with one letter left out. Two keys that are one slip apart near their beginning (a letter
too many, missing, another, or two swapped) have a spelling in common.
Source: the symmetric-delete method, W. Garbe, "1000x faster spelling correction algorithm" (2012).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

BEGINNING = 10
"""Letters of a company key that are spelled out; more would only cost room."""


class Colleague(NamedTuple):
    """Somebody who works or worked for an employer, by a name that some record has for them.

    ``name`` is given and family name in compare form, with one space between.
    """

    id: str
    name: str


COLLEAGUES = """
    with named as (
        select id, split_part(key, '|', 1) as name, substr(key, strpos(key, '|') + 1) as employer
        from (
            select key, id from identifiers_name_domain
            union all
            select key, id from identifiers_name_company
        )
    ),
    lettered as (
        select *, unnest(list_transform(string_split(name, ' '), lambda word: left(word, 1))) as initial
        from named
    )
    select distinct employer || '|' || initial as key, id, name
    from lettered
    order by key, id, name"""
"""The people of each employer (a domain or a company key) by the first letter of each of their names."""

SPELLINGS = f"""
    with names as (select distinct key as company_key from identifiers_company_name),
    beginnings as (
        select company_key, substr(replace(company_key, ' ', ''), 1, {BEGINNING}) as beginning from names
        union
        select company_key,
            substr(replace(regexp_replace(company_key, ' [^ ]*$', ''), ' ', ''), 1, {BEGINNING})
        from names
    )
    select distinct spelling as key, company_key from (
        select company_key, unnest(list_concat([beginning], list_transform(
            range(1, length(beginning) + 1),
            lambda gone: substr(beginning, 1, gone - 1) || substr(beginning, gone + 1)
        ))) as spelling
        from beginnings
    )
    where spelling <> ''"""
"""The company keys under each of their spellings."""


def colleague_keys(employers: Iterable[str], *names: str | None) -> list[str]:
    """The keys under which the people of these employers stand whose names begin as one of these.

    >>> colleague_keys(["acme.com"], "ada", "adler", None)
    ['acme.com|a']
    """
    initials = list(dict.fromkeys(name[0] for name in names if name))
    return [f"{employer}|{initial}" for employer in employers for initial in initials]


def spellings(company_key: str) -> list[str]:
    """The spellings under which companies like this one stand, sorted.

    >>> spellings("abc")
    ['ab', 'abc', 'ac', 'bc']
    """
    whole = company_key.replace(" ", "")[:BEGINNING]
    shorter = company_key.rpartition(" ")[0].replace(" ", "")[:BEGINNING]
    found = {one for beginning in (whole, shorter) for one in _with_one_left_out(beginning)}
    return sorted(found - {""})


def _with_one_left_out(text: str) -> list[str]:
    """A text, and the text without each of its letters."""
    return [text, *(text[:at] + text[at + 1 :] for at in range(len(text)))]

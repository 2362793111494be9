"""Which pairs of records are worth comparing.

A *blocking rule* gives each record zero or more keys; records that share a key form a block, and pairs
within a block are candidates. All keys of all rules stand in one side table, ``blocking_keys``. A block
larger than ``MAX_BLOCK`` is refined: its key is joined with a second property of the record. What is still
too large after that is left out, so that a value which half of the records share can cost neither time nor
memory; such records meet only through other keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from leadspro_engine import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAX_BLOCK = 80
"""Records in a block beyond which its key is refined; larger blocks are nearly all non-matches."""


class Rule(Struct, frozen=True):
    """One way to give keys to a record.

    Attributes:
        name: shown in reports.
        fields: the comparisons that pairs of this rule agree on by construction; they teach nothing there.
        keys: SQL expression over one record: a list of texts, in which null members do not count.
    """

    name: str
    fields: tuple[str, ...]
    keys: str


class Blocking(Struct, frozen=True):
    """The rules for one type of record, and the properties that refine an oversize block."""

    rules: tuple[Rule, ...]
    refiners: tuple[str, ...]


def _skeleton(column: str) -> str:
    """First letter and later consonants of a text: equal for most slips in vowels."""
    return f"left({column}, 1) || regexp_replace(substr({column}, 2), '[aeiouyhw ]', '', 'g')"


_EMPLOYER = "list_distinct(list_concat(domains, company_keys))"

PEOPLE_BLOCKING = Blocking(
    rules=(
        Rule("email", ("email",), "email_texts"),
        Rule("mailbox name", ("email",), "list_filter(email_locals, lambda x: len(x) >= 6)"),
        Rule("phone", ("phone",), "phone_texts"),
        Rule("linkedin", ("linkedin",), "[linkedin]"),
        Rule("identifier", ("identifier",), "identifiers"),
        Rule("birth date", ("birth_date",), "[birth_date]"),
        Rule(
            "name and nickname",
            ("given_name", "family_name"),
            "list_transform(given_variants, lambda x: x || '|' || family_key)",
        ),
        Rule("words of the name", ("given_name", "family_name"), "[name_key]"),
        Rule(
            "sound of the name",
            ("given_name", "family_name"),
            f"[left(given_key, 1) || '|' || {_skeleton('family_key')}]",
        ),
        Rule(
            "family name and employer",
            ("family_name", "company"),
            f"list_transform({_EMPLOYER}, lambda x: family_key || '|' || x)",
        ),
        Rule(
            "given name and employer",
            ("given_name", "company"),
            f"list_transform({_EMPLOYER}, lambda x: given_key || '|' || x)",
        ),
        Rule(
            "family name and city",
            ("family_name", "city", "city_of_colleagues"),
            "[family_key || '|' || city_key]",
        ),
        Rule(
            "given name and city",
            ("given_name", "city", "city_of_colleagues"),
            "[given_key || '|' || city_key]",
        ),
        Rule(
            "family name and postal code",
            ("family_name", "postal_code"),
            "[family_key || '|' || postal_code]",
        ),
        Rule(
            "given name and postal code", ("given_name", "postal_code"), "[given_key || '|' || postal_code]"
        ),
        Rule("street and number", ("street",), "[street_number || '|' || street_key]"),
    ),
    refiners=("given_key", "family_key", "city_key", "postal_code", "birth_date"),
)

COMPANY_BLOCKING = Blocking(
    rules=(
        Rule("domain", ("domain",), "domains"),
        Rule("linkedin", ("linkedin",), "[linkedin]"),
        Rule("phone", ("phone",), "phone_texts"),
        Rule("identifier", ("identifier",), "identifiers"),
        Rule("name", ("name",), "[name_key]"),
        Rule(
            "word of the name",
            ("name",),
            "list_filter(list_distinct(string_split(name_key, ' ')), lambda x: len(x) >= 3)",
        ),
        Rule("begin of the name", ("name",), "[left(replace(name_key, ' ', ''), 5)]"),
        Rule("acronym", ("name",), "[acronym, case when name_key not like '% %' then name_key end]"),
        Rule("street and number", ("street",), "[street_number || '|' || street_key]"),
        Rule(
            "begin of the name and postal code",
            ("name", "postal_code"),
            "[left(name_key, 3) || '|' || postal_code]",
        ),
    ),
    refiners=("name_key", "postal_code", "city_key", "street_number", "street_key"),
)

BLOCKINGS: dict[Literal["people", "companies"], Blocking] = {
    "people": PEOPLE_BLOCKING,
    "companies": COMPANY_BLOCKING,
}


def make_keys(con: DuckDBPyConnection, blocking: Blocking) -> None:
    """Make ``blocking_keys(n, source, rule, key)``: a row for each distinct record, rule and key."""
    parts = [
        f"select n, source, {number}::utinyint as rule, unnest(list_distinct({rule.keys})) as key\n"
        "from distinct_records"
        for number, rule in enumerate(blocking.rules)
    ]
    text = "create or replace table all_keys as\nselect * from (\n" + "\nunion all\n".join(parts)
    sql.run(con, "blocking keys", text + "\n) where key is not null and key <> ''")
    sizes = "select rule, key from all_keys group by rule, key having count(*)"
    sql.run(con, "oversize blocks", f"create or replace table oversize as {sizes} > {MAX_BLOCK}")
    sql.run(con, "refined blocking keys", _refined(blocking))
    sql.run(con, "drop all keys", "drop table all_keys; drop table oversize")


def make_pairs(con: DuckDBPyConnection, *, link: bool) -> None:
    """Make ``pairs(a, b, rules)`` of ``blocking_keys``, which it drops: a row for each candidate pair a < b.

    ``rules`` is the set of the rules that brought the pair together, a bit for each rule's number. Records
    that stand for several identical rows are also paired with themselves, with an empty set. With ``link``
    only records of different sources are paired.
    """
    sql.run(con, "candidate pairs", _PAIRS.format(where="where l.source <> r.source" if link else ""))
    sql.run(con, "drop blocking keys", "drop table blocking_keys")


_PAIRS = """
create or replace table pairs as
select a, b, bit_or(1::bigint << rule) as rules
from (
  select l.n as a, r.n as b, l.rule
  from blocking_keys l
  join blocking_keys r on l.rule = r.rule and l.key = r.key and l.n < r.n
  {where}
)
group by a, b
union all
select n, n, 0 from distinct_records where copies > 1
"""


def _refined(blocking: Blocking) -> str:
    """All keys of blocks that are small enough, and those of the others joined with each refiner."""
    refined = "\n  union all\n".join(
        f"  select k.n, k.source, k.rule, k.key || '|{number}|' || r.{column} as key\n"
        f"  from large k join distinct_records r using (n) where r.{column} is not null"
        for number, column in enumerate(blocking.refiners)
    )
    return f"""
create or replace table blocking_keys as
with large as (select k.* from all_keys k semi join oversize using (rule, key)),
small as (select k.* from all_keys k anti join oversize using (rule, key)),
refined as (
{refined}
),
kept as (select rule, key from refined group by rule, key having count(*) between 2 and {MAX_BLOCK})
select * from small
union all
select r.* from refined r semi join kept using (rule, key)
"""

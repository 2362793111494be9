"""Which pairs of records are worth comparing.

A *blocking rule* gives each record zero or more keys; records that share a key form a block, and pairs
within a block are candidates. All keys of all rules stand in one side table, ``blocking_keys``.

Pairs must not grow faster than the table. A block is too large beyond ``MAX_BLOCK`` records, and in a large
table from the size on at which the rule would bring more than ``PAIRS_A_RECORD`` pairs a record: the more
records share a name, the less it says that two of them do. A block that is too large is refined: its key is
joined with a second property of the record. Records whose blocks stay too large are *thinned*: sorted by
their properties, each is compared with the next ``NEIGHBORS`` only. So a value that half of the records share
costs neither time nor memory, and ten thousand records of one person still hang together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from leadspro_engine import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAX_BLOCK = 80
"""Records in a block beyond which its key is refined; larger blocks are nearly all non-matches."""

PAIRS_A_RECORD = 1
"""How many pairs a record a rule may bring from its blocks, smallest first, and as many from refined ones."""

FEW_PAIRS = 200_000
"""So many pairs a rule may bring in a table of any size."""

NEIGHBORS = 3
"""With how many of the next ones in its block a record is compared that no refined block holds.
Source: Hernandez and Stolfo, "The Merge/Purge Problem for Large Databases" (1995), sorted neighborhood."""


class Rule(Struct, frozen=True):
    """One way to give keys to a record.

    Attributes:
        name: shown in reports.
        fields: the aspects that pairs of this rule agree on by construction; they teach nothing there.
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
    return f"left({column}, 1) || translate(substr({column}, 2), 'aeiouyhw ', '')"


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
            "sound of both names",
            ("given_name", "family_name"),
            f"[left({_skeleton('given_key')}, 2) || '|' || {_skeleton('family_key')}]",
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
            ("family_name", "city"),
            "[family_key || '|' || city_key]",
        ),
        Rule(
            "given name and city",
            ("given_name", "city"),
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
    """Make ``blocking_keys(n, source, rule, key)`` and ``thinned(n, source, rule, key, next)``.

    ``blocking_keys`` has a row for each distinct record and block that is compared in full, ``thinned`` one
    for each record of a block that stays too large, with a list of the next ones.
    """
    sql.run(con, "blocking keys", _all_keys(blocking))
    sql.run(con, "blocks", _BLOCKS.format(keys="all_keys", blocks="blocks"))
    sql.run(con, "block limits", _LIMITS.format(blocks="blocks"))
    sql.run(con, "oversize blocks", _OVERSIZE)
    sql.run(con, "blocking keys that are kept", _KEPT)
    sql.run(con, "refined blocking keys", _refined(blocking))
    sql.run(con, "refined blocks", _BLOCKS.format(keys="refined_keys", blocks="refined_blocks"))
    sql.run(con, "refined block limits", _LIMITS.format(blocks="refined_blocks"))
    sql.run(con, "refined blocking keys that are kept", _KEPT_REFINED)
    sql.run(con, "thinned blocks", _THINNED.format(order=", ".join(f"r.{one}" for one in blocking.refiners)))
    for table in ("all_keys", "blocks", "oversize", "refined_keys", "refined_blocks"):
        sql.run(con, f"drop {table}", f"drop table {table}")


def make_pairs(con: DuckDBPyConnection, *, link: bool) -> None:
    """Make ``pairs(a, b, rules)`` of ``blocking_keys``, which it drops: a row for each candidate pair a < b.

    ``rules`` is the set of the rules that brought the pair together, a bit for each rule's number. Records
    that stand for several identical rows are also paired with themselves, with an empty set. With ``link``
    only records of different sources are paired.
    """
    sql.run(con, "candidate pairs", _PAIRS.format(across="and l.source <> r.source" if link else ""))
    sql.run(con, "drop blocking keys", "drop table blocking_keys")


_PAIRS = """
create or replace table pairs as
select a, b, bit_or(1::bigint << rule) as rules
from (
  select l.n as a, r.n as b, l.rule
  from blocking_keys l join blocking_keys r on l.rule = r.rule and l.key = r.key and l.n < r.n {across}
  union all
  select least(l.n, r.n), greatest(l.n, r.n), l.rule
  from (select n, source, rule, unnest(next) as other from thinned) l
  join distinct_records r on r.n = l.other {across}
)
group by a, b
union all
select n, n, 0 from distinct_records where copies > 1
"""


def _all_keys(blocking: Blocking) -> str:
    """``all_keys``: every key of every record, as a hash."""
    parts = "\nunion all\n".join(
        f"select n, source, {number}::utinyint as rule, unnest(list_distinct({rule.keys})) as text\n"
        "from distinct_records"
        for number, rule in enumerate(blocking.rules)
    )
    return f"""
create or replace table all_keys as
select n, source, rule, hash(rule, text) as key from (
{parts}
) where text is not null and text <> ''
"""


_BLOCKS = """
create or replace table {blocks} as
select rule, key, count(*) as size, size * (size - 1) // 2 as pairs
from {keys} group by rule, key having count(*) > 1
"""

_LIMITS = f"""
create or replace table limits as
with sizes as (
  select rule, size, sum(pairs) as pairs from {{blocks}} where size <= {MAX_BLOCK} group by rule, size
),
running as (select rule, size, sum(pairs) over (partition by rule order by size) as pairs from sizes),
budget as (select greatest({PAIRS_A_RECORD} * count(*), {FEW_PAIRS}) as pairs from distinct_records)
select rule, max(size) as most from running where pairs <= (select pairs from budget) group by rule
"""
"""The size up to which the blocks of a rule are compared in full."""

_OVERSIZE = """
create or replace table oversize as
select rule, key, size from blocks left join limits using (rule) where size > coalesce(most, 0)
"""

_KEPT = """
create or replace table blocking_keys as
select k.n, k.source, k.rule, k.key
from all_keys k semi join blocks b using (rule, key) anti join oversize o using (rule, key)
"""


def _refined(blocking: Blocking) -> str:
    """``refined_keys``: keys of oversize blocks with each refiner, unless all of the block share it."""
    parts = "\nunion all\n".join(
        f"select k.n, k.source, k.rule, k.key as whole, o.size, '{column}' as refiner,\n"
        f"  r.{column} as value\n"
        f"from all_keys k join oversize o using (rule, key) join distinct_records r using (n)"
        for column in blocking.refiners
    )
    return f"""
create or replace table refined_keys as
select n, source, rule, whole, hash(whole, refiner, value) as key from (
  select *, count(*) over (partition by rule, whole, refiner, value) as sharing from (
{parts}
  )
) where value is not null and sharing < size
"""


_KEPT_REFINED = """
insert into blocking_keys
select k.n, k.source, k.rule, k.key
from refined_keys k join refined_blocks b using (rule, key) join limits using (rule) where size <= most
"""

_THINNED = f"""
create or replace table thinned as
with fine as (
  select k.n, k.rule, k.whole, bool_or(size <= most) as met, bool_or(size > coalesce(most, 0)) as crowded
  from refined_keys k left join refined_blocks b using (rule, key) left join limits using (rule)
  group by k.n, k.rule, k.whole
),
left_over as (
  select k.n, k.source, k.rule, k.key
  from all_keys k join oversize o using (rule, key)
  left join fine f on f.n = k.n and f.rule = k.rule and f.whole = k.key
  where f.n is null or (f.crowded and not coalesce(f.met, false))
)
select l.n, l.source, l.rule, l.key, list(l.n) over (
  partition by l.rule, l.key order by {{order}}, l.n rows between 1 following and {NEIGHBORS} following
) as next
from left_over l join distinct_records r using (n)
"""
"""Records of oversize blocks that have no property which not all of the block, or too many, share."""

"""Who asked not to be shown: the owners of identifiers of which only hashes are kept.

A hash is the SHA-256 of ``kind:canonical value``, such as ``email:ada@example.com``. The two forms below say
the same of one person and of a whole snapshot; a test holds them equal.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from leadspro_engine import sql
from leadspro_engine.records import Suppressions

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from leadspro_engine.records import Person

NOBODY = Suppressions()
"""Nobody asked not to be shown."""

_HIDDEN = """
    select distinct id from (
        select id, 'email:' || unnest(emails).address as identifier from people
        union all select id, 'phone:' || unnest(phones).number from people
        union all select id, 'linkedin:' || linkedin from people
    ) where sha256(identifier) in (select unnest($hashes::varchar[])) order by id"""


def hides(suppressions: Suppressions, person: Person) -> bool:
    """Whether somebody asked for one of a person's identifiers not to be shown.

    >>> from leadspro_engine.records import Person
    >>> hides(NOBODY, Person(id="p"))
    False
    """
    if not suppressions.hashes:
        return False
    identifiers = [
        *(("email", one.address) for one in person.emails),
        *(("phone", one.number) for one in person.phones),
        *([] if person.linkedin is None else [("linkedin", person.linkedin)]),
    ]
    return any(hides_identifier(suppressions, *one) for one in identifiers)


def hides_identifier(suppressions: Suppressions, kind: str, value: str) -> bool:
    """Whether the owner of a canonical e-mail, phone or LinkedIn slug asked not to be shown by it."""
    return sha256(f"{kind}:{value}".encode()).hexdigest() in suppressions.hashes


def hidden_ids(con: DuckDBPyConnection, suppressions: Suppressions) -> list[str]:
    """The ids of all people of a snapshot whom ``hides`` hides, sorted; reads the whole table."""
    if not suppressions.hashes:
        return []
    given = {"hashes": sorted(suppressions.hashes)}
    return [row[0] for row in sql.rows(con, "find who is hidden", _HIDDEN, given)]

"""What a normalizer has to say about a value: why it was refused, or what in it was ignored.

Every kind has a ``why(value) -> tuple[Note, ...]``. An empty tuple means that the value was taken as it
stood. Notes are facts for people to read in answers and rejects; nothing is decided by them.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

NoteCode = Literal[
    "blank",  # there is nothing in the cell
    "refused",  # the judge of this kind says that it is not one
    "repaired",  # it was read after removing or mending something
    "ignored",  # a part of the cell was left out
    "role",  # a mailbox or number that belongs to a function, not to a person
    "free",  # a mail provider anybody can use: says nothing about a company
    "disposable",  # a throw-away mailbox
    "shared",  # a host on which many parties have their pages
    "region",  # valid somewhere, but not for the region that was given
    "several",  # the cell holds more than one value
    "unknown",  # well formed, but not in the vocabulary or table
]


class Note(Struct, frozen=True):
    """One remark: a stable code, and the sentence for people."""

    code: NoteCode | str
    detail: str

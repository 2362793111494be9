"""The text of an API key: made here, checked here, and stored only as its digest.

``pl_live_`` or ``pl_test_``, then 32 base62 characters of entropy (190 bits), then the CRC-32 of all that
in 6 base62 characters. The prefix lets secret scanners find leaked keys; the checksum refuses typing errors
and junk before any look-up. A single SHA-256 is the right way to store a token with this much entropy: slow
password hashes protect guessable secrets, and would cost every request tens of milliseconds.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Mode = Literal["live", "test", "demo"]

DEMO_TOKEN = "pl_demo_public"  # noqa: S105 - public on purpose: it works in demo mode only
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ENTROPY = 32
_CHECK = 6
_SHAPE = re.compile(r"pl_(?:live|test)_[0-9A-Za-z]{38}")


def new_token(mode: Mode, choose: Callable[[str], str] = secrets.choice) -> str:
    """A fresh key for live or test use.

    Args:
        mode: what the key is for; the demo key is not made, it is public.
        choose: draws one character; the operating system's randomness unless a test says otherwise.

    >>> new_token("test", choose=lambda alphabet: alphabet[0])
    'pl_test_000000000000000000000000000000000aN4Fn'
    """
    body = f"pl_{mode}_" + "".join(choose(_ALPHABET) for _ in range(_ENTROPY))
    return body + _checksum(body)


def well_formed(token: str) -> bool:
    """Whether a text has the shape and the checksum of a key of ours; says nothing of its validity.

    >>> well_formed("pl_test_000000000000000000000000000000000aN4Fn")
    True
    >>> well_formed("pl_test_000000000000000000000000000000000aN4Fm")
    False
    """
    return _SHAPE.fullmatch(token) is not None and token[-_CHECK:] == _checksum(token[:-_CHECK])


def digest(token: str) -> str:
    """What is stored of a key: the SHA-256 of its text, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def hint(token: str) -> str:
    """Enough of a key to recognize it in a list, too little to use it.

    >>> hint("pl_test_000000000000000000000000000000000aN4Fn")
    'pl_test_0000…N4Fn'
    """
    return f"{token[:12]}…{token[-4:]}"


def _checksum(body: str) -> str:
    """The CRC-32 of a text as six base62 characters, the most significant first."""
    rest, digits = zlib.crc32(body.encode()), ""
    for _ in range(_CHECK):
        rest, digit = divmod(rest, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits

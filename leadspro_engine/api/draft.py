"""The body of an answer, encoded before its bill is known.

Bills are written for many requests at once, and nobody can go on meanwhile: so an answer is encoded
beforehand, as if all of it were paid for, and only its ``meta``, the last field of every answer, is added
when the bill is there. Where credits ran out the answer is made anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from leadspro_engine.service import Offer
    from leadspro_engine.service.answers import AnswerMeta

_encode = msgspec.json.Encoder().encode


class Draft:
    """An offer whose answer is encoded but for its bill.

    Args:
        offer: what is to be answered.
        expected: what the answer says of itself when all of it is paid for.
    """

    def __init__(self, offer: Offer, expected: AnswerMeta) -> None:
        self._offer = offer
        self._expected = expected
        self._ending = len(_encode(expected)) + len(b"}")
        self._encoded = _encode(offer.answer(expected))

    def body(self, meta: AnswerMeta) -> bytes:
        """The body with what it says of itself; what ``offer.answer`` raises is raised here."""
        if meta.credits_used != self._expected.credits_used:
            return _encode(self._offer.answer(meta))
        return self._encoded[: -self._ending] + _encode(meta) + b"}"

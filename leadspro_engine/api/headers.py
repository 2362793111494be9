"""Headers that belong to every response, and those that tell a caller of limits and credits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadspro_engine.accounts import WINDOW_S

if TYPE_CHECKING:
    from leadspro_engine.accounts import Allowance
    from leadspro_engine.api.request import Request
    from leadspro_engine.api.response import Response

Headers = tuple[tuple[str, str], ...]

_UNFRAMED = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_ALWAYS: Headers = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", f"default-src 'none'; {_UNFRAMED}"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)
_TLS_ONLY: Headers = (("Strict-Transport-Security", "max-age=31536000"),)


def always(response: Response, request: Request) -> Headers:
    """What keeps a response private and inert: no caching, no guessing of types, nothing loaded or framed.

    A header that the response brings itself is left as it is.
    """
    wanted = (*_ALWAYS, *_TLS_ONLY) if request.secure else _ALWAYS
    if not response.headers:
        return wanted
    brought = {name for name, _ in response.headers}
    return tuple((name, value) for name, value in wanted if name not in brought)


def styled_page(style_hash: str) -> tuple[str, str]:
    """The content security policy of a page whose one inline style sheet has this SHA-256, in base64."""
    return "Content-Security-Policy", f"default-src 'none'; style-src 'sha256-{style_hash}'; {_UNFRAMED}"


def rate_limit(allowance: Allowance) -> Headers:
    """How many requests are left, in the words of the IETF draft and in the older ones.

    Source: draft-ietf-httpapi-ratelimit-headers-11.
    """
    return (
        ("RateLimit-Policy", f'"minute";q={allowance.limit};w={WINDOW_S}'),
        ("RateLimit", f'"minute";r={allowance.remaining};t={allowance.reset_s}'),
        ("X-RateLimit-Limit", str(allowance.limit)),
        ("X-RateLimit-Remaining", str(allowance.remaining)),
        ("X-RateLimit-Reset", str(allowance.resets_at)),
    )


def credit(charged: int, remaining: int | None) -> Headers:
    """What the request cost and what is left of the month."""
    left = () if remaining is None else (("X-Credits-Remaining", str(remaining)),)
    return (("X-Credits-Charged", str(charged)), *left)

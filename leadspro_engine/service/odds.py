"""What a sample says of the whole."""

from __future__ import annotations

import math

_Z = 1.96  # two-sided 95 %


def at_most(hits: int, tries: int) -> float:
    """The upper end of the 95 % Wilson interval of a share, in [0, 1]; 1 when nothing was tried.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.

    >>> round(at_most(50, 100), 3), round(at_most(0, 200), 3), at_most(0, 0)
    (0.596, 0.019, 1.0)
    """
    if not tries:
        return 1.0
    share, z2 = hits / tries, _Z * _Z
    spread = _Z * math.sqrt(share * (1 - share) / tries + z2 / (4 * tries * tries))
    return min(1.0, (share + z2 / (2 * tries) + spread) / (1 + z2 / tries))

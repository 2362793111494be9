"""Small pictures for the UI: bars as an SVG image inside Markdown.

The UI shows an image whose address is the image itself, and drops SVG elements that stand in the text.
"""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH, _BAR, _LABEL, _NUMBER = 360, 14, 150, 70
_INK, _FOR, _AGAINST = "#556", "#2f7ebb", "#c0563b"


def bars(rows: Sequence[tuple[str, float]], *, form: str = ",.0f") -> str:
    """Rows of label and number as horizontal bars, Markdown; bars below zero go to the left.

    >>> bars([("one", 1.0)])[:31]
    '![chart](data:image/svg+xml;bas'
    >>> bars([])
    'Nothing to show.'
    """
    if not rows:
        return "Nothing to show."
    drawn = "".join(_row(*placed) for placed in _placed(rows, form))
    height = len(rows) * (_BAR + 4) + 4
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LABEL + _WIDTH + _NUMBER}" height="{height}" '
        f'font-family="sans-serif" font-size="11">{drawn}</svg>'
    )
    return f"![chart](data:image/svg+xml;base64,{base64.b64encode(text.encode()).decode()})"


def _placed(rows: Sequence[tuple[str, float]], form: str) -> list[tuple[int, str, float, float, str]]:
    """Each row with its height from the top, the left edge and width of its bar in pixels, its number."""
    low = min(0.0, *(number for _, number in rows))
    high = max(0.0, *(number for _, number in rows))
    scale = _WIDTH / ((high - low) or 1.0)
    return [
        (place, label, (min(number, 0.0) - low) * scale, number * scale, format(number, form))
        for place, (label, number) in enumerate(rows)
    ]


def _row(place: int, label: str, left: float, width: float, number: str) -> str:
    """One bar with its label on the left and its number on the right."""
    top = 4 + place * (_BAR + 4)
    color = _FOR if width >= 0 else _AGAINST
    return (
        f'<text x="{_LABEL - 6}" y="{top + 11}" text-anchor="end" fill="{_INK}">{escape(label[:26])}</text>'
        f'<rect x="{_LABEL + left:.1f}" y="{top}" width="{max(abs(width), 1):.1f}" height="{_BAR}" '
        f'fill="{color}"/>'
        f'<text x="{_LABEL + _WIDTH + 6}" y="{top + 11}" fill="{_INK}">{escape(number)}</text>'
    )

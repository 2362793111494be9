"""Small pictures for the UI: bars as an SVG image inside Markdown.

The UI shows an image whose address is the image itself, and drops SVG elements that stand in the text.
"""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH, _BAR, _NUMBER = 360, 14, 70
_LONGEST, _LETTER = 48, 6.2
"""Letters of a label that are shown, and what one of them takes in pixels."""

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
    edge = 12 + _LETTER * max(len(_shortened(label)) for label, _ in rows)
    drawn = "".join(_drawn(bar, edge) for bar in _bars(rows, form))
    height = len(rows) * (_BAR + 4) + 4
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{edge + _WIDTH + _NUMBER:.0f}" height="{height}" '
        f'font-family="sans-serif" font-size="11">{drawn}</svg>'
    )
    return f"![chart](data:image/svg+xml;base64,{base64.b64encode(text.encode()).decode()})"


class _Bar(NamedTuple):
    """One bar: its place from the top, left edge and width in pixels, and what stands beside it."""

    place: int
    label: str
    left: float
    width: float
    number: str


def _bars(rows: Sequence[tuple[str, float]], form: str) -> list[_Bar]:
    """Each row as a bar, on one scale."""
    low = min(0.0, *(number for _, number in rows))
    high = max(0.0, *(number for _, number in rows))
    scale = _WIDTH / ((high - low) or 1.0)
    return [
        _Bar(place, label, (min(number, 0.0) - low) * scale, number * scale, format(number, form))
        for place, (label, number) in enumerate(rows)
    ]


def _shortened(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"


def _drawn(bar: _Bar, edge: float) -> str:
    """One bar as SVG, its label ending at ``edge``, where bars begin."""
    top = 4 + bar.place * (_BAR + 4)
    color = _FOR if bar.width >= 0 else _AGAINST
    return (
        f'<text x="{edge - 6:.0f}" y="{top + 11}" text-anchor="end" fill="{_INK}">'
        f"{escape(_shortened(bar.label))}</text>"
        f'<rect x="{edge + bar.left:.1f}" y="{top}" width="{max(abs(bar.width), 1):.1f}" height="{_BAR}" '
        f'fill="{color}"/>'
        f'<text x="{edge + _WIDTH + 6:.0f}" y="{top + 11}" fill="{_INK}">{escape(bar.number)}</text>'
    )

"""skill: first version."""
from __future__ import annotations
from leadspro_engine.normalize.text import clean

def parse(value: object) -> str | None:
    """Canonical."""
    text = clean(value)
    return None if text is None else text.lower()

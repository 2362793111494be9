"""Technologies: first version."""
from __future__ import annotations
from leadspro_engine.normalize.text import clean

_KNOWN = {"aws": "AWS", "amazon web services": "AWS", "amazon aws": "AWS", "sfdc": "Salesforce", "salesforce": "Salesforce", "hubspot": "HubSpot"}

def parse(value: object) -> str | None:
    """Canonical."""
    text = clean(value)
    return None if text is None else _KNOWN.get(text.lower(), text)

"""Addresses: first version."""
from __future__ import annotations
import re
from msgspec import Struct
from leadspro_engine.normalize.name import key
from leadspro_engine.normalize.text import clean

class Address(Struct, frozen=True):
    """Parts."""
    street_number: str | None = None
    street_key: str | None = None
    unit: str | None = None
    postal_code: str | None = None

_TYPES = re.compile(r"\b(street|st|ave|avenue|av|rd|road|blvd|boulevard|dr|drive|pl|place|north|south|east|west|n|s|e|w|lane|ln|court|ct)\b")

def parse(address: object = None, street_number: object = None, street: object = None, unit: object = None, postal_code: object = None) -> Address | None:
    """Parts of an address."""
    number, line = clean(street_number), clean(street) or clean(address)
    if line and number is None:
        found = re.match(r"\s*(\d+)\s+(.*)", line)
        if found:
            number, line = found[1], found[2]
    folded = key(re.sub(r"[^\w ]", " ", line)) if line else None
    street_key = " ".join(_TYPES.sub(" ", folded).split()) if folded else None
    post = re.sub(r"[^A-Z0-9]", "", (clean(postal_code) or "").upper()) or None
    if not (number or street_key or unit or post):
        return None
    return Address(number, street_key or None, key(clean(unit)) if clean(unit) else None, post)

"""What happens to a value on its way into a file: slips of the keyboard, shortcuts, habits of form fields.

Each function takes the random source first and returns a new text; none changes what it is given.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from datasets import words

if TYPE_CHECKING:
    from random import Random

    from datasets.demo.values import Number

_NEIGHBOURS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo",
    "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "w", "r": "et",
    "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip


def typo(random: Random, text: str) -> str:
    """The text with one slip past its first letter: letters swapped, one lost, doubled, or a wrong key."""
    if len(text) < 4:
        return text
    at = random.randrange(1, len(text) - 1)
    kind = random.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + text[at] + text[at:]
    return text[:at] + random.choice(_NEIGHBOURS.get(text[at].lower(), "e")) + text[at + 1 :]


def no_accents(text: str) -> str:
    """The text as somebody types it who has no accents on the keyboard."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))


def decomposed(text: str) -> str:
    """The text with accents as characters of their own, as files from a Mac have them."""
    return unicodedata.normalize("NFD", text)


def shouted(random: Random, text: str) -> str:
    """The text in capitals, in small letters, or with blanks around it."""
    return random.choice((text.upper(), text.lower(), f" {text} ", text))


def email(random: Random, address: str) -> str:
    """The address as forms receive it: capitals, a plus tag, dots in a Gmail name, ``mailto:``."""
    local, _, domain = address.partition("@")
    roll = random.random()
    if roll < 0.12:
        return address.upper() if random.random() < 0.3 else f"{local.capitalize()}@{domain}"
    if roll < 0.20:
        return f"{local}+{random.choice(('news', 'events', 'crm', '2025'))}@{domain}"
    if roll < 0.30 and domain == "gmail.com":
        return f"{local.replace('.', '')}@{random.choice(('gmail.com', 'googlemail.com'))}"
    if roll < 0.33:
        return f"mailto:{address}"
    if roll < 0.36:
        return f" {address}"
    return address


def phone(random: Random, number: Number, *, national: bool) -> str:
    """The number as people write it; in national form only where the row says which country it is."""
    if national and random.random() < 0.6:
        text = number.national
        return random.choice((text, text.replace(" ", "-"), text.replace(" ", "")))
    text = number.international
    squeezed = text.replace(" ", "")
    return random.choice(
        (text, squeezed, text.replace(" ", "-"), "00" + squeezed[1:], text.replace(" ", "."))
    )


def title(random: Random, text: str) -> str:
    """The title with one of its words shortened or spelled out."""
    for long, short in words.TITLE_SPELLINGS.items():
        if long in text and random.random() < 0.4:
            return text.replace(long, short, 1)
    return text


def company(random: Random, name: str, legal_name: str) -> str:
    """The company as people write it: with its legal form or without, shortened, in capitals, with a slip."""
    roll = random.random()
    if roll < 0.30:
        return legal_name
    if roll < 0.38:
        return name.upper()
    if roll < 0.44:
        return typo(random, name)
    if roll < 0.54:
        for long, short in words.COMPANY_SPELLINGS.items():
            name = name.replace(long, short)
    return name

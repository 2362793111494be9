"""The short way of ``phone``: phonenumbers' own metadata as one compiled pattern a region.

phonenumbers reads a number in many small steps, each with its own pattern. For the numbers that people
mostly write (digits, spaces, brackets, dots, hyphens, perhaps a plus in front and an extension behind) the
same answer follows from the metadata in three steps:

1. The country calling code: behind the plus, or the home region's own.
2. The national number: the digits, without the calling code or the trunk prefix where the library drops them.
3. One pattern for each region of that calling code tells whether the number is valid there, and its type.

Whatever these steps cannot settle for certain (trunk prefixes that rewrite the number, letters, other digits,
other words for an extension, what a spreadsheet made of a number) is ``UNSETTLED``, and the library judges
it. Equality with the library is a property test over every region's example numbers in every format, and
over mutations of them.

Source: ``parse``, ``_maybe_extract_country_code``, ``_maybe_strip_national_prefix_carrier_code``,
``region_code_for_number`` and ``_number_type_helper`` of phonenumbers (python-phonenumbers, Apache
licence), which follow libphonenumber.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, REGION_CODE_FOR_NON_GEO_ENTITY, PhoneMetadata

if TYPE_CHECKING:
    from phonenumbers import PhoneNumberDesc

UNSETTLED: Final = "unsettled"
"""The answer "ask the library"."""

_PLAIN = re.compile(
    r"(?![0-9]+\.0+\Z)(\+?)[ (]*([0-9][0-9 ().-]{2,38}[0-9])(?: {0,2}(?:x|ext\.?) ?([0-9]{1,6}))?"
)
_NOT_DIGITS = str.maketrans("", "", " ().-")
_LONGEST_CODE = 3
_SHORTEST, _LONGEST = 3, 17
_ORDER = (
    "premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail",
)  # fmt: skip
"""Types in the order in which the library tries them, before fixed line and mobile."""


class Settled(Struct, frozen=True, gc=False):
    """A valid number in E.164, the region of its plan (``001``: none), its type as the library calls it."""

    number: str
    region: str
    type: str
    extension: str | None = None


class _Plan(Struct, frozen=True):
    """What the steps need to know of one region.

    Attributes:
        code: country calling code, as text.
        general: matches every number of the plan.
        lengths: possible lengths of a national number.
        international: what is dialled before a calling code, as a pattern.
        trunk: what may stand before a national number, as a pattern; None when nothing may.
        rewrites: whether some trunk prefixes are replaced by other digits rather than dropped.
        leading: numbers of a shared calling code that belong to this region, as a pattern; None when not so
        told. types: matches a valid number of the region; the group that matched is the type.
    """

    code: str
    general: re.Pattern[str]
    lengths: tuple[int, ...]
    international: re.Pattern[str] | None
    trunk: re.Pattern[str] | None
    rewrites: bool
    leading: re.Pattern[str] | None
    types: re.Pattern[str]


def settle(text: str, region: str | None) -> Settled | str | None:
    """The valid number in a text, None when it holds none, or ``UNSETTLED``.

    Args:
        text: one cell, trimmed.
        region: ISO 3166-1 alpha-2 of the home region, or None.

    >>> settle("+44 20 7946 0123", None)
    Settled(number='+442079460123', region='GB', type='fixed_line', extension=None)
    >>> settle("(415) 555-0106", "US").number, settle("555 x2", "US")
    ('+14155550106', 'unsettled')
    """
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        return UNSETTLED
    sign, written, extension = plain.groups()
    digits = written.translate(_NOT_DIGITS)
    if sign:
        found = UNSETTLED if digits[0] == "0" else _international(digits)
    else:
        found = UNSETTLED if region is None else _from_home(digits, region)
    if extension is None or found is None or isinstance(found, str):
        return found
    return Settled(found.number, found.region, found.type, extension)


def _international(digits: str) -> Settled | str | None:
    for length in range(1, _LONGEST_CODE + 1):
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length]))
        if regions is not None:
            break
    else:
        return UNSETTLED
    code = digits[:length]
    home = _plan(code, regions[0])
    return UNSETTLED if home is None else _in_plan(digits[length:], home, regions)


def _from_home(digits: str, region: str) -> Settled | str | None:
    home = _home(region)
    if home is None:
        return UNSETTLED
    abroad = None if home.international is None else home.international.match(digits)
    if abroad is not None:
        rest = digits[abroad.end() :]
        return UNSETTLED if rest[:1] in {"", "0"} else _international(rest)
    if digits.startswith("00"):
        return UNSETTLED
    regions = COUNTRY_CODE_TO_REGION_CODE[int(home.code)]
    national = digits
    if digits.startswith(home.code):
        short = digits[len(home.code) :]
        if home.trunk is not None and home.trunk.match(short):
            return UNSETTLED
        own = home.general.fullmatch(digits) is None and home.general.fullmatch(short) is not None
        if own or len(digits) > home.lengths[-1]:
            main = _plan(home.code, regions[0])
            return UNSETTLED if main is None else _in_plan(short, main, regions)
    return _in_plan(national, home, regions)


def _in_plan(digits: str, home: _Plan, regions: tuple[str, ...]) -> Settled | str | None:
    national = _without_trunk(digits, home)
    if national is None or not _SHORTEST <= len(national) <= _LONGEST:
        return UNSETTLED
    for region in regions:
        plan = _plan(home.code, region)
        if plan is None:
            continue
        if plan.leading is not None and len(regions) > 1:
            if plan.leading.match(national) is None:
                continue
            kind = plan.types.fullmatch(national)
            return None if kind is None else _settled(home, national, region, kind)
        kind = plan.types.fullmatch(national)
        if kind is not None:
            return _settled(home, national, region, kind)
    return None


def _settled(home: _Plan, national: str, region: str, kind: re.Match[str]) -> Settled:
    assert kind.lastgroup is not None
    return Settled(f"+{home.code}{national}", region, kind.lastgroup)


def _without_trunk(digits: str, home: _Plan) -> str | None:
    """The national number, or None when dropping the trunk prefix is the library's business."""
    prefix = None if home.trunk is None else home.trunk.match(digits)
    if prefix is None or (prefix.end() == 0 and not any(prefix.groups())):
        return digits
    if home.rewrites and prefix.groups()[-1] is not None:
        return None
    short = digits[prefix.end() :]
    if home.general.fullmatch(digits) and not home.general.fullmatch(short):
        return digits
    return short if len(short) in home.lengths else None


@functools.cache
def _home(region: str) -> _Plan | None:
    metadata = PhoneMetadata.metadata_for_region(region, None)
    return None if metadata is None else _plan(str(metadata.country_code), region)


@functools.cache
def _plan(code: str, region: str) -> _Plan | None:
    metadata = (
        PhoneMetadata.metadata_for_nongeo_region(int(code), None)
        if region == REGION_CODE_FOR_NON_GEO_ENTITY
        else PhoneMetadata.metadata_for_region(region, None)
    )
    if metadata is None or metadata.general_desc is None:
        return None
    trunk = metadata.national_prefix_for_parsing or None
    types = {name: getattr(metadata, name) for name in (*_ORDER, "fixed_line", "mobile")}
    general = metadata.general_desc
    return _Plan(
        code=code,
        general=re.compile(general.national_number_pattern or "(?!)"),
        lengths=general.possible_length,
        international=re.compile(metadata.international_prefix) if metadata.international_prefix else None,
        trunk=re.compile(trunk) if trunk else None,
        rewrites=bool(metadata.national_prefix_transform_rule),
        leading=re.compile(metadata.leading_digits) if metadata.leading_digits else None,
        types=_types(general, types, same=metadata.same_mobile_and_fixed_line_pattern),
    )


def _types(
    general: PhoneNumberDesc, types: dict[str, PhoneNumberDesc | None], *, same: bool
) -> re.Pattern[str]:
    """One pattern whose alternatives are the types, in the library's order."""
    fixed, mobile = _alternative(types["fixed_line"]), _alternative(types["mobile"])
    named = [(name, _alternative(types[name])) for name in _ORDER]
    both = fixed if same else rf"(?={mobile}\Z){fixed}"
    named += [("fixed_line_or_mobile", both)]
    named += [] if same else [("fixed_line", fixed), ("mobile", mobile)]
    alternatives = "|".join(f"(?P<{name}>{pattern})" for name, pattern in named)
    return re.compile(rf"(?={_alternative(general)}\Z)(?:{alternatives})")


def _alternative(desc: PhoneNumberDesc | None) -> str:
    """A pattern that matches what is of this description, its possible lengths included."""
    if desc is None or not desc.national_number_pattern:
        return "(?!)"
    lengths = "|".join(rf"[0-9]{{{length}}}" for length in desc.possible_length if length > 0)
    ahead = rf"(?=(?:{lengths})\Z)" if lengths else ("(?!)" if desc.possible_length else "")
    return rf"{ahead}(?:{desc.national_number_pattern})"

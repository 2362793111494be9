"""Places: first version."""
from __future__ import annotations
import functools
from babel import Locale
from msgspec import Struct
from leadspro_engine.normalize.text import clean

class Place(Struct, frozen=True):
    """A place."""
    city: str | None = None
    region: str | None = None
    country: str | None = None
    country_code: str | None = None

@functools.cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in ("en", "de", "fr", "es", "it", "pt", "nl", "ja", "zh", "ru", "el", "ar", "pl", "sv", "tr"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names.setdefault(name.casefold(), code)
                names.setdefault(code.casefold(), code)
    names.update({"usa": "US", "u.s.a.": "US", "u.s.": "US", "united states of america": "US", "uk": "GB", "u.k.": "GB", "england": "GB", "great britain": "GB", "holland": "NL", "the netherlands": "NL"})
    return names

def country(value: object) -> str | None:
    """ISO code."""
    text = clean(value)
    return None if text is None else _names().get(text.casefold())

def country_name(code: str | None) -> str | None:
    """English name."""
    return None if code is None else Locale("en").territories.get(code)

def country_names() -> tuple[str, ...]:
    """Names."""
    return tuple(sorted(v for k, v in Locale("en").territories.items() if len(k) == 2 and k.isalpha()))

_US = dict(p.split("=") for p in "AL=Alabama,AK=Alaska,AZ=Arizona,AR=Arkansas,CA=California,CO=Colorado,CT=Connecticut,DE=Delaware,FL=Florida,GA=Georgia,HI=Hawaii,ID=Idaho,IL=Illinois,IN=Indiana,IA=Iowa,KS=Kansas,KY=Kentucky,LA=Louisiana,ME=Maine,MD=Maryland,MA=Massachusetts,MI=Michigan,MN=Minnesota,MS=Mississippi,MO=Missouri,MT=Montana,NE=Nebraska,NV=Nevada,NH=New Hampshire,NJ=New Jersey,NM=New Mexico,NY=New York,NC=North Carolina,ND=North Dakota,OH=Ohio,OK=Oklahoma,OR=Oregon,PA=Pennsylvania,RI=Rhode Island,SC=South Carolina,SD=South Dakota,TN=Tennessee,TX=Texas,UT=Utah,VT=Vermont,VA=Virginia,WA=Washington,WV=West Virginia,WI=Wisconsin,WY=Wyoming".split(","))

def region(value: object, country_code: str | None = None) -> str | None:
    """Region display."""
    text = clean(value)
    if text is None:
        return None
    return _US.get(text.upper(), text) if country_code in (None, "US") else text

def parse(city: object = None, region: object = None, country: object = None, place: object = None) -> Place | None:
    """A place."""
    code = globals()["country"](country)
    town, area, free = clean(city), globals()["region"](region, code), clean(place)
    if free and not (town or area or code):
        parts = [p.strip() for p in free.split(",")]
        code = globals()["country"](parts[-1])
        town = parts[0] if code is None or len(parts) > 1 else None
        area = parts[1] if len(parts) > 2 else None
    if not (town or area or code):
        return None
    return Place(town, area, country_name(code), code)

"""Who is asked for: precision, recall, false answers and calibration over a fixed mix of queries.

Queries are drawn from the truth of synthetic data as users would type them; ``MIX`` is the share of each
kind. A person is asked for by what at least one of their records says, before the slips of the sources, and
only where nobody else of the truth fits the same words. An answer is right when most of the records that its
golden record was made from are of the person asked for. People who are not there bear names drawn in
another world of the same parameters.
"""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from msgspec import Struct

from datasets import synthetic
from datasets.places import countries
from datasets.synthetic.companies import companies, company_ids
from datasets.synthetic.dice import scrambled
from datasets.synthetic.parameters import PARAMETERS, SOURCES
from datasets.synthetic.people import firms_of, people
from datasets.synthetic.tables import short_company
from leadspro_engine.dataset import Dataset
from leadspro_engine.engine import open_engine
from leadspro_engine.match import DEFAULT_MIN_LIKELIHOOD
from leadspro_engine.refresh import refresh

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.harness import Row
    from leadspro_engine.records import BatchAnswer

Query = dict[str, str]
Truth = dict[str, Any]

_BANDS = (0.0, 0.1, DEFAULT_MIN_LIKELIHOOD, 0.9, 0.99, 0.999, 1.0)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Asked(Struct, frozen=True):
    """One query, its kind, and the person that it means; None when it means nobody in the data."""

    kind: str
    query: Query
    person: str | None


class Judged(Struct, frozen=True):
    """The best candidate of one query.

    Attributes:
        likelihood: theirs; 0 when there is none.
        right: whether most of their records are of the person asked for.
        merged: whether some are, but most are of others: a slip of resolving, not of matching.
    """

    asked: Asked
    likelihood: float
    right: bool
    merged: bool

    @property
    def answered(self) -> bool:
        """Whether the candidate is answered by default."""
        return self.likelihood >= DEFAULT_MIN_LIKELIHOOD


def options(parser: argparse.ArgumentParser) -> None:
    """Which data, and how many queries."""
    parser.add_argument("--people", type=int, default=20_000, help="how many synthetic people to make")
    parser.add_argument("--sources", type=Path, help="a folder that datasets.synthetic wrote before")
    parser.add_argument("--home", type=Path, help="a data folder that was refreshed from --sources")
    parser.add_argument("--queries", type=int, default=10_000, help="how many queries to ask")
    parser.add_argument("--seed", type=int, default=1, help="of the draw of queries")
    parser.add_argument("--show", type=int, default=0, help="how many failures of each kind to print")


def run(options: argparse.Namespace) -> list[Row]:
    """One row for all queries, one a kind, and one a band of likelihood."""
    with _data(options) as (sources, home):
        world = World(sources)
        asked = drawn(world, options.queries, random.Random(options.seed))  # noqa: S311 - a repeatable draw
        judged = answered(home, world, asked)
    _show(judged, options.show)
    kinds = dict.fromkeys(one.kind for one in asked)
    return [
        _figures("all", judged),
        *(_figures(kind, [one for one in judged if one.asked.kind == kind]) for kind in sorted(kinds)),
        *_calibration(judged),
    ]


@contextlib.contextmanager
def _data(options: argparse.Namespace) -> Iterator[tuple[Path, Path]]:
    """The folder of sources and the data folder made from it."""
    with tempfile.TemporaryDirectory() as folder:
        sources, home = options.sources or Path(folder) / "sources", options.home or Path(folder) / "home"
        if options.sources is None:
            synthetic.generate(options.people, sources)
        if options.home is None:
            refresh(sources / "sources.toml", home)
        yield sources, home


class World:
    """The truth of synthetic data: who there is, at which companies, and what records say of them.

    Attributes:
        people: the rows of ``datasets.synthetic.people`` by id, with ``employers``: the current and the
            earlier company that some record names.
        companies: name, abbreviated name and domain, by number.
        strangers: given and family names of another world.
        person_of: the person that each record is of.
    """

    def __init__(self, sources: Path) -> None:
        counts = pl.read_json(sources / "synthetic.json").to_dicts()[0]
        firms = companies(counts["companies"], counts["people"], counts["seed"], PARAMETERS)
        self.companies = firms.select(
            "name", "domain", "company", short_company(pl.col("name")).alias("short"),
            company_ids(pl.col("company")).alias("id"),
        ).to_dicts()  # fmt: skip
        self.people = {row["id"]: row for row in _people(firms, counts["seed"])}
        self.strangers = [(row["given"], row["family"]) for row in _people(firms, counts["seed"] + 1)]
        truth = pl.read_parquet(sources / "truth" / "people" / "*.parquet")
        self.person_of = dict(truth.select("record_id", "person_id").iter_rows())
        self._said, naming = _said(sources, self.person_of)
        self._hear(truth.filter(pl.col("record_id").is_in(naming)))
        self._fitting = Counter(
            (_words(self.companies[number]["name"]), _words(row["family"]), name[0].lower())
            for row in self.people.values()
            for number in {row["company"], row["earlier_company"]} - {None}
            for name in {row["given"], row["nickname"] or row["given"]}
        )
        self._full = {
            (_words(self.companies[number]["name"]), _words(f"{given} {row['family']}"))
            for row in self.people.values()
            for number in {row["company"], row["earlier_company"]} - {None}
            for given in {row["given"], row["nickname"] or row["given"]}
        }

    def says(self, person: Truth, value: str | None) -> bool:
        """Whether a record of the person has that address, slug, or national number."""
        return value is not None and any(
            value == one or (value.isdigit() and one.endswith(value)) for one in self._said[person["id"]]
        )

    def fitting(self, person: Truth, number: int) -> int:
        """How many at companies of that name have the family name and the initial of the person."""
        key = (_words(self.companies[number]["name"]), _words(person["family"]), person["given"][0].lower())
        return self._fitting[key]

    def has(self, name: str, number: int) -> bool:
        """Whether somebody of that name is at a company of the name of that one."""
        return (_words(self.companies[number]["name"]), _words(name)) in self._full

    def _hear(self, truth: pl.DataFrame) -> None:
        """Note the companies that the records of each person name."""
        numbers = {one["id"]: one["company"] for one in self.companies}
        for row in self.people.values():
            row["employers"] = set()
        for person, company in truth.select("person_id", "company_id").drop_nulls().iter_rows():
            self.people[person]["employers"].add(numbers[company])


def _people(firms: pl.DataFrame, seed: int) -> list[Truth]:
    """The people of a world with their ids."""
    ident = pl.concat_str(pl.lit("p"), scrambled(pl.col("person"), 10**9, 1).cast(pl.String).str.zfill(9))
    return people(firms_of(firms), firms, seed, PARAMETERS).with_columns(ident.alias("id")).to_dicts()


def _said(sources: Path, person_of: dict[str, str]) -> tuple[dict[str, set[str]], set[str]]:
    """What records say: contacts by person, and the records that name a company."""
    contacts: dict[str, set[str]] = defaultdict(set)
    naming: set[str] = set()
    for source in SOURCES:
        frame = pl.read_parquet(sources / source / "*.parquet")
        for column, read in _READ.items():
            if column not in frame.columns:
                continue
            for ident, value in frame.select(pl.nth(0), column).drop_nulls().iter_rows():
                record = f"{source}:{ident}"
                if read is None:
                    naming.add(record)
                else:
                    contacts[person_of[record]].add(read(value))
    return contacts, naming


def _digits(value: str) -> str:
    """The digits of a number."""
    return "".join(filter(str.isdigit, value))


def _slug(value: str) -> str:
    """The slug at the end of the address of a profile."""
    return value.lower().rpartition("/")[2]


_READ: dict[str, Callable[[str], str] | None] = {
    "Work Email": str.lower, "E-mail": str.lower, "email": str.lower,
    "Phone": _digits, "phone": _digits, "LinkedIn Profile": _slug, "linkedin": _slug,
    "Account Name": None, "Organisation": None, "company_name": None,
}  # fmt: skip
"""The columns of the sources that hold a contact, and how it is read; None for those that hold a company."""


def _words(text: str) -> str:
    """Text without case, to compare within the truth."""
    return text.casefold()


def drawn(world: World, count: int, dice: random.Random) -> list[Asked]:
    """That many queries of the mix."""
    everybody = sorted(world.people)
    kinds = dice.choices(list(MIX), [share for share, _ in MIX.values()], k=count)
    return [_draw(world, kind, everybody, dice) for kind in kinds]


def _draw(world: World, kind: str, everybody: Sequence[str], dice: random.Random) -> Asked:
    """A query of one kind, of the first person drawn who can be asked for so."""
    while True:
        person = world.people[dice.choice(everybody)]
        query = MIX[kind][1](world, person, dice)
        if query is not None:
            return Asked(kind, query, None if kind in ABSENT else person["id"])


def _employed(
    spell: Callable[[World, Truth, random.Random], str | None] = lambda _w, person, _d: _full(person),
    *,
    where: str = "company",
    by: str = "name",
    damaged: bool = False,
) -> Callable[[World, Truth, random.Random], Query | None]:
    """Queries of a name, spelled in some way, beside the company or its domain."""

    def query(world: World, person: Truth, dice: random.Random) -> Query | None:
        number = person[where]
        if number is None or number not in person["employers"] or world.fitting(person, number) != 1:
            return None
        company, name = world.companies[number], spell(world, person, dice)
        if name is None or (by == "short" and company["short"] == company["name"]):
            return None
        employer = _slip(company[by], dice) if damaged else company[by]
        return {"name": name, ("domain" if by == "domain" else "company"): employer}

    return query


def _full(person: Truth) -> str:
    """The name in full."""
    return f"{person['given']} {person['family']}"


def _nicknamed(_: World, person: Truth, _dice: random.Random) -> str | None:
    """The name with the nickname, for who has one."""
    return None if person["nickname"] is None else f"{person['nickname']} {person['family']}"


def _initial(_: World, person: Truth, dice: random.Random) -> str:
    """The name with the first letter of the given name."""
    return f"{person['given'][0]}{dice.choice(('.', ''))} {person['family']}"


def _mistyped(_: World, person: Truth, dice: random.Random) -> str:
    """The name with one slip, in the family name or the given name."""
    if dice.random() < 0.5:
        return f"{_slip(person['given'], dice)} {person['family']}"
    return f"{person['given']} {_slip(person['family'], dice)}"


def _slip(text: str, dice: random.Random) -> str:
    """One slip of the keyboard, never in the first letter: two swapped, one lost, doubled or another."""
    at = dice.randrange(1, max(2, len(text) - 1))
    kind = dice.randrange(4)
    middle = (text[at : at + 2][::-1], text[at + 1 : at + 2], text[at] + text[at : at + 2],
              dice.choice(_LETTERS) + text[at + 1 : at + 2])[kind] if at < len(text) else ""  # fmt: skip
    return text[:at] + middle + text[at + 2 :]


def _by_email(world: World, person: Truth, dice: random.Random) -> Query | None:
    """The work, earlier or private address."""
    address = person[dice.choice(("email", "email", "private_email", "earlier_email"))]
    return {"email": address} if world.says(person, address) else None


def _by_phone(world: World, person: Truth, _: random.Random) -> Query | None:
    """The person's own number in international form."""
    if not world.says(person, person["phone"]):
        return None
    return {"phone": f"{person['phone']}", "country": countries()[person["country"]].name}


def _by_profile(world: World, person: Truth, _: random.Random) -> Query | None:
    """The address of the profile."""
    slug = person["linkedin"]
    return {"linkedin": f"https://www.linkedin.com/in/{slug}"} if world.says(person, slug) else None


def _by_all(world: World, person: Truth, dice: random.Random) -> Query | None:
    """The address with name and company, as rows of contact lists have them."""
    email, employed = _by_email(world, person, dice), _employed()(world, person, dice)
    return None if email is None or employed is None else email | employed


def _wrong_person(world: World, person: Truth, dice: random.Random) -> Query | None:
    """Somebody who is not there, at a company that is."""
    return _beside(world, person, " ".join(dice.choice(world.strangers)), dice)


def _relative(world: World, person: Truth, dice: random.Random) -> Query | None:
    """The family name of somebody at the company, with a given name of nobody there."""
    given = dice.choice(world.strangers)[0]
    if world.fitting({**person, "given": given}, person["company"]):
        return None
    return _beside(world, person, f"{given} {person['family']}", dice)


def _beside(world: World, person: Truth, name: str, dice: random.Random) -> Query | None:
    """A name beside the company of a person, unless somebody there is named so."""
    if world.has(name, person["company"]) or person["company"] not in person["employers"]:
        return None
    by = dice.choice(("company", "company", "domain"))
    return {"name": name, by: world.companies[person["company"]]["name" if by == "company" else by]}


def _nobody(world: World, _: Truth, dice: random.Random) -> Query | None:
    """A name that nobody bears, at a company that is not there, or an address of a company not there."""
    given, family = dice.choice(world.strangers)
    other = "".join(dice.choice(_LETTERS) for _ in range(9))
    if dice.random() < 0.3:
        return {"email": f"{given}.{family}@{other}.com".replace(" ", "").lower()}
    return {"name": f"{given} {family}", "company": other.capitalize()}


def _unknown_address(world: World, person: Truth, dice: random.Random) -> Query | None:
    """The address of a stranger at the domain of a company that is there."""
    given, family = dice.choice(world.strangers)
    name = f"{given} {family}"
    if world.has(name, person["company"]) or not name.isascii():
        return None
    local = f"{given}.{family}".replace(" ", "").lower()
    address = f"{local}@{world.companies[person['company']]['domain']}"
    return {"email": address, "name": name} if dice.random() < 0.5 else {"email": address}


MIX: dict[str, tuple[int, Callable[[World, Truth, random.Random], Query | None]]] = {
    "e-mail": (10, _by_email),
    "phone": (5, _by_phone),
    "profile": (5, _by_profile),
    "e-mail, name and company": (8, _by_all),
    "name and company": (12, _employed()),
    "name and domain": (8, _employed(by="domain")),
    "name with a typo": (10, _employed(_mistyped)),
    "company with a typo": (5, _employed(damaged=True)),
    "nickname": (8, _employed(_nicknamed)),
    "first initial": (6, _employed(_initial)),
    "company abbreviated": (5, _employed(by="short")),
    "earlier employer": (5, _employed(where="earlier_company")),
    "absent: another name at the company": (6, _wrong_person),
    "absent: another given name in the family": (2, _relative),
    "absent: another address at the company": (2, _unknown_address),
    "absent: nobody at all": (3, _nobody),
}
"""The published mix: the share of each kind in percent, and how a query of it is made of a person."""

ABSENT = frozenset(kind for kind in MIX if kind.startswith("absent"))


def answered(home: Path, world: World, asked: Sequence[Asked]) -> list[Judged]:
    """The best candidate of each query, judged by the records that the golden record was made from."""
    with Dataset.open(home) as dataset:
        lineage = dataset.cursor().execute("select distinct entity_id, record_id from lineage").fetchall()
    records: dict[str, Counter[str]] = defaultdict(Counter)
    for entity, record in lineage:
        if record in world.person_of:
            records[entity][world.person_of[record]] += 1
    with open_engine(home) as engine:
        answers = engine.enrich_batch([one.query for one in asked], min_likelihood=0.0)
    return [_judged(answer, one, records) for answer, one in zip(answers, asked, strict=True)]


def _judged(answer: BatchAnswer, asked: Asked, records: dict[str, Counter[str]]) -> Judged:
    """One answer with its judgement; a refused query found nobody."""
    if answer.person is None or answer.match is None:
        return Judged(asked, 0.0, right=False, merged=False)
    found = records[answer.person.id]
    own = 0 if asked.person is None else found[asked.person]
    right = own > 0 and own * 2 >= found.total()
    return Judged(asked, answer.match.likelihood, right=right, merged=own > 0 and not right)


def _figures(name: str, judged: Sequence[Judged]) -> Row:
    """Precision over answers, recall over people who are there, and the share of absent people answered."""
    there = [one for one in judged if one.asked.person is not None]
    absent = [one for one in judged if one.asked.person is None]
    answers = [one for one in judged if one.answered]
    right = sum(one.right for one in answers)
    return {
        "queries": name,
        "asked": len(judged),
        "answered": len(answers),
        "precision": _share(right, len(answers)) if there else None,
        "merged": _share(sum(one.merged for one in answers), len(answers)) if there else None,
        "recall": _share(right, len(there)),
        "false answers": _share(sum(one.answered for one in absent), len(absent)),
    }


def _calibration(judged: Sequence[Judged]) -> Iterator[Row]:
    """For each band of likelihood its mean beside the share of candidates who are right."""
    for low, high in pairwise(_BANDS):
        inside = [one for one in judged if low < one.likelihood <= high]
        if inside:
            yield {
                "queries": f"likelihood {low} to {high}",
                "asked": len(inside),
                "mean likelihood": round(sum(one.likelihood for one in inside) / len(inside), 4),
                "share right": _share(sum(one.right for one in inside), len(inside)),
            }


def _share(part: int, whole: int) -> float | None:
    """A share to four digits; None of nothing."""
    return round(part / whole, 4) if whole else None


def _show(judged: Sequence[Judged], most: int) -> None:
    """Print failures: wrong answers, and people who were not found."""
    shown: Counter[str] = Counter()
    for one in judged:
        failed = not one.right if one.answered else one.asked.person is not None
        if failed and not one.merged and shown[one.asked.kind] < most:
            shown[one.asked.kind] += 1
            print(one.asked.kind, one.asked.query, one.asked.person, round(one.likelihood, 4), one.right)

"""How likely each candidate is the person asked for, and why.

**Score.** For each candidate the score is a sum of bits (log2 of odds):

* the *prior*, ``-log2(people)``: before anything is compared, it is even odds that the person asked for is
  in the dataset at all, and if so each one is as likely;
* the *evidence* of each compared field, with the weights that the dataset learned (``compare.score``). The
  domain of an address that agrees says nothing beyond the address, and is not counted again;
* the *identifier* adjustment. Learned weights tell apart two records of the dataset; they do not know that
  hardly anybody outside it has the same mailbox either. A personal address, number or profile that leads to
  ``k`` people therefore lifts each of them to odds of at least ``TRUST[kind] / k`` before others speak;
* an identifier that leads to *other people only* speaks against a candidate of whom none is known, as much
  as one that differs.

**Likelihood** of candidate i among all candidates j and nobody: ``2^score_i / (1 + sum_j 2^score_j)``, the
posterior probability by Bayes' rule. People who share a mailbox or a switchboard share its odds.
"""

from __future__ import annotations

from functools import lru_cache
from math import log2
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import msgspec
from msgspec import Struct

from leadspro_engine.compare import PEOPLE, Evidence, score
from leadspro_engine.match.places import PLACES, coarsened
from leadspro_engine.normalize import email, part_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from leadspro_engine.compare import Frequencies, Model, Weights
    from leadspro_engine.dataset import Dataset, StoredPerson
    from leadspro_engine.match.candidates import Candidate
    from leadspro_engine.match.exact import Shape
    from leadspro_engine.match.question import Question
    from leadspro_engine.records import IdentifierKind

TRUST: dict[IdentifierKind, float] = {
    "email": 500.0,
    "email_sha256": 500.0,
    "email_md5": 500.0,
    "linkedin": 500.0,
    "phone": 50.0,
}
"""Odds that who is asked for by an identifier that one person has is that person; numbers are passed on."""

ELSEWHERE = "leads to another person"
"""The level of an identifier of which the candidate has none, and that somebody else has."""

_FIELDS: dict[IdentifierKind, str] = {
    "email": "email",
    "email_sha256": "email",
    "email_md5": "email",
    "linkedin": "linkedin",
    "phone": "phone",
}
_DIGESTS = {"email_sha256": email.sha256, "email_md5": email.md5}
_EXPONENT = 1000.0  # 2.0 ** 1023 is the largest float


class Weighed(Struct, frozen=True):
    """One candidate with the reasons for the score.

    Attributes:
        candidate: who, and by which identifiers they were found.
        stored: what the snapshot keeps of them.
        bits: the score.
        evidence: parts of the score, the prior and the adjustment included; they sum to ``bits``.
    """

    candidate: Candidate
    stored: StoredPerson
    bits: float
    evidence: tuple[Evidence, ...]


class Scales(Struct, frozen=True):
    """What a snapshot knows for weighing, and what was found out with it.

    Attributes:
        weights: learned weights of the people model.
        frequencies: how frequent values are.
        people: number of people in the snapshot.
        fields: the comparisons that the weights were learned for; an older snapshot may lack some.
        likelihoods: those that hold for every query of a shape, see ``match.exact``; None for a shape of
            which none does. Filled while queries are answered.
    """

    weights: Weights
    frequencies: Frequencies
    people: int
    fields: frozenset[str]
    likelihoods: dict[Shape, float | None]


def scales_of(dataset: Dataset) -> Scales:
    """The scales of a snapshot, one for as long as it is open."""
    found = _scales.get(dataset)
    if found is None:
        found = _scales[dataset] = Scales(
            dataset.weights["people"],
            dataset.keys.frequency,
            dataset.manifest.counts["people"],
            dataset.learned_fields,
            {},
        )
    return found


_scales: WeakKeyDictionary[Dataset, Scales] = WeakKeyDictionary()


def weigh(scales: Scales, question: Question, candidate: Candidate, stored: StoredPerson) -> Weighed:
    """The candidate's score for the reading of the question that suits them best."""
    readings = [_weigh_reading(scales, question, one, candidate, stored) for one in question.readings]
    return max(readings, key=lambda one: one.bits)


def likelihoods(weighed: Sequence[Weighed]) -> list[float]:
    """The probability of each candidate, in [0, 1]; what is missing to 1 is the probability of nobody."""
    highest = max((one.bits for one in weighed), default=0.0)
    shift = max(highest - _EXPONENT / 2, 0.0)
    odds = [2.0 ** max(one.bits - shift, -_EXPONENT) for one in weighed]
    total = 2.0**-shift + sum(odds)
    return [one / total for one in odds]


def _weigh_reading(
    scales: Scales,
    question: Question,
    reading: Mapping[str, Any],
    candidate: Candidate,
    stored: StoredPerson,
) -> Weighed:
    """The candidate's score for one reading."""
    values = _with_hashed(reading, question, candidate, stored)
    model = _speaking(frozenset(values), scales.fields)
    known = stored.features if candidate.name is None else stored.features | _named(candidate.name)
    compared = score(model, values, known, scales.weights, scales.frequencies).evidence
    if not PLACES.isdisjoint(values) and not (values.get("city_key") and known.get("city_key")):
        compared = tuple(coarsened(compared, model.comparisons, values, known, scales.weights))
    fields = [one for one in compared if not _implied(one, compared, question)]
    fields += _elsewhere(scales, values, fields, candidate)
    prior = _prior(scales.people)
    evidence = (prior, *fields, *_identifier(prior.bits, fields, candidate))
    return Weighed(candidate, stored, sum(one.bits for one in evidence), evidence)


@lru_cache(maxsize=16)
def _prior(people: int) -> Evidence:
    """What is known before anything is compared."""
    return Evidence("prior", f"one of {people:,} people, or nobody", -log2(max(people, 1)), None, None)


def _named(name: tuple[str, str]) -> dict[str, str]:
    """The features of a name that a record has, which may not be the one that the golden record shows."""
    return {"given_key": name[0], "family_key": name[1]}


@lru_cache(maxsize=4096)
def _speaking(columns: frozenset[str], fields: frozenset[str]) -> Model:
    """The people model with those comparisons of ``fields`` that have something to compare in ``columns``."""
    speaking = tuple(
        one for one in PEOPLE.comparisons if one.field in fields and not columns.isdisjoint(one.required)
    )
    return msgspec.structs.replace(PEOPLE, comparisons=speaking)


def _implied(one: Evidence, compared: Iterable[Evidence], question: Question) -> bool:
    """Whether evidence only repeats that the e-mail address agrees, whose domain names the company."""
    if one.field != "company" or "company" in question.given or "domain" in question.given:
        return False
    return any(other.field == "email" and other.bits > 0 for other in compared)


def _elsewhere(
    scales: Scales, values: Mapping[str, Any], said: Iterable[Evidence], candidate: Candidate
) -> Iterator[Evidence]:
    """Evidence of identifiers that lead to other people, where the candidate has none to compare with."""
    if not candidate.elsewhere:
        return
    silent = {_FIELDS[kind] for kind in candidate.elsewhere if kind in TRUST} - {one.field for one in said}
    for comparison in PEOPLE.comparisons:
        if comparison.field in silent & scales.fields:
            differs = scales.weights.fields[comparison.field][-1]
            yield Evidence(comparison.field, ELSEWHERE, differs.bits, values.get(comparison.columns[0]), None)


def _identifier(prior: float, fields: Iterable[Evidence], candidate: Candidate) -> tuple[Evidence, ...]:
    """The adjustment for the identifier that speaks most clearly; nothing when none needs one."""
    said = {one.field: one.bits for one in fields}
    lifted = [
        (log2(TRUST[kind] / holders) - prior - said[_FIELDS[kind]], -holders, kind)
        for kind, holders in candidate.holders.items()
        if kind in TRUST and _FIELDS[kind] in said
    ]
    if not lifted or max(lifted)[0] <= 0:
        return ()
    bits, fewer, kind = max(lifted)
    who = "one person" if fewer == -1 else f"{-fewer} people"
    return (Evidence("identifier", f"this {_FIELDS[kind]} leads to {who}", bits, None, None),)


def _with_hashed(
    reading: Mapping[str, Any], question: Question, candidate: Candidate, stored: StoredPerson
) -> Mapping[str, Any]:
    """The reading, with the candidate's own address in place of the hash by which they were found."""
    hashed = [kind for kind in candidate.holders if kind in _DIGESTS]
    if not hashed:
        return reading
    found = [
        text
        for kind in hashed
        for entry in stored.person.emails
        if _DIGESTS[kind](entry.address) in question.keys[kind]
        for text in part_values.mail([entry.address]).email_texts
    ]
    return {**reading, "email_texts": [*reading.get("email_texts", ()), *found]} if found else reading

"""What the fields of a query said of a candidate, as answers show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from leadspro_engine.compare import DIFFERS
from leadspro_engine.match.weigh import ELSEWHERE
from leadspro_engine.records import FieldEvidence, Match

if TYPE_CHECKING:
    from leadspro_engine.compare import Evidence
    from leadspro_engine.match.question import Question
    from leadspro_engine.match.weigh import Weighed

Verdict = Literal["agrees", "speaks against", "silent"]

_JUDGES: dict[str, tuple[str, ...]] = {
    "email": ("email",),
    "phone": ("phone",),
    "linkedin": ("linkedin",),
    "name": ("given_name", "middle_name", "family_name"),
    "first_name": ("given_name",),
    "last_name": ("family_name",),
    "company": ("company",),
    "domain": ("company",),
    "title": ("title",),
    "country": ("city",),
    "region": ("city",),
    "city": ("city",),
}
"""For each field of a query the comparisons that judge it."""


def reasons(question: Question, found: Weighed, likelihood: float, *, explain: bool, values: bool) -> Match:
    """Why a candidate is answered.

    Args:
        question: what was asked.
        found: the candidate.
        likelihood: theirs.
        explain: whether to list what each comparison said.
        values: whether that list has the values compared. Those of the query may be the record's own, when it
            was found by a hash.
    """
    said = {field: _verdict(field, found) for field in question.given}
    return Match(
        likelihood,
        matched_on=[field for field, verdict in said.items() if verdict == "agrees"],
        conflicts=[field for field, verdict in said.items() if verdict == "speaks against"],
        explain=[_shown(one, values=values) for one in found.evidence] if explain else None,
    )


def _shown(one: Evidence, *, values: bool) -> FieldEvidence:
    """Evidence as answers show it, with or without the values that were compared."""
    query, record = (_text(one.left), _text(one.right)) if values else (None, None)
    return FieldEvidence(one.field, query, record, one.level, one.bits)


def _verdict(field: str, found: Weighed) -> Verdict:
    """What a field of the query said of a candidate."""
    if any(kind == field or kind.startswith(f"{field}_") for kind in found.candidate.holders):
        return "agrees"
    said = [one for one in found.evidence if one.field in _JUDGES[field]]
    if any(one.level in {DIFFERS, ELSEWHERE} and one.bits < 0 for one in said):
        return "speaks against"
    return "agrees" if sum(one.bits for one in said) > 0 else "silent"


def _text(value: object) -> str | None:
    """A canonical value as text; the members of a list side by side."""
    if value is None:
        return None
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
